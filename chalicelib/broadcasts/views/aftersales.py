"""After-sale cases in the payload of events: without links to photos, which anybody could follow, and without the words
that people wrote, which may say how to reach them.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from chalicelib.aftersales.records import AfterSaleRecord
from chalicelib.aftersales.views import DecisionView, EntryView, InsteadView, OwnAfterSaleView
from chalicelib.broadcasts.service.shown import Shown
from chalicelib.broadcasts.views.story import (
    CAMPAIGN,
    CASE,
    GATE,
    LATER,
    MEMBER,
    OFFER,
    ORDER,
    OWNER,
    REFUND,
    SKU,
    yuan,
)
from chalicelib.web import Contact, Instant, UlidStr


class PublishedEntryView(EntryView):
    """One thing that happened; its ``text`` is null in an event."""

    text: Contact[str] = None


class PublishedDecisionView(DecisionView):
    """What was decided; its ``reason`` is null in an event."""

    reason: Contact[str]


class PublishedInsteadView(InsteadView):
    """Units of an exchange that were paid back instead of replaced; the ``reason`` is null in an event."""

    reason: Contact[str]  # type: ignore[assignment]


class PublishedAfterSaleView(OwnAfterSaleView):
    """A case in an event. Every ``reason`` and the texts of its history are null: who may read them reads the case."""

    reason: Contact[str]  # type: ignore[assignment]
    decision: PublishedDecisionView | None
    refunded_instead: list[PublishedInsteadView]  # type: ignore[assignment]
    history: list[PublishedEntryView]  # type: ignore[assignment]
    member_id: UlidStr
    campaign_id: UlidStr
    pickup_point_id: UlidStr
    escalated_at: Instant | None

    @classmethod
    def published(cls, case: AfterSaleRecord) -> "PublishedAfterSaleView":
        names = ("member_id", "campaign_id", "pickup_point_id", "escalated_at")
        shown = dict(OwnAfterSaleView.of(case)) | {"history": case.history}
        shown["decision"] = shown["decision"] and dict(shown["decision"])
        shown["refunded_instead"] = [dict(each) for each in shown["refunded_instead"]]
        return cls(**shown, **{name: getattr(case, name) for name in names})


def _show(tenant_id: str, cases: Sequence[AfterSaleRecord], now: datetime) -> Sequence[PublishedAfterSaleView]:
    return [PublishedAfterSaleView.published(case) for case in cases]


_EXAMPLE: Mapping[str, Any] = {
    "id": CASE,
    "kind": "return",
    "status": "requested",
    "order_id": ORDER,
    "lines": [{"offer_id": OFFER, "sku_id": SKU, "title": "Tangerines · 5 kg", "quantity": 1, "part": False}],
    "reason": None,
    "photos": [],
    "owner": OWNER,
    "priority": "p3",
    "due_at": "2026-01-16T03:12:09.660Z",
    "first_response_due_at": "2026-01-16T03:12:09.660Z",
    "resolution_due_at": "2026-01-20T03:12:09.660Z",
    "waiting_for": None,
    "opened_at": LATER,
    "decision": None,
    "goods": None,
    "pays": None,
    "arrived": [],
    "still_expected": [],
    "refunded": yuan(0),
    "refunded_instead": [],
    "received": None,
    "parts": [],
    "exchange_order_id": None,
    "complaint_id": None,
    "history": [
        {"type": "requested", "at": LATER, "by": f"member:{MEMBER}", "before": None, "after": OWNER, "text": None}
    ],
    "member_id": MEMBER,
    "campaign_id": CAMPAIGN,
    "pickup_point_id": GATE,
    "escalated_at": None,
}

_AS: Mapping[str, Mapping[str, Any]] = {
    "aftersale.decided": {
        "status": "approved",
        "decision": {
            "outcome": "approve",
            "reason": None,
            "at": "2026-01-14T06:00:00Z",
            "by": f"staff:{OWNER}",
            "refund": yuan(2900),
            "refund_id": REFUND,
            "gifts_kept": None,
            "points": 0,
        },
        "goods": "not_needed",
        "pays": "on_approval",
        "refunded": yuan(2900),
    },
    "aftersale.received": {
        "status": "received",
        "arrived": [{"offer_id": OFFER, "sku_id": None, "quantity": 1}],
        "received": [{"offer_id": OFFER, "sku_id": None, "quantity": 1, "disposition": "write_off"}],
    },
    "aftersale.escalated": {"escalated_at": "2026-01-16T03:13:00Z"},
    "aftersale.ended": {"status": "completed", "due_at": None},
}

SHOWN = Shown(AfterSaleRecord, PublishedAfterSaleView, _show, _EXAMPLE, _AS)
