"""Teams as they are stored, with their keys."""

import zlib
from datetime import datetime
from typing import Self

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.db import InstantAttribute, JsonAttribute, TenantRecord, key
from chalicelib.kernel.clock import sortable
from chalicelib.orders.teams.model import Seat, Team, TeamStatus

OVER = "team.expire"
"""What a team asks for at its end, and until the orders of one that failed are released."""


class TeamRecord(TenantRecord):
    """A team of a campaign. A write holds only for the revision that was read, so no two members get one place."""

    campaign_id = UnicodeAttribute(attr_name="campaign")
    size = NumberAttribute()
    started_at = InstantAttribute(attr_name="at")
    ends_at = InstantAttribute(attr_name="until")
    status = UnicodeAttribute()
    stored_seats = JsonAttribute(attr_name="seats")

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

    @property
    def id(self) -> str:
        return str(self.pk).rpartition("#")[2]

    @property
    def team(self) -> Team:
        """The team as the rules know it."""
        seats = tuple(Seat.from_json(seat) for seat in self.stored_seats)
        return Team(int(self.size), self.ends_at, seats, TeamStatus(self.status))

    @property
    def unsettled(self) -> bool:
        """Whether something is still to come: the team forms, or has failed and some of its orders may still live."""
        return self.due_at is not None

    def become(self, team: Team, now: datetime) -> None:
        """Takes the team's new state, and tells the world when it has filled or failed."""
        was = self.status
        self.status, self.stored_seats = team.status.value, [seat.as_json() for seat in team.seats]
        if team.status in (TeamStatus.FILLED, TeamStatus.FAILED) and was != self.status:
            self.emit(f"team.{self.status}", now, team_id=self.id, campaign_id=self.campaign_id)
        if team.status is TeamStatus.FORMING:
            self._wait(self.ends_at)
        elif team.status is TeamStatus.FAILED:
            self._wait(min(self.ends_at, now))
        else:
            self.settle()

    def settle(self) -> None:
        """Nothing is to come any more: it leaves the list of unsettled teams and is never due again."""
        self.gsi1pk = self.gsi1sk = None
        self.schedule(None)

    def _wait(self, until: datetime) -> None:
        shard = int(str(self.gsi2pk).rpartition("#")[2])
        self.gsi1pk = unsettled_teams(self.tenant_id, self.campaign_id, shard)
        self.gsi1sk = f"{sortable(self.ends_at)}#{self.id}"
        self.schedule(until, OVER, "orders")


def unsettled_teams(tenant_id: str, campaign_id: str, shard: int) -> str:
    """The gsi1 partition with a shard of a campaign's teams that form, or whose orders are being released; by end."""
    return key(tenant_id, "unsettled-teams", campaign_id, str(shard))


def all_teams(tenant_id: str, campaign_id: str, shard: int) -> str:
    """The gsi2 partition with a shard of a campaign's teams, by their start."""
    return key(tenant_id, "teams", campaign_id, str(shard))
