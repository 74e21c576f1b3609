"""What is shown of a basket, on its own page and at the checkout; and the cookie that it is kept in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from urllib.parse import urlencode

from chalicelib.campaigns.views.campaigns import StoreCampaignView
from chalicelib.campaigns.views.offers import LiveOffer
from chalicelib.kernel.currencies import CURRENCIES, sign
from chalicelib.orders.views.quotes import discounts_of
from chalicelib.orders.views.totals import DiscountView, TotalsView
from chalicelib.pages.shell import Cookie, Visit
from chalicelib.pages.storefront.basket.model import Units, read, written
from chalicelib.pages.storefront.basket.service import Look
from chalicelib.pages.storefront.said import State
from chalicelib.pricing.views import TaxView
from chalicelib.web import MoneyField

COOKIE = "basket"
_KEPT_SECONDS = 14 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Line:
    """So many units of an offer; ``short`` where fewer are left."""

    offer: LiveOffer
    quantity: int
    total: MoneyField
    short: bool


@dataclass(frozen=True, slots=True)
class Missing:
    """With so much ``more`` of its goods, a promotion takes ``off`` so much in all; ``in_part`` where it is not for all
    goods.
    """

    title: str
    more: MoneyField
    off: MoneyField
    in_part: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A basket with its campaign: what each line costs, what is taken off and why, and what it comes to. ``had`` are
    units that its member has, of offers with a limit, and ``most`` how many more they may order, by offer id;
    ``missing`` what is missing to more being taken off. ``opens_for_me`` is when it opens for who has early access.
    """

    campaign: StoreCampaignView
    state: State
    accepting: bool
    opens_for_me: datetime | None
    lines: list[Line]
    discounts: list[DiscountView]
    totals: TotalsView
    tax: list[TaxView]
    deposit: MoneyField | None
    had: Mapping[str, int]
    most: Mapping[str, int]
    missing: list[Missing]

    @classmethod
    def of(cls, found: Look) -> Self:
        campaign, currency = StoreCampaignView.of(found.campaign, found.progress), found.campaign.currency
        offers = {offer.id: offer for offer in campaign.offers}
        accepting = found.access.accepting
        lines = [
            Line(
                offers[item.offer_id],
                item.quantity,
                MoneyField.of(item.total_minor, currency),
                accepting and item.quantity > offers[item.offer_id].left,
            )
            for item in found.items
        ]
        return cls(
            campaign,
            found.access.state,
            accepting,
            found.access.opens_at,
            lines,
            discounts_of(found.quote) if found.quote else [],
            TotalsView.of(found.totals, currency),
            TaxView.each(found.tax, currency),
            MoneyField.of(found.deposit_minor, currency) if found.deposit_minor else None,
            found.had,
            may_order(campaign.offers, found.had),
            _missing(found, may_order(campaign.offers, found.had)),
        )


def _missing(found: Look, most: Mapping[str, int]) -> list[Missing]:
    """What is missing to the next steps; nothing where no more can be ordered, as of one each in a flash sale."""
    units = {item.offer_id: item.quantity for item in found.items}
    if all(most[offer_id] <= units.get(offer_id, 0) for offer_id in most):
        return []
    currency = found.campaign.currency
    return [
        Missing(
            each.title,
            MoneyField.of(each.missing_minor, currency),
            MoneyField.of(each.off_minor, currency),
            each.in_part,
        )
        for each in found.next_steps
    ]


@dataclass(frozen=True, slots=True)
class Written:
    """How a script of the page writes an amount: so many digits of its minor units, the sign before it."""

    sign: str
    digits: int

    @classmethod
    def of(cls, visit: Visit[Any]) -> Self:
        currency = visit.brand.currency
        return cls(sign(currency, visit.language), CURRENCIES[currency])


def may_order(offers: Sequence[LiveOffer], had: Mapping[str, int]) -> dict[str, int]:
    """How many units of each offer its member may order, who has ``had`` so many, by offer id."""
    return {offer.id: min(offer.left, _left_for(offer, had.get(offer.id, 0))) for offer in offers}


def _left_for(offer: LiveOffer, had: int) -> int:
    return offer.left if offer.per_member_limit is None else max(0, offer.per_member_limit - had)


def towards(team: str | None, handover: str | None) -> str:
    """The query by which a basket's pages remember what was chosen besides the goods."""
    said = {"team": team or "", "handover": handover if handover == "deliver" else ""}
    query = urlencode({name: value for name, value in said.items() if value})
    return f"?{query}" if query else ""


def chosen(visit: Visit[Any]) -> Units:
    """What the visitor has in the basket of the campaign that the path names."""
    return read(visit.cookies.get(COOKIE, ""))


def kept(campaign_id: str, units: Mapping[str, int]) -> Cookie:
    """Keeps a basket in the visitor's browser, or ends it where it is empty."""
    value = written(units)
    return Cookie(COOKIE, value, _KEPT_SECONDS if value else 0, within=f"/campaigns/{campaign_id}")
