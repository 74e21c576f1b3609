"""Refunds in the payload of events: without the words that people wrote, which may say how to reach somebody."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from chalicelib.broadcasts.service.shown import Shown
from chalicelib.broadcasts.views.story import LATER, OFFER, ORDER, OWNER, REFUND, yuan
from chalicelib.orders.refunds.records import RefundRecord
from chalicelib.orders.refunds.views import StaffRefundView
from chalicelib.web import Contact


class PublishedRefundView(StaffRefundView):
    """A refund in an event. Its ``reason`` is null: who may read it reads the refund."""

    reason: Contact[str]


def _show(tenant_id: str, refunds: Sequence[RefundRecord], now: datetime) -> Sequence[PublishedRefundView]:
    return [PublishedRefundView.of(refund) for refund in refunds]


_EXAMPLE: Mapping[str, Any] = {
    "id": REFUND,
    "order_id": ORDER,
    "status": "requested",
    "amount": yuan(2900),
    "method": "wechat",
    "origin": "shop",
    "cause": "adjustment:2NEGVJKZYVB897ZKB7GS77GS9B",
    "reason": None,
    "lines": [{"offer_id": OFFER, "amount": yuan(2900)}],
    "tax": [{"rate": "9", "base": yuan(2660), "amount": yuan(240)}],
    "requested_at": LATER,
    "settled_at": None,
    "by": f"staff:{OWNER}",
}

_AS: Mapping[str, Mapping[str, Any]] = {
    "refund.succeeded": {"status": "succeeded", "settled_at": LATER},
    "refund.failed": {"status": "failed", "settled_at": LATER},
}

SHOWN = Shown(RefundRecord, PublishedRefundView, _show, _EXAMPLE, _AS)
