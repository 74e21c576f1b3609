"""The orders of some local days, read one by one, for reports that no aggregate answers: a bounded number of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chalicelib.insight.model.habits import Bought, with_file_discounts
from chalicelib.insight.records import ActivityRecord
from chalicelib.insight.reports.service.window import Horizon, horizon
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import Invalid
from chalicelib.members.linking.service.uniting import united
from chalicelib.tenants.records import Tenant
from chalicelib.tenants.service.brand import get_tenant

MOST_ORDERS = 20_000
"""Orders that a report reads one by one: some 5 MB, 650 read units and three seconds of the function that answers."""

MOST_DAYS = 366
USUAL_DAYS = 28


@dataclass(frozen=True, slots=True)
class Range:
    """Local days from one to the other, both included, and their orders that count."""

    tenant: Tenant
    horizon: Horizon
    from_on: date
    to_on: date
    orders: Sequence[Bought]


def read_range(tenant_id: str, from_on: date | None, to_on: date | None, now: datetime) -> Range:
    """The orders of a range, by default of the four weeks up to the last complete day, none of days to come. One that
    begins later than that has its first day.

    Raises Invalid for a range that runs backwards, is too long, or has too many orders.
    """
    tenant = get_tenant(tenant_id)
    tz = zone(tenant.timezone)
    seen = horizon(tenant_id, tz, now, to_on)
    if from_on and not to_on and from_on > seen.window.ends_on:
        seen = horizon(tenant_id, tz, now, from_on)
    last = seen.window.ends_on
    first = from_on or last - timedelta(days=USUAL_DAYS - 1)
    if from_on and to_on and to_on < from_on:
        raise Invalid.at(
            "?to_on",
            f"The last day, {to_on}, is before the first, {from_on}.",
            f"结束日期 {to_on} 早于开始日期 {from_on}。",
        )
    orders = with_file_discounts(list(orders_of(tenant_id, first, last)))
    return Range(tenant, seen, first, max(first, last), orders)


def orders_of(tenant_id: str, from_on: date, to_on: date) -> Iterator[Bought]:
    """The orders that count of some days, as the member's whose history they are. Raises Invalid for too many, or too
    many days.
    """
    if (to_on - from_on).days >= MOST_DAYS:
        raise Invalid.at(
            "?from_on",
            f"Orders are read one by one here, of at most {MOST_DAYS} days; narrow them.",
            f"此处需逐笔读取订单，最多 {MOST_DAYS} 天，请缩小日期范围。",
        )
    one_person = united(tenant_id)
    number = 0
    for at in range((to_on - from_on).days + 1):
        for each in ActivityRecord.of_day(tenant_id, from_on + timedelta(days=at)):
            if not each.voided:
                number += 1
                _check_number(number)
                yield _bought(each, one_person)


def _check_number(number: int) -> None:
    if number > MOST_ORDERS:
        raise Invalid.at(
            "?from_on",
            f"These days have more than {MOST_ORDERS} orders, which are read one by one; narrow the days.",
            f"所选日期的订单超过 {MOST_ORDERS} 笔，需逐笔读取，请缩小日期范围。",
        )


def _bought(each: ActivityRecord, one_person: Mapping[int, int]) -> Bought:
    said, itemised = each.extra or {}, each.is_own and each.stored_parts is not None
    return Bought(
        source=each.source,
        own=each.is_own,
        ordinal=one_person.get(int(each.ordinal), int(each.ordinal)),
        on=each.on,
        at=each.at,
        amount_minor=int(each.amount_minor),
        currency=str(each.currency),
        units=int(each.quantity),
        parts=each.parts,
        off_minor=each.discount_minor if itemised or each.discounts else None,
        method=each.method,
        delivered=bool(said.get("delivery")) if itemised else None,
        channel=said.get("channel") or "",
        pickup_point=said.get("pickup_point") or "",
    )
