"""What happens to tiers when a month ends, a brand changes them, or a member has another one."""

from datetime import datetime

from chalicelib.loyalty.tiers.records import APPLYING, MONTH_ENDED, QUEUE, TIER_CHANGED
from chalicelib.loyalty.tiers.service import setting, standings, telling
from chalicelib.messaging import Consumer, Message

consumer = Consumer(QUEUE)


@consumer.due(MONTH_ENDED)
def month_ended(message: Message, now: datetime) -> None:
    """A month, or the time of a tier that was given, is over: what the member has lost is taken away."""
    standings.bring_up_to_date(message.tenant_id, message.data["pk"].rpartition("#")[2], now)


@consumer.on(APPLYING)
def tiers_changed(message: Message, now: datetime) -> None:
    """The brand has changed its tiers: the next members are looked at."""
    setting.apply(message.tenant_id, message.data["after"], now)


@consumer.on(TIER_CHANGED)
def tier_changed(message: Message, now: datetime) -> None:
    """The member hears of it."""
    data = message.data
    telling.tell_tier(
        message.tenant_id, data["member_id"], data["tier"], data["before"], message.id, now, rose=data["rose"]
    )
