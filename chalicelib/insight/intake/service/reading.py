"""Events as those read them who count them: of many days, or of one member."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from chalicelib.db import fetch_many
from chalicelib.insight.intake.model.packing import Telling, by_actor, day_of, placed, unpack_day, unpack_telling
from chalicelib.insight.intake.records import (
    ColumnsPart,
    DayColumns,
    EventDayMark,
    JoinedRecord,
    PointerRecord,
    TellingRecord,
)
from chalicelib.insight.intake.service.compacting import raw_day
from chalicelib.insight.model.periods import Unit, number
from chalicelib.insight.model.stream import Actor, Event
from chalicelib.kernel import clock
from chalicelib.members.linking.service.uniting import united


def events_between(
    tenant_id: str, from_on: date, to_on: date, kinds: Collection[str] | None = None, *, now: datetime | None = None
) -> Iterator[Event]:
    """The events of the local days from one to the other, both included, those of today as far as they have come: day
    by day, of each actor in order of instant and telling. ``kinds`` are those wanted, None for all.

    A day in columns costs a share of a read; one that has changed since the night is read as it was told. Robots are
    left out, and what is older than it is kept. Who is one person is one actor.
    """
    since = int((now or clock.now()).timestamp())
    marks, one_person = EventDayMark.marks(tenant_id, from_on, to_on), united(tenant_id)
    for days in _by_month(marks):
        columns = {each.on: each for each in DayColumns.in_days(tenant_id, min(days), max(days))}
        for on in days:
            found = _of_day(tenant_id, on, marks[on], columns.pop(on, None), since)
            for event in _as_one(found, one_person):
                if kinds is None or event.kind in kinds:
                    yield event


def robots_between(tenant_id: str, from_on: date, to_on: date) -> dict[date, int]:
    """How many events of robots came in, by local day, of the days that are in columns."""
    return {each.on: int(each.robots) for each in DayColumns.in_days(tenant_id, from_on, to_on) if each.robots}


def timeline(
    tenant_id: str, ordinal: int, from_on: date, to_on: date, *, now: datetime | None = None
) -> list[Event]:  # fmt: skip
    """One member's own events on these local days, both included, in order: also those of visitors who became them, and
    of members who are one with them. Reads what is theirs alone.
    """
    since = int((now or clock.now()).timestamp())
    ordinals = {ordinal, *(gone for gone, stays in united(tenant_id).items() if stays == ordinal)}
    actors: list[Actor] = [*sorted(ordinals), *JoinedRecord.of_members(tenant_id, sorted(ordinals))]
    places = [
        TellingRecord.address(tenant_id, each.on, each.source)
        for actor in actors
        for each in PointerRecord.of_actor(tenant_id, actor, from_on, to_on)
    ]
    found: list[TellingRecord | None] = fetch_many([(TellingRecord, *place) for place in places], consistent=True)
    days: dict[str, _Day] = {}
    for each in found:
        if each is not None and each.packed is not None and each.expires_at > since:
            telling = unpack_telling(each.packed)
            theirs = replace(telling, events=[replace(event, actor=ordinal) for event in telling.events])
            day = days.setdefault(str(each.pk), _Day())
            (day.own if str(each.sk).startswith(TellingRecord.OWN) else day.told).append(theirs)
    return placed(event for _, day in sorted(days.items()) for event in day_of(day.told, day.own, {}))


@dataclass(slots=True)
class _Day:
    """What is known of a member's day: what was told of it, and what our own records say."""

    told: list[Telling] = field(default_factory=list)
    own: list[Telling] = field(default_factory=list)


def _by_month(days: Iterable[date]) -> Iterator[list[date]]:
    """The days of one month after the other."""
    months: dict[int, list[date]] = {}
    for on in sorted(days):
        months.setdefault(number(on, Unit.MONTH), []).append(on)
    yield from months.values()


def _of_day(
    tenant_id: str, on: date, mark: str, columns: DayColumns | None, since: int
) -> Iterable[Event]:  # fmt: skip
    if columns is not None and columns.seen == mark:
        if int(columns.expires_at or 0) <= since:
            return []
        packed = packed_columns(tenant_id, on, columns)
        if packed is not None:
            return unpack_day(packed)
    return raw_day(tenant_id, on, since).events


def packed_columns(tenant_id: str, on: date, columns: DayColumns) -> bytes | None:
    """All of a day's columns; None where they were replaced since their head was read."""
    if columns.columns is not None:
        return bytes(columns.columns)
    name = str(columns.digest)
    places = [ColumnsPart.address(tenant_id, on, name, each) for each in range(int(columns.parts))]
    parts = fetch_many([(ColumnsPart, *place) for place in places], consistent=True)
    return None if None in parts else b"".join(each.columns for each in parts)


def _as_one(events: Iterable[Event], one_person: Mapping[int, int]) -> Iterable[Event]:
    """The same with those who are one person as one actor, in order still."""
    if not one_person:
        return events
    found = list(events)
    if not any(each.actor in one_person for each in found):
        return found
    moved = [replace(each, actor=one_person.get(each.actor, each.actor)) for each in found]  # type: ignore[arg-type]
    return placed(sorted(moved, key=lambda each: (by_actor(each.actor), each.at, each.place)))
