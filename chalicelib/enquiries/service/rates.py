"""How enquiries of a period were answered: counted when somebody looks."""

from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from chalicelib.cases.service.timing import timing
from chalicelib.enquiries.records import EnquiryRecord
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.local_day import day_bounds
from chalicelib.tenants.service.brand import get_tenant

MOST_DAYS = 92


@dataclass(frozen=True, slots=True)
class Rates:
    """Of the enquiries that were opened from ``first_on`` to ``last_on``, both included, in the brand's zone.

    ``handed_over`` came to a person, at once or after an automatic answer; ``helped`` and ``not_helped`` are the
    members' words about automatic answers. ``median_response_minutes`` is working time by the brand's calendar from
    when a person was needed to the team's first answer, over those that have one; None where none has.
    """

    first_on: date
    last_on: date
    opened: int
    answered_by_faq: int
    answered_by_order: int
    handed_over: int
    helped: int
    not_helped: int
    closed: int
    median_response_minutes: int | None


def rates(tenant_id: str, first_on: date, last_on: date) -> Rates:
    """Raises Invalid for a period that ends before it begins, or is longer than 92 days."""
    if not first_on <= last_on < first_on + timedelta(days=MOST_DAYS):
        raise Invalid.at(
            "?to",
            f"Give a period of at most {MOST_DAYS} days that ends no earlier than it begins.",
            f"请填写不超过 {MOST_DAYS} 天的时间段，且结束日期不早于开始日期。",
        )
    tz, calendar = zone(get_tenant(tenant_id).timezone), timing(tenant_id).calendar
    begins, ends = day_bounds(first_on, tz)[0], day_bounds(last_on, tz)[1]
    found = list(EnquiryRecord.opened_within(tenant_id, begins, ends))
    waits = [
        calendar.between(each.asked_at, first) // timedelta(minutes=1)
        for each in found
        if (first := each.first_response_at) is not None and each.waited_for_person
    ]
    return Rates(
        first_on, last_on, len(found),
        sum(each.answered_by == "faq" for each in found),
        sum(each.answered_by == "order" for each in found),
        sum(each.handed_over for each in found),
        sum(each.helped is True for each in found),
        sum(each.helped is False for each in found),
        sum(each.closed for each in found),
        round(median(waits)) if waits else None,
    )  # fmt: skip
