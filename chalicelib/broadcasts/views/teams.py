"""Teams in the payload of events."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from chalicelib.broadcasts.service.shown import Shown
from chalicelib.broadcasts.views.story import CAMPAIGN, CLOSED, MEMBER, ORDER, PLACED, SECOND_MEMBER, SECOND_ORDER, TEAM
from chalicelib.orders.teams.records import TeamRecord
from chalicelib.orders.teams.views import StaffTeamView


def _show(tenant_id: str, teams: Sequence[TeamRecord], now: datetime) -> Sequence[StaffTeamView]:
    return [StaffTeamView.of(team, {}, now) for team in teams]


_EXAMPLE: Mapping[str, Any] = {
    "id": TEAM,
    "campaign_id": CAMPAIGN,
    "status": "filled",
    "size": 2,
    "joined": 2,
    "waiting": 0,
    "places_left": 0,
    "leader_name": "**",
    "started_at": PLACED,
    "expires_at": CLOSED,
    "awaiting_provider_since": None,
    "leader_id": MEMBER,
    "members": [
        {"member_id": MEMBER, "order_id": ORDER, "joined_at": PLACED, "paid": True},
        {"member_id": SECOND_MEMBER, "order_id": SECOND_ORDER, "joined_at": "2026-01-08T12:02:47.090Z", "paid": True},
    ],
}

_AS: Mapping[str, Mapping[str, Any]] = {"team.failed": {"status": "failed", "size": 3}}

SHOWN = Shown(TeamRecord, StaffTeamView, _show, _EXAMPLE, _AS)
