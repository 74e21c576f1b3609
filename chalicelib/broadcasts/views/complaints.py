"""Complaints in the payload of events: without the words that people wrote, which may say how to reach them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Self

from chalicelib.broadcasts.service.shown import Shown
from chalicelib.broadcasts.views.story import COMPLAINT, LATER, MEMBER, ORDER, OWNER
from chalicelib.complaints.records import ComplaintRecord
from chalicelib.complaints.views import ComplaintView, HistoryView, RemedyView, VerdictView
from chalicelib.web import Contact


class PublishedHistoryView(HistoryView):
    """One thing that happened; its ``text`` is null in an event."""

    text: Contact[str] = None


class PublishedRemedyView(RemedyView):
    """What makes it good; its ``text`` is null in an event."""

    text: Contact[str] = None


class PublishedVerdictView(VerdictView):
    """What the member says of it; its ``comment`` is null in an event."""

    comment: Contact[str] = None


class PublishedComplaintView(ComplaintView):
    """A complaint in an event. ``text``, ``outcome`` and the texts of its remedies, its verdict and its history are
    null, and its photos left out: who may read them reads the complaint.
    """

    text: Contact[str]  # type: ignore[assignment]
    outcome: Contact[str]
    remedy: PublishedRemedyView | None
    earlier_remedies: list[PublishedRemedyView]  # type: ignore[assignment]
    verdict: PublishedVerdictView | None
    history: list[PublishedHistoryView]  # type: ignore[assignment]

    @classmethod
    def of(cls, complaint: ComplaintRecord) -> Self:
        view = super().of(complaint)
        view.photo_links = []
        for entry in view.history:
            entry.photo_links = None
        return view


def _show(tenant_id: str, complaints: Sequence[ComplaintRecord], now: datetime) -> Sequence[PublishedComplaintView]:
    return [PublishedComplaintView.of(complaint) for complaint in complaints]


_EXAMPLE: Mapping[str, Any] = {
    "id": COMPLAINT,
    "status": "open",
    "category": "quality",
    "cause": "damaged",
    "urgency": "normal",
    "importance": "low",
    "priority": "p3",
    "owner": OWNER,
    "text": None,
    "order_id": ORDER,
    "opened_at": LATER,
    "first_response_due_at": "2026-01-14T11:12:09.660Z",
    "resolution_due_at": "2026-01-17T03:12:09.660Z",
    "due_at": {"first_response": "2026-01-14T11:12:09.660Z", "resolution": "2026-01-17T03:12:09.660Z"},
    "waiting_for": None,
    "resolved_at": None,
    "outcome": None,
    "resolution": None,
    "remedy": None,
    "earlier_remedies": [],
    "verdict": None,
    "photo_links": [],
    "attributed_to": None,
    "supplier_id": None,
    "source": None,
    "history": [
        {
            "type": "opened",
            "at": LATER,
            "by": f"member:{MEMBER}",
            "field": None,
            "before": None,
            "after": None,
            "text": None,
            "photo_links": None,
        }
    ],
    "member_id": MEMBER,
    "invitation_id": None,
    "response_id": None,
    "score": None,
    "recommends": None,
    "first_response_at": None,
    "response_escalated_at": None,
    "escalated_at": None,
    "follow_up_at": None,
}

_AS: Mapping[str, Mapping[str, Any]] = {
    "complaint.escalated": {"response_escalated_at": "2026-01-14T11:13:00Z", "escalated_at": "2026-01-14T11:13:00Z"},
    "complaint.resolved": {
        "status": "resolved",
        "resolved_at": "2026-01-15T02:40:00Z",
        "resolution": 1,
        "due_at": {"first_response": None, "resolution": None},
    },
    "complaint.reopened": {
        "status": "in_progress",
        "resolution": 1,
        "first_response_at": "2026-01-15T02:40:00Z",
        "due_at": {"first_response": None, "resolution": "2026-01-18T03:12:09.660Z"},
        "resolution_due_at": "2026-01-18T03:12:09.660Z",
    },
}

SHOWN = Shown(ComplaintRecord, PublishedComplaintView, _show, _EXAMPLE, _AS)
