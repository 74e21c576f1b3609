"""Dismissing: staff have seen to a payment, or to what waits for it, and it leaves the list of those to look at."""

from datetime import datetime

from chalicelib.db import Transaction, change
from chalicelib.kernel.principal import Principal
from chalicelib.payments.errors import NothingToDismiss
from chalicelib.payments.model import Dismissal
from chalicelib.payments.records import PaymentRecord
from chalicelib.payments.service import waiting
from chalicelib.payments.service.reading import get_payment
from chalicelib.tenants.service.audit import audit


def dismiss(tenant_id: str, payment_id: str, note: str, by: Principal, now: datetime) -> PaymentRecord:
    """Notes that staff have seen to the reason for which a payment is shown. It moves no money; a deadline that waited
    for the provider's word on it goes on without. What happens anew is shown anew. Raises NotFound, NothingToDismiss.
    """

    def decide(payment: PaymentRecord, tx: Transaction) -> PaymentRecord:
        reason = payment.attention
        if reason is None:
            raise NothingToDismiss(
                "Nobody has to look at this payment; there is nothing to dismiss.",
                detail_zh="该支付没有待处理事项，无需忽略。",
            )
        payment.dismiss(reason, Dismissal(now, by.label, note), now)
        waiting.write(tx, payment)
        stated = {"reason": reason, "note": note}
        audit(tx, tenant_id, by, "payment.dismissed", f"payment:{payment_id}", now, stated)
        return payment

    return change(lambda: get_payment(tenant_id, payment_id), decide)
