"""A campaign by its id. Orders ask for one all the time, and need nothing of how campaigns are planned."""

from chalicelib.campaigns.model.campaign import no_campaign
from chalicelib.campaigns.records import CampaignRecord


def get_campaign(tenant_id: str, campaign_id: str, *, consistent: bool = False) -> CampaignRecord:
    """A campaign in any state. Raises NotFound."""
    found = CampaignRecord.at(tenant_id, campaign_id, consistent=consistent)
    if found is None:
        raise no_campaign(campaign_id)
    return found


def get_published(tenant_id: str, campaign_id: str) -> CampaignRecord:
    """A campaign that shoppers may see, whatever became of it. Raises NotFound."""
    found = get_campaign(tenant_id, campaign_id)
    if found.published_at is None:
        raise no_campaign(campaign_id)
    return found
