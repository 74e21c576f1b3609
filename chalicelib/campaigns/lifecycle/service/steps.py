"""One step of a campaign's life: read it, decide, and write what was decided only if nobody wrote in between."""

from collections.abc import Callable
from datetime import datetime

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import Refused, Transaction
from chalicelib.kernel.errors import Unavailable

_TRIES = 5

Step = Callable[[CampaignRecord, Transaction], bool]
"""Changes the campaign it is given, and may add operations; False leaves everything as it is."""


class Moved(Exception):
    """The campaign was changed after it was read; read it again."""


def change(tenant_id: str, campaign_id: str, step: Step) -> CampaignRecord | None:
    """Reads, lets the step change what it read, and writes that; from the start again where another came between.

    Answers with the campaign as it stands, None if there is no such campaign. Raises Unavailable.
    """
    for _ in range(_TRIES):
        campaign = CampaignRecord.fetch(*CampaignRecord.address(tenant_id, campaign_id), consistent=True)
        if campaign is None:
            return None
        tx = Transaction()
        try:
            if not step(campaign, tx):
                return campaign
            campaign.prepare()
            tx.replace("campaign", campaign)
            tx.commit()
            return campaign
        except (Moved, Refused):
            continue
    raise Unavailable("The campaign is being changed by others; the message will come again.")


def has_come(moment: datetime | None, now: datetime) -> bool:
    """Whether an instant is reached; never where there is none."""
    return moment is not None and moment <= now


def is_due(campaign: CampaignRecord, now: datetime) -> bool:
    """Whether what the campaign waits for is due: a message that was sent for an earlier wait changes nothing."""
    return has_come(campaign.due_at, now)
