"""What is counted of praise and complaints, and what of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from chalicelib.catalog.model.ratings import Ratings
from chalicelib.insight.model.definitions import COMPLAINT_RATE, PRAISE, SUGGESTIONS, Definition
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.local_day import day_start, local_date
from chalicelib.tenants.service.brand import get_tenant

MOST_DAYS = 366
"""Complaints of a range are read one by one."""

_USUAL_DAYS = 30


@dataclass(frozen=True, slots=True)
class Rate:
    """So many of so many, by a definition."""

    definition: Definition
    count: int
    of: int


@dataclass(frozen=True, slots=True)
class OfCause:
    """So many orders were complained of for a cause, with its words."""

    category: str
    cause: str
    en: str
    zh: str
    count: int


@dataclass(frozen=True, slots=True)
class ServiceRates:
    """The rates of local days, both included; ``causes`` are what orders were complained of for, most first, of as many
    as the rate of complaints.
    """

    timezone: str
    from_on: date
    to_on: date
    today: date
    rates: Sequence[Rate]
    causes: Sequence[OfCause] = ()


def service_rates(tenant_id: str, from_on: date | None, to_on: date | None, now: datetime) -> ServiceRates:
    """The rates of a range, by default of the thirty days up to today. Raises Invalid for a range that runs backwards,
    or is too long.
    """
    tz = zone(get_tenant(tenant_id).timezone)
    today = local_date(now, tz)
    last = to_on or today
    first = from_on or last - timedelta(days=_USUAL_DAYS - 1)
    if last < first:
        raise Invalid.at(
            "?to_on", f"The last day, {last}, is before the first, {first}.", f"结束日期 {last} 早于开始日期 {first}。"
        )
    if (last - first).days >= MOST_DAYS:
        raise Invalid.at(
            "?from_on", f"This report has at most {MOST_DAYS} days; narrow them.", f"该报表最多 {MOST_DAYS} 天。"
        )
    complaints, causes = _complaints(tenant_id, first, last, tz)
    rates = [_praise(tenant_id, first, last), complaints, _suggestions(tenant_id, first, last, now)]
    return ServiceRates(tz.key, first, last, today, rates, causes)


def _praise(tenant_id: str, first: date, last: date) -> Rate:
    from chalicelib.reviews.records import RatedRecord  # no other report asks reviews

    days = [each.ratings for each in RatedRecord.in_days(tenant_id, first, last)]
    whole = Ratings(tuple(sum(each.by_star[n] for each in days) for n in range(5)))
    return Rate(PRAISE, whole.praising, whole.count)


def _complaints(tenant_id: str, first: date, last: date, tz: ZoneInfo) -> tuple[Rate, list[OfCause]]:
    from chalicelib.complaints.service.causes import list_causes  # nor these
    from chalicelib.complaints.service.handling import orders_complained_of
    from chalicelib.rewards.records import HandedOverRecord

    since, until = day_start(first, tz), day_start(last + timedelta(days=1), tz)
    handed_over = HandedOverRecord.counted(tenant_id, first, last)
    found, (known, _) = orders_complained_of(tenant_id, since, until), list_causes(tenant_id)
    words = {each.code: (each.en, each.zh) for each in known.every}
    causes = [
        OfCause(category, cause, *words.get(cause, (cause, cause)), count)
        for (category, cause), count in sorted(found.by_cause.items(), key=lambda each: (-each[1], each[0]))
    ]
    return Rate(COMPLAINT_RATE, found.orders, handed_over), causes


def _suggestions(tenant_id: str, first: date, last: date, now: datetime) -> Rate:
    from chalicelib.insight.reports.service.summary import summarise
    from chalicelib.suggestions.records import SuggestedRecord

    bought = summarise(tenant_id, first, last, None, now).total.active or 0
    return Rate(SUGGESTIONS, SuggestedRecord.counted(tenant_id, first, last), bought.bit_count())
