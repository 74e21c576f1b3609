"""What the members of a cohort spent in each period after their first order. Pure; in minor units."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from chalicelib.insight.model import bitmaps, periods
from chalicelib.insight.model.cohorts import Cohort
from chalicelib.insight.model.periods import MONDAY, Unit

Revenue = Mapping[tuple[int, int], int]
"""By cohort and by the period after it."""


def revenue_by_period(
    cohorts: Sequence[Cohort],
    spent: Iterable[tuple[date, Mapping[int, int]]],
    unit: Unit,
    week_begins: int = MONDAY,
) -> Revenue:
    """``spent`` is what members spent, by ordinal, on local days; who is in no cohort does not count."""
    cohort_of = {ordinal: cohort.period for cohort in cohorts for ordinal in bitmaps.ordinals(cohort.members)}
    revenue: dict[tuple[int, int], int] = defaultdict(int)
    for on, amounts in spent:
        period = periods.number(on, unit, week_begins)
        for ordinal, minor in amounts.items():
            cohort = cohort_of.get(ordinal)
            if cohort is not None:
                revenue[cohort, period - cohort] += minor
    return revenue
