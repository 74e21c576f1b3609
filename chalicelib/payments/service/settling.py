"""Settling a payment: the provider is asked, its word compared with our books, and one transaction draws the line.

Messages, the reconciler and retries all come through here, so whatever is told, how often and in which order, the
outcome is the same.
"""

from datetime import datetime

from chalicelib.db import Refused, Transaction
from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.ids import derived_id
from chalicelib.orders.model import Status
from chalicelib.orders.service import payment as order_side
from chalicelib.orders.service.listing import get_order
from chalicelib.payments.model import OPEN, Back, Report, State, after, mismatches
from chalicelib.payments.providers.port import Known
from chalicelib.payments.records import PaymentRecord
from chalicelib.payments.service import accounts, refunding
from chalicelib.payments.service.reading import get_payment
from chalicelib.telemetry import count, logger

_TRIES = 8


def settle(tenant_id: str, payment_id: str, now: datetime) -> PaymentRecord:
    """Brings a payment to where the provider says it is. Raises NotFound, ProviderUnavailable, ProviderRefused."""
    payment = get_payment(tenant_id, payment_id)
    if payment.state is not State.SUCCEEDED:
        payment = _book(payment, _ask(payment, now), now)
    return refunding.carry_out(tenant_id, payment_id, now)


def reconcile(tenant_id: str, payment_id: str, now: datetime) -> None:
    """Settles what no message told; asks again later while anything stays open."""
    if not _is_due(get_payment(tenant_id, payment_id), now):
        return
    payment = settle(tenant_id, payment_id, now)
    payment.tries = int(payment.tries) + 1
    payment.look_again(now)
    tx = Transaction()
    tx.replace("payment", payment)
    try:
        tx.commit()
    except Refused:
        return  # someone else has just moved it, and has scheduled the next look


def _is_due(payment: PaymentRecord, now: datetime) -> bool:
    due_at: datetime | None = payment.due_at
    return due_at is not None and due_at <= now


def _ask(payment: PaymentRecord, now: datetime) -> Report:
    """The provider's word; an unpaid payment whose order no longer waits is closed on the way."""
    if not payment.reference:
        # The provider's answer was never stored, so nobody was ever shown how to pay.
        return Report(State.CLOSED if now >= payment.held_until else State.CREATED, payment.terms)
    provider = accounts.provider(payment.tenant_id, payment.provider)
    known = Known(payment.terms, payment.reference)
    report = provider.query(known, now)
    if report.state in OPEN and _is_over(payment, now):
        return provider.close(known, now)
    return report


def _is_over(payment: PaymentRecord, now: datetime) -> bool:
    return (
        now >= payment.held_until
        or get_order(payment.tenant_id, payment.order_id, consistent=True).status != Status.HELD
    )


def _book(payment: PaymentRecord, report: Report, now: datetime) -> PaymentRecord:
    for _ in range(_TRIES):
        state = after(payment.state, report.state)
        differs: list[str] = [*mismatches(payment.terms, report.terms)]
        if state is payment.state and differs == (payment.differs or []):
            return payment
        tx = Transaction()
        if differs:
            _refuse(payment, differs)
        else:
            _move(tx, payment, state, report, now)
        payment.look_again(now)
        tx.replace("payment", payment)
        try:
            tx.commit()
        except Refused:
            payment = get_payment(payment.tenant_id, payment.id)
            continue
        return payment
    raise Unavailable("The payment is being changed by others.", retry_after=1)


def _refuse(payment: PaymentRecord, differs: list[str]) -> None:
    """Nothing is booked on a word that contradicts our books: a person has to look."""
    payment.differs = differs
    logger.error("payment_differs", payment_id=payment.id, order_id=payment.order_id, differs=differs)
    count("PaymentsDiffering", 1)


def _move(tx: Transaction, payment: PaymentRecord, state: State, report: Report, now: datetime) -> None:
    payment.differs = None
    payment.reason = report.reason or None
    payment.move_to(state, now)
    if state is State.SUCCEEDED:
        _apply(tx, payment, now)


def _apply(tx: Transaction, payment: PaymentRecord, now: datetime) -> None:
    """The money pays its order, or goes back at once where the order no longer wants it."""
    if _captured(tx, payment, now):
        payment.applied = "captured"
    else:
        payment.applied = "returned"
        payment.set_back(derived_id(payment.id, "returned"), Back(int(payment.amount_minor), of_order=False))


def _captured(tx: Transaction, payment: PaymentRecord, now: datetime) -> bool:
    order = get_order(payment.tenant_id, payment.order_id, consistent=True)
    amount = int(payment.amount_minor)
    if order.status == Status.HELD:
        order_side.capture(tx, order, amount, now)
        return True
    return order.status == Status.EXPIRED and order_side.recapture(tx, order, amount, now)
