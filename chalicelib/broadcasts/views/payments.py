"""Payments in the payload of events."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from chalicelib.broadcasts.service.shown import Shown
from chalicelib.broadcasts.views.story import ORDER, PAYMENT, PLACED, yuan
from chalicelib.payments.records import PaymentRecord
from chalicelib.payments.views import StaffPaymentView


def _show(tenant_id: str, payments: Sequence[PaymentRecord], now: datetime) -> Sequence[StaffPaymentView]:
    return [StaffPaymentView.of(payment) for payment in payments]


_EXAMPLE: Mapping[str, Any] = {
    "id": PAYMENT,
    "order_id": ORDER,
    "provider": "wechat",
    "status": "succeeded",
    "amount": yuan(5800),
    "held_until": "2026-01-08T11:39:05.318Z",
    "created_at": PLACED,
    "succeeded_at": "2026-01-08T11:24:31.002Z",
    "reference": "4200002541202601081234567890",
    "merchant_id": "1900000109",
    "fee": yuan(35),
    "applied": "captured",
    "differs": [],
    "not_asked": None,
    "accepted": None,
    "attention": None,
    "disputes": [],
    "refunded_at_provider": yuan(0),
    "dismissed": [],
    "refunds": [],
}

_AS: Mapping[str, Mapping[str, Any]] = {
    "payment.disputed": {
        "attention": "disputed",
        "disputes": [{"status": "open", "amount": yuan(5800), "fee": yuan(0)}],
    },
    "payment.dispute_ended": {"disputes": [{"status": "won", "amount": yuan(5800), "fee": yuan(0)}]},
    "payment.refunded_at_provider": {"attention": "refunded_at_provider", "refunded_at_provider": yuan(2900)},
    "payment.differs": {"attention": "differs", "differs": ["amount"], "applied": None},
}

SHOWN = Shown(PaymentRecord, StaffPaymentView, _show, _EXAMPLE, _AS)
