"""The terms of a campaign that is there, for another one like it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from chalicelib.campaigns.drafting.model.checks import TargetOutOfReach, TeamOutOfReach, check_target, check_team
from chalicelib.campaigns.model.bundles import BundleKind
from chalicelib.campaigns.model.kinds import Caps, Team
from chalicelib.campaigns.model.offer_terms import BundleTerms, OfferTerms, PartTerms
from chalicelib.campaigns.model.offers import Offer
from chalicelib.campaigns.model.target import Target
from chalicelib.kernel.money import Money


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A term that a copy cannot have any more: where it stood, the code of what would refuse it, an offer's title."""

    pointer: str
    code: str
    title: str | None = None


class Source(Protocol):
    """What of a campaign hangs on its offers."""

    @property
    def currency(self) -> str: ...
    @property
    def target(self) -> Target | None: ...
    @property
    def caps(self) -> Caps | None: ...
    @property
    def team(self) -> Team | None: ...


def moved_with_close(arrives_on: date, closed_on: date, closes_on: date) -> date:
    """As long after another close, in local days, as the goods were expected after theirs."""
    return closes_on + (arrives_on - closed_on)


def offer_terms(offer: Offer, currency: str) -> OfferTerms:
    """What was asked for when the offer was drafted."""
    return OfferTerms(
        offer.sku_id,
        None if offer.ladder else Money(offer.price_minor, currency),
        offer.quantity,
        offer.per_member_limit,
        tuple((step.from_quantity, Money(step.price_minor, currency)) for step in offer.ladder),
        Money(offer.deposit_minor, currency) if offer.deposit_minor else None,
        _bundle_terms(offer) if offer.parts else None,
    )


def _bundle_terms(offer: Offer) -> BundleTerms:
    parts = tuple(PartTerms(part.sku_id, part.quantity) for part in offer.parts)
    return BundleTerms(parts, offer.title, BundleKind(offer.bundle_kind))


def out_of_reach(campaign: Source, kept: Sequence[Offer]) -> list[LeftOut]:
    """The target and the team that so many offers of the campaign do not reach any more."""
    left_out = []
    try:
        check_target(campaign.target, kept, campaign.caps, campaign.currency)
    except TargetOutOfReach as refused:
        left_out.append(LeftOut("/target", refused.code))
    try:
        check_team(campaign.team, kept)
    except TeamOutOfReach as refused:
        left_out.append(LeftOut("/team", refused.code))
    return left_out
