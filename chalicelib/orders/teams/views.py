"""What the API shows of teams: to everyone how far one has come, to staff who is in it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self

from chalicelib.members.model.masking import masked_name
from chalicelib.orders.teams.model import TeamStatus
from chalicelib.orders.teams.records import TeamRecord
from chalicelib.web import Instant, View


class LiveTeamView(View):
    """A team of ``size`` people: ``joined`` have a paid place, ``waiting`` hold one until they pay, and so many
    ``places_left`` are free. It fills when all have joined by ``expires_at``; otherwise everyone gets their money back.
    ``awaiting_provider_since`` that end it waits for the payment provider's word on its last places.
    """

    id: str
    campaign_id: str
    status: TeamStatus
    size: int
    joined: int
    waiting: int
    places_left: int
    leader_name: str
    started_at: Instant
    expires_at: Instant
    awaiting_provider_since: Instant | None

    @classmethod
    def of(cls, record: TeamRecord, names: Mapping[str, str | None], now: datetime) -> Self:
        """With the leader's name masked; ``names`` is by member id."""
        return cls(**_shown(record, names, now))


class SeatView(View):
    """A member's place, through an order."""

    member_id: str
    order_id: str
    joined_at: Instant
    paid: bool


class StaffTeamView(LiveTeamView):
    """A team as the brand's people see it; ``members`` in the order of joining, the leader first."""

    leader_id: str | None
    members: list[SeatView]

    @classmethod
    def of(cls, record: TeamRecord, names: Mapping[str, str | None], now: datetime) -> Self:
        team = record.team
        seats = [SeatView.model_validate(seat) for seat in team.seats]
        return cls(**_shown(record, names, now), leader_id=team.leader_id, members=seats)


def _shown(record: TeamRecord, names: Mapping[str, str | None], now: datetime) -> dict[str, Any]:
    team = record.team
    status = team.shown_status(now)
    return {
        "id": record.id,
        "campaign_id": record.campaign_id,
        "status": status,
        "size": team.size,
        "joined": team.paid,
        "waiting": len(team.seats) - team.paid,
        "places_left": team.places_left if status is TeamStatus.FORMING else 0,
        "leader_name": masked_name(names.get(team.leader_id or "")),
        "started_at": record.started_at,
        "expires_at": record.ends_at,
        "awaiting_provider_since": record.waits.since if record.waits else None,
    }
