"""Enquiries in the payload of events: without the words that people wrote, which may say how to reach them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from chalicelib.broadcasts.service.shown import Shown
from chalicelib.broadcasts.views.story import ENQUIRY, LATER, MEMBER, ORDER, OWNER
from chalicelib.enquiries.records import EnquiryRecord
from chalicelib.enquiries.views import EnquiryView, EntryView
from chalicelib.web import Contact


class PublishedEnquiryEntryView(EntryView):
    """One thing that happened; its ``text`` is null in an event."""

    text: Contact[str] = None


class PublishedEnquiryView(EnquiryView):
    """An enquiry in an event. ``text`` and the texts of its messages are null: who may read them reads the enquiry."""

    text: Contact[str]  # type: ignore[assignment]
    messages: list[PublishedEnquiryEntryView]  # type: ignore[assignment]


def _show(tenant_id: str, enquiries: Sequence[EnquiryRecord], now: datetime) -> Sequence[PublishedEnquiryView]:
    return [PublishedEnquiryView.of(enquiry) for enquiry in enquiries]


def _entry(what: str, at: str, by: str, **more: Any) -> dict[str, Any]:
    empty = dict.fromkeys(("text", "field", "before", "after", "answered_by", "source", "confidence"))
    return {"type": what, "at": at, "by": by, **empty, **more}


_ASKED, _NEXT = _entry("asked", LATER, f"member:{MEMBER}"), "2026-01-14T03:20:00Z"
_HANDED_OVER = _entry("handed_over", LATER, "system", field="unknown")
_TOLD = _entry("told", _NEXT, f"staff:{OWNER}")
_SOURCE = {"id": None, "question": None, "order_ids": [ORDER]}
_ANSWER = {"answered_by": "order", "source": _SOURCE, "confidence": 0.94}

_EXAMPLE: Mapping[str, Any] = {
    "id": ENQUIRY,
    "status": "open",
    "topic": "pickup",
    "text": None,
    "order_id": ORDER,
    "product_id": None,
    "opened_at": LATER,
    "first_response_due_at": "2026-01-14T05:12:09.660Z",
    "first_response_at": None,
    "waiting_for": None,
    "answered_by": None,
    "source": None,
    "confidence": None,
    "helped": None,
    "closed_at": None,
    "closed_by": None,
    "messages": [_ASKED],
    "member_id": MEMBER,
    "owner": OWNER,
    "priority": "p3",
    "locale": "en",
    "asked_at": LATER,
    "resolution_due_at": "2026-01-15T03:12:09.660Z",
    "response_escalated_at": None,
    "escalated_at": None,
    "close_at": None,
}

_WAITING: Mapping[str, Any] = {
    "status": "in_progress", "waiting_for": "member", "first_response_at": _NEXT,
    "close_at": "2026-01-21T03:20:00Z", "messages": [_ASKED, _HANDED_OVER, _TOLD],
}  # fmt: skip

_AS: Mapping[str, Mapping[str, Any]] = {
    "enquiry.answered": {
        "status": "answered", **_ANSWER, "messages": [_ASKED, _entry("answered", LATER, "system", **_ANSWER)],
    },
    "enquiry.handed_over": {"messages": [_ASKED, _HANDED_OVER]},
    "enquiry.told": _WAITING,
    "enquiry.replied": {
        "status": "in_progress", "first_response_at": _NEXT,
        "messages": [_ASKED, _HANDED_OVER, _TOLD, _entry("replied", "2026-01-14T04:02:00Z", f"member:{MEMBER}")],
    },
    "enquiry.escalated": {
        "response_escalated_at": "2026-01-14T05:13:00Z",
        "messages": [_ASKED, _HANDED_OVER, _entry("escalated", "2026-01-14T05:13:00Z", "system",
                                                  field="first_response")],
    },
    "enquiry.closed": {
        "status": "closed", "first_response_at": _NEXT, "closed_at": "2026-01-14T04:02:00Z", "closed_by": "member",
        "messages": [_ASKED, _HANDED_OVER, _TOLD, _entry("closed", "2026-01-14T04:02:00Z", f"member:{MEMBER}")],
    },
}  # fmt: skip

SHOWN = Shown(EnquiryRecord, PublishedEnquiryView, _show, _EXAMPLE, _AS)
