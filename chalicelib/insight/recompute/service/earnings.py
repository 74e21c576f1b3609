"""What the days of a month earned, against their orders and the books of these."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.catalog.records import PriceChangeRecord, SkuRecord
from chalicelib.db import fetch_many
from chalicelib.insight.activity.service.dirty_days import mark_changed
from chalicelib.insight.earnings.model.columns import unpack
from chalicelib.insight.earnings.model.figures import By, Cell
from chalicelib.insight.earnings.service.days import KeptDay, kept_days
from chalicelib.insight.model import bitmaps
from chalicelib.insight.model.periods import Unit, first_day, last_day, number
from chalicelib.insight.recompute.model import earnings as sql
from chalicelib.insight.recompute.model.checks import Found, tables
from chalicelib.insight.recompute.service.engine import Engine
from chalicelib.insight.recompute.service.looking import Checked, Look
from chalicelib.insight.records import ActivityRecord, ChangedDay
from chalicelib.kernel.clock import sortable
from chalicelib.members.linking.service.sources import every_union
from chalicelib.orders.records import OrderRecord
from chalicelib.pickup_points.records import PickupPointRecord
from chalicelib.settlement.books.records import OrderBook
from chalicelib.tenants.service.brand import get_tenant

_AT_ONCE = 500
"""Orders that are read together, each with its book."""


@dataclass(frozen=True, slots=True)
class _Span:
    """The days of a month."""

    tenant_id: str
    first_on: date
    last_on: date

    @property
    def days(self) -> list[date]:
        return [self.first_on + timedelta(days=at) for at in range((self.last_on - self.first_on).days + 1)]


def every(tenant_id: str) -> list[str]:
    """The months in which a day ever changed, such as ``2026-11``: of others nothing that is kept is read."""
    return sorted({f"{on:%Y-%m}" for on in ChangedDay.marks(tenant_id, date.min, date.max)})


def check(look: Look, name: str) -> Checked:
    """Compares the days of a month that are kept. One whose mark is another, or that nobody has counted yet, is counted
    anew by whoever asks for it, so nothing of it is compared.
    """
    month = number(date.fromisoformat(f"{name}-01"), Unit.MONTH)
    span = _Span(look.tenant_id, first_day(month, Unit.MONTH), last_day(month, Unit.MONTH))
    marks = ChangedDay.marks(span.tenant_id, span.first_on, span.last_on)
    kept = {by: kept_days(span.tenant_id, by, span.first_on, span.last_on) for by in By}
    stands = {on for on in span.days if on in marks and all(_is_current(days, on, marks[on]) for days in kept.values())}
    if not stands:
        return Checked(Found())
    with Engine() as engine:
        engine.run(tables(sql.TABLES.items()))
        engine.load("stored_earned", _stored(kept, stands))
        _load(engine, span, stands)
        after = ChangedDay.marks(span.tenant_id, span.first_on, span.last_on)
        moved = [on for on in stands if after.get(on) != marks[on]]
        engine.load("left_out", ((on.isoformat(),) for on in moved))
        engine.run(sql.STEPS)
        return Checked(engine.compare(sql.CHECKS), len(moved))


def wrong(_: str, found: Found) -> dict[str, bool]:
    """The days that are to be counted again."""
    return {day: True for days in found.periods.values() for day in days}


def mend(tenant_id: str, days: Mapping[str, bool], _: datetime) -> None:
    """Marks days as changed: whoever asks next, or the night, counts them from their orders."""
    mark_changed(tenant_id, map(date.fromisoformat, days))


def _is_current(days: Mapping[date, KeptDay], on: date, mark: str) -> bool:
    return on in days and days[on].mark == mark


def _stored(kept: Mapping[By, Mapping[date, KeptDay]], stands: Iterable[date]) -> Iterator[tuple[str, str, str, int]]:
    for by, days in kept.items():
        for on in stands:
            for name, cell in unpack(days[on].pieces).items():
                for said, value in _cells(cell):
                    yield by.value, on.isoformat(), f"{name} {said}", value


def _cells(cell: Cell) -> Iterator[tuple[str, int]]:
    for figure, value in cell.earned.said().items():
        yield sql.COLUMN.get(figure, figure), value
    for member in bitmaps.ordinals(cell.members):
        yield f"member {member}", 1


def _load(engine: Engine, span: _Span, stands: Iterable[date]) -> None:
    """Fills the tables of what was recorded of some days."""
    tenant_id = span.tenant_id
    engine.load("asked", [(get_tenant(tenant_id).currency,)])
    engine.load("united", ((each.ordinal, int(each.into)) for each in every_union(tenant_id)))
    own: list[str] = []
    for on in sorted(stands):
        day = list(ActivityRecord.of_day(tenant_id, on))
        engine.load("activity", (_activity(on, each) for each in day))
        own += [str(each.source) for each in day if each.is_own]
    skus: set[str] = set()
    campaigns: set[str] = set()
    points: set[str] = set()
    waiting = iter(own)
    while order_ids := list(islice(waiting, _AT_ONCE)):
        orders, books = _read(tenant_id, order_ids)
        engine.load("orders", map(_order, orders))
        engine.load("books", map(_book, books))
        campaigns |= {str(each.campaign_id) for each in orders}
        points |= {str(each.pickup_point_id) for each in orders}
        skus |= {sku_id for order in orders for line in order.lines for sku_id in (line.sku_id, *dict(line.instead))}
    _load_costs(engine, tenant_id, sorted(skus))
    _load_rates(engine, tenant_id, sorted(campaigns), sorted(points))


def _read(tenant_id: str, order_ids: Sequence[str]) -> tuple[list[OrderRecord], list[OrderBook]]:
    orders = [(OrderRecord, *OrderRecord.address(tenant_id, each)) for each in order_ids]
    books = [(OrderBook, *OrderBook.address(tenant_id, each)) for each in order_ids]
    found = fetch_many([*orders, *books], consistent=True)
    of_orders, of_books = found[: len(orders)], found[len(orders) :]
    return [each for each in of_orders if each is not None], [each for each in of_books if each is not None]


def _load_costs(engine: Engine, tenant_id: str, sku_ids: Sequence[str]) -> None:
    found = fetch_many([(SkuRecord, *SkuRecord.address(tenant_id, each)) for each in sku_ids], consistent=True)
    skus = {sku_id: each for sku_id, each in zip(sku_ids, found, strict=True) if each is not None}
    engine.load("skus", ((sku_id, str(each.product_id), each.cost_minor) for sku_id, each in skus.items()))
    for product_id in sorted({str(each.product_id) for each in skus.values()}):
        changes = PriceChangeRecord.every(PriceChangeRecord.partition(tenant_id, product_id), consistent=True)
        engine.load(
            "cost_changes",
            (
                (change.sku_id, n, sortable(each.at), change.cost_before)
                for n, each in enumerate(changes)
                for change in each.changes
            ),
        )


def _load_rates(engine: Engine, tenant_id: str, campaign_ids: Sequence[str], point_ids: Sequence[str]) -> None:
    campaigns = fetch_many([(CampaignRecord, *CampaignRecord.address(tenant_id, each)) for each in campaign_ids])
    engine.load(
        "rates",
        (
            (campaign.id, place.id, n, place.commission_bps)
            for campaign in campaigns
            if campaign is not None
            for n, place in enumerate(campaign.pickup_points)
        ),
    )
    points = fetch_many([(PickupPointRecord, *PickupPointRecord.address(tenant_id, each)) for each in point_ids])
    engine.load(
        "leaders",
        (
            (point.id, n, since, leader)
            for point in points
            if point is not None
            for n, (since, leader) in enumerate(point.leaders or [("", point.leader_id)])
        ),
    )


def _activity(on: date, each: ActivityRecord) -> tuple[Any, ...]:
    sold = str(each.currency), int(each.quantity), int(each.amount_minor)
    return each.source, on, int(each.ordinal), each.is_own, bool(each.voided), *sold, each.left_units, each.left_minor


def _order(order: OrderRecord) -> tuple[Any, ...]:
    money = order.paid_minor, order.refunded_minor, order.returned_minor or 0
    back = order.refunded_lines, order.goodwill, order.disputed_lines, order.returned_units
    flags = order.origin is not None, bool(order.is_gift), order.forfeited_at is not None
    channel = order.via.channel_id if order.via else None
    return (
        order.id, order.status, _json(order.stored_lines), _json(order.stored_discounts), order.discount_minor,
        order.delivery_minor, order.delivery_tax_bps, *money, *map(_json, back), *flags, _json(order.picked),
        order.picked_up_at is not None, sortable(order.placed_at), order.campaign_id, order.pickup_point_id, channel,
    )  # fmt: skip


def _book(book: OrderBook) -> tuple[Any, ...]:
    commission = int(book.frozen_minor) + int(book.payable_minor)
    made_good = _json(book.remedies), _json(book.charged), book.platform_minor or 0
    recognised = book.recognised_at is not None
    return book.order_id, recognised, commission, book.fees_minor or 0, *made_good, book.lost_minor or 0


def _json(value: Any) -> str | None:
    return None if value is None else json.dumps(value)
