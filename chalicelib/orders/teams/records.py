"""Teams as they are stored, with their keys."""

import zlib
from datetime import datetime
from typing import Self

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.db import InstantAttribute, JsonAttribute, TenantRecord, key
from chalicelib.db.attributes import optional
from chalicelib.kernel.clock import sortable
from chalicelib.orders.deadlines.model import Wait
from chalicelib.orders.records import ASKS_PROVIDERS
from chalicelib.orders.teams.model import Seat, Team, TeamStatus

OVER = "team.expire"
"""What a team asks for at its end, and until the orders of one that failed are released."""


class TeamRecord(TenantRecord):
    """A team of a campaign. A write holds only for the revision that was read, so no two members get one place.

    ``stored_wait`` is :attr:`waits` as stored.
    """

    campaign_id = UnicodeAttribute(attr_name="campaign")
    size = NumberAttribute()
    started_at = InstantAttribute(attr_name="at")
    ends_at = InstantAttribute(attr_name="until")
    status = UnicodeAttribute()
    stored_seats = JsonAttribute(attr_name="seats")
    stored_wait = optional(JsonAttribute(attr_name="wait", null=True))

    @staticmethod
    def address(tenant_id: str, team_id: str) -> tuple[str, str]:
        """The key of a team."""
        return key(tenant_id, "team", team_id), "team"

    @classmethod
    def begun(cls, tenant_id: str, team_id: str, campaign_id: str, shards: int, team: Team, now: datetime) -> Self:
        """A new team's record. It stands in one of the ``shards`` of its campaign's lists, as its orders do."""
        record = cls(*cls.address(tenant_id, team_id), campaign_id=campaign_id, size=team.size, started_at=now)
        shard = zlib.crc32(team_id.encode()) % shards
        record.gsi2pk, record.gsi2sk = all_teams(tenant_id, campaign_id, shard), f"{sortable(now)}#{team_id}"
        record.ends_at = team.ends_at
        record.become(team, now)
        return record

    def arrange(self) -> None:
        """A team that has something to come is due then, and stands in the list of those by its end."""
        shard = int(str(self.gsi2pk).rpartition("#")[2])
        listed = unfinished_teams(self.tenant_id, self.campaign_id, shard), f"{sortable(self.ends_at)}#{self.id}"
        self.gsi1pk, self.gsi1sk = listed if self.is_unfinished else (None, None)
        self.schedule(self.due_at, OVER, ASKS_PROVIDERS)

    @property
    def id(self) -> str:
        return str(self.pk).rpartition("#")[2]

    @property
    def team(self) -> Team:
        """The team as the rules know it."""
        seats = tuple(Seat.from_json(seat) for seat in self.stored_seats)
        return Team(int(self.size), self.ends_at, seats, TeamStatus(self.status))

    @property
    def is_unfinished(self) -> bool:
        """Whether something is still to come: the team forms, or has failed and some of its orders may still stand."""
        return self.due_at is not None

    def become(self, team: Team, now: datetime) -> None:
        """Takes the team's new state, and emits the event of one that has filled, with the order that took the last
        place, or has failed.
        """
        was, paid = self.status, {Seat.from_json(seat).order_id for seat in self.stored_seats or () if seat[-1]}
        self.stored_wait = None
        self.status, self.stored_seats = team.status.value, [seat.as_json() for seat in team.seats]
        if team.status in (TeamStatus.FILLED, TeamStatus.FAILED) and was != self.status:
            last = next((seat.order_id for seat in team.seats if seat.paid and seat.order_id not in paid), None)
            told = {"completed_by": last} if last and team.status is TeamStatus.FILLED else {}
            self.emit(f"team.{self.status}", now, team_id=self.id, campaign_id=self.campaign_id, **told)
        if team.status is TeamStatus.FORMING:
            self.due_at = self.ends_at
        elif team.status is TeamStatus.FAILED:
            self.due_at = min(self.ends_at, now)
        else:
            self.due_at = None

    @property
    def waits(self) -> Wait | None:
        """That its hour is over, and waits for the provider's word on the last payments."""
        return None if self.stored_wait is None else Wait.from_json(self.stored_wait)

    def wait(self, wait: Wait) -> None:
        """Has its end looked at again later."""
        self.stored_wait, self.due_at = wait.as_json(), wait.until

    def end_at(self, now: datetime) -> None:
        """Its hour ends now, since its campaign has closed."""
        self.ends_at = self.due_at = now

    def finish(self) -> None:
        """Nothing is to come any more: each order of a team that failed is cancelled."""
        self.due_at = None


def unfinished_teams(tenant_id: str, campaign_id: str, shard: int) -> str:
    """The gsi1 partition with a shard of a campaign's teams that form, or whose orders are being released; by end."""
    return key(tenant_id, "unsettled-teams", campaign_id, str(shard))


def all_teams(tenant_id: str, campaign_id: str, shard: int) -> str:
    """The gsi2 partition with a shard of a campaign's teams, by their start."""
    return key(tenant_id, "teams", campaign_id, str(shard))
