"""The state of a campaign that decides what may be done with it."""

from datetime import datetime

from chalicelib.campaigns.model.campaign import Status
from chalicelib.campaigns.views.campaigns import CampaignView


def phase(campaign: CampaignView, now: datetime) -> Status:
    """As shown; but one that is announced is open from the first early access on, since it may have orders then."""
    begun = campaign.status is Status.SCHEDULED and any(each.opens_at <= now for each in campaign.early_access)
    return Status.OPEN if begun else campaign.status
