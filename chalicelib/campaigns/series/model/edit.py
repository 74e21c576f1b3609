"""What staff change of a series. Pure."""

from dataclasses import dataclass, field
from typing import Literal

from chalicelib.campaigns.drafting.model.terms import CampaignTerms
from chalicelib.campaigns.series.model.recurrence import Rule
from chalicelib.kernel.unset import UNSET, Unset


@dataclass(frozen=True, slots=True)
class SeriesEdit:
    """What is ``UNSET`` stays, as what the campaign's terms do not name does."""

    campaign: CampaignTerms = field(default_factory=CampaignTerms)
    rule: Rule | Unset = UNSET
    hours_ahead: int | Unset = UNSET
    arrives_after_days: int | Unset | None = UNSET
    publish: bool | Unset = UNSET
    status: Literal["active", "paused"] | Unset = UNSET
