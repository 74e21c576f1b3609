"""Values of each member, or of each day on which they ordered, in a range of days."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from chalicelib.insight.activity.model.rows import EARLIEST_ON
from chalicelib.insight.model import bitmaps, spending
from chalicelib.insight.model.distribution import Bin, Distribution
from chalicelib.insight.model.quality import Rule
from chalicelib.insight.reports.service.excluding import Excluded, without
from chalicelib.insight.reports.service.spends import spends_in
from chalicelib.insight.reports.service.window import Horizon, history, horizon
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import Invalid
from chalicelib.tenants.service.brand import get_tenant


class Measure(StrEnum):
    """What is measured. An occasion is a local day on which a member ordered."""

    OCCASION_VALUE = "occasion_value"
    OCCASIONS = "occasions"
    SPENDING = "spending"
    DAYS_BETWEEN = "days_between"
    RECENCY = "recency"


AMOUNTS = frozenset({Measure.OCCASION_VALUE, Measure.SPENDING})
"""Measured in minor units of the tenant's currency."""

Valued = tuple[int, int]
"""A member, by ordinal, and a value."""

Occasions = Iterator[tuple[date, Mapping[int, int | None]]]
"""Days, ascending, with what each member spent in the tenant's currency; None for orders in other currencies alone."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The answer: how the values are distributed. ``spends`` are days that are seen without what is ``excluded``."""

    timezone: str
    currency: str
    from_on: date
    to_on: date
    horizon: Horizon
    revision: int
    values: Distribution
    spends: Mapping[date, spending.Spend]
    excluded: Sequence[Excluded]


def measured(
    tenant_id: str,
    measure: Measure,
    from_on: date | None,
    to_on: date | None,
    now: datetime,
    exclude: Sequence[Rule] = (),
) -> Measured:
    """How a measure is distributed over the days from one to the other, both included; by default over all up to the
    last complete one. Without what rules find in them, where any are given. Read is what was spent on each of these
    days, in columns. Raises Invalid for a range that runs backwards, and for rules with more than are read one by one.
    """
    tenant = get_tenant(tenant_id)
    tz = zone(tenant.timezone)
    seen = horizon(tenant_id, tz, now, to_on)
    end = seen.window.ends_on
    past = history(tenant_id, end)
    since = from_on or past.begins_on
    if since > end:
        raise Invalid.at(
            "?from_on", f"The first day, {since}, is after the last, {end}.", f"开始日期 {since} 晚于结束日期 {end}。"
        )
    stays = without(past, since, end, exclude)
    values = _valued(tenant_id, measure, since, end, tenant.currency, stays.spends)
    counted = Distribution(Counter(value for _, value in values))
    return Measured(tz.key, tenant.currency, since, end, seen, past.revision, counted, stays.spends, stays.told)


def members_in(tenant_id: str, measure: Measure, found: Measured, wanted: Bin) -> int:
    """Who has a value in a bin, as bits by ordinal."""
    values = _valued(tenant_id, measure, found.from_on, found.to_on, found.currency, found.spends)
    return bitmaps.of(ordinal for ordinal, value in values if wanted.holds(value))


def _valued(
    tenant_id: str, measure: Measure, from_on: date, to_on: date, currency: str, anew: Mapping[date, spending.Spend]
) -> Iterator[Valued]:
    days = spends_in(tenant_id, max(from_on, EARLIEST_ON), to_on, anew)
    return _OF[measure](_occasions(days, currency), to_on)


def _occasions(days: Iterable[tuple[date, spending.Spend]], currency: str) -> Occasions:
    for on, spend in days:
        own = spend.amounts.get(currency, {})
        yield on, {each: own.get(each) for amounts in spend.amounts.values() for each in amounts}


def _occasion_values(days: Occasions, _: date) -> Iterator[Valued]:
    return ((who, minor) for _, amounts in days for who, minor in amounts.items() if minor is not None)


def _per_member_occasions(days: Occasions, _: date) -> Iterator[Valued]:
    return iter(Counter(who for _, amounts in days for who in amounts).items())


def _spending(days: Occasions, _: date) -> Iterator[Valued]:
    spent: dict[int, int] = {}
    for _, amounts in days:
        for who, minor in amounts.items():
            spent[who] = spent.get(who, 0) + (minor or 0)
    return iter(spent.items())


def _days_between(days: Occasions, _: date) -> Iterator[Valued]:
    last: dict[int, int] = {}
    for on, amounts in days:
        for who in amounts:
            if who in last:
                yield who, on.toordinal() - last[who]
            last[who] = on.toordinal()


def _recency(days: Occasions, to_on: date) -> Iterator[Valued]:
    last = {who: on for on, amounts in days for who in amounts}
    return ((who, (to_on - on).days) for who, on in last.items())


_OF: Mapping[Measure, Callable[[Occasions, date], Iterator[Valued]]] = {
    Measure.OCCASION_VALUE: _occasion_values,
    Measure.OCCASIONS: _per_member_occasions,
    Measure.SPENDING: _spending,
    Measure.DAYS_BETWEEN: _days_between,
    Measure.RECENCY: _recency,
}
