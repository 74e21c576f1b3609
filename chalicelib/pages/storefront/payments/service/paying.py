"""An order with its payments, for whoever pays it, and the start of one."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.reading import get_own_order
from chalicelib.payments.model import OPEN
from chalicelib.payments.records import PaymentRecord
from chalicelib.payments.service import asking, reading, starting


@dataclass(frozen=True, slots=True)
class Payer:
    """A member and the order that they look at."""

    tenant_id: str
    member_id: str
    order_id: str


def known(payer: Payer, now: datetime, *, ask: bool) -> tuple[OrderRecord, list[PaymentRecord]]:
    """An order and its payments, oldest first; with ``ask``, its provider is asked about the last one that is open, and
    the order is as that leaves it. Raises NotFound, also for another member's order.
    """
    order = get_own_order(payer.tenant_id, payer.member_id, payer.order_id, consistent=True)
    payments = reading.every_of_order(payer.tenant_id, payer.order_id)
    last = next((each for each in reversed(payments) if each.state in OPEN), None)
    if not ask or last is None:
        return order, payments
    asked = asking.what_became_of(last, now)
    if asked.state in OPEN:
        return order, payments
    order = get_own_order(payer.tenant_id, payer.member_id, payer.order_id, consistent=True)
    return order, [asked if each.id == asked.id else each for each in payments]


def start(payer: Payer, key: str, body_hash: str, wish: starting.Wish, now: datetime) -> PaymentRecord:
    """Starts a payment once for each form. Raises as :func:`starting.start`."""
    asked = starting.Request(payer.tenant_id, payer.member_id, payer.order_id, key, body_hash)
    return starting.start(asked, wish, now)
