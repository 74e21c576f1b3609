"""I13, for whatever is stored: what suppliers are owed for is in orders, on the shelf, written off, or waits to be put
away; and nobody holds, is handed, or is left without what the receipts do not bear out.

Counted from the receipts and the orders themselves, never from what the supply's record says of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from chalicelib.aftersales.records import AfterSaleRecord
from chalicelib.campaigns.model.campaign import Status
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.catalog.records import StockEntryRecord
from chalicelib.fulfilment.purchasing.model import PurchaseLine
from chalicelib.fulfilment.purchasing.records import PurchaseListRecord, SupplyRecord
from chalicelib.fulfilment.receiving.records import ReceiptRecord, campaign_receipts
from chalicelib.orders.changes.records import OrderChangeRecord
from chalicelib.orders.records import OrderRecord
from tests.invariants.snapshot import Snapshot

_WITH_GOODS = frozenset({Status.RECEIVED, Status.SORTED, Status.AT_PICKUP, Status.COMPLETED, Status.SETTLED})
_FROM_PICKUP = frozenset({Status.AT_PICKUP, Status.COMPLETED, Status.SETTLED})


@dataclass
class _Units:
    """Of one SKU of a campaign: what came and was put away, and what orders hold as ordered and as something else."""

    good: int = 0
    accounted: int = 0
    put_away: int = 0
    instead: Counter[str] = field(default_factory=Counter)
    held: int = 0
    given: Counter[str] = field(default_factory=Counter)


def check_supply(stored: Snapshot, campaign: CampaignRecord, orders: Iterable[OrderRecord]) -> None:
    """All of it for one campaign and its orders, when nothing is under way."""
    found = [order for order in orders if order.campaign_id == campaign.id and order.origin is None]
    for order in found:
        if order.picked_units:
            assert campaign.status in _FROM_PICKUP, f"{order.id} is handed over, its campaign is {campaign.status}"
    supply = stored.fetch(SupplyRecord, *SupplyRecord.address(campaign.tenant_id, campaign.id))
    if supply is None or supply.is_busy or not supply.version:
        return
    address = PurchaseListRecord.address(campaign.tenant_id, campaign.id, int(supply.version))
    frozen = stored.fetch(PurchaseListRecord, *address)
    assert frozen is not None
    units = _units(stored, campaign, found)
    for line in frozen.lines:
        each = units.get(line.sku_id, _Units())
        if campaign.status in _WITH_GOODS:
            assert each.accounted == line.bought, f"{line.title}: {each.accounted} of {line.bought} accounted for"
        if each.accounted == line.bought:
            _check_line(stored, campaign, line, each, found, int(supply.left.get(line.sku_id, 0)))


def nothing_repaired_is_on_the_shelf(stored: Snapshot, tenant_id: str, sku_ids: Iterable[str]) -> None:
    """What members gave to be repaired is theirs, whatever was said when it came."""
    cases = stored.listed(AfterSaleRecord, AfterSaleRecord.of_tenant(tenant_id))
    repairs = {f"aftersale:{case.id}" for case in cases if case.kind == "repair"}
    for sku_id in sku_ids:
        for entry in stored.listed(StockEntryRecord, StockEntryRecord.partition(tenant_id, sku_id)):
            assert ":".join(str(entry.cause).split(":")[:2]) not in repairs, entry.cause


def _units(stored: Snapshot, campaign: CampaignRecord, orders: Iterable[OrderRecord]) -> dict[str, _Units]:
    units: dict[str, _Units] = {}
    for receipt in stored.listed(ReceiptRecord, campaign_receipts(campaign.tenant_id, campaign.id)):
        for came in receipt.lines:
            each = units.setdefault(came.sku_id, _Units())
            each.good += came.received - came.damaged
            each.accounted += came.received + came.short + came.substituted
            each.put_away += came.to_stock + came.written_off
            if came.substitute:
                put_away = came.substitutes_to_stock + came.substitutes_written_off
                each.instead[came.substitute] += came.substituted - put_away
    skus = {goods.offer_id: goods.sku_id for goods in campaign.goods}
    for order in orders:
        for line in order.lines if order.is_sold else ():
            each = units.setdefault(skus[line.offer_id], _Units())
            for sku_id, count in line.given.items():
                if sku_id == skus[line.offer_id]:
                    each.held += count
                else:
                    each.given[sku_id] += count
    return units


def _check_line(
    stored: Snapshot, campaign: CampaignRecord, line: PurchaseLine, each: _Units, orders: list[OrderRecord], left: int
) -> None:
    sold = each.held + each.given.total()
    here = each.good - each.put_away
    from_supplier = each.held - min(line.from_stock, sold, each.held)
    assert from_supplier <= here + left, f"{line.title}: orders hold {from_supplier} that came, {here} are here"
    for sku_id, count in each.given.items():
        assert count <= each.instead[sku_id], (
            f"{line.title}: {count} are given as {sku_id}, {each.instead[sku_id]} came"
        )
    waiting = here - from_supplier + each.instead.total() - each.given.total()
    if waiting > 0 and not _disturbed(stored, orders):
        assert not _cut(stored, orders, campaign, line.sku_id), f"{line.title}: {waiting} wait while orders went short"


def _changes(stored: Snapshot, orders: Iterable[OrderRecord]) -> list[OrderChangeRecord]:
    return [change for order in orders for change in stored.every(OrderChangeRecord, order.pk, "change#")]


def _disturbed(stored: Snapshot, orders: list[OrderRecord]) -> bool:
    """Whether orders were changed or ended after the lock by anything but what came."""
    ended = any(order.cancelled_by in ("no_show", "balance") for order in orders)
    made = _changes(stored, orders)
    return ended or any(each.type == "no_show" or (each.type == "adjusted" and each.by != "system") for each in made)


def _cut(stored: Snapshot, orders: list[OrderRecord], campaign: CampaignRecord, sku_id: str) -> int:
    """Units of a SKU that orders went short of since less came."""
    offers = {goods.offer_id for goods in campaign.goods if goods.sku_id == sku_id}

    def units(snapshot: dict[str, list[list[object]]]) -> int:
        return sum(int(str(line[2])) for line in snapshot.get("stored_lines", ()) if line[0] in offers)

    adjusted = [each for each in _changes(stored, orders) if each.type == "adjusted" and each.by == "system"]
    return sum(units(each.before) - units(each.after) for each in adjusted)
