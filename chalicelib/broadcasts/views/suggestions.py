"""Suggestions in the payload of events: without the words that people wrote, which may say how to reach them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from chalicelib.broadcasts.service.shown import Shown
from chalicelib.broadcasts.views.story import LATER, MEMBER, OWNER, SUGGESTION
from chalicelib.suggestions.records import SuggestionRecord
from chalicelib.suggestions.views import SuggestionHistoryView, SuggestionView
from chalicelib.web import Contact


class PublishedSuggestionHistoryView(SuggestionHistoryView):
    """One thing that happened; its ``text`` is null in an event."""

    text: Contact[str] = None


class PublishedSuggestionView(SuggestionView):
    """A suggestion in an event. ``text``, ``source``, ``plan``, ``reason`` and the texts of its history are null: who
    may read them reads the suggestion.
    """

    text: Contact[str]  # type: ignore[assignment]
    source: Contact[str]
    plan: Contact[str]
    reason: Contact[str]
    history: list[PublishedSuggestionHistoryView]  # type: ignore[assignment]


def _show(tenant_id: str, found: Sequence[SuggestionRecord], now: datetime) -> Sequence[PublishedSuggestionView]:
    return [PublishedSuggestionView.of(each) for each in found]


def _entry(what: str, at: str, by: str) -> dict[str, Any]:
    return {"type": what, "at": at, "by": by, "field": None, "before": None, "after": None, "text": None}


_OPENED, _DECIDED_AT = _entry("opened", LATER, f"member:{MEMBER}"), "2026-01-15T02:40:00Z"

_EXAMPLE: Mapping[str, Any] = {
    "id": SUGGESTION,
    "status": "open",
    "member_id": MEMBER,
    "text": None,
    "source": None,
    "value": None,
    "effort": None,
    "priority": "p3",
    "owner": OWNER,
    "same_as": None,
    "others": [],
    "plan": None,
    "done_by": None,
    "reason": None,
    "reward": None,
    "opened_at": LATER,
    "first_response_due_at": "2026-01-19T03:12:09.660Z",
    "first_response_at": None,
    "resolution_due_at": "2026-01-28T03:12:09.660Z",
    "decided_at": None,
    "done_at": None,
    "history": [_OPENED],
}

_DECIDED: Mapping[str, Any] = {
    "status": "adopted",
    "done_by": "2026-06-30",
    "reward": {"points": 100, "coupon_batch_id": None},
    "first_response_at": _DECIDED_AT,
    "decided_at": _DECIDED_AT,
    "history": [_OPENED, _entry("adopted", _DECIDED_AT, f"staff:{OWNER}")],
}

_AS: Mapping[str, Mapping[str, Any]] = {
    "suggestion.escalated": {"history": [_OPENED, _entry("escalated", "2026-01-19T03:13:00Z", "system")]},
    "suggestion.decided": _DECIDED,
    "suggestion.joined": {**_DECIDED, "same_as": "01KFGQ8T40N6P9R2T5V8X1Z4C1",
                          "history": [_OPENED, _entry("grouped", _DECIDED_AT, f"staff:{OWNER}")]},
}  # fmt: skip

SHOWN = Shown(SuggestionRecord, PublishedSuggestionView, _show, _EXAMPLE, _AS)
