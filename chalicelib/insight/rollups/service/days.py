"""The rollup of days and months.

A dirty day is read again whole and its aggregate overwritten: there are no counters, so that doing it twice, late, or
in two places at once leads to the same content. The mark of a day is taken away only when it is still the one that was
read beforehand: an order that arrives meanwhile has set a new one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from chalicelib.db import Refused, Transaction, change
from chalicelib.insight.intake.service.imported_orders import Imported
from chalicelib.insight.model import bitmaps
from chalicelib.insight.model.figures import Activity, Rollup, day_rollup, merge
from chalicelib.insight.model.periods import Unit, first_day, label, last_day, number
from chalicelib.insight.records import ActivityRecord, DirtyDay, Doing, RollupRecord, TookPartRecord
from chalicelib.insight.rollups.service.aggregates import NOTHING, Stored, loaded, revised, write
from chalicelib.insight.rollups.service.beside import of_day
from chalicelib.insight.rollups.service.restating import Watch
from chalicelib.members.linking.service.uniting import united

_MARKS_A_TRANSACTION = 100


@dataclass(frozen=True, slots=True)
class _Standing:
    """A month's aggregate and those of its days, by day, as they stand."""

    month: Stored
    days: Mapping[str, Stored]


@dataclass(frozen=True, slots=True)
class Rolled:
    """How many days said something new, and what imported orders they have whose instant is known."""

    changed: int
    imported: Mapping[date, Imported]


def roll_month(tenant_id: str, month: int, days: Sequence[date], watch: Watch | None = None) -> Rolled:
    """Rolls these days of one month, then the month. ``watch`` is told first of what is about to change.

    What stands is read before what it is made of, so that a write of another rollup is noticed. Raises Contended when
    other rollups of the same month keep coming in between.
    """
    _roll_taking_part(tenant_id, month, days)
    partition, name = RollupRecord.days_partition(tenant_id), label(month, Unit.MONTH)

    def roll(standing: _Standing, tx: Transaction) -> Rolled:
        stored, new, one_person = dict(standing.days), [], united(tenant_id)
        imported: dict[date, Imported] = {}
        for on in days:
            day = on.isoformat()
            orders = counted(_noting(ActivityRecord.of_day(tenant_id, on), on, imported), one_person)
            revision = revised(partition, day, day_rollup(orders), stored.get(day, NOTHING), beside=of_day(orders))
            if revision is not None:
                new.append(revision)
                stored[day] = revision.after
        revisions = {day[-2:]: each.rev for day, each in sorted(stored.items())} or standing.month.days
        months = RollupRecord.months_partition(tenant_id)
        of_month = revised(months, name, _merged(stored), standing.month, revisions)
        write(tx, [*new, *([of_month] if of_month else [])], watch.noting(name) if watch is not None else None)
        return Rolled(len(new), imported)

    return change(lambda: _standing(tenant_id, month), roll)


def _noting(
    orders: Iterable[ActivityRecord], on: date, imported: dict[date, Imported]
) -> Iterator[ActivityRecord]:  # fmt: skip
    """The same orders of a day; what imported ones there are is noted."""
    instants = []
    for order in orders:
        if order.at is not None and not order.is_own:
            instants.append(order.at)
        yield order
    if instants:
        imported[on] = Imported(len(instants), max(instants))


def _roll_taking_part(tenant_id: str, month: int, days: Sequence[date]) -> None:
    """The same of who took part. Days on which nobody did, nor stands as if they had, cost two reads."""
    span = min(days), max(days)
    nobody_did = not any(True for _ in TookPartRecord.in_days(tenant_id, *span))
    if nobody_did and not RollupRecord.in_days(tenant_id, *span, Doing.TAKING_PART, consistent=True):
        return
    partition = RollupRecord.days_partition(tenant_id, Doing.TAKING_PART)
    months, name = RollupRecord.months_partition(tenant_id, Doing.TAKING_PART), label(month, Unit.MONTH)

    def roll(standing: _Standing, tx: Transaction) -> None:
        stored, new, one_person = dict(standing.days), [], united(tenant_id)
        found: dict[date, set[int]] = {on: set() for on in days}
        for each in TookPartRecord.in_days(tenant_id, *span):
            if each.on in found:
                found[each.on].add(one_person.get(each.ordinal, each.ordinal))
        for on, ordinals in found.items():
            day = on.isoformat()
            revision = revised(partition, day, Rollup(members=bitmaps.of(ordinals)), stored.get(day, NOTHING))
            if revision is not None:
                new.append(revision)
                stored[day] = revision.after
        of_month = revised(months, name, _merged(stored), standing.month)
        write(tx, [*new, *([of_month] if of_month else [])])

    change(lambda: _standing(tenant_id, month, Doing.TAKING_PART), roll)


def take_marks(tenant_id: str, marks: Iterable[DirtyDay]) -> None:
    """Removes the marks that nothing has replaced since they were read."""
    # Nothing is read again after a refusal: a mark that was replaced stays, and the others are removed without it.
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


def _standing(tenant_id: str, month: int, doing: Doing = Doing.ORDERING) -> _Standing:
    whole = _month_as_stored(RollupRecord.months_partition(tenant_id, doing), label(month, Unit.MONTH))
    span = first_day(month, Unit.MONTH), last_day(month, Unit.MONTH)
    return _Standing(whole, loaded(RollupRecord.in_days(tenant_id, *span, doing, consistent=True)))


def _month_as_stored(partition: str, name: str) -> Stored:
    found = RollupRecord.fetch(partition, name, consistent=True)
    return loaded([found])[name] if found is not None else NOTHING


def _merged(stored: Mapping[str, Stored]) -> Rollup:
    return merge(each.rollup for each in stored.values())


def recount(tenant_id: str, on: date, one_person: Mapping[int, int]) -> Rollup:
    """A day's aggregate from all that is recorded of it now."""
    return aggregate(ActivityRecord.of_day(tenant_id, on), one_person)


def aggregate(activities: Iterable[ActivityRecord], one_person: Mapping[int, int]) -> Rollup:
    """The aggregate of recorded orders; those that are no sale do not count. Orders of a member, by ordinal, whose
    history is another's are the other's.
    """
    return day_rollup(counted(activities, one_person))


def counted(activities: Iterable[ActivityRecord], one_person: Mapping[int, int]) -> list[Activity]:
    """The same orders, as what is made of a day counts them."""
    return [
        order.counted_for(one_person.get(int(order.ordinal), int(order.ordinal)))
        for order in activities
        if not order.voided
    ]


def by_month(days: Iterable[date]) -> dict[int, list[date]]:
    """Days grouped by the number of their month, both ascending."""
    groups: dict[int, list[date]] = {}
    for on in sorted(days):
        groups.setdefault(number(on, Unit.MONTH), []).append(on)
    return groups
