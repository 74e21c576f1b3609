"""What experiments listen to: orders and complaints of those who were exposed, who becomes one, and when to look."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from chalicelib.insight.experiments.records import LOOK, QUEUE
from chalicelib.insight.experiments.service import counting, results, uniting
from chalicelib.kernel.errors import NotFound
from chalicelib.messaging import Consumer, Message

consumer = Consumer("insight")
verdicts = Consumer(QUEUE)


@consumer.on_all("order.placed", "order.changed", "order.cancelled", "order.refunded", "refund.requested")
def orders_changed(messages: Sequence[Message], now: datetime) -> None:
    """Counts orders for the arms of their members."""
    counting.count_orders(messages[0].tenant_id, [message.data["order_id"] for message in messages])


@consumer.on("complaint.opened")
def complaint_opened(message: Message, now: datetime) -> None:
    """Counts it against the arm of its member."""
    counting.count_complaint(message.tenant_id, message.data["complaint_id"])


@consumer.on("member.united")
def member_united(message: Message, now: datetime) -> None:
    """Hands on what a member was exposed to whose history is another's."""
    with suppress(NotFound):
        uniting.hand_on(message.tenant_id, message.data["member_id"])


@verdicts.due(LOOK)
def look(message: Message, now: datetime) -> None:
    """Finds the verdict if it is due."""
    results.look(message.tenant_id, message.data["pk"].rpartition("#")[2], now)
