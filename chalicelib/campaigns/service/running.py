"""Use cases of staff while a campaign runs: close it before its hour. ``closing`` has what it does by itself."""

from datetime import datetime
from functools import partial

from chalicelib.campaigns.lifecycle.service import closing
from chalicelib.campaigns.model.campaign import ACCEPTING, Status, move
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service.planning import get_campaign
from chalicelib.db import Transaction, change, check_revision
from chalicelib.kernel.principal import Principal
from chalicelib.tenants.service.audit import audit


def close_now(
    tenant_id: str, campaign_id: str, by: Principal, now: datetime, if_match: int | None = None
) -> CampaignRecord:
    """Closes an open or extended campaign before its hour, which stays the announced ``closes_at``: once this has
    answered no order comes in any more. Asked for again, it answers with the campaign as it stands.

    What follows is the close as it would have been at its hour, unpaid holds waited for; but a missed target does not
    extend the campaign, since whoever closes it has ended it. Who did is written before the first bucket is fenced, so
    what a worker leaves unfinished is due at once. Raises MoveRefused, NotFound, Stale.
    """

    def decide(campaign: CampaignRecord, tx: Transaction) -> None:
        status = campaign.shown_status(now)
        if status is Status.CLOSING or campaign.closed_by is not None:
            return
        check_revision(campaign, if_match)
        if status not in ACCEPTING:
            move(status, Status.CLOSING)
        if campaign.closed_early_at is None:
            campaign.closed_early_at, campaign.closed_by = now, by.label
            audit(tx, tenant_id, by, "campaign.closed", f"campaign:{campaign_id}", now)
            tx.replace("campaign", campaign)

    read = partial(get_campaign, tenant_id, campaign_id, consistent=True)
    change(read, decide)
    closing.close_campaign(tenant_id, campaign_id, now)
    return read()
