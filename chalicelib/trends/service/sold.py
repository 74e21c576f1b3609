"""Orders add to the units of their goods, and take from them what came back: each order once, as it stands."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from chalicelib.catalog.records import SkuRecord
from chalicelib.catalog.service.set_aside import get_skus
from chalicelib.db import Transaction, change, fetch_many
from chalicelib.db.transaction import MOST_OPERATIONS
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.orders.discounts.model import given, off_lines
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.reading import get_orders
from chalicelib.pricing.records import CountedOrderRecord, SoldWeekRecord, week_part
from chalicelib.tenancy import brand_of
from chalicelib.trends.model import SoldLine, difference, units_of

_AT_ONCE = 10
"""Orders that one transaction counts, where all that they change fits; else each is counted by itself, which always
does.
"""


@dataclass(frozen=True, slots=True)
class _Found:
    """Orders as they stand, and what each has added so far."""

    orders: Sequence[OrderRecord]
    counted: Mapping[str, CountedOrderRecord]


def count_orders(tenant_id: str, order_ids: Iterable[str]) -> set[str]:
    """Brings the units of goods to what orders have come to, on the local day on which each was placed.

    A marker beside the counters keeps what an order has added, and at which of its revisions, in one transaction with
    them: messages may come twice and in any order, and a write that was thought lost is not made again. An exchange
    replaces what was sold, and is no sale of its own. Answers the products of which the units have changed. Raises
    NotFound for an unknown order.
    """
    wanted, moved = list(dict.fromkeys(order_ids)), set[str]()
    for start in range(0, len(wanted), _AT_ONCE):
        moved |= _count(tenant_id, wanted[start : start + _AT_ONCE])
    return moved


def _count(tenant_id: str, order_ids: Sequence[str]) -> set[str]:
    tz = zone(brand_of(tenant_id).timezone)

    def read() -> _Found:
        orders = [order for order in get_orders(tenant_id, order_ids) if order.origin is None]
        markers = [(CountedOrderRecord, *CountedOrderRecord.address(tenant_id, order.id)) for order in orders]
        known = fetch_many(markers, consistent=True)
        return _Found(orders, {order.id: each for order, each in zip(orders, known, strict=True) if each})

    def decide(found: _Found, tx: Transaction) -> set[str] | None:
        moves = [move for order in found.orders if (move := _move(order, found.counted.get(order.id), tz)) is not None]
        added = Counter[tuple[str, date]]()
        for each in moves:
            added.update(each.added)
        changed = {place: units for place, units in added.items() if units}
        if len(moves) > 1 and len(moves) + len(changed) > MOST_OPERATIONS:
            return None
        for each in moves:
            _note(each, tx)
        return _add(tenant_id, changed, order_ids[0], tx)

    moved = change(read, decide)
    if moved is None:
        return {product_id for order_id in order_ids for product_id in _count(tenant_id, [order_id])}
    return moved


@dataclass(frozen=True, slots=True)
class _Move:
    """An order that was not counted at its present revision, what was counted of it, and the units it comes to."""

    order: OrderRecord
    marker: CountedOrderRecord | None
    day: date
    units: Mapping[str, int]

    @property
    def added(self) -> dict[tuple[str, date], int]:
        """By how much it moves the units of SKUs, on its day."""
        before = dict(self.marker.units) if self.marker else {}
        return {(sku_id, self.day): delta for sku_id, delta in difference(before, self.units)}


def _move(order: OrderRecord, marker: CountedOrderRecord | None, tz: ZoneInfo) -> _Move | None:
    """What an order adds; None at a revision that is counted."""
    if marker is not None and int(marker.order_rev) >= int(order.rev):
        return None
    day = marker.day if marker else local_date(order.placed_at, tz)
    return _Move(order, marker, day, kept_units(order))


def kept_units(order: OrderRecord) -> dict[str, int]:
    """The units that an order sold and that were kept, by the SKU that was ordered; gifts are no sales."""
    return units_of(_lines(order), order.sale)


def _note(move: _Move, tx: Transaction) -> None:
    order, units = move.order, dict(move.units)
    if move.marker is None:
        address = CountedOrderRecord.address(order.tenant_id, order.id)
        tx.create(order.id, CountedOrderRecord(*address, day=move.day, order_rev=int(order.rev), units=units))
    else:
        move.marker.units, move.marker.order_rev = units, int(order.rev)
        tx.replace(order.id, move.marker)


def _lines(order: OrderRecord) -> list[SoldLine]:
    discounts = order.discounts
    off, gifts = off_lines(discounts), given(discounts)
    back = order.came_back
    return [
        SoldLine(
            line,
            gifts.get(line.offer_id, 0),
            line.total_minor - off.get(line.offer_id, 0),
            back.returned_minor.get(line.offer_id, 0),
            back.units.get(line.offer_id, 0),
        )
        for line in order.lines
    ]


def _add(tenant_id: str, added: Mapping[tuple[str, date], int], seed: str, tx: Transaction) -> set[str]:
    """Adds to one part of each week; ``seed`` spreads batches over the parts. Answers whose weeks they are."""
    skus: Mapping[str, SkuRecord] = get_skus(tenant_id, [sku_id for sku_id, _ in added]) if added else {}
    weeks: dict[tuple[str, str], list[tuple[date, int]]] = {}
    part = week_part(seed)
    for (sku_id, day), units in added.items():
        if sku_id in skus:  # one that was removed has no weeks to look at
            address = SoldWeekRecord.address(tenant_id, str(skus[sku_id].product_id), sku_id, day, part)
            weeks.setdefault(address, []).append((day, units))
    for n, (address, days) in enumerate(weeks.items()):
        tx.update(f"week:{n}", SoldWeekRecord, *address, actions=SoldWeekRecord.adding(days))
    return {str(each.product_id) for each in skus.values()}
