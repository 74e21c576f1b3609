"""What an order does to its team, inside the order's own transaction: start or join it, fill its place, leave it.

Each adds an operation named ``team`` which holds only for the revision that was read. When it is refused, the caller
does as it does when its order is refused: it decides afresh from what is stored then.
"""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.campaigns.model.kinds import Kind
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import Refused, Transaction
from chalicelib.kernel.errors import DomainError
from chalicelib.kernel.ids import derived_id
from chalicelib.orders.model import Status as OrderStatus
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.teams.errors import NotATeamCampaign, UnknownTeam
from chalicelib.orders.teams.model import Seat, Team, started
from chalicelib.orders.teams.records import TeamRecord

_TEAM = "team"


@dataclass(slots=True)
class Entry:
    """The team that an order joins: the one that was ``found``, or without it a new one that it starts."""

    campaign: CampaignRecord
    found: TeamRecord | None

    def add(self, tx: Transaction, order: OrderRecord, now: datetime) -> None:
        """Adds the taking of a place, and sets the order's ``team_id`` before the order itself is added. An order that
        waits for its payment waits no longer than its team. Raises TeamClosed, TeamExpired, TeamFull, AlreadyInTeam.
        """
        seat = Seat(order.member_id, order.id, now, order.status == OrderStatus.PLACED)
        if self.found is None:
            record = self._begin(order, seat, now)
            tx.create(_TEAM, record)
        else:
            # A copy: when the write is refused for another reason, the next round starts from what was found.
            record = TeamRecord.from_raw_data(self.found.serialize())
            record.become(record.team.joined(seat, now), now)
            tx.replace(_TEAM, record)
        order.team_id = record.id
        if order.hold_expires_at is not None:
            order.hold_expires_at = min(order.hold_expires_at, record.ends_at)

    def look_again(self, refused: Refused) -> None:
        """Takes the team as the refused write found it."""
        if self.found is not None and _TEAM in refused.names:
            self.found = refused.item(_TEAM, TeamRecord)

    def _begin(self, order: OrderRecord, seat: Seat, now: datetime) -> TeamRecord:
        terms = self.campaign.team
        if terms is None:
            raise ValueError(f"campaign {self.campaign.id} has no terms for teams")
        _, closes_at = self.campaign.window
        team = started(terms.size, terms.hours, closes_at, seat, now)
        team_id = derived_id(order.tenant_id, _TEAM, order.id)
        shards = int(self.campaign.shards)
        return TeamRecord.begun(order.tenant_id, team_id, self.campaign.id, shards, team, now)


def entry(campaign: CampaignRecord, team_id: str | None, found: TeamRecord | None) -> Entry | None:
    """The team that an order for a campaign joins or starts; None where the campaign has none.

    ``team_id`` is what the member asked for and ``found`` what was read of it. Raises NotATeamCampaign, UnknownTeam.
    """
    if campaign.kind != Kind.TEAM_BUY:
        if team_id is not None:
            raise NotATeamCampaign.at(
                "/team_id",
                "Everyone orders alone in this campaign; leave the team out.",
                "该活动无需拼团，请去掉团号。",
            )
        return None
    if team_id is not None and (found is None or found.campaign_id != campaign.id):
        raise UnknownTeam.at(
            "/team_id",
            "The campaign has no such team; leave it out to start one.",
            "活动中没有该拼团；不填则另开新团。",
        )
    return Entry(campaign, found)


@dataclass(frozen=True, slots=True)
class Filling:
    """The payment of an order's place, decided and not yet written; None where the order has no team."""

    record: TeamRecord | None

    def add(self, tx: Transaction) -> None:
        """Adds it to the transaction that places the order."""
        if self.record is not None:
            tx.replace(_TEAM, self.record)


def filling(order: OrderRecord, now: datetime) -> Filling | None:
    """How an order's payment fills its place. None where its team forms no longer: then the money is not wanted.

    An order whose hold had ended has lost its place, and takes one again if there is one.
    """
    if order.team_id is None:
        return Filling(None)
    record = _read(order)
    if record is None:
        return None
    after = record.team.with_payment(order.id, now) or _joined_again(record.team, order, now)
    if after is None:
        return None
    record.become(after, now)
    return Filling(record)


def leave(tx: Transaction, order: OrderRecord, now: datetime, *, by_member: bool = False) -> None:
    """Adds that an order gives up its place, if it has one to give up.

    Places in a team that filled stay as they are; ``by_member``, leaving such a team is refused. Raises TeamFilled.
    """
    record = _read(order)
    if record is None:
        return
    if by_member:
        record.team.check_may_leave()
    after = record.team.left(order.id)
    if after != record.team:
        record.become(after, now)
        tx.replace(_TEAM, record)


def _read(order: OrderRecord) -> TeamRecord | None:
    if order.team_id is None:
        return None
    return TeamRecord.fetch(*TeamRecord.address(order.tenant_id, order.team_id), consistent=True)


def _joined_again(team: Team, order: OrderRecord, now: datetime) -> Team | None:
    if team.has(order.id):
        return None
    try:
        return team.joined(Seat(order.member_id, order.id, now, paid=True), now)
    except DomainError:
        return None
