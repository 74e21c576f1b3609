"""Use cases of receipts: what came is written down once, and what it means for orders follows by itself."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from chalicelib.campaigns.model.campaign import Status as CampaignStatus
from chalicelib.campaigns.model.campaign import in_words as campaign_in_words
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service.reading import get_campaign
from chalicelib.campaigns.stock import service as campaign_stock
from chalicelib.catalog.model.stock import Kind, Source
from chalicelib.catalog.records import StockEntryRecord
from chalicelib.catalog.service.ledger import put_in
from chalicelib.catalog.service.set_aside import get_skus
from chalicelib.db import Page, ReadAgain, Transaction, change, fetch_many
from chalicelib.fulfilment.purchasing.model import PurchaseLine
from chalicelib.fulfilment.purchasing.records import CUTTING, LESS_CAME, PurchaseListRecord, SupplyRecord
from chalicelib.fulfilment.purchasing.service import freeze
from chalicelib.fulfilment.receiving.errors import ReceivingOver, UnknownSubstitute, being_adjusted
from chalicelib.fulfilment.receiving.model.receipts import Arrival, Held, Tally, check, unaccounted
from chalicelib.fulfilment.receiving.records import ReceiptRecord, campaign_receipts
from chalicelib.fulfilment.suppliers.records import TermsRecord
from chalicelib.kernel.errors import IdempotencyMismatch, NotFound
from chalicelib.kernel.ids import derived_id
from chalicelib.kernel.principal import Principal
from chalicelib.orders.handover.service.pickup import check_locked
from chalicelib.tenants.service.audit import audit

_S = CampaignStatus
_RECEIVING = frozenset({_S.LOCKED, _S.PURCHASING, _S.RECEIVED, _S.SORTED, _S.AT_PICKUP})


@dataclass(frozen=True, slots=True)
class Delivery:
    """What came from a supplier, or of what is bought without one, as it is recorded under an Idempotency-Key."""

    supplier_id: str | None
    arrivals: Sequence[Arrival]
    note: str
    key: str
    body_hash: str
    by: Principal


@dataclass(frozen=True, slots=True)
class _Found:
    """A campaign and its supply, if it has one yet, and the receipt that was recorded under this key before."""

    first: ReceiptRecord | None
    campaign: CampaignRecord
    supply: SupplyRecord | None


def receive(tenant_id: str, campaign_id: str, delivery: Delivery, now: datetime) -> ReceiptRecord:
    """Records what came from a supplier, in one transaction with the campaign's tallies.

    The id comes from the Idempotency-Key: the same key answers with the first receipt for ever. Costs are those of the
    frozen list. Raises NotFound, CampaignNotLocked, ReceivingOver, UnknownSubstitute, IdempotencyMismatch and what
    ``model.check`` refuses.
    """
    receipt_id = derived_id(tenant_id, "receipt", campaign_id, delivery.key)

    def decide(found: _Found, tx: Transaction) -> ReceiptRecord:
        if found.first is not None:
            return _same(found.first, delivery.body_hash)
        _check_open(found.campaign, delivery.arrivals)
        if found.supply is None:
            freeze(tenant_id, campaign_id, now)
            raise ReadAgain
        return _record(tx, receipt_id, delivery, found.campaign, found.supply, now)

    return change(partial(_read, tenant_id, campaign_id, receipt_id), decide)


def receive_rest(tenant_id: str, campaign_id: str, by: Principal, now: datetime) -> list[ReceiptRecord]:
    """Records as received all that is still expected, a receipt for each supplier, all in one transaction; once nothing
    is expected, it does nothing. Raises NotFound, CampaignNotLocked, ReceivingOver.
    """

    def decide(supply: SupplyRecord, tx: Transaction) -> list[ReceiptRecord]:
        campaign = get_campaign(tenant_id, campaign_id, consistent=True)
        _check_open(campaign, ())
        lines, made = _list(supply), []
        for supplier_id, arrivals in _rest(lines, _tallies(supply)).items():
            receipt_id = derived_id(tenant_id, "receipt", campaign_id, f"rest:{int(supply.receipts)}:{supplier_id}")
            delivery = Delivery(supplier_id, arrivals, "", receipt_id, "", by)
            made.append(_add(tx, receipt_id, delivery, campaign, supply, lines, now))
        if made:
            tx.replace("supply", supply)
            about = {"receipt_ids": [receipt.id for receipt in made]}
            audit(tx, tenant_id, by, "receipt.recorded", f"campaign:{campaign_id}", now, about)
        return made

    freeze(tenant_id, campaign_id, now)
    return change(lambda: _supply(tenant_id, campaign_id), decide)


def _rest(lines: Mapping[str, PurchaseLine], tallies: Mapping[str, Tally]) -> dict[str | None, list[Arrival]]:
    by_supplier: dict[str | None, list[Arrival]] = {}
    for each in unaccounted(lines.values(), tallies):
        by_supplier.setdefault(each.supplier_id, []).append(Arrival(each.sku_id, each.missing))
    return by_supplier


def put_surplus_in_stock(tenant_id: str, campaign_id: str, receipt_id: str) -> None:
    """Puts the units of a receipt that go to the shelf into stock; once, however often it is called. Raises NotFound.

    What is there already is read at once: where a worker died, the next one goes on.
    """
    receipt = ReceiptRecord.fetch(*ReceiptRecord.address(tenant_id, campaign_id, receipt_id), consistent=True)
    if receipt is None:
        raise NotFound("There is no such receipt.", detail_zh="该收货单不存在。")
    source = Source(f"receipt:{receipt_id}", receipt.by, receipt.at)
    units = Counter[str]()
    for arrival in receipt.lines:
        units.update(arrival.for_shelf)
    for sku_id in _not_in_stock(tenant_id, units, source):
        put_in(tenant_id, sku_id, units[sku_id], Kind.RECEIVED_SURPLUS, "received surplus", source)


def list_receipts(tenant_id: str, campaign_id: str, limit: int, cursor: dict[str, Any] | None) -> Page[ReceiptRecord]:
    """A campaign's receipts, newest first. Raises NotFound."""
    get_campaign(tenant_id, campaign_id)
    partition = campaign_receipts(tenant_id, campaign_id)
    return ReceiptRecord.page(partition, index="gsi1", newest_first=True, limit=limit, cursor=cursor)


@dataclass(frozen=True, slots=True)
class Supply:
    """How far a campaign's supply has come, its purchase list's lines, and the units sold, by SKU."""

    record: SupplyRecord
    lines: Mapping[str, PurchaseLine]

    sold: Mapping[str, int]

    @property
    def tallies(self) -> dict[str, Tally]:
        """What came of each SKU so far."""
        return _tallies(self.record)

    @property
    def held(self) -> dict[str, Held]:
        """What orders hold of each SKU."""
        return held(self.record, self.sold)


def supply_of(tenant_id: str, campaign_id: str, now: datetime) -> Supply:
    """The supply of a locked campaign. Raises NotFound, CampaignNotLocked."""
    freeze(tenant_id, campaign_id, now)
    supply = _supply(tenant_id, campaign_id)
    campaign = get_campaign(tenant_id, campaign_id, consistent=True)
    return Supply(supply, _list(supply), campaign_stock.sold_by_sku(campaign))


def held(supply: SupplyRecord, sold: Mapping[str, int]) -> dict[str, Held]:
    """What orders hold of each SKU; while they are being adjusted, which of it is another SKU may change."""
    return {sku_id: Held(units, dict(supply.given.get(sku_id, {}))) for sku_id, units in sold.items()}


def _supply(tenant_id: str, campaign_id: str) -> SupplyRecord:
    supply = SupplyRecord.fetch(*SupplyRecord.address(tenant_id, campaign_id), consistent=True)
    if supply is None:  # a list that was frozen before supplies were kept
        supply = SupplyRecord(*SupplyRecord.address(tenant_id, campaign_id), version=1)
    return supply


def _not_in_stock(tenant_id: str, sku_ids: Iterable[str], source: Source) -> list[str]:
    """Those SKUs whose surplus is not in the ledger yet; an entry's id comes from its cause."""
    entries = {each: derived_id(tenant_id, Kind.RECEIVED_SURPLUS.value, each, source.cause) for each in sku_ids}
    found = fetch_many(
        [(StockEntryRecord, *StockEntryRecord.address(tenant_id, *entry)) for entry in entries.items()], consistent=True
    )
    return [sku_id for sku_id, entry in zip(entries, found, strict=True) if entry is None]


def _read(tenant_id: str, campaign_id: str, receipt_id: str) -> _Found:
    first, campaign, supply = fetch_many(
        [
            (ReceiptRecord, *ReceiptRecord.address(tenant_id, campaign_id, receipt_id)),
            (CampaignRecord, *CampaignRecord.address(tenant_id, campaign_id)),
            (SupplyRecord, *SupplyRecord.address(tenant_id, campaign_id)),
        ],
        consistent=True,
    )
    return _Found(first, campaign or get_campaign(tenant_id, campaign_id, consistent=True), supply)


def _same(first: ReceiptRecord, body_hash: str) -> ReceiptRecord:
    if first.body_hash != body_hash:
        raise IdempotencyMismatch(
            "This Idempotency-Key was used for another receipt; use a new key for a new one.",
            detail_zh="该幂等键已用于另一张收货单，请使用新的键。",
        )
    return first


def _check_open(campaign: CampaignRecord, arrivals: Sequence[Arrival]) -> None:
    """What no order needs may be put away also when all orders have ended."""
    check_locked(campaign)
    only_put_away = bool(arrivals) and not any(arrival.accounted for arrival in arrivals)
    receiving = _RECEIVING | {_S.COMPLETED} if only_put_away else _RECEIVING
    if CampaignStatus(campaign.status) not in receiving:
        raise ReceivingOver(
            f"The campaign is {campaign_in_words(campaign.status)}; correct the stock instead.",
            detail_zh="活动已结束收货，请改用库存调整。",
            extra={"campaign_status": campaign.status},
        )


def _list(supply: SupplyRecord) -> dict[str, PurchaseLine]:
    address = PurchaseListRecord.address(supply.tenant_id, supply.campaign_id, int(supply.version))
    found = PurchaseListRecord.fetch(*address, consistent=True)
    return {line.sku_id: line for line in found.lines} if found is not None else {}


def _tallies(supply: SupplyRecord) -> dict[str, Tally]:
    return {sku_id: Tally(*counts) for sku_id, counts in supply.tallies.items()}


def _priced(
    tenant_id: str, supplier_id: str | None, arrivals: Sequence[Arrival], lines: dict[str, PurchaseLine]
) -> list[Arrival]:
    """With the costs of the frozen list; a substitute costs what its supplier's terms say, else what it replaces."""
    others = {arrival.substitute for arrival in arrivals if arrival.substitute}
    known = get_skus(tenant_id, sorted(others)) if others else {}
    agreed = _agreed(tenant_id, supplier_id, sorted(others)) if others and supplier_id else {}
    priced = []
    for n, arrival in enumerate(arrivals):
        line = lines.get(arrival.sku_id)
        cost = (line.cost_minor or 0) if line is not None else 0
        if arrival.substitute and arrival.substitute not in known:
            message = "There is no such SKU; create it first."
            raise UnknownSubstitute.at(f"/lines/{n}/substitute/sku_id", message, "替代规格不存在，请先创建。")
        other = agreed.get(arrival.substitute or "", cost)
        priced.append(replace(arrival, cost_minor=cost, substitute_cost_minor=other if arrival.substitute else 0))
    return priced


def _agreed(tenant_id: str, supplier_id: str, sku_ids: Sequence[str]) -> dict[str, int]:
    found = fetch_many([(TermsRecord, *TermsRecord.address(tenant_id, supplier_id, each)) for each in sku_ids])
    return {terms.sku_id: int(terms.cost_minor) for terms in found if terms is not None}


def _record(
    tx: Transaction,
    receipt_id: str,
    delivery: Delivery,
    campaign: CampaignRecord,
    supply: SupplyRecord,
    now: datetime,
) -> ReceiptRecord:
    """Adds the receipt, and what it makes of the tallies."""
    receipt = _add(tx, receipt_id, delivery, campaign, supply, _list(supply), now)
    tx.replace("supply", supply)
    about = {"receipt_id": receipt_id}
    audit(tx, campaign.tenant_id, delivery.by, "receipt.recorded", f"campaign:{campaign.id}", now, about)
    return receipt


def _add(
    tx: Transaction,
    receipt_id: str,
    delivery: Delivery,
    campaign: CampaignRecord,
    supply: SupplyRecord,
    lines: dict[str, PurchaseLine],
    now: datetime,
) -> ReceiptRecord:
    """Adds the receipt alone; the tallies follow in ``supply``, which is still to be written."""
    tenant_id, supplier_id = campaign.tenant_id, delivery.supplier_id
    arrivals = _priced(tenant_id, supplier_id, delivery.arrivals, lines)
    put_away = any(arrival.put_away or arrival.substitutes_put_away for arrival in arrivals)
    orders = None
    if put_away:
        sold = campaign_stock.sold_by_sku(campaign)
        _check_counted(supply, arrivals, sold)
        orders = held(supply, sold)
    check(arrivals, lines, _tallies(supply), supplier_id, orders, supply.substitutes)
    receipt = ReceiptRecord(
        *ReceiptRecord.address(tenant_id, campaign.id, receipt_id),
        id=receipt_id, campaign_id=campaign.id, supplier_id=supplier_id, version=int(supply.version),
        stored_lines=[arrival.as_json() for arrival in arrivals], note=delivery.note, currency=campaign.currency,
        at=now, by=delivery.by.label, body_hash=delivery.body_hash,
    )  # fmt: skip
    receipt.emit("receipt.recorded", now, receipt_id=receipt_id, campaign_id=campaign.id, supplier_id=supplier_id)
    _tally(supply, arrivals, now)
    tx.create(f"receipt:{receipt_id}", receipt)
    return receipt


def _check_counted(supply: SupplyRecord, arrivals: Sequence[Arrival], sold: Mapping[str, int]) -> None:
    """Refuses to put away units of a SKU while it is not known which orders have its substitutes."""
    if any(supply.is_outdated(arrival.sku_id, sold[arrival.sku_id]) for arrival in arrivals):
        raise being_adjusted()


def _tally(supply: SupplyRecord, arrivals: Sequence[Arrival], now: datetime) -> None:
    tallies = _tallies(supply)
    substitutes = {sku_id: dict(others) for sku_id, others in supply.substitutes.items()}
    for arrival in arrivals:
        tallies[arrival.sku_id] = tallies.get(arrival.sku_id, Tally()).plus(arrival)
        if arrival.substitute and (came := arrival.substituted - arrival.substitutes_put_away):
            others = substitutes.setdefault(arrival.sku_id, {})
            others[arrival.substitute] = others.get(arrival.substitute, 0) + came
    supply.tallies = {sku_id: tally.as_json() for sku_id, tally in tallies.items()}
    supply.substitutes = substitutes
    supply.receipts = int(supply.receipts) + 1
    if any(arrival.damaged or arrival.short or arrival.substituted for arrival in arrivals):
        supply.begin(CUTTING, LESS_CAME, now)
