"""Looks for goods bought together in a brand's orders, by each unit, and keeps what is found. Done twice, late or after
a crash it does no harm: what is found in the same orders is the same.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta

from chalicelib.db import Transaction
from chalicelib.insight.associations.model import MOST_LINES, VERSION, WINDOW, ItemUnit, Marks, is_withheld
from chalicelib.insight.associations.records import AssociationRecord
from chalicelib.insight.model.association_results import find
from chalicelib.insight.model.associations import Baskets
from chalicelib.insight.model.periods import Unit, first_day, last_day
from chalicelib.insight.records import ActivityRecord
from chalicelib.insight.reports.service.association_starting import note_looked
from chalicelib.insight.reports.service.window import History, history, horizon
from chalicelib.jobs import service as jobs
from chalicelib.jobs.model import Status
from chalicelib.kernel.clock import zone
from chalicelib.members.linking.service.uniting import united
from chalicelib.tenants.service.brand import get_tenant

_DAY = timedelta(days=1)


def continue_mining(tenant_id: str, job_id: str, now: datetime) -> None:
    """Does what the job asks for, in one go."""
    job = jobs.unfinished(tenant_id, job_id)
    if job is None:
        return
    job.done = job.total = mine(tenant_id, now)
    with suppress(jobs.Overtaken):  # another delivery of the same message has done the same
        job.finish(Status.DONE, now)
        jobs.save(job)


def mine(tenant_id: str, now: datetime) -> int:
    """Looks, and keeps what it finds, of all units or none; returns in how many orders it looked. A result that would
    tell of too few members beside the one before does not replace it.
    """
    tz = zone(get_tenant(tenant_id).timezone)
    on = horizon(tenant_id, tz, now, None, consistent=True).as_of
    # The revision before the orders: what changes meanwhile makes the result look older than it is, never newer.
    past = history(tenant_id, on, consistent=True)
    orders = Orders(tenant_id, past.begins_on, _last_day(past))
    before = AssociationRecord.of(tenant_id, ItemUnit.CATEGORY)
    marks = orders.marks.pack()
    if before is None or before.version != VERSION or not is_withheld(before.marks, marks):
        tx = Transaction()
        for unit, baskets in orders.baskets.items():
            place = AssociationRecord.address(tenant_id, unit)
            kept = AssociationRecord(
                *place, version=VERSION, figures_rev=past.revision, from_on=orders.from_on, to_on=orders.to_on,
                mined_at=now, marks=marks, content=find(baskets),
            )  # fmt: skip
            tx.put(unit.value, kept)
        tx.commit()
    note_looked(tenant_id, past.revision, orders.number)
    return orders.number


def _last_day(past: History) -> date:
    """The last day with orders that is seen; where there is none, the last of all."""
    for month in sorted(past.months, reverse=True):
        days = past.days(first_day(month, Unit.MONTH), last_day(month, Unit.MONTH))
        if ordered := [on for on, each in days.items() if each.hours and on <= past.ends_on]:
            return max(ordered)
    return past.ends_on


class Orders:
    """The orders of the days up to one, read one after the other, the last day first, as baskets of each unit."""

    def __init__(self, tenant_id: str, begins_on: date, to_on: date) -> None:
        self.baskets = {unit: Baskets() for unit in ItemUnit}
        self.marks = Marks()
        self.number = 0
        self.to_on, self.from_on = to_on, max(begins_on, to_on - WINDOW + _DAY)
        self._read(tenant_id)

    def _read(self, tenant_id: str) -> None:
        one_person, lines, on = united(tenant_id), 0, self.to_on
        while on >= self.from_on:
            day = list(_of_day(tenant_id, on))
            lines += sum(max(1, len(each.parts)) for each in day)
            if lines > MOST_LINES and on < self.to_on:
                self.from_on = on + _DAY
                return
            self._take(day, one_person)
            on -= _DAY

    def _take(self, day: Sequence[ActivityRecord], one_person: Mapping[int, int]) -> None:
        for each in day:
            ordinal = one_person.get(int(each.ordinal), int(each.ordinal))
            goods = {unit: _items(each, unit) for unit in ItemUnit}
            for unit, items in goods.items():
                self.baskets[unit].add(ordinal, items)
            self.marks.add(ordinal, [sorted(items) for items in goods.values() if items is not None])
        self.number += len(day)


def _of_day(tenant_id: str, on: date) -> Iterator[ActivityRecord]:
    """The orders that count, and of which anything was handed over."""
    for each in ActivityRecord.of_day(tenant_id, on):
        if not each.voided and not (each.is_own and each.stored_parts == []):
            yield each


def _items(order: ActivityRecord, unit: ItemUnit) -> Sequence[str] | None:
    """What an order has of a unit; None where nothing is known of it."""
    if not order.parts:
        return None
    if unit is ItemUnit.CATEGORY:
        return [each.category for each in order.parts]
    if unit is ItemUnit.SKU and order.is_own:
        return order.stored_skus
    return [each.product_id for each in order.parts]
