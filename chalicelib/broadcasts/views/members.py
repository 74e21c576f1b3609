"""Members in the payload of events: nobody's contacts."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from chalicelib.broadcasts.service.shown import Shown
from chalicelib.broadcasts.views.story import LATER, MEMBER
from chalicelib.members.records import MemberRecord, RemovedRecord
from chalicelib.members.service.classes import classing
from chalicelib.members.views import RemovedMemberView, StaffMemberView


def _show(tenant_id: str, members: Sequence[MemberRecord], now: datetime) -> Sequence[StaffMemberView]:
    classed = classing(tenant_id, now)
    return [StaffMemberView.of(member, classed) for member in members]


_EXAMPLE: Mapping[str, Any] = {
    "id": MEMBER,
    "external_ref": None,
    "email": None,
    "phone": None,
    "open_id": None,
    "consent_note": None,
    "status": "active",
    "locale": "zh-CN",
    "class": None,
    "tier": None,
    "points": None,
    "joined_on": "2026-01-08",
    "last_active_on": None,
    "first_ordered_on": None,
    "last_ordered_on": None,
    "left_at": None,
    "left_reason": None,
    "profile": {
        "name": None,
        "birthday": None,
        "age_band": None,
        "gender": None,
        "household": None,
        "occupation": None,
        "income_band": None,
        "interests": [],
        "favourite_point_id": None,
    },
    "consent": {},
    "accepted": [],
    "origin": "sign_in",
    "joined_by": "open",
    "referred_by": None,
    "channel_id": None,
    "segment_ids": [],
    "tags": [],
    "claimed": True,
}

SHOWN = Shown(MemberRecord, StaffMemberView, _show, _EXAMPLE)


def _show_removed(tenant_id: str, members: Sequence[RemovedRecord], now: datetime) -> Sequence[RemovedMemberView]:
    return [RemovedMemberView.model_validate(member) for member in members]


REMOVED = Shown(RemovedRecord, RemovedMemberView, _show_removed, {"id": MEMBER, "removed_at": LATER})
