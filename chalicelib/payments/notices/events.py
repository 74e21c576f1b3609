"""Who runs a store is told when something happens to its money that a person has to see to, and members when theirs has
come back or could not be sent.
"""

from datetime import datetime

from chalicelib.messaging import Consumer, Message
from chalicelib.payments.notices.service import attention, disputes, refunds

consumer = Consumer("service")


@consumer.on("payment.disputed")
@consumer.on("payment.dispute_ended")
def dispute_moved(message: Message, now: datetime) -> None:
    """A payer disputes a payment, or the dispute has ended."""
    disputes.tell_dispute(message.tenant_id, message.data["payment_id"], message.data["dispute"], now)


@consumer.on("payment.refunded_at_provider")
def refunded(message: Message, now: datetime) -> None:
    """Money was given back on the provider's own pages."""
    disputes.tell_refund(message.tenant_id, message.data["payment_id"], message.id, now)


@consumer.on("payment.refund_declined")
def refund_declined(message: Message, now: datetime) -> None:
    """The provider did not send money back."""
    data = message.data
    attention.tell_declined(message.tenant_id, data["payment_id"], data["refund_id"], message.at, now)


@consumer.on("payment.differs")
def differs(message: Message, now: datetime) -> None:
    """The provider's word on a payment contradicts our record."""
    attention.tell_differing(message.tenant_id, message.data["payment_id"], message.at, now)


@consumer.on("payment.not_asked")
def not_asked(message: Message, now: datetime) -> None:
    """Only the provider knows what became of money, and it could not be asked."""
    data = message.data
    attention.tell_unasked(message.tenant_id, data["payment_id"], data["fault"], message.at, now)


@consumer.on("refund.succeeded")
def arrived(message: Message, now: datetime) -> None:
    """A refund has been made, or was given in cash."""
    refunds.tell_arrived(message.tenant_id, message.data["order_id"], message.data["refund_id"], now)


@consumer.on("refund.failed")
def refused(message: Message, now: datetime) -> None:
    """A refund was declined."""
    refunds.tell_refused(message.tenant_id, message.data["order_id"], message.data["refund_id"], now)
