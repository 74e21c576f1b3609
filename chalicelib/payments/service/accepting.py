"""Accepting a payment as it came: in another amount than was asked, which a person has looked at."""

from datetime import datetime

from chalicelib.db import Transaction, change
from chalicelib.kernel.principal import Principal
from chalicelib.orders.payment.service import capture as order_side
from chalicelib.orders.service.reading import get_order
from chalicelib.payments.model import State, check_acceptable, differences
from chalicelib.payments.records import PaymentRecord
from chalicelib.payments.service import reconciling, waiting
from chalicelib.payments.service.reading import get_payment, known_first
from chalicelib.tenants.service.audit import audit


def accept(tenant_id: str, payment_id: str, reason: str, by: Principal, now: datetime) -> PaymentRecord:
    """Books what really came of a payment whose amount differs; one that was accepted before stays as it is.

    The provider is asked once more, so that its present word is what is accepted. The order has then been paid that
    much: the rest stays due, what is beyond its total goes back, and money that it does not want goes back whole.
    Raises NotFound, NothingDiffers, NotAcceptable, NothingCame, GivenBack; and KeysRefused, ProviderNotSetUp,
    ProviderRefused, ProviderUnavailable where the provider could not be asked.
    """
    payment = get_payment(tenant_id, payment_id)
    if payment.acceptance is not None:
        return payment
    report = reconciling.ask(payment, now)
    if payment.differs:
        payment = reconciling.take_word(payment, report, now)

    def decide(payment: PaymentRecord, tx: Transaction) -> PaymentRecord:
        if payment.acceptance is not None:
            return payment
        check_acceptable(report, () if payment.state is State.SUCCEEDED else differences(payment.terms, report))
        came = report.terms.amount_minor
        stated = {"asked_minor": int(payment.amount_minor), "amount_minor": came, "reason": reason}
        payment.accept(came, reason, by.label, now)
        payment.note_asked()
        order = get_order(tenant_id, payment.order_id, consistent=True)
        if order_side.accept(tx, order, payment_id, came, reason=reason, by=by.label, now=now):
            payment.applied = "captured"
        else:
            reconciling.return_whole(tx, payment, order, now)
        waiting.write(tx, payment)
        audit(tx, tenant_id, by, "payment.accepted", f"payment:{payment_id}", now, stated)
        return payment

    return change(known_first(payment), decide)
