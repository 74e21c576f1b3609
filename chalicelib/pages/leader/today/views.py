"""What a leader has before them at a pickup point."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from chalicelib.campaigns.model.campaign import ACCEPTING, FROM_LOCK, FROM_PICKUP, Status
from chalicelib.fulfilment.leader.views import LedCampaignView

_RUNNING = ACCEPTING | {Status.SCHEDULED, Status.CLOSING}


@dataclass(frozen=True, slots=True)
class Campaigns:
    """Campaigns of a pickup point: those whose goods wait ``here``, those on their ``way``, those that are
    ``running``.
    """

    here: list[LedCampaignView]
    way: list[LedCampaignView]
    running: list[LedCampaignView]

    @classmethod
    def of(cls, found: Sequence[LedCampaignView]) -> Self:
        return cls(
            [each for each in found if each.status is Status.AT_PICKUP],
            [each for each in found if each.status in FROM_LOCK - FROM_PICKUP],
            [each for each in found if each.status in _RUNNING],
        )
