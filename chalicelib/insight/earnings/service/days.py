"""What days earned, kept for as long as nothing of them changes.

A day of which an order, or its book, has changed is read again whole and what it earned overwritten: there are no
counters, so that doing it twice, late or in two places leads to the same content. Its mark is read before its orders:
what changes meanwhile sets a new one, and the day is read again.
"""

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from chalicelib.db import put_many
from chalicelib.insight.activity.service.dirty_days import mark_changed
from chalicelib.insight.earnings.model.columns import pack, unpack
from chalicelib.insight.earnings.model.figures import By, Cell, day_cells
from chalicelib.insight.earnings.records import EarnedDay
from chalicelib.insight.earnings.service.orders import orders_of_day
from chalicelib.insight.records import ChangedDay
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.local_day import local_date
from chalicelib.orders.service.reading import get_orders
from chalicelib.tenants.service.brand import get_tenant

READING_SECONDS = 15.0
"""So long a reader waits for days that have changed; what was read by then is kept, and the next one goes on."""

NIGHT_SECONDS = 60.0
NIGHT_DAYS = 400


@dataclass(frozen=True, slots=True)
class EarnedDays:
    """The parts of days by their names; ``revision`` rises when any of them changes, and only then."""

    days: Mapping[date, Mapping[str, Cell]]
    revision: int


@dataclass(frozen=True, slots=True)
class KeptDay:
    """A day as it is kept, in pieces; its mark is empty where they are not of one writing."""

    mark: str
    revision: int
    pieces: Sequence[bytes]


def earned_days(tenant_id: str, by: By, from_on: date, to_on: date) -> EarnedDays:
    """What the local days from one to the other earned, both included, as their orders stand now. Raises Unavailable
    where more of them have changed than can be read in time; asked again, it goes on.
    """
    ends = time.monotonic() + READING_SECONDS
    kept, stale = _look(tenant_id, by, from_on, to_on)
    for on, mark in stale.items():
        if time.monotonic() >= ends:
            raise Unavailable(
                "Many days have changed and are being counted again; ask once more in a moment.",
                detail_zh="较多日期的数据有变动，正在重新统计，请稍后重试。",
                retry_after=1,
            )
        kept[on] = _count(tenant_id, on, mark)[by]
    days = {on: unpack(each.pieces) for on, each in sorted(kept.items())}
    return EarnedDays({on: cells for on, cells in days.items() if cells}, sum(each.revision for each in kept.values()))


def earned_without(
    tenant_id: str, by: By, earned: EarnedDays, gone: Mapping[date, Collection[tuple[bool, str]]]
) -> EarnedDays:
    """The same without what some orders earned, by day: these alone are read. Parts with nothing else are no more."""
    days, currency = dict(earned.days), get_tenant(tenant_id).currency
    for on, places in gone.items():
        kept = dict(days.get(on, {}))
        for name, cell in day_cells(orders_of_day(tenant_id, currency, on, places), by).items():
            kept[name] = replace(kept.get(name, Cell()), earned=kept.get(name, Cell()).earned - cell.earned)
        days[on] = {name: cell for name, cell in kept.items() if cell.earned}
    return EarnedDays(days, earned.revision)


def bring_up_to_date(tenant_id: str, now: datetime) -> int:
    """Counts what has changed in the last days, so that no reader waits for it; answers how many days that were."""
    ends = time.monotonic() + NIGHT_SECONDS
    today = local_date(now, zone(get_tenant(tenant_id).timezone))
    _, stale = _look(tenant_id, By.DAY, today - timedelta(days=NIGHT_DAYS), today)
    for counted, (on, mark) in enumerate(stale.items()):
        if time.monotonic() >= ends:
            return counted
        _count(tenant_id, on, mark)
    return len(stale)


def costs_changed(tenant_id: str, order_ids: Iterable[str]) -> None:
    """Marks the days of orders as changed: what they cost has."""
    tz = zone(get_tenant(tenant_id).timezone)
    orders = get_orders(tenant_id, list(dict.fromkeys(order_ids)))
    mark_changed(tenant_id, {local_date(order.placed_at, tz) for order in orders})


def _look(tenant_id: str, by: By, from_on: date, to_on: date) -> tuple[dict[date, KeptDay], dict[date, str]]:
    """The days that stand as they are kept, and the marks of those that do not."""
    now = ChangedDay.marks(tenant_id, from_on, to_on)
    kept = kept_days(tenant_id, by, from_on, to_on)
    stale = {on: mark for on, mark in sorted(now.items()) if on not in kept or kept[on].mark != mark}
    return {on: each for on, each in kept.items() if on in now and on not in stale}, stale


def kept_days(tenant_id: str, by: By, from_on: date, to_on: date) -> dict[date, KeptDay]:
    """The days from one to the other, both included, as they are kept."""
    found: dict[date, list[EarnedDay]] = {}
    for record in EarnedDay.in_days(tenant_id, by, from_on, to_on):
        found.setdefault(record.on, []).append(record)
    kept = {}
    for on, records in found.items():
        first = records[0]
        pieces = records[: int(first.many)]
        whole = len(pieces) == int(first.many) and len({(each.mark, int(each.revision)) for each in pieces}) == 1
        mark = str(first.mark) if whole else ""
        kept[on] = KeptDay(mark, int(first.revision), [bytes(each.content) for each in pieces])
    return kept


def _count(tenant_id: str, on: date, mark: str) -> dict[By, KeptDay]:
    """Reads the orders of a day, and keeps what they earned."""
    orders = orders_of_day(tenant_id, get_tenant(tenant_id).currency, on)
    counted = {}
    for by in By:
        before = kept_days(tenant_id, by, on, on).get(on)
        pieces = pack(day_cells(orders, by))
        same = before is not None and list(before.pieces) == pieces
        revision = (before.revision if before else 0) + (0 if same else 1)
        kept = counted[by] = KeptDay(mark, revision, pieces)
        put_many(
            EarnedDay(
                *EarnedDay.address(tenant_id, by, on, number),
                mark=kept.mark, revision=revision, many=len(pieces), content=piece,
            )
            for number, piece in enumerate(pieces)
        )  # fmt: skip
    return counted
