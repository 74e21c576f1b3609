"""Reconciling a payment: the provider is asked, its word compared with our record, and taken in one transaction.

Messages, the regular look and retries all come through here, so whatever arrives, how often and in which order, the
outcome is the same.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Literal

from chalicelib.db import Refused, Transaction, change
from chalicelib.orders.payment.service import capture as order_side
from chalicelib.orders.payment.service import returning
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.reading import get_order
from chalicelib.payments.accounts import service as accounts
from chalicelib.payments.errors import NOT_ASKED, ProviderRefused
from chalicelib.payments.model import OPEN, Back, Report, State, after, differences
from chalicelib.payments.providers.port import Known, Provider
from chalicelib.payments.records import PaymentRecord
from chalicelib.payments.service import elsewhere, refunding, waiting
from chalicelib.payments.service.reading import get_payment, known_first
from chalicelib.telemetry import NEEDS_A_PERSON, count, logger

Close = Literal["never", "over", "now"]
"""Whether an unpaid payment is ended at the provider: not at all, where its time is up or its order wants it no longer,
or at once.
"""


def reconcile(
    payment: PaymentRecord, now: datetime, *, close: Close = "never", provider: Provider | None = None
) -> PaymentRecord:
    """Brings a payment to where the provider says it is; with ``close``, an unpaid one is ended there on the way.

    ``provider`` is the payment's account, where the caller has it open already.

    Raises ProviderNotSetUp, ProviderUnavailable, ProviderRefused where the provider could not be asked.
    """
    if payment.state is State.SUCCEEDED:
        return payment
    return take_word(payment, ask(payment, now, close=close, provider=provider), now)


def reconcile_due(tenant_id: str, payment_id: str, now: datetime) -> None:
    """Finds out what no message said, of payments and refunds alike; asks again later while anything stays open.

    A provider that cannot be asked, for whatever reason, is asked again at the next look; nothing is lost meanwhile,
    and people are shown what waits for it.
    """
    payment = get_payment(tenant_id, payment_id)
    if not _is_due(payment, now):
        return
    try:
        payment = refunding.carry_out(reconcile(payment, now, close="over"), now)
        if payment.is_disputed:
            payment = refunding.carry_out(elsewhere.look(payment, now), now)
    except (*NOT_ASKED, ProviderRefused) as fault:
        refunding.note_unasked(payment, fault, now)
    if not _is_due(payment, now):
        return
    payment.asked_in_vain(now)
    tx = Transaction()
    waiting.write(tx, payment)
    with suppress(Refused):  # someone else has just moved it, and has scheduled the next look
        tx.commit()


def ask(payment: PaymentRecord, now: datetime, *, close: Close = "never", provider: Provider | None = None) -> Report:
    """The provider's word; with ``close``, an unpaid payment is ended on the way.

    Raises ProviderNotSetUp, ProviderUnavailable, ProviderRefused where the provider could not be asked.
    """
    if not payment.reference:
        # The provider's answer was never stored, so nobody was ever shown how to pay.
        over = close == "now" or now >= payment.held_until
        return Report(State.CLOSED if over else State.CREATED, payment.terms)
    if provider is None or provider.merchant != payment.merchant:
        provider = accounts.provider_of(payment)
    known = Known(payment.terms, payment.reference)
    report = provider.query(known, now)
    if report.state in OPEN and (close == "now" or (close == "over" and _is_over(payment, now))):
        return provider.close(known, now)
    return report


def take_word(payment: PaymentRecord, report: Report, now: datetime) -> PaymentRecord:
    """The payment as the provider's word leaves it; where that contradicts our record, nothing is taken from it."""

    def decide(payment: PaymentRecord, tx: Transaction) -> PaymentRecord:
        state = after(payment.state, report.state)
        differs = [*differences(payment.terms, report)]
        if differs == (payment.differs or []) and (differs or state is payment.state):
            return payment
        if differs:
            _contradict(payment, differs, now)
        else:
            _move(tx, payment, state, report, now)
        payment.note_asked()
        waiting.write(tx, payment)
        return payment

    return change(known_first(payment), decide)


def return_whole(tx: Transaction, payment: PaymentRecord, order: OrderRecord, now: datetime) -> None:
    """Money that came in and that its order does not want goes back at once; the order shows it."""
    payment.applied = "returned"
    amount_minor = int(payment.amount_minor)
    payment.give_back(returning.give_back(tx, order, payment.id, amount_minor, now), Back(amount_minor), now)


def _is_due(payment: PaymentRecord, now: datetime) -> bool:
    due_at: datetime | None = payment.due_at
    return due_at is not None and due_at <= now


def _is_over(payment: PaymentRecord, now: datetime) -> bool:
    """Whether its time has passed, or its order wants another amount by now, or none."""
    if now >= payment.held_until:
        return True
    order = get_order(payment.tenant_id, payment.order_id, consistent=True)
    wanted: int = order_side.expected(order, now)
    return wanted != int(payment.amount_minor)


def _contradict(payment: PaymentRecord, differs: Sequence[str], now: datetime) -> None:
    """Nothing is booked on a word that contradicts our record: a person has to look."""
    payment.contradict(differs, now)
    logger.error("payment_differs", payment_id=payment.id, order_id=payment.order_id, differs=differs)
    count("PaymentsDiffering", 1)
    count(NEEDS_A_PERSON, 1)


def _move(tx: Transaction, payment: PaymentRecord, state: State, report: Report, now: datetime) -> None:
    """The payment in its new state. Money that came in pays its order in the same transaction, or else goes back whole
    at once: an order that is gone, paid already, or wants another amount by now does not take it, and adds nothing.
    """
    payment.differs = None
    payment.reason = report.reason or None
    payment.move_to(state, now)
    if state is not State.SUCCEEDED:
        return
    order = get_order(payment.tenant_id, payment.order_id, consistent=True)
    if order_side.capture(tx, order, payment.id, int(payment.amount_minor), now):
        payment.applied = "captured"
    else:
        return_whole(tx, payment, order, now)
