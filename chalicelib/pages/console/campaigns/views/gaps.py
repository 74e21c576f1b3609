"""What a draft lacks until it can be published, by the API's own rule."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.campaigns.drafting.model.completeness import CampaignIncomplete, check_complete
from chalicelib.campaigns.views.campaigns import CampaignView
from chalicelib.kernel.errors import FieldError
from chalicelib.kernel.language import Language
from chalicelib.pages.console.campaigns.model import Gap, gap


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
    except CampaignIncomplete as missing:
        return said(missing.errors, "en")
    return []


def said(errors: Iterable[FieldError], language: Language) -> list[Gap]:
    """What the API says is wrong with a draft, in the words of its steps, once each."""
    chinese = language == "zh"
    found = (gap(each.pointer, (each.message_zh if chinese else "") or each.message) for each in errors)
    return list(dict.fromkeys(found))
