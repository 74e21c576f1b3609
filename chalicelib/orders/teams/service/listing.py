"""Reading teams: one, those that a member may join, or all of a campaign."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from pynamodb.expressions.condition import Condition

from chalicelib.campaigns.model.campaign import ACCEPTING
from chalicelib.campaigns.model.campaign import Status as CampaignStatus
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service.reading import get_campaign
from chalicelib.db import Page, fetch_many
from chalicelib.kernel.clock import sortable
from chalicelib.kernel.errors import NotFound
from chalicelib.members.records import MemberRecord
from chalicelib.orders.teams.model import TeamStatus
from chalicelib.orders.teams.records import TeamRecord, all_teams, unfinished_teams

_FIRST, _LAST = "0", "~"
Cursor = dict[str, Any] | None


def get_team(tenant_id: str, team_id: str, *, consistent: bool = False) -> TeamRecord:
    """A team of the tenant. Raises NotFound."""
    found = TeamRecord.fetch(*TeamRecord.address(tenant_id, team_id), consistent=consistent)
    if found is None:
        raise NotFound("There is no such team.", detail_zh="该拼团不存在。")
    return found


def list_forming(tenant_id: str, campaign_id: str, now: datetime, limit: int, cursor: Cursor) -> Page[TeamRecord]:
    """The teams of a campaign that form at ``now``, the next to end first; also those whose last places are held.

    Once the campaign takes no orders there are none. Raises NotFound, for a draft as well.
    """
    campaign = get_campaign(tenant_id, campaign_id)
    if campaign.status == CampaignStatus.DRAFT:
        raise NotFound("There is no such campaign.", detail_zh="该团购活动不存在。")
    if campaign.shown_status(now) not in ACCEPTING:
        return Page([], None)
    # Also on a later page nothing is shown whose end has come meanwhile.
    mark = max(str(cursor["mark"]) if cursor else "", sortable(now) + _LAST)
    forming = TeamRecord.status == TeamStatus.FORMING.value
    shards = [
        partial(
            TeamRecord.page, unfinished_teams(tenant_id, campaign_id, n), index="gsi1", between=(mark, _LAST),
            where=forming,
        )
        for n in range(int(campaign.shards))
    ]  # fmt: skip
    return _merged(shards, "gsi1sk", mark, limit)


def list_teams(
    tenant_id: str, campaign_id: str, limit: int, cursor: Cursor, status: TeamStatus | None = None
) -> Page[TeamRecord]:
    """All teams of a campaign, or those with a stored status, the newest first. Raises NotFound."""
    campaign = get_campaign(tenant_id, campaign_id)
    mark = str(cursor["mark"]) if cursor else _LAST
    where: Condition | None = None if status is None else TeamRecord.status == status.value
    shards = [
        partial(
            TeamRecord.page, all_teams(tenant_id, campaign_id, n), index="gsi2", between=(_FIRST, mark),
            newest_first=True, where=where,
        )
        for n in range(int(campaign.shards))
    ]  # fmt: skip
    return _merged(shards, "gsi2sk", mark, limit, newest_first=True)


def unfinished(campaign: CampaignRecord, at_most: int) -> list[TeamRecord]:
    """Teams of a campaign that form or are being released, as the index shows them: at most so many of each shard."""
    shards = range(int(campaign.shards))
    partitions = [unfinished_teams(campaign.tenant_id, campaign.id, shard) for shard in shards]
    return [team for each in partitions for team in TeamRecord.page(each, index="gsi1", limit=at_most).items]


def leader_names(tenant_id: str, teams: Iterable[TeamRecord]) -> dict[str, str | None]:
    """The names of the teams' leaders by member id, in one request; None for a leader who told none."""
    ids = list(dict.fromkeys(leader for team in teams if (leader := team.team.leader_id)))
    found: Sequence[MemberRecord | None] = fetch_many(
        [(MemberRecord, *MemberRecord.address(tenant_id, i)) for i in ids]
    )
    return {member.id: member.name for member in found if member is not None}


def _merged(
    shards: Sequence[Callable[..., Page[TeamRecord]]],
    sort_key: str,
    mark: str,
    limit: int,
    *,
    newest_first: bool = False,
) -> Page[TeamRecord]:
    """One page out of all shards, each of them asked for its share, and for more where the page has no other end."""
    # Two more than a share: what is uneven, and the team at the mark, which was on the page before.
    share = limit // len(shards) + 2
    pages = [read(limit=share) for read in shards]
    flowing = {number for number, page in enumerate(pages) if page.last_key and len(page.items) == share}
    while True:
        merged, ended_by = _up_to_the_edge(pages, sort_key, mark, limit, newest_first)
        if ended_by not in flowing:
            return merged
        wanted, before = max(share, (limit - len(merged.items)) // len(flowing) + 1), pages[ended_by]
        more = shards[ended_by](limit=wanted, cursor=before.last_key)
        pages[ended_by] = Page([*before.items, *more.items], more.last_key)
        if len(more.items) < wanted:  # it has no more, or a filter leaves out too much to go on for
            flowing.discard(ended_by)


def _up_to_the_edge(
    pages: Sequence[Page[TeamRecord]], sort_key: str, mark: str, limit: int, newest_first: bool
) -> tuple[Page[TeamRecord], int | None]:
    """One page out of a page of every shard, and the number of the shard that ended it early, if one did.

    A shard that was not read to its end bounds what may be shown: beyond that it may have more.
    """
    edges = [(page.last_key[sort_key]["S"], number) for number, page in enumerate(pages) if page.last_key]
    edge, ended_by = (max if newest_first else min)(edges, default=(None, None))
    found = sorted(
        (team for page in pages for team in page.items), key=lambda t: str(getattr(t, sort_key)), reverse=newest_first
    )

    def shown(place: str) -> bool:
        return place != mark and (edge is None or (place >= edge if newest_first else place <= edge))

    items = [team for team in found if shown(getattr(team, sort_key))]
    following = getattr(items[limit - 1], sort_key) if len(items) > limit else edge
    page = Page(items[:limit], {"mark": following} if following else None)
    return page, ended_by if len(items) < limit else None
