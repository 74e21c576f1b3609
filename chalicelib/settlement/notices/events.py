"""Leaders are told when they were paid."""

from datetime import datetime

from chalicelib.messaging import Consumer, Message
from chalicelib.settlement.notices.service import tell_paid

consumer = Consumer("service")


@consumer.on("statement.paid")
def paid(message: Message, now: datetime) -> None:
    """A payment was noted on a leader's statement."""
    tell_paid(message.tenant_id, message.data["statement_id"], message.data["payout_id"], now)
