"""What stays of a range of days without the orders that rules of data quality find in it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from chalicelib.insight.model.figures import Activity, day_rollup
from chalicelib.insight.model.quality import EXCLUDABLE, Rule
from chalicelib.insight.model.spending import Spend, day_spend
from chalicelib.insight.records import ActivityRecord
from chalicelib.insight.reports.service.ranges import orders_of
from chalicelib.insight.reports.service.window import History
from chalicelib.insight.rollups.service.days import counted
from chalicelib.members.linking.service.uniting import united


@dataclass(frozen=True, slots=True)
class Excluded:
    """So many orders were left out by a rule, with what they came to by currency. One that an earlier rule has left out
    is not among those of a later one.
    """

    rule: Rule
    orders: int
    amounts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Without:
    """A range without what rules find in it: aggregates, and by day what members spent, both anew for days that had
    such orders; which orders these were, by day; and what is told of them.
    """

    past: History
    spends: Mapping[date, Spend] = field(default_factory=dict)
    gone: Mapping[date, Collection[tuple[bool, str]]] = field(default_factory=dict)
    told: Sequence[Excluded] = ()


def without(past: History, from_on: date, to_on: date, rules: Sequence[Rule]) -> Without:
    """Leaves out what these rules find in a range; nothing, and reads nothing, where there are none. Only days with
    such orders are counted anew. Raises Invalid where the range has too many days or orders.
    """
    if not rules:
        return Without(past)
    orders = list(orders_of(past.tenant_id, from_on, to_on))
    gone: dict[tuple[bool, str], date] = {}
    told = []
    for rule in rules:
        found = [each for each in EXCLUDABLE[rule](orders) if each.place not in gone]
        gone |= {each.place: each.on for each in found}
        amounts: dict[str, int] = {}
        for each in found:
            amounts[each.currency] = amounts.get(each.currency, 0) + each.amount_minor
        told.append(Excluded(rule, len(found), amounts))
    by_day: dict[date, set[tuple[bool, str]]] = {}
    for place, on in gone.items():
        by_day.setdefault(on, set()).add(place)
    stays = {on: _staying(past.tenant_id, on, places) for on, places in by_day.items()}
    return Without(
        replace(past, anew={on: day_rollup(each) for on, each in stays.items()}),
        {on: day_spend(each) for on, each in stays.items()}, by_day, told,
    )  # fmt: skip


def _staying(tenant_id: str, on: date, gone: Collection[tuple[bool, str]]) -> list[Activity]:
    stays = [each for each in ActivityRecord.of_day(tenant_id, on) if (each.is_own, each.source) not in gone]
    return list(counted(stays, united(tenant_id)))
