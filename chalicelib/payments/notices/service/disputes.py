"""Owners and managers are told of disputes, and of refunds that were made at the provider itself."""

from collections.abc import Mapping
from datetime import datetime

from chalicelib.notices.telling.service import tell_team
from chalicelib.payments.model import DisputeState
from chalicelib.payments.notices.model.disputes import DisputeLost, DisputeWon, PaymentDisputed, RefundedElsewhere
from chalicelib.payments.notices.service.surroundings import about, order_of
from chalicelib.payments.service.reading import get_payment

_OF_DISPUTES: Mapping[DisputeState, type[PaymentDisputed | DisputeLost | DisputeWon]] = {
    DisputeState.OPEN: PaymentDisputed,
    DisputeState.LOST: DisputeLost,
    DisputeState.WON: DisputeWon,
}


def tell_dispute(tenant_id: str, payment_id: str, reference: str, now: datetime) -> None:
    """Tells how a dispute stands, once for each of its states."""
    payment = get_payment(tenant_id, payment_id)
    dispute = payment.disputes[reference]
    notice = _OF_DISPUTES[dispute.state](*about(payment, order_of(payment), dispute.amount_minor))
    tell_team(tenant_id, notice, (payment.id, reference, notice.template), now, subject_id=payment.id)


def tell_refund(tenant_id: str, payment_id: str, of: str, now: datetime) -> None:
    """Tells how much of a payment was given back at the provider itself by now."""
    payment = get_payment(tenant_id, payment_id)
    amount_minor = sum(amount for amount, _ in (payment.elsewhere or {}).values())
    notice = RefundedElsewhere(*about(payment, order_of(payment), amount_minor))
    tell_team(tenant_id, notice, (payment.id, of, notice.template), now, subject_id=payment.id)
