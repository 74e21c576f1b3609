"""The running day, and the same part of the same weekday a week before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from chalicelib.insight.model import summary
from chalicelib.insight.model.figures import UNKNOWN_HOUR, Rollup
from chalicelib.insight.model.summary import By, Group, Span
from chalicelib.insight.records import ActivityRecord, DirtyDay
from chalicelib.insight.reports.service.window import History, history
from chalicelib.insight.rollups.service.days import aggregate, recount
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.members.linking.service.uniting import united
from chalicelib.tenants.service.brand import get_tenant

_DAY, WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Today:
    """The answer, with all that makes it readable. ``pending`` are earlier days whose orders are not all rolled up."""

    timezone: str
    currency: str
    on: date
    running: Group
    hours: Sequence[Group]
    last_week: Group
    untimed_orders: int
    pending: int
    revision: int


def today(tenant_id: str, now: datetime) -> Today:
    """What the running local day has come to at ``now``: what its rollup would say at this moment.

    It reads the orders of two days, and the aggregates that tell who ordered before. Of yesterday, whose rollup comes a
    quarter of an hour after midnight, the orders themselves are read until then; and again once one of them came to
    nothing or was changed, until the next night.
    """
    tenant = get_tenant(tenant_id)
    tz = zone(tenant.timezone)
    on = local_date(now, tz)
    past = history(tenant_id, on)
    pending = [mark.on for mark in DirtyDay.until(tenant_id, on - _DAY)]
    one_person = united(tenant_id)
    earlier = _ordered_before(tenant_id, past, on, pending, one_person)
    counted = recount(tenant_id, on, one_person)
    running, hours = _group("today", on, counted, earlier), summary.grouped({on: counted}, By.HOUR, Span(on, on), 0)
    last_week, untimed = _last_week(tenant_id, past, now, tz, one_person)
    return Today(tz.key, tenant.currency, on, running, hours, last_week, untimed, len(pending), past.revision)


def _ordered_before(
    tenant_id: str, past: History, on: date, pending: Sequence[date], one_person: Mapping[int, int]
) -> int:
    """The members with an order before a day; what was rolled up of the day before counts only while it is true."""
    yesterday = on - _DAY
    if yesterday not in pending:
        return past.members_before(on)
    return past.members_before(yesterday) | recount(tenant_id, yesterday, one_person).members


def _last_week(
    tenant_id: str, past: History, now: datetime, tz: ZoneInfo, one_person: Mapping[int, int]
) -> tuple[Group, int]:
    """The same weekday up to the same time of the wall clock, and its orders whose time is not known."""
    local = now.astimezone(tz)
    on = local.date() - WEEK
    orders = list(ActivityRecord.of_day(tenant_id, on))
    timed = [(order, order.at) for order in orders if order.at is not None]
    before = [order for order, at in timed if at.astimezone(tz).time() < local.time()]
    untimed = sum(order.hour == UNKNOWN_HOUR and not order.voided for order in orders)
    return _group("last_week", on, aggregate(before, one_person), past.members_before(on)), untimed


def _group(name: str, on: date, rollup: Rollup, earlier: int) -> Group:
    whole = summary.whole({on: rollup}, Span(on, on), earlier)
    return Group(name, whole.totals, whole.span, whole.active, whole.new, whole.ever)
