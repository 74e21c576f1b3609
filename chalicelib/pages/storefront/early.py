"""Early access, for who looks: which tier they have, and when a campaign opens for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from chalicelib.campaigns.model.campaign import ACCEPTING, Status
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.kernel.errors import NotFound, Unauthenticated
from chalicelib.members.service.members import check_signed_in, get_member
from chalicelib.pages.shell import N_, Visit
from chalicelib.pages.storefront.said import CAMPAIGN, State

_EARLY = State(N_("Open for you"), N_("You may order before it opens for everybody."), "good")


@dataclass(frozen=True, slots=True)
class Access:
    """Whether a campaign takes the orders of who looks, and its state in their words. ``opens_at`` is when it opens, or
    opened, for them, ``seconds_left`` until then; None where that is no earlier than for everybody.
    """

    accepting: bool
    state: State
    opens_at: datetime | None = None
    seconds_left: int = 0

    @classmethod
    def of(cls, campaign: CampaignRecord, tier: str | None, now: datetime) -> Self:
        status = campaign.shown_status(now)
        opens_at = campaign.opens_for(tier)
        if status is not Status.SCHEDULED or opens_at is None or not campaign.ahead_for(tier):
            return cls(status in ACCEPTING, CAMPAIGN[status])
        accepting = campaign.status_for(tier, now) in ACCEPTING
        seconds_left = max(0, int((opens_at - now).total_seconds()))
        return cls(accepting, _EARLY if accepting else CAMPAIGN[status], opens_at, seconds_left)


def tier_of(visit: Visit[Any], campaigns: Sequence[CampaignRecord]) -> str | None:
    """The tier of who looks, read only where one of the campaigns is to come and has early access; none of a session
    that was ended elsewhere.
    """
    if not visit.member_id or not any(_asks(each, visit.now) for each in campaigns):
        return None
    try:
        member = get_member(visit.tenant_id, visit.member_id)
        check_signed_in(member)
    except (NotFound, Unauthenticated):
        return None
    return member.tier


def _asks(campaign: CampaignRecord, now: datetime) -> bool:
    return bool(campaign.early) and campaign.shown_status(now) is Status.SCHEDULED
