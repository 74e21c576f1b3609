"""What staff change of a series. Pure."""

from dataclasses import dataclass, field
from typing import Literal

from chalicelib.campaigns.drafting.model.terms import CampaignTerms
from chalicelib.campaigns.series.model.recurrence import Rule
from chalicelib.kernel.unnamed import UNNAMED, Unnamed


@dataclass(frozen=True, slots=True)
class SeriesEdit:
    """What is ``UNNAMED`` stays, as what the campaign's terms do not name does."""

    campaign: CampaignTerms = field(default_factory=CampaignTerms)
    rule: Rule | Unnamed = UNNAMED
    hours_ahead: int | Unnamed = UNNAMED
    publish: bool | Unnamed = UNNAMED
    status: Literal["active", "paused"] | Unnamed = UNNAMED
