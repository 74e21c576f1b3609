"""Money that came for an order and that it does not take: it goes back whole, and stands in the order as paid and given
back, so that its owner and the books see all of it.
"""

from collections import Counter
from datetime import datetime

from chalicelib.db import Transaction
from chalicelib.kernel.principal import SYSTEM
from chalicelib.orders.changes.service import recording
from chalicelib.orders.model import OWED
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refunds import service as refunds
from chalicelib.orders.refunds.model import split_refund
from chalicelib.orders.refunds.records import PROVIDER

TOO_LATE, TWICE, AT_PROVIDER, LOST = "paid_too_late", "paid_twice", "refunded_at_provider", "dispute_lost"


def give_back(tx: Transaction, order: OrderRecord, payment_id: str, amount_minor: int, now: datetime) -> str:
    """Adds that an order, read consistently, has been paid an amount which goes back at once, within the transaction
    that books the payment; the id of the refund. The order stays as it was otherwise.
    """
    cause = f"{TWICE if order.status in OWED else TOO_LATE}:{payment_id}"
    returned = recording.start(order, "payment_returned", cause=cause, by=SYSTEM, now=now)
    order.paid_minor = int(order.paid_minor) + amount_minor
    refund = refunds.request(tx, order, amount_minor, cause=cause, reason=None, by=SYSTEM, now=now)
    if refund is None:
        raise ValueError(f"payment {payment_id} of nothing cannot go back")
    recording.write(tx, order, returned)
    return refund.id


def gone_back(tx: Transaction, order: OrderRecord, amount_minor: int, cause: str, now: datetime) -> str:
    """Adds that an amount which the order holds from a provider has gone back without us: refunded by the brand on the
    provider's own pages, or to a payer who won a dispute. The total stands; the id of the refund, which has arrived.
    """
    change = recording.start(order, cause.partition(":")[0], cause=cause, by=PROVIDER, now=now)
    stands = order.status in OWED
    lines = split_refund(amount_minor, refunds.line_rests(order)) if stands else None
    refund = refunds.request(
        tx, order, amount_minor, cause=cause, reason=None, by=PROVIDER, now=now, stands=stands, arrived=True,
        lines=lines,
    )  # fmt: skip
    if refund is None:
        raise ValueError(f"nothing of order {order.id} cannot have gone back")
    if lines is not None and cause.startswith(LOST):
        order.disputed_minor = int(order.disputed_minor or 0) + amount_minor
        order.disputed_lines = dict(Counter(order.disputed_lines or {}) + Counter(lines))
    order.emit("order.changed", now, order_id=order.id)
    recording.write(tx, order, change)
    return refund.id


def note(tx: Transaction, order: OrderRecord, cause: str, now: datetime) -> None:
    """Adds to an order's history what happened at the provider, and moves no money of the order."""
    recording.write(tx, order, recording.start(order, cause.partition(":")[0], cause=cause, by=PROVIDER, now=now))
