"""A day's events are brought into columns, so that many days can be read at once.

A day is read again whole and its columns replaced, by a condition on the revision that was read: doing it twice, late
or in two places at once leads to the same content, and equal content keeps its revision.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from chalicelib.db import Transaction, change, fetch_many, put_many
from chalicelib.insight.intake.model.packing import Telling, day_of, digest, pack_day, unpack_telling
from chalicelib.insight.intake.records import ColumnsPart, DayColumns, EventDayMark, TellingRecord, VisitorRecord
from chalicelib.insight.intake.service.imported_orders import told_by_files
from chalicelib.insight.model.stream import Event

PART_BYTES = 300_000
"""Bytes in an item, of the 400 KB that DynamoDB takes."""


@dataclass(frozen=True, slots=True)
class RawDay:
    """What stands of a local day as it was told. ``whole_until`` is when the first of it is kept no longer (epoch),
    ``expires_at`` when the last.
    """

    events: Sequence[Event]
    robots: int
    whole_until: int
    expires_at: int


@dataclass(frozen=True, slots=True)
class _Standing:
    mark: str | None
    columns: DayColumns | None


def compact(tenant_id: str, days: Iterable[date]) -> None:
    """Brings those of these days into columns that have changed since. They have ended: the running day is read as it
    is told. Costs two reads where nothing has changed. Raises Contended when others keep doing the same.
    """
    wanted = set(days)
    if not wanted:
        return
    span = min(wanted), max(wanted)
    marks = EventDayMark.marks(tenant_id, *span)
    seen = {each.on: str(each.seen) for each in DayColumns.in_days(tenant_id, *span)} if marks else {}
    for on in sorted(wanted & marks.keys()):
        if seen.get(on) != marks[on]:
            _compact_day(tenant_id, on)


def _compact_day(tenant_id: str, on: date) -> None:
    def read() -> _Standing:
        mark, columns = fetch_many(
            [
                (EventDayMark, *EventDayMark.address(tenant_id, on)),
                (DayColumns, *DayColumns.address(tenant_id, on)),
            ],
            consistent=True,
        )
        return _Standing(mark and mark.mark, columns)

    def decide(standing: _Standing, tx: Transaction) -> None:
        if standing.mark is not None:
            _replace(tx, tenant_id, on, standing)

    change(read, decide)


def _replace(tx: Transaction, tenant_id: str, on: date, standing: _Standing) -> None:
    day, before = raw_day(tenant_id, on), standing.columns
    packed = pack_day(day.events)
    name = digest(packed)
    changed = before is None or (before.digest, int(before.robots)) != (name, day.robots)
    parts = -(-len(packed) // PART_BYTES) if len(packed) > PART_BYTES else 0
    if changed:
        put_many(
            ColumnsPart(
                *ColumnsPart.address(tenant_id, on, name, number),
                columns=packed[number * PART_BYTES : (number + 1) * PART_BYTES],
                expires_at=day.expires_at,
            )
            for number in range(parts)
        )
    rev = int(before.rev) if before else 0
    values: list[tuple[Any, Any]] = [
        (DayColumns.rev, rev + changed),
        (DayColumns.seen, standing.mark),
        (DayColumns.digest, name),
        (DayColumns.events, len(day.events)),
        (DayColumns.robots, day.robots),
        (DayColumns.parts, parts),
        (DayColumns.whole_until, day.whole_until),
        (DayColumns.expires_at, day.expires_at),
        (DayColumns.columns, None if parts else packed),
    ]
    actions = [attribute.remove() if value is None else attribute.set(value) for attribute, value in values]
    unchanged = DayColumns.rev == rev if before else DayColumns.pk.does_not_exist()
    tx.update("columns", DayColumns, *DayColumns.address(tenant_id, on), actions=actions, condition=unchanged)
    if before and before.digest != name:
        for number in range(int(before.parts)):
            tx.delete(f"part:{number}", ColumnsPart, *ColumnsPart.address(tenant_id, on, str(before.digest), number))


def raw_day(tenant_id: str, on: date, since: int = 0) -> RawDay:
    """A day as it was told; what has expired by ``since`` (epoch) is left out, whether or not it was deleted yet."""

    def telling(each: TellingRecord) -> Telling | None:
        if each.says_imported:
            return told_by_files(tenant_id, on)
        return unpack_telling(each.packed) if each.packed is not None else None

    def of(kind: str) -> list[tuple[Telling, int]]:
        stands = [each for each in TellingRecord.of_day(tenant_id, on, kind) if each.expires_at > since]
        return [(found, int(each.expires_at)) for each in stands if (found := telling(each)) is not None]

    told, own, robots = of(TellingRecord.TOLD), of(TellingRecord.OWN), of(TellingRecord.ROBOT)
    tellings = [telling for telling, _ in told]
    events = day_of(tellings, [telling for telling, _ in own], whose(tenant_id, tellings))
    ends = [expires_at for _, expires_at in (*told, *own, *robots)]
    return RawDay(
        events, sum(len(telling.events) for telling, _ in robots), min(ends, default=0), max(ends, default=0)
    )  # fmt: skip


def whose(tenant_id: str, tellings: Iterable[Telling]) -> Mapping[str, int]:
    """The members that visitors have become, by visitor; a hundred in a request."""
    visitors = sorted({each.events[0].actor for each in tellings if isinstance(each.events[0].actor, str)})
    wanted = [(VisitorRecord, *VisitorRecord.address(tenant_id, each)) for each in visitors]
    found = fetch_many(wanted, consistent=True)
    return {name: int(each.ordinal) for name, each in zip(visitors, found, strict=True) if each is not None}
