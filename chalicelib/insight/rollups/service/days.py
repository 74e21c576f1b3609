"""The rollup of days and months.

A dirty day is read again whole and its aggregate overwritten: there are no counters, so that doing it twice, late, or
in two places at once leads to the same content. The mark of a day is taken away only when it is still the one that was
read beforehand: an order that arrives meanwhile has set a new one.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from chalicelib.db import Refused, Transaction
from chalicelib.insight.model.figures import Activity, Rollup, day_rollup, merge
from chalicelib.insight.model.periods import Unit, first_day, label, last_day, number
from chalicelib.insight.records import ActivityRecord, DirtyDay, RollupRecord
from chalicelib.insight.rollups.service.aggregates import NOTHING, Change, Stored, change, commit, loaded
from chalicelib.kernel.errors import Unavailable

_TRIES = 8
_MARKS_A_TRANSACTION = 100


def roll_month(tenant_id: str, month: int, days: Sequence[date]) -> int:
    """Rolls these days of one month, then the month; returns how many days said something new.

    Raises Unavailable when other rollups of the same month keep coming in between.
    """
    changed: set[date] = set()
    for _ in range(_TRIES):
        try:
            changed |= _roll_once(tenant_id, month, days)
            return len(changed)
        except Refused:
            continue
    raise Unavailable("Too many rollups of the same month at once; it will be tried again.")


def take_marks(tenant_id: str, marks: Iterable[DirtyDay]) -> None:
    """Removes the marks that nothing has replaced since they were read."""
    waiting = {str(mark.sk): mark for mark in marks}
    while waiting:
        tx = Transaction()
        for on, mark in list(waiting.items())[:_MARKS_A_TRANSACTION]:
            unchanged = DirtyDay.pk.does_not_exist() | (DirtyDay.mark == mark.mark)
            tx.delete(on, DirtyDay, str(mark.pk), on, unchanged)
        taken = list(waiting)[:_MARKS_A_TRANSACTION]
        try:
            tx.commit()
        except Refused as refused:
            taken = list(refused.names)
        for on in taken:
            del waiting[on]


def _roll_once(tenant_id: str, month: int, days: Sequence[date]) -> set[date]:
    """One attempt. What stands is read before what it is made of, so that a write of another rollup is noticed."""
    months, partition = RollupRecord.months_partition(tenant_id), RollupRecord.days_partition(tenant_id)
    name = label(month, Unit.MONTH)
    before = _month_as_stored(months, name)
    span = first_day(month, Unit.MONTH), last_day(month, Unit.MONTH)
    stored = loaded(RollupRecord.in_days(tenant_id, *span, consistent=True))
    changes: dict[date, Change] = {}
    for on in days:
        new = change(partition, on.isoformat(), _recount(tenant_id, on), stored.get(on.isoformat(), NOTHING))
        if new is not None:
            changes[on] = new
            stored[on.isoformat()] = new.after
    revisions = {on[-2:]: each.rev for on, each in sorted(stored.items())}
    of_month = change(months, name, _merged(stored), before, revisions or before.days)
    commit([*changes.values(), *([of_month] if of_month else [])])
    return set(changes)


def _month_as_stored(partition: str, name: str) -> Stored:
    found = RollupRecord.fetch(partition, name, consistent=True)
    return loaded([found])[name] if found is not None else NOTHING


def _merged(stored: Mapping[str, Stored]) -> Rollup:
    return merge(each.rollup for each in stored.values())


def _recount(tenant_id: str, on: date) -> Rollup:
    return day_rollup(
        Activity(
            int(order.ordinal),
            int(order.amount_minor),
            str(order.currency),
            int(order.quantity),
            int(order.hour),
        )
        for order in ActivityRecord.of_day(tenant_id, on)
        if not order.voided
    )


def by_month(days: Iterable[date]) -> dict[int, list[date]]:
    """Days grouped by the number of their month, both ascending."""
    groups: dict[int, list[date]] = {}
    for on in sorted(days):
        groups.setdefault(number(on, Unit.MONTH), []).append(on)
    return groups
