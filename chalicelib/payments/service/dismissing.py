"""Dismissing: staff have seen to a payment, or to what waits for it, and it leaves the list of those to look at."""

from datetime import datetime

from chalicelib.db import Transaction, change
from chalicelib.kernel.principal import Principal
from chalicelib.payments.errors import NothingToDismiss
from chalicelib.payments.model import Attention, Dismissal
from chalicelib.payments.records import PaymentRecord
from chalicelib.payments.service import waiting
from chalicelib.payments.service.reading import get_payment
from chalicelib.tenants.service.audit import audit


def dismiss(
    tenant_id: str, payment_id: str, reason: Attention, note: str, by: Principal, now: datetime
) -> PaymentRecord:
    """Notes that staff have seen to the ``reason`` for which a payment is shown, and to no other. It moves no money; a
    deadline that waited for the provider's word on it goes on without. What happens anew is shown anew. Said again, it
    stays as it is. Raises NotFound, NothingToDismiss.
    """

    def decide(payment: PaymentRecord, tx: Transaction) -> PaymentRecord:
        if reason in payment.dismissals:
            return payment
        if payment.attention != reason:
            raise _not_shown(payment.attention)
        payment.dismiss(reason, Dismissal(now, by.label, note), now)
        waiting.write(tx, payment)
        stated = {"reason": reason, "note": note}
        audit(tx, tenant_id, by, "payment.dismissed", f"payment:{payment_id}", now, stated)
        return payment

    return change(lambda: get_payment(tenant_id, payment_id), decide)


def _not_shown(shown: Attention | None) -> NothingToDismiss:
    if shown is None:
        return NothingToDismiss(
            "Nobody has to look at this payment; there is nothing to dismiss.",
            detail_zh="该支付没有待处理事项，无需忽略。",
        )
    return NothingToDismiss(
        f"The payment is shown for another reason, {shown}; look at that, and dismiss it by its own name.",
        detail_zh=f"该支付待处理的是另一事项（{shown}），请查看后按该事项忽略。",
        extra={"attention": shown},
    )
