"""Reading teams: one, those that a member may join, or all of a campaign."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from pynamodb.expressions.condition import Condition

from chalicelib.campaigns.model.campaign import ACCEPTING
from chalicelib.campaigns.model.campaign import Status as CampaignStatus
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service.planning import get_campaign
from chalicelib.db import Page, fetch_many
from chalicelib.kernel.clock import sortable
from chalicelib.kernel.errors import NotFound
from chalicelib.members.records import MemberRecord
from chalicelib.orders.teams.model import TeamStatus
from chalicelib.orders.teams.records import TeamRecord, all_teams, unsettled_teams

_FIRST, _LAST = "0", "~"
Cursor = dict[str, Any] | None


def get_team(tenant_id: str, team_id: str, *, consistent: bool = False) -> TeamRecord:
    """A team of the tenant. Raises NotFound."""
    found = TeamRecord.fetch(*TeamRecord.address(tenant_id, team_id), consistent=consistent)
    if found is None:
        raise NotFound(f"There is no team {team_id}.", detail_zh=f"拼团 {team_id} 不存在。")
    return found


def list_forming(tenant_id: str, campaign_id: str, now: datetime, limit: int, cursor: Cursor) -> Page[TeamRecord]:
    """The teams of a campaign that form at ``now``, the next to end first; also those whose last places are held.

    Once the campaign takes no orders there are none. Raises NotFound, for a draft as well.
    """
    campaign = get_campaign(tenant_id, campaign_id)
    if campaign.status == CampaignStatus.DRAFT:
        raise NotFound(f"There is no campaign {campaign_id}.", detail_zh=f"团购活动 {campaign_id} 不存在。")
    if campaign.shown_status(now) not in ACCEPTING:
        return Page([], None)
    # Also on a later page nothing is shown whose end has come meanwhile.
    mark = max(str(cursor["mark"]) if cursor else "", sortable(now) + _LAST)
    shards = [unsettled_teams(tenant_id, campaign_id, n) for n in range(int(campaign.shards))]
    forming = TeamRecord.status == TeamStatus.FORMING.value
    pages = [
        TeamRecord.page(shard, index="gsi1", between=(mark, _LAST), limit=limit + 2, where=forming) for shard in shards
    ]
    return _merged(pages, "gsi1sk", mark, limit)


def list_teams(
    tenant_id: str, campaign_id: str, limit: int, cursor: Cursor, status: TeamStatus | None = None
) -> Page[TeamRecord]:
    """All teams of a campaign, or those with a stored status, the newest first. Raises NotFound."""
    campaign = get_campaign(tenant_id, campaign_id)
    mark = str(cursor["mark"]) if cursor else _LAST
    shards = [all_teams(tenant_id, campaign_id, n) for n in range(int(campaign.shards))]
    where: Condition | None = None if status is None else TeamRecord.status == status.value
    pages = [
        TeamRecord.page(
            shard, index="gsi2", between=(_FIRST, mark), limit=limit + 2, newest_first=True, where=where
        )
        for shard in shards
    ]  # fmt: skip
    return _merged(pages, "gsi2sk", mark, limit, newest_first=True)


def unsettled(campaign: CampaignRecord, at_most: int) -> list[TeamRecord]:
    """Teams of a campaign that form or are being released, as the index shows them: at most so many of each shard."""
    shards = range(int(campaign.shards))
    partitions = [unsettled_teams(campaign.tenant_id, campaign.id, shard) for shard in shards]
    return [team for each in partitions for team in TeamRecord.page(each, index="gsi1", limit=at_most).items]


def leader_names(tenant_id: str, teams: Iterable[TeamRecord]) -> dict[str, str | None]:
    """The names of the teams' leaders by member id, in one request; None for a leader who told none."""
    ids = list(dict.fromkeys(leader for team in teams if (leader := team.team.leader_id)))
    found: Sequence[MemberRecord | None] = fetch_many(
        [(MemberRecord, *MemberRecord.address(tenant_id, i)) for i in ids]
    )
    return {member.id: member.name for member in found if member is not None}


def _merged(
    pages: Sequence[Page[TeamRecord]], sort_key: str, mark: str, limit: int, *, newest_first: bool = False
) -> Page[TeamRecord]:
    """One page out of a page of every shard.

    A shard that was not read to its end bounds what may be shown: beyond that it may have more. The team at the mark
    was on the page before.
    """
    edges = [page.last_key[sort_key]["S"] for page in pages if page.last_key]
    edge = (max if newest_first else min)(edges, default=None)
    found = sorted(
        (team for page in pages for team in page.items), key=lambda t: str(getattr(t, sort_key)), reverse=newest_first
    )

    def shown(place: str) -> bool:
        return place != mark and (edge is None or (place >= edge if newest_first else place <= edge))

    items = [team for team in found if shown(getattr(team, sort_key))]
    following = getattr(items[limit - 1], sort_key) if len(items) > limit else edge
    return Page(items[:limit], {"mark": following} if following else None)
