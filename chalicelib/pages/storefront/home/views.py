"""What the home shows of a campaign, and in which of its parts."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from chalicelib.campaigns.model.campaign import Status
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.views.campaigns import StoreCampaignView
from chalicelib.pages.storefront.early import Access
from chalicelib.web import MoneyField

_MOST_LOOKED_AT = 3
"""Of so many offers one has a picture, or the campaign is shown without: a home reads no more than it shows."""


@dataclass(frozen=True, slots=True)
class Card:
    """A campaign; ``price_from`` is the lowest that a unit costs by now, ``falls_to`` the lowest that it may still
    come to, None where no price falls. ``closed_at`` is when it closed, or will.
    """

    campaign: StoreCampaignView
    access: Access
    picture: str
    price_from: MoneyField
    falls_to: MoneyField | None
    closed_at: datetime

    @classmethod
    def of(cls, campaign: StoreCampaignView, of: CampaignRecord, access: Access, pictures: Mapping[str, str]) -> Self:
        """``access`` is that of who looks; ``pictures`` is by product id."""
        seen = [product_id for each in campaign.offers[:_MOST_LOOKED_AT] for product_id in each.product_ids]
        lowest = min((each.current_price for each in campaign.offers), key=lambda price: price.amount_minor)
        steps = [offer.ladder[-1].price for offer in campaign.offers if offer.to_next_step]
        below = min(steps, key=lambda price: price.amount_minor, default=None)
        return cls(
            campaign,
            access,
            next((pictures[each] for each in seen if each in pictures), ""),
            lowest,
            below if below and below.amount_minor < lowest.amount_minor else None,
            of.closed_early_at or campaign.closes_at,
        )


@dataclass(frozen=True, slots=True)
class Groups:
    """The cards by what a neighbour can do: order now, wait, or look back."""

    open: list[Card]
    coming: list[Card]
    past: list[Card]


def groups(cards: Iterable[Card]) -> Groups:
    """Sorts cards, each group in the order in which they came."""
    sorted_out = Groups([], [], [])
    for card in cards:
        if card.access.accepting:
            sorted_out.open.append(card)
        elif card.campaign.status is Status.SCHEDULED:
            sorted_out.coming.append(card)
        else:
            sorted_out.past.append(card)
    return sorted_out


def products_on(campaigns: Iterable[StoreCampaignView]) -> Iterator[str]:
    """The products whose pictures the home may show."""
    return (
        product_id
        for campaign in campaigns
        for offer in campaign.offers[:_MOST_LOOKED_AT]
        for product_id in offer.product_ids
    )
