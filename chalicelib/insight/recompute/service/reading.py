"""A month as it is read for its checks: the raw records as they are, and what stands of them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, groupby
from typing import Any

from chalicelib.insight.model import bitmaps, spending
from chalicelib.insight.model.periods import Unit, first_day, label, last_day
from chalicelib.insight.model.slices import Dimension, Slice, unpack
from chalicelib.insight.recompute.model.months import ORDERED, TOOK_PART
from chalicelib.insight.recompute.service.engine import Engine
from chalicelib.insight.records import (
    ActivityRecord,
    ChangedDay,
    DirtyDay,
    Doing,
    RollupRecord,
    SpendRecord,
    TookPartRecord,
)
from chalicelib.insight.rollups.records import SliceRecord
from chalicelib.insight.rollups.service.aggregates import Stored, loaded
from chalicelib.insight.rollups.service.beside import SPEND
from chalicelib.members.linking.service.sources import every_union

_DOING = {Doing.ORDERING: ORDERED, Doing.TAKING_PART: TOOK_PART}


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands of a month, by days and for the month itself."""

    month: int
    days: dict[Doing, dict[str, Stored]]
    months: dict[Doing, dict[str, Stored]]

    @property
    def name(self) -> str:
        return label(self.month, Unit.MONTH)

    @property
    def revisions(self) -> dict[tuple[Doing, str], int]:
        """By what and of which period."""
        both = chain(self.days.items(), self.months.items())
        return {(doing, period): each.rev for doing, found in both for period, each in found.items()}


def months_with_anything(tenant_id: str) -> list[str]:
    """The months in which a day ever changed, waits for its rollup, or has an aggregate, such as ``1997-01``; the
    oldest first. Every day of them is read, whether an aggregate stands or not.
    """
    found = {f"{on:%Y-%m}" for on in ChangedDay.marks(tenant_id, date.min, date.max)}
    found |= {f"{mark.on:%Y-%m}" for mark in DirtyDay.until(tenant_id, date.max)}
    for doing in Doing:
        for partition in (
            RollupRecord.days_partition(tenant_id, doing),
            RollupRecord.months_partition(tenant_id, doing),
        ):
            found |= {str(each.sk)[:7] for each in RollupRecord.every(partition)}
    return sorted(found)


def standing(tenant_id: str, month: int) -> Standing:
    """Reads what stands, consistently."""
    name, span = label(month, Unit.MONTH), (first_day(month, Unit.MONTH), last_day(month, Unit.MONTH))
    days = {doing: loaded(RollupRecord.in_days(tenant_id, *span, doing, consistent=True)) for doing in Doing}
    months = {}
    for doing in Doing:
        found = RollupRecord.fetch(RollupRecord.months_partition(tenant_id, doing), name, consistent=True)
        months[doing] = loaded([found] if found is not None else [])
    return Standing(month, days, months)


def load_standing(engine: Engine, tenant_id: str, stands: Standing) -> None:
    """Fills the tables of what stands."""
    orders = {**stands.days[Doing.ORDERING], **stands.months[Doing.ORDERING]}
    engine.load(
        "stored_totals",
        (
            (period, hour, totals.orders, totals.quantity)
            for period, each in orders.items()
            for hour, totals in each.rollup.hours.items()
        ),
    )
    engine.load(
        "stored_sales",
        (
            (period, hour, currency, *sums)
            for period, each in orders.items()
            for hour, totals in each.rollup.hours.items()
            for currency, sums in totals.sales.items()
        ),
    )
    for doing, said in _DOING.items():
        found = {**stands.days[doing], **stands.months[doing]}
        engine.load("stored_members", _members(said, found))
    named = [each.days or {} for each in stands.months[Doing.ORDERING].values()]
    engine.load("named_revisions", ((stands.name, day, rev) for days in named for day, rev in days.items()))
    days = stands.days[Doing.ORDERING]
    engine.load("stored_revisions", ((stands.name, day[-2:], each.rev) for day, each in days.items()))
    engine.load("stored_spend", _spent(tenant_id, stands.month))
    engine.load("stored_slices", _slices(tenant_id, stands.month))


def load_raw(engine: Engine, tenant_id: str, month: int) -> None:
    """Fills the tables of what was recorded, every day of the month."""
    first_on, last_on = first_day(month, Unit.MONTH), last_day(month, Unit.MONTH)
    days = (first_on + timedelta(days=at) for at in range((last_on - first_on).days + 1))
    engine.load("activity", (_row(on, each) for on in days for each in ActivityRecord.of_day(tenant_id, on)))
    engine.load("took_part", ((each.on, each.ordinal) for each in TookPartRecord.in_days(tenant_id, first_on, last_on)))
    engine.load("united", ((each.ordinal, int(each.into)) for each in every_union(tenant_id)))


def left_out(tenant_id: str, before: Standing) -> set[str]:
    """The periods of which what was read may be newer or older than what stands: a day that waits for its rollup, or
    had one meanwhile, and the month with it. To be asked once all has been read.
    """
    after = standing(tenant_id, before.month)
    span = first_day(before.month, Unit.MONTH), last_day(before.month, Unit.MONTH)
    waiting = {mark.on.isoformat() for mark in DirtyDay.until(tenant_id, span[1]) if mark.on >= span[0]}
    moved = {period for (_, period), _ in before.revisions.items() ^ after.revisions.items()}
    return waiting | moved | ({before.name} if waiting | moved else set())


def chunks_beside(tenant_id: str, on: date) -> dict[str, list[int]]:
    """The numbers of the chunks in which something stands beside a day, by its name."""
    spent = SpendRecord.in_days(tenant_id, on, on, consistent=True)
    found = {SPEND: [_number_of(each) for each in spent]}
    for dimension in Dimension:
        found[dimension.value] = [_number_of(each) for each in _chunks(tenant_id, dimension, on, on)]
    return {name: numbers for name, numbers in found.items() if numbers}


def _chunks(tenant_id: str, dimension: Dimension, from_on: date, to_on: date) -> Iterator[SliceRecord]:
    between = (from_on.isoformat(), f"{to_on.isoformat()}#~")
    return SliceRecord.every(SliceRecord.partition(tenant_id, dimension), between=between, consistent=True)


def _number_of(record: SpendRecord | SliceRecord) -> int:
    return int(str(record.sk).partition("#")[2])


def _row(on: date, order: ActivityRecord) -> tuple[Any, ...]:
    return (
        order.sk,
        on,
        int(order.ordinal),
        int(order.amount_minor),
        order.currency,
        int(order.quantity),
        int(order.hour),
        bool(order.voided),
        str(order.sk).startswith("order#"),
        _json(order.discounts),
        _json(order.extra),
        _json(order.stored_parts),
    )


def _json(value: Any) -> str | None:
    return None if value is None else json.dumps(value)


def _slices(tenant_id: str, month: int) -> Iterator[tuple[str, str, str, str, int]]:
    """Every number of what stands by the values of dimensions, a day after the other."""
    span = first_day(month, Unit.MONTH), last_day(month, Unit.MONTH)
    for dimension in Dimension:
        for on, chunks in groupby(_chunks(tenant_id, dimension, *span), lambda each: each.on):
            for value, found in unpack(each.columns for each in chunks).items():
                for cell, number in _cells(found):
                    yield on.isoformat(), dimension.value, value, cell, number


def _cells(found: Slice) -> Iterator[tuple[str, int]]:
    yield "orders", found.totals.orders
    yield "units", found.totals.quantity
    for currency, (orders, minor) in found.totals.sales.items():
        yield f"orders {currency}", orders
        yield f"amount_minor {currency}", minor
    for currency, minor in found.discount_minor.items():
        yield f"discount_minor {currency}", minor
    for member in found.ordinals:
        yield f"member {member}", 1


def _members(doing: str, found: dict[str, Stored]) -> Iterator[tuple[str, str, int]]:
    for period, each in found.items():
        for member in bitmaps.ordinals(each.rollup.members):
            yield doing, period, member


def _spent(tenant_id: str, month: int) -> Iterator[tuple[str, str, int, int]]:
    span = first_day(month, Unit.MONTH), last_day(month, Unit.MONTH)
    for record in SpendRecord.in_days(tenant_id, *span, consistent=True):
        for currency, amounts in spending.unpack(record.columns).amounts.items():
            for member, minor in amounts.items():
                yield record.on.isoformat(), currency, member, minor
