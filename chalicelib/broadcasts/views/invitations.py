"""Survey invitations in the payload of events: the score, and not the words that people wrote."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from chalicelib.broadcasts.service.shown import Shown
from chalicelib.broadcasts.views.story import COLLECTED, INVITATION, LATER, MEMBER, ORDER
from chalicelib.surveys.records import InvitationRecord
from chalicelib.surveys.views.surveys import ReceivedView
from chalicelib.web import Contact


class PublishedInvitationView(ReceivedView):
    """An invitation in an event. ``answers`` and ``comment`` are null: who may read them reads the invitation."""

    answers: Contact[dict[str, int | str | list[str]]]
    comment: Contact[str]


def _show(tenant_id: str, invitations: Sequence[InvitationRecord], now: datetime) -> Sequence[PublishedInvitationView]:
    return [PublishedInvitationView.of(invitation) for invitation in invitations]


_EXAMPLE: Mapping[str, Any] = {
    "id": INVITATION,
    "order_id": ORDER,
    "member_id": MEMBER,
    "trigger": "pickup",
    "status": "answered",
    "version": 1,
    "created_at": COLLECTED,
    "ends_at": "2026-02-11T10:05:42.118Z",
    "answered_at": LATER,
    "score": 5,
    "answers": None,
    "comment": None,
    "complaint_id": None,
    "reminded_at": None,
}

SHOWN = Shown(InvitationRecord, PublishedInvitationView, _show, _EXAMPLE)
