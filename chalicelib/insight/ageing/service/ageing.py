"""A new day begins: members who are of another class by that alone, and those who have been quiet for so many days.

They are found in the days' bitmaps, so members for whom nothing changes cost nothing: none of them is read or written.
Who was found is read, since they may have ordered in the first hours of the day. What is told is noted with how far it
was told, in one write.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from chalicelib.db import Transaction, change, fetch_many
from chalicelib.insight.ageing.records import AgeingRecord
from chalicelib.insight.model import bitmaps
from chalicelib.insight.model.classes import crossings
from chalicelib.insight.reports.service.classes import ClassHistory
from chalicelib.insight.reports.service.window import History, history
from chalicelib.journeys.service.reading import quiet_lengths
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.members.model.classes import MemberClass, Thresholds
from chalicelib.members.records import MemberRecord
from chalicelib.members.service.members import CLASS_CHANGED, members_by_ordinal
from chalicelib.tenants.records import Tenant

QUIET = "members.quiet"
"""Members, by ordinal, have not ordered for exactly so many ``days`` on the local day ``on``."""

AT_ONCE = 500
"""Members that one event names, and that are read for it."""

MOST_DAYS_BACK = 31
"""Days that are made up for after an outage; who crossed before them is as they are found."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Step:
    """Something that a day makes of members: which event says it, with what, of whom, and whether it is true of one as
    they stand now. Steps are gone through by name, so that one which comes or goes meanwhile leaves no other out.
    """

    name: str
    event: str
    said: dict[str, Any]
    members: int
    holds: Callable[[MemberRecord], bool]


def age(tenant_id: str, now: datetime) -> None:
    """Deals with every local day since the last that was, up to today. One that comes twice, late or after a crash does
    no harm: what has been told is not told again.
    """
    while _tell_next(tenant_id, now):
        pass


def _tell_next(tenant_id: str, now: datetime) -> bool:
    """Tells of up to so many members, and notes it; False where nothing is left."""

    def decide(read: Sequence[Any], tx: Transaction) -> bool:
        state, tenant = read
        if tenant is None:
            return False
        today = local_date(now, zone(tenant.timezone))
        record = state or AgeingRecord(*AgeingRecord.address(tenant_id))
        on = _next_day(record, today)
        if on is None:
            return False
        more = _advance(record, on, _steps(tenant_id, on, today, Thresholds.from_json(tenant.class_thresholds)), now)
        if state is None:
            tx.create("state", record)
        else:
            tx.replace("state", record)
        return more or on < today

    both = [(AgeingRecord, *AgeingRecord.address(tenant_id)), (Tenant, *Tenant.address(tenant_id))]
    return change(lambda: fetch_many(both, consistent=True), decide)


def _next_day(record: AgeingRecord, today: date) -> date | None:
    """The first day that was not dealt with; of a tenant that is new here it is today."""
    if record.through_on is None:
        return today
    following = max(record.through_on + _DAY, today - timedelta(days=MOST_DAYS_BACK))
    return following if following <= today else None


def _advance(record: AgeingRecord, on: date, steps: Sequence[Step], now: datetime) -> bool:
    """Emits the next event of a day and notes how far it is; whether more of that day is left."""
    for step in steps:
        if record.step is not None and step.name < record.step:
            continue
        after = int(record.after) if record.step == step.name and record.after is not None else -1
        found = [after + 1 + each for each in islice(bitmaps.ordinals(step.members >> (after + 1)), AT_ONCE)]
        if not found:
            continue
        known = members_by_ordinal(record.tenant_id, found)
        ordinals = [int(each.ordinal) for each in known if each.united_with is None and step.holds(each)]
        record.step, record.after = step.name, found[-1]
        if ordinals:
            record.emit(step.event, now, **step.said, ordinals=ordinals, on=on.isoformat())
        return True
    record.through_on, record.step, record.after = on, None, None
    return False


def _steps(tenant_id: str, on: date, today: date, thresholds: Thresholds) -> list[Step]:
    past = history(tenant_id, on - _DAY)
    classes = ClassHistory.of(past, thresholds)
    crossed = crossings(classes.on(on - _DAY), classes.as_began(on))
    steps = [
        Step(f"class:{to.value}", CLASS_CHANGED, {"to": to.value}, members, _is(to, today, thresholds))
        for to, members in crossed.items()
    ]
    steps += [
        Step(f"quiet:{days:04d}", QUIET, {"days": days}, _quiet(past, on, days), _last_on(on - timedelta(days=days)))
        for days in quiet_lengths(tenant_id)
    ]
    return sorted(steps, key=lambda each: each.name)


def _quiet(past: History, on: date, days: int) -> int:
    """Who ordered last so many days ago."""
    last_on = on - timedelta(days=days)
    return past.members_between(last_on, last_on) & ~past.members_between(last_on + _DAY, on)


def _is(to: MemberClass, today: date, thresholds: Thresholds) -> Callable[[MemberRecord], bool]:
    return lambda member: member.class_on(today, thresholds) is to


def _last_on(on: date) -> Callable[[MemberRecord], bool]:
    return lambda member: member.last_ordered_on == on
