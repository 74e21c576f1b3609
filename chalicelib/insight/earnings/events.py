"""What makes days count again, and when that is done ahead of readers."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.insight.earnings.service import days
from chalicelib.insight.rollups.model import NIGHT_OVER
from chalicelib.messaging import Consumer, Message
from chalicelib.settlement.books.service.orders import COSTS_BOOKED

insight = Consumer("insight")
night = Consumer("rollup")


@insight.on_all(COSTS_BOOKED)
def costs_booked(messages: Sequence[Message], now: datetime) -> None:
    """The books say otherwise of what orders cost."""
    days.costs_changed(messages[0].tenant_id, [message.data["order_id"] for message in messages])


@night.on(NIGHT_OVER)
def count_days(message: Message, now: datetime) -> None:
    """Counts what has changed, so that reports only read."""
    days.bring_up_to_date(message.tenant_id, now)
