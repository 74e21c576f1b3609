"""What a draft lacks until it can be published, by the API's own rule."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.campaigns.drafting.model.completeness import CampaignIncomplete, check_complete
from chalicelib.campaigns.views.campaigns import CampaignView
from chalicelib.kernel.errors import DomainError
from chalicelib.kernel.language import Language
from chalicelib.pages.console.campaigns.model import Gap, missing, wrong


@dataclass(frozen=True, slots=True)
class _Offer:
    ladder: Sequence[object]
    deposit_minor: int


@dataclass(frozen=True, slots=True)
class _Draft:
    kind: str
    offers: Sequence[_Offer]
    pickup_points: object
    closes_at: object
    team: object
    payment_methods: Sequence[str]


def gaps_of(draft: CampaignView) -> list[Gap]:
    """What publishing would ask for, once each; the ways to pay that are not set up are known on publishing alone."""
    offers = [_Offer(each.ladder, each.deposit.amount_minor if each.deposit else 0) for each in draft.offers]
    seen: Any = _Draft(
        draft.kind, offers, draft.pickup_point_ids, draft.closes_at, draft.team, draft.payment_methods
    )  # fmt: skip
    try:
        check_complete(seen)
    except CampaignIncomplete as refusal:
        return said(refusal, "en")
    return []


def said(refusal: DomainError, language: Language) -> list[Gap]:
    """What a draft was refused for, with where it is put right, once each."""
    one = missing if isinstance(refusal, CampaignIncomplete) else wrong
    chinese = language == "zh"
    found = (one(each.pointer, (each.message_zh if chinese else "") or each.message) for each in refusal.errors)
    return list(dict.fromkeys(found))
