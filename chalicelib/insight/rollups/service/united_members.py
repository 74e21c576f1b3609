"""The days on which members were active who have been united since are counted again, as one person's."""

from datetime import date

from chalicelib.insight.activity.service.dirty_days import mark_dirty
from chalicelib.insight.model import bitmaps
from chalicelib.insight.model.periods import Unit, first_day, last_day, number
from chalicelib.insight.records import DirtyDay, Doing, RollupRecord
from chalicelib.insight.rollups.service.aggregates import loaded
from chalicelib.members.linking.service.sources import enter, every_union
from chalicelib.members.linking.service.uniting import recounted


def mark_united(tenant_id: str) -> bool:
    """Asks the next rollup for the days of members who have been united since this was called last; whether there are.

    Days that wait for a rollup already get a new mark, since one that is under way may have counted them as two.
    """
    every = every_union(tenant_id)
    if every:
        enter(tenant_id)
    unions = [each for each in every if each.awaits_recount]
    if unions:
        wanted = bitmaps.of(each.ordinal for each in unions)
        # The marks first: a day that has none any more has its aggregate, and is found by that.
        waiting = {mark.on for mark in DirtyDay.until(tenant_id, date.max)}
        mark_dirty(tenant_id, waiting | _days_of(tenant_id, wanted))
        recounted(tenant_id, unions)
    return bool(unions)


def _days_of(tenant_id: str, members: int) -> set[date]:
    """The days whose aggregates count any of these members, found by their months."""
    return set().union(*(_days_with(tenant_id, members, doing) for doing in Doing))


def _days_with(tenant_id: str, members: int, doing: Doing) -> set[date]:
    months = loaded(RollupRecord.months_until(tenant_id, "9999-12", doing, consistent=True))
    found: set[date] = set()
    for name, stored in months.items():
        if stored.rollup.members & members:
            month = number(date.fromisoformat(f"{name}-01"), Unit.MONTH)
            span = first_day(month, Unit.MONTH), last_day(month, Unit.MONTH)
            days = loaded(RollupRecord.in_days(tenant_id, *span, doing, consistent=True))
            found |= {date.fromisoformat(on) for on, each in days.items() if each.rollup.members & members}
    return found
