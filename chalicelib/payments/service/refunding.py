"""Giving money back: reserved on our payments first, then asked of the provider under the refund's own id."""

from datetime import datetime

from chalicelib.db import Refused, Transaction
from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.ids import derived_id
from chalicelib.orders.records import RefundRecord
from chalicelib.payments.errors import ProviderRefused
from chalicelib.payments.model import Back, RefundState, refund_after, spread, whole
from chalicelib.payments.providers.port import Known, Return
from chalicelib.payments.records import PaymentRecord
from chalicelib.payments.service import accounts
from chalicelib.payments.service.reading import get_payment, of_order
from chalicelib.telemetry import count, logger

_TRIES = 5


def refund(tenant_id: str, order_id: str, refund_id: str, now: datetime) -> None:
    """Executes a refund that was requested of an order; as often as it is told, money goes back once."""
    record = RefundRecord.fetch(*RefundRecord.address(tenant_id, order_id, refund_id), consistent=True)
    if record is None or record.status != "requested":
        return
    for payment in _reserved(record, tenant_id, order_id, refund_id, now):
        carry_out(tenant_id, payment.id, now)


def carry_out(tenant_id: str, payment_id: str, now: datetime) -> PaymentRecord:
    """Asks the provider for everything that is on its way back through a payment, and books what it says."""
    payment = get_payment(tenant_id, payment_id)
    for refund_id, back in payment.backs.items():
        if back.is_open:
            payment = _book(payment, refund_id, _ask(payment, refund_id, back, now), now)
    return payment


def _reserved(
    record: RefundRecord, tenant_id: str, order_id: str, refund_id: str, now: datetime
) -> list[PaymentRecord]:
    """The payments that a refund goes back through, each with its part noted; a second call finds the first's."""
    for _ in range(_TRIES):
        payments = of_order(tenant_id, order_id)
        taken = [payment for payment in payments if refund_id in payment.backs]
        if taken:
            return taken
        parts = dict(spread(int(record.amount_minor), [(payment.id, payment.left_minor) for payment in payments]))
        chosen = [payment for payment in payments if payment.id in parts]
        tx = Transaction()
        for payment in chosen:
            payment.set_back(refund_id, Back(parts[payment.id]))
            payment.tries = 0
            payment.look_again(now)
            tx.replace(f"payment:{payment.id}", payment)
        try:
            tx.commit()
        except Refused:
            continue
        return chosen
    raise Unavailable("The payments of this order are being changed by others.", retry_after=1)


def _ask(payment: PaymentRecord, refund_id: str, back: Back, now: datetime) -> RefundState:
    provider = accounts.provider(payment.tenant_id, payment.provider)
    known = Known(payment.terms, payment.reference or "")
    # One refund may go back through several payments: each part needs an id of its own at the provider.
    part_id = derived_id(refund_id, payment.id)
    try:
        return provider.refund(known, Return(part_id, back.amount_minor, "refund"), now)
    except ProviderRefused as declined:
        logger.error("refund_declined", payment_id=payment.id, refund_id=refund_id, **declined.extra)
        count("RefundsDeclined", 1)
        return RefundState.FAILED


def _book(payment: PaymentRecord, refund_id: str, said: RefundState, now: datetime) -> PaymentRecord:
    """Notes a part's state on its payment and, in the same transaction, what that makes of the order's refund."""
    for _ in range(_TRIES):
        back = payment.backs[refund_id]
        state = refund_after(back.state, said)
        tx = Transaction()
        if back.of_order:
            _move_refund(tx, payment, refund_id, state)
        payment.set_back(refund_id, Back(back.amount_minor, state, back.of_order))
        payment.look_again(now)
        tx.replace("payment", payment)
        try:
            tx.commit()
        except Refused:
            payment = get_payment(payment.tenant_id, payment.id)
            continue
        return payment
    raise Unavailable("The payment is being changed by others.", retry_after=1)


def _move_refund(tx: Transaction, payment: PaymentRecord, refund_id: str, state: RefundState) -> None:
    """Writes the refund anew even where it stays as it is: of two parts that end at once, the later sees the other."""
    address = RefundRecord.address(payment.tenant_id, payment.order_id, refund_id)
    record = RefundRecord.fetch(*address, consistent=True)
    if record is None:
        return
    payments = of_order(payment.tenant_id, payment.order_id)
    others = [each.backs[refund_id].state for each in payments if refund_id in each.backs and each.id != payment.id]
    moved = whole([state, *others])
    if moved in (RefundState.SUCCEEDED, RefundState.FAILED):
        record.status = moved.value
    tx.replace("refund", record)
