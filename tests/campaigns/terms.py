"""The terms of a campaign as tests write them."""

from collections.abc import Mapping
from typing import Any

from chalicelib.campaigns.drafting.model.terms import CampaignTerms, CapsTerms, DeliveryTerms


def terms_of(named: Mapping[str, Any]) -> CampaignTerms:
    """Terms that name these fields. Lists, and the parts of caps and delivery, may be written as such."""
    return CampaignTerms(**{name: _typed(name, value) for name, value in named.items()})


def _typed(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return tuple(value)
    if isinstance(value, dict):
        return {"caps": CapsTerms, "delivery": DeliveryTerms}[name](**value)
    return value
