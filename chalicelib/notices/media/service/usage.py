"""Counts what leaves by day and medium, at the price of the day, and says what it was.

A count is a request of its own, after the message's marker is closed. A process that ends between the two has sent one
message more than is counted; within one transaction with the marker, workers that wait for each other at the counter
could fail to close it, and the message would be sent again.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from random import randrange
from zoneinfo import ZoneInfo

from pynamodb.expressions.update import Action

from chalicelib.db import Transaction
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.kernel.remembering import to_forget
from chalicelib.notices.media.model.usage import MOST_DAYS, DayOfMedium, PeriodTooLong, Used
from chalicelib.notices.media.records import SHARDS, UsedMessages
from chalicelib.notices.model.letters import Sent
from chalicelib.notices.recipients.model import Channel
from chalicelib.notices.settings.service import message_settings
from chalicelib.telemetry import logger
from chalicelib.tenancy import brand_of

_USUAL_DAYS = timedelta(days=29)
_AT_ONCE = 2_000
"""Counters that one request reads: a month of three media at a few prices."""


def count_sent(tenant_id: str, channel: Channel, sent: Sent, now: datetime, *, again: bool = False) -> None:
    """Counts a message that left. ``again`` says that it may have left before, by a worker that then died. Raises
    nothing: what is not counted is logged.
    """
    actions = [UsedMessages.messages.add(1), UsedMessages.parts.add(sent.parts)]
    _count(tenant_id, channel, now, [*actions, *([UsedMessages.repeated.add(1)] if again else [])])


def count_refused(tenant_id: str, channel: Channel, now: datetime) -> None:
    """Counts a message that a provider refused for good. Raises nothing."""
    _count(tenant_id, channel, now, [UsedMessages.refused.add(1)])


def _count(tenant_id: str, channel: Channel, now: datetime, actions: Sequence[Action]) -> None:
    try:
        price = message_settings(tenant_id).prices.get(channel)
        address = UsedMessages.address(tenant_id, local_date(now, _zone(tenant_id)), channel, price, randrange(SHARDS))
        tx = Transaction()
        tx.update("used", UsedMessages, *address, actions=actions)
        tx.commit()
    except Exception:  # noqa: BLE001 - the message has left, and would leave again if this failed its delivery
        logger.exception("message_not_counted", channel=channel)


@lru_cache(maxsize=2_000)
def _zone(tenant_id: str) -> ZoneInfo:
    # A brand keeps its zone for ever.
    return zone(brand_of(tenant_id).timezone)


to_forget(_zone.cache_clear)


def used(tenant_id: str, first: date, last: date) -> list[DayOfMedium]:
    """What left on local days, both included, by day and medium."""
    counted: dict[tuple[date, str], Used] = defaultdict(Used)
    pages = UsedMessages.every(
        UsedMessages.partition(tenant_id), between=UsedMessages.between(first, last), limit=_AT_ONCE, consistent=True
    )
    for each in pages:
        counted[each.on, each.channel] += _used(each)
    return [DayOfMedium(on, channel, counted[on, channel]) for on, channel in sorted(counted)]


def period(tenant_id: str, from_on: date | None, to_on: date | None, now: datetime) -> tuple[date, date]:
    """The local days that are meant: the last thirty where none are named.

    Raises PeriodTooLong, also where they end before they begin.
    """
    last = to_on or max(local_date(now, _zone(tenant_id)), from_on or date.min)
    first = from_on or last - min(_USUAL_DAYS, last - date.min)
    if first > last:
        raise PeriodTooLong.at("?to_on", "A period ends on or after the day it begins.", "结束日期不得早于开始日期。")
    if (last - first).days >= MOST_DAYS:
        raise PeriodTooLong.at("?to_on", f"Ask for at most {MOST_DAYS} days at once.", f"一次最多查询 {MOST_DAYS} 天。")
    return first, last


def _used(counter: UsedMessages) -> Used:
    price: Decimal | None = counter.price
    counts = (counter.messages, counter.parts, counter.refused, counter.repeated)
    return Used.at(price, *(int(count or 0) for count in counts))
