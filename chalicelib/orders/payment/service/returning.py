"""Money that came for an order and that it does not take: it goes back whole, and stands in the order as paid and given
back, so that its owner and the books see all of it.
"""

from datetime import datetime

from chalicelib.db import Transaction
from chalicelib.kernel.principal import SYSTEM
from chalicelib.orders.changes.service import recording
from chalicelib.orders.model import OWED
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refunds import service as refunds

TOO_LATE, TWICE = "paid_too_late", "paid_twice"


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
