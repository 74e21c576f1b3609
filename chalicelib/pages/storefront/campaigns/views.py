"""What the page of a campaign shows beyond the API's view: its state, and its terms in words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from chalicelib.campaigns.progress.service import Progress
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.views.campaigns import StoreCampaignView
from chalicelib.pages.storefront.early import Access
from chalicelib.pages.storefront.said import METHODS, State


@dataclass(frozen=True, slots=True)
class Windows:
    """For how many days after pickup something can be returned and exchanged; 0 where it cannot."""

    returns: int
    exchanges: int


@dataclass(frozen=True, slots=True)
class Shown:
    """``closed_at`` is when it closed, or will. ``windows`` are those of all its offers, None where they differ.
    ``access`` is that of who looks.
    """

    campaign: StoreCampaignView
    state: State
    accepting: bool
    closed_at: datetime
    methods: list[str]
    windows: Windows | None
    access: Access

    @classmethod
    def of(cls, campaign: CampaignRecord, progress: Progress, access: Access) -> Self:
        view = StoreCampaignView.of(campaign, progress)
        windows = {Windows(offer.return_days, offer.exchange_days) for offer in view.offers}
        return cls(
            view,
            access.state,
            access.accepting,
            campaign.closed_early_at or view.closes_at,
            [METHODS[each] for each in view.payment_methods],
            windows.pop() if len(windows) == 1 else None,
            access,
        )
