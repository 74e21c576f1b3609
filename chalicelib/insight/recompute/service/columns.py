"""The events of a month in columns, day by day against what was told and recorded."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from chalicelib.db import Refused, Transaction, fetch_many
from chalicelib.insight.intake.model.packing import Telling, unpack_day, unpack_telling
from chalicelib.insight.intake.model.told import CONTINUES
from chalicelib.insight.intake.records import DayColumns, EventDayMark, TellingRecord
from chalicelib.insight.intake.service.compacting import whose
from chalicelib.insight.intake.service.day_marks import Days
from chalicelib.insight.intake.service.reading import packed_columns
from chalicelib.insight.model.periods import Unit, first_day, last_day, number
from chalicelib.insight.model.stream import Actor, Event
from chalicelib.insight.recompute.model import columns as sql
from chalicelib.insight.recompute.model.checks import Found, tables
from chalicelib.insight.recompute.service.engine import Engine
from chalicelib.insight.recompute.service.imported import load_imported
from chalicelib.insight.recompute.service.looking import Checked, Look
from chalicelib.insight.records import DirtyDay
from chalicelib.kernel.clock import zone
from chalicelib.tenants.service.brand import get_tenant

_UNTRUSTED = "differs"
"""A digest that no content has."""


@dataclass(frozen=True, slots=True)
class _Standing:
    """What stands of a day, and by what it is told whether that has moved."""

    mark: str | None
    waits: bool
    orders_wait: bool
    columns: DayColumns | None

    @property
    def told_by(self) -> tuple[str | None, bool, int]:
        return self.mark, self.waits, int(self.columns.rev) if self.columns else 0


def every(tenant_id: str) -> list[str]:
    """The months with events, such as ``2026-11``."""
    marked = EventDayMark.marks(tenant_id, date.min, date.max)
    waiting = (mark.on for mark in DirtyDay.until(tenant_id, date.max, DirtyDay.EVENTS))
    return sorted({f"{on:%Y-%m}" for on in (*marked, *waiting)})


def check(look: Look, name: str) -> Checked:
    """Compares each day of a month that has ended and of which all that was told is still kept."""
    found, waiting, month = Found(), 0, number(date.fromisoformat(f"{name}-01"), Unit.MONTH)
    first_on, last_on = first_day(month, Unit.MONTH), min(last_day(month, Unit.MONTH), look.today - timedelta(days=1))
    with Engine() as engine:
        engine.run(tables(sql.TABLES.items()))
        for at in range((last_on - first_on).days + 1):
            day = _check_day(engine, look, first_on + timedelta(days=at))
            if day is None:
                waiting += 1
            else:
                found.add(day)
    return Checked(found, waiting)


def wrong(_: str, found: Found) -> dict[str, bool]:
    """The days that are to be brought into columns again."""
    return {day: True for days in found.periods.values() for day in days}


def mend(tenant_id: str, days: Mapping[str, bool], now: datetime) -> None:
    """Marks days, so that the next night reads them again whole. Columns are told by their digest alone, which it would
    find unchanged: it is taken away first.
    """
    if not days:
        return
    wanted = [date.fromisoformat(day) for day in days]
    for on in wanted:
        tx = Transaction()
        actions, stands = [DayColumns.digest.set(_UNTRUSTED)], DayColumns.pk.exists()
        tx.update("columns", DayColumns, *DayColumns.address(tenant_id, on), actions=actions, condition=stands)
        with suppress(Refused):  # there are no columns yet
            tx.commit()
    Days(tenant_id, zone(get_tenant(tenant_id).timezone), now).mark_again(wanted)


def _check_day(engine: Engine, look: Look, on: date) -> Found | None:
    """None where a day waits for its columns, or was changed meanwhile. Of one that has lost a part of what it was made
    of by age, nothing is compared any more.
    """
    stands = _standing(look.tenant_id, on)
    stored = _stored(look.tenant_id, on, stands.columns)
    records = list(TellingRecord.all_of_day(look.tenant_id, on))
    if stands.columns is None and not records:
        return Found()
    told = [(each.kind, unpack_telling(each.packed)) for each in records if each.packed is not None]
    ends = {int(each.expires_at or 0) for each in records}
    if stands.columns is not None:
        ends.add(int(stands.columns.whole_until or 0))
    if any(0 < end <= look.now.timestamp() for end in ends):
        return Found()
    engine.clear(sql.TABLES)
    engine.load("day", [(on.isoformat(),)])
    load_told(engine, told, whose(look.tenant_id, [each for _, each in told]))
    load_stored(engine, stored)
    engine.load("stored_counts", _counts(stands))
    has_imported = any(each.says_imported for each in records)
    if has_imported:
        load_imported(engine, look.tenant_id, on)
    after = _standing(look.tenant_id, on)
    if after.waits or (has_imported and after.orders_wait) or after.told_by != stands.told_by:
        return None
    engine.run(sql.STEPS)
    return engine.compare(sql.CHECKS)


def load_told(engine: Engine, told: Sequence[tuple[str, Telling]], who: Mapping[str, int]) -> None:
    """Fills the tables of what was told in a day, each by its kind, and of the members that visitors have become."""
    engine.load("told", _told(told))
    engine.load("told_robots", ((len(each.events),) for kind, each in told if kind == TellingRecord.ROBOT))
    engine.load("signed_in", who.items())


def load_stored(engine: Engine, stored: Iterable[Event]) -> None:
    """Fills the table of a day's columns."""
    engine.load("stored_events", (_row(each) for each in stored))


def _standing(tenant_id: str, on: date) -> _Standing:
    mark, columns, waits, orders_wait = fetch_many(
        [
            (EventDayMark, *EventDayMark.address(tenant_id, on)),
            (DayColumns, *DayColumns.address(tenant_id, on)),
            (DirtyDay, DirtyDay.partition(tenant_id, DirtyDay.EVENTS), on.isoformat()),
            (DirtyDay, DirtyDay.partition(tenant_id, DirtyDay.ORDERS), on.isoformat()),
        ],
        consistent=True,
    )
    return _Standing(mark and str(mark.mark), waits is not None, orders_wait is not None, columns)


def _counts(stands: _Standing) -> list[tuple[str, int]]:
    columns = stands.columns
    counts = [("events", int(columns.events)), ("robots", int(columns.robots))] if columns is not None else []
    return [*counts, ("marks", int(stands.mark is not None))]


def _stored(tenant_id: str, on: date, columns: DayColumns | None) -> Iterable[Event]:
    packed = packed_columns(tenant_id, on, columns) if columns is not None else None
    return unpack_day(packed) if packed is not None else []


def _told(told: Iterable[tuple[str, Telling]]) -> Iterator[tuple[Any, ...]]:
    for kind, telling in told:
        if kind != TellingRecord.ROBOT:
            received = _ms(telling.received_at)
            for event, properties in telling.described():
                continues = kind == TellingRecord.TOLD and properties.get(CONTINUES) is True
                yield kind == TellingRecord.OWN, continues, received, *_row(event)


def _row(event: Event) -> tuple[Any, ...]:
    said = ",".join(event.product_ids), event.campaign_id, event.channel_id, event.duration_ms
    return *_whose(event.actor), event.place, event.kind, _ms(event.at), *said


def _whose(actor: Actor) -> tuple[str | None, int | None]:
    return (actor, None) if isinstance(actor, str) else (None, actor)


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
