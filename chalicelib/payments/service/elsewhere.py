"""What becomes of a payment's money at the provider without us: refunds made on its own pages, and disputes.

Both are asked for, never believed from a message; each is taken once, in a transaction that has the order show it.
"""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.db import Transaction, change
from chalicelib.orders.payment.service import returning
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refunds.service import online_left
from chalicelib.orders.service.reading import get_order
from chalicelib.payments.accounts import service as accounts
from chalicelib.payments.errors import ProviderNotSetUp, ProviderRefused
from chalicelib.payments.model import Back, Dispute, DisputeState, Refunded, RefundState, State
from chalicelib.payments.providers.port import Known, Provider
from chalicelib.payments.records import PaymentRecord
from chalicelib.payments.service import refunding, waiting
from chalicelib.payments.service.reading import get_payment, known_first
from chalicelib.telemetry import NEEDS_A_PERSON, count, logger


def look(payment: PaymentRecord, now: datetime, *, provider: Provider | None = None, refund: str = "") -> PaymentRecord:
    """Takes what the provider gave back of a payment that came in, and how disputes about it stand. ``refund`` names
    the refund that a message was about.

    Raises ProviderNotSetUp, ProviderUnavailable, ProviderRefused where the provider could not be asked.
    """
    if payment.state is not State.SUCCEEDED:
        return payment
    if provider is None or provider.merchant != payment.merchant:
        provider = accounts.provider_of(payment)
    known = Known(payment.terms, payment.reference or "")
    refunded, disputes = provider.refunded(known, refund, now), provider.disputes(known, now)
    payment = refunding.take_made(payment, {each.reference for each in refunded}, now)
    ours = refunding.part_ids(payment)
    for each in dict.fromkeys([*refunded, *payment.unbooked]):
        if each.reference not in ours:
            payment = _take_refund(payment, each, now)
    for dispute in disputes:
        payment = _take_dispute(payment, dispute, now)
    return payment


def look_for_declined(tenant_id: str, payment_id: str, now: datetime) -> None:
    """Looks, where the provider has declined a refund of ours, whether the money went back there without us before.

    Raises ProviderUnavailable where it does not answer: the look is then to be taken again. Where the account's keys do
    not open it, staff are shown the refund, and may have it tried again.
    """
    with suppress(ProviderNotSetUp, ProviderRefused):
        look(get_payment(tenant_id, payment_id), now)


def _take_refund(payment: PaymentRecord, made: Refunded, now: datetime) -> PaymentRecord:
    """What cannot be booked, since the order holds less by now, is left to a person, and tried at each look."""

    def decide(payment: PaymentRecord, tx: Transaction) -> PaymentRecord:
        known = (payment.elsewhere or {}).get(made.reference)
        if known is not None and known[1]:
            return payment
        order = _order(payment)
        gone = _covered(payment, order, made.amount_minor, _DECLINED)
        booked = gone.covered_minor == made.amount_minor
        if booked:
            _book(tx, payment, order, gone, f"{returning.AT_PROVIDER}:{made.reference}", now)
        elif known is not None:
            return payment
        payment.given_back_elsewhere(made.reference, made.amount_minor, booked=booked, now=now)
        waiting.write(tx, payment)
        return payment

    logger.warning("refunded_at_provider", payment_id=payment.id, order_id=payment.order_id)
    return change(known_first(payment), decide)


def _take_dispute(payment: PaymentRecord, dispute: Dispute, now: datetime) -> PaymentRecord:
    """Notes how a dispute stands. One that is lost has given the payer their money: out of what the order holds, in the
    place of a refund that did not go out, or else at the brand's cost.
    """

    def decide(payment: PaymentRecord, tx: Transaction) -> PaymentRecord:
        known = payment.disputes.get(dispute.reference)
        if known is not None and (known.state is not DisputeState.OPEN or known.state is dispute.state):
            return payment
        order, cause, taken = _order(payment), f"dispute_{dispute.state.value}:{dispute.reference}", dispute
        gone = _Gone()
        if dispute.state is DisputeState.LOST:
            gone = _covered(payment, order, dispute.amount_minor, _NOT_SENT)
            taken = replace(dispute, unrecovered_minor=dispute.amount_minor - gone.covered_minor)
        _book(tx, payment, order, gone, cause, now)
        if not gone.from_order_minor:
            returning.note(tx, order, cause, now)
        payment.dispute(taken, now)
        waiting.write(tx, payment)
        return payment

    before = payment.disputes.get(dispute.reference)
    if before is None:
        count("PaymentsDisputed", 1)
        count(NEEDS_A_PERSON, 1)
    if dispute.state is DisputeState.LOST and (before is None or before.state is DisputeState.OPEN):
        payment = refunding.reserve_requested(payment, now)
    return change(known_first(payment), decide)


_DECLINED = frozenset({RefundState.FAILED})
_NOT_SENT = frozenset({RefundState.FAILED, RefundState.REQUESTED})


@dataclass(frozen=True, slots=True)
class _Gone:
    """What of an amount that went back without us stands in the place of refunds of ours, which did not go out, and
    what comes out of the order's money.
    """

    refund_ids: tuple[str, ...] = ()
    instead_minor: int = 0
    from_order_minor: int = 0

    @property
    def covered_minor(self) -> int:
        return self.instead_minor + self.from_order_minor


def _covered(payment: PaymentRecord, order: OrderRecord, amount_minor: int, states: frozenset[RefundState]) -> _Gone:
    """One refund of just that amount is taken first, else each that it still covers."""
    there = [(each, back.amount_minor) for each, back in payment.backs.items() if back.state in states]
    refund_ids, instead = [], 0
    for refund_id, minor in sorted(there, key=lambda each: each[1] != amount_minor):
        if instead + minor <= amount_minor:
            refund_ids.append(refund_id)
            instead += minor
    left = max(0, min(amount_minor - instead, payment.left_minor, online_left(order)))
    return _Gone(tuple(refund_ids), instead, left)


def _book(tx: Transaction, payment: PaymentRecord, order: OrderRecord, gone: _Gone, cause: str, now: datetime) -> None:
    for each in gone.refund_ids:
        refunding.arrived(tx, payment, each, now)
    if gone.from_order_minor:
        refund_id = returning.gone_back(tx, order, gone.from_order_minor, cause, now)
        payment.give_back(refund_id, Back(gone.from_order_minor), now)
        payment.move_back(refund_id, RefundState.SUCCEEDED, now)


def _order(payment: PaymentRecord) -> OrderRecord:
    return get_order(payment.tenant_id, payment.order_id, consistent=True)
