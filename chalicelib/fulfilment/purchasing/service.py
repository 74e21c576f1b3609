"""Use cases of the purchase list: frozen at the lock, again when staff have adjusted orders, read in any version."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from chalicelib.campaigns.model.bundles import sold_as
from chalicelib.campaigns.model.campaign import Status as CampaignStatus
from chalicelib.campaigns.model.campaign import in_words as campaign_in_words
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service.reading import get_campaign
from chalicelib.campaigns.stock import service as campaign_stock
from chalicelib.campaigns.stock.model import units_drawn
from chalicelib.catalog.service.set_aside import get_skus
from chalicelib.db import Transaction, change
from chalicelib.fulfilment.purchasing.errors import (
    AlreadyReceiving,
    NoSuchVersion,
    NotOnList,
    PurchasingOver,
    StillReleasing,
)
from chalicelib.fulfilment.purchasing.model import Purchase, PurchaseLine, Sold, Source, bought, differences, needed
from chalicelib.fulfilment.purchasing.records import CUTTING, NOT_BOUGHT, PurchaseListRecord, SupplyRecord
from chalicelib.fulfilment.suppliers.service import check_suppliers, sources
from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.principal import SYSTEM, Principal
from chalicelib.orders.handover.service.pickup import check_locked
from chalicelib.tenants.service.audit import audit
from chalicelib.wanting.service.counting import units_waited_for

FIRST = 1
_BUYING = frozenset({CampaignStatus.LOCKED, CampaignStatus.PURCHASING})


def freeze(tenant_id: str, campaign_id: str, now: datetime) -> PurchaseListRecord:
    """Writes down, once, what a locked campaign has sold and how it is bought; later calls answer with the latest.

    The fenced stock buckets know it exactly, so the work does not grow with the number of orders. Units that are not
    bought are released afterwards. Raises NotFound, CampaignNotLocked.
    """
    campaign = get_campaign(tenant_id, campaign_id, consistent=True)
    check_locked(campaign)

    def decide(stored: PurchaseListRecord | None, tx: Transaction) -> PurchaseListRecord:
        if stored is not None:
            return stored
        made = _made(campaign, FIRST, SYSTEM, now)
        _write(tx, made, None, now)
        return made

    return change(partial(PurchaseListRecord.latest, tenant_id, campaign_id), decide)


def freeze_again(tenant_id: str, campaign_id: str, by: Principal, now: datetime) -> PurchaseListRecord:
    """The next version, after staff have adjusted orders; where nothing differs, the latest one stands.

    Raises NotFound, CampaignNotLocked, PurchasingOver, AlreadyReceiving, StillReleasing, LicenceOver.
    """

    return _next_version(tenant_id, campaign_id, by, now, _top_ups)


def top_up(
    tenant_id: str, campaign_id: str, units: Mapping[str, int], by: Principal, now: datetime
) -> PurchaseListRecord:
    """The next version, with so many units of a SKU bought beyond what was sold: to reach a minimum, and for the
    brand's own shelf. Said again, it stays so; 0 takes it back. SKUs that are not named keep theirs.

    Raises NotOnList, and what :func:`freeze_again` does.
    """

    def wanted(stored: PurchaseListRecord) -> dict[str, int]:
        listed = {line.sku_id for line in stored.lines}
        for n, sku_id in enumerate(units):
            if sku_id not in listed:
                message = "The purchase list has nothing of this SKU; top up one that it has."
                raise NotOnList.at(f"/lines/{n}/sku_id", message, "采购单中没有该规格，请选择采购单内的规格。")
        return _top_ups(stored) | dict(units)

    return _next_version(tenant_id, campaign_id, by, now, wanted)


def _next_version(
    tenant_id: str,
    campaign_id: str,
    by: Principal,
    now: datetime,
    top_ups: Callable[[PurchaseListRecord], dict[str, int]],
) -> PurchaseListRecord:
    def decide(stored: PurchaseListRecord, tx: Transaction) -> PurchaseListRecord:
        campaign = get_campaign(tenant_id, campaign_id, consistent=True)
        supply = SupplyRecord.fetch(*SupplyRecord.address(tenant_id, campaign_id), consistent=True)
        _check_open(campaign, supply)
        check_suppliers(tenant_id, _bought_from(stored), now)
        wanted = {sku_id: units for sku_id, units in top_ups(stored).items() if units}
        made = _made(campaign, int(stored.version) + 1, by.label, now, wanted)
        if wanted == _top_ups(stored) and not differences(stored.lines, made.lines):
            return stored
        _write(tx, made, supply, now)
        about = {"version": int(made.version)}
        audit(tx, tenant_id, by, "purchase_list.frozen", f"campaign:{campaign_id}", now, about)
        return made

    return change(partial(freeze, tenant_id, campaign_id, now), decide)


def refresh(tenant_id: str, campaign_id: str, now: datetime) -> PurchaseListRecord:
    """The list of what orders hold: where some have ended or were lowered since it was frozen, and nothing was bought,
    that is its next version. What ends later is surplus. Raises NotFound, CampaignNotLocked.
    """

    def decide(stored: PurchaseListRecord, tx: Transaction) -> PurchaseListRecord:
        campaign = get_campaign(tenant_id, campaign_id, consistent=True)
        if campaign.status != CampaignStatus.LOCKED:
            return stored
        supply = SupplyRecord.fetch(*SupplyRecord.address(tenant_id, campaign_id), consistent=True)
        untouched = supply is None or not (supply.receipts or supply.is_busy)
        sold = campaign_stock.sold_by_sku(campaign)
        if not untouched or all(sold[line.sku_id] == line.left_to_sell for line in stored.lines):
            return stored
        made = _made(campaign, int(stored.version) + 1, SYSTEM, now, _top_ups(stored))
        _write(tx, made, supply, now)
        return made

    return change(partial(freeze, tenant_id, campaign_id, now), decide)


def _bought_from(stored: PurchaseListRecord) -> list[str]:
    return [line.supplier_id for line in stored.lines if line.supplier_id and line.bought]


def check_to_buy(tenant_id: str, record: PurchaseListRecord, supplier_id: str | None, now: datetime) -> None:
    """Whether a list may be given to its suppliers, or to one of them, to buy by. Raises LicenceOver."""
    check_suppliers(tenant_id, [each for each in _bought_from(record) if supplier_id in (None, each)], now)


def _top_ups(stored: PurchaseListRecord) -> dict[str, int]:
    return {line.sku_id: line.topped_up for line in stored.lines if line.topped_up}


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a purchase list, the one before it if there is one, and the latest one's number."""

    record: PurchaseListRecord
    before: PurchaseListRecord | None
    latest: int


def read_version(tenant_id: str, campaign_id: str, version: int | None, now: datetime) -> Version:
    """A version of the list; without a number, the latest.

    Raises NotFound, CampaignNotLocked, NoSuchVersion.
    """
    latest = refresh(tenant_id, campaign_id, now)
    last = int(latest.version)
    wanted = version or last
    if wanted > last:
        message = f"The latest version of the list is {last}; ask for one from 1 to {last}."
        raise NoSuchVersion(message, detail_zh=f"采购单共有 {last} 个版本。")
    found = latest if wanted == last else _version(tenant_id, campaign_id, wanted)
    return Version(found, _version(tenant_id, campaign_id, wanted - 1) if wanted > FIRST else None, last)


def wanted_more(campaign: CampaignRecord) -> dict[str, int]:
    """The units of each SKU that members wait for, or waited for when the campaign closed, as of now: what could be
    bought beyond what was sold. SKUs of which nobody does are left out.
    """
    goods = campaign.goods
    waiting = units_waited_for(campaign.tenant_id, (sold_as(each.offer_id) for each in goods))
    units = Counter[str]()
    for each in goods:
        units[each.sku_id] += waiting.get(sold_as(each.offer_id), 0) * each.per
    return dict(+units)


def _version(tenant_id: str, campaign_id: str, version: int) -> PurchaseListRecord:
    found = PurchaseListRecord.fetch(*PurchaseListRecord.address(tenant_id, campaign_id, version))
    if found is None:
        raise Unavailable("The list is being written; please ask again.", detail_zh="请重试。", retry_after=1)
    return found


def _check_open(campaign: CampaignRecord, supply: SupplyRecord | None) -> None:
    if CampaignStatus(campaign.status) not in _BUYING:
        raise PurchasingOver(
            f"The campaign is {campaign_in_words(campaign.status)}; its list is "
            "frozen again only while goods are being bought.",
            detail_zh="活动已过采购阶段，采购单不可更改。",
            extra={"campaign_status": campaign.status},
        )
    if supply is not None and supply.receipts:
        raise AlreadyReceiving(
            f"Goods were received against version {int(supply.version)}; record what is missing with the receipt.",
            detail_zh="已按当前采购单收货，缺货请在收货单中登记。",
        )
    if supply is not None and supply.is_busy:
        raise StillReleasing(
            "Orders are being adjusted to what is bought; try again in a moment.",
            detail_zh="订单正在调整，请稍后再试。",
        )


def _made(
    campaign: CampaignRecord, version: int, by: str, now: datetime, top_ups: Mapping[str, int] | None = None
) -> PurchaseListRecord:
    lines, purchases = _bought(campaign, top_ups or {})
    return PurchaseListRecord(
        *PurchaseListRecord.address(campaign.tenant_id, campaign.id, version),
        version=version,
        frozen_at=now,
        frozen_by=by,
        stored_lines=[line.as_json() for line in lines],
        stored_purchases=[purchase.as_json() for purchase in purchases],
    )


def _bought(campaign: CampaignRecord, top_ups: Mapping[str, int]) -> tuple[list[PurchaseLine], list[Purchase]]:
    goods = campaign.goods
    units = campaign_stock.sold(campaign)
    stocked = units_drawn(goods, units)
    sold = [
        Sold(each.offer_id, each.sku_id, each.title, units[each.offer_id], each.from_shelf(stocked[each.offer_id]))
        for each in goods
    ]
    skus = get_skus(campaign.tenant_id, [each.sku_id for each in sold])
    lines = needed(sold, {sku_id: sku.code for sku_id, sku in skus.items()}, top_ups)
    to_buy = [line.sku_id for line in lines if line.topped_up or line.quantity > line.from_stock]
    found = sources(campaign.tenant_id, to_buy)
    suppliers = {
        each.supplier.id: Purchase(
            each.supplier.id, each.supplier.name, int(each.supplier.minimum_minor), each.supplier.below_minimum
        )
        for each in found.values()
    }
    terms = {sku_id: Source(each.supplier.id, each.terms.code, each.terms.terms) for sku_id, each in found.items()}
    return bought(lines, terms, suppliers, {sku_id: sku.cost for sku_id, sku in skus.items()})


def _write(tx: Transaction, made: PurchaseListRecord, supply: SupplyRecord | None, now: datetime) -> None:
    """Adds a version, and asks for the release of what it does not buy."""
    tenant_id, campaign_id = made.tenant_id, str(made.pk).rpartition("#")[2]
    made.emit("list.frozen", now, campaign_id=campaign_id, version=int(made.version))
    following = supply or SupplyRecord(*SupplyRecord.address(tenant_id, campaign_id))
    following.version = int(made.version)
    if any(line.short for line in made.lines):
        following.begin(CUTTING, NOT_BOUGHT, now)
    tx.create("list", made)
    if supply is None:
        tx.create("supply", following)
    else:
        tx.replace("supply", following)
