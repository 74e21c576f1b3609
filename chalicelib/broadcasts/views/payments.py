"""Payments in the payload of events: without the words that people wrote, which may say how to reach somebody."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from chalicelib.broadcasts.service.shown import Shown
from chalicelib.broadcasts.views.story import ORDER, PAYMENT, PLACED, yuan
from chalicelib.payments.records import PaymentRecord
from chalicelib.payments.views import AcceptanceView, DismissalView, StaffPaymentView
from chalicelib.web import Contact


class PublishedAcceptanceView(AcceptanceView):
    """That staff took a payment as it came; the ``reason`` is null in an event."""

    reason: Contact[str]  # type: ignore[assignment]


class PublishedDismissalView(DismissalView):
    """That staff have seen to a reason to look at a payment; the ``note`` is null in an event."""

    note: Contact[str]  # type: ignore[assignment]


class PublishedPaymentView(StaffPaymentView):
    """A payment in an event. What staff wrote of it is null: who may read that reads the payment."""

    accepted: PublishedAcceptanceView | None
    dismissed: list[PublishedDismissalView]  # type: ignore[assignment]

    @classmethod
    def published(cls, payment: PaymentRecord) -> "PublishedPaymentView":
        shown = dict(StaffPaymentView.of(payment))
        shown["accepted"] = shown["accepted"] and dict(shown["accepted"])
        shown["dismissed"] = [dict(each) for each in shown["dismissed"]]
        return cls(**shown)


def _show(tenant_id: str, payments: Sequence[PaymentRecord], now: datetime) -> Sequence[PublishedPaymentView]:
    return [PublishedPaymentView.published(payment) for payment in payments]


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

SHOWN = Shown(PaymentRecord, PublishedPaymentView, _show, _EXAMPLE, _AS)
