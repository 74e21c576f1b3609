"""What a basket comes to: for a member by the quote, for others by the campaign's own prices."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from chalicelib.campaigns.progress.service import Progress, progress_of
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service.reading import get_published
from chalicelib.kernel.errors import DomainError, NotFound, Unauthenticated
from chalicelib.members.records import MemberRecord
from chalicelib.orders.basket.service.anyone import price_for_anyone
from chalicelib.orders.basket.service.for_points import only_for_points
from chalicelib.orders.basket.service.pricing import Basket, check_offered, delivery_fee, quote_for, taxable_of
from chalicelib.orders.basket.service.reading import Wish
from chalicelib.orders.forms.orders import QuoteForm
from chalicelib.orders.model import DeliveryAddress
from chalicelib.orders.stock.service.limits import used_by
from chalicelib.pages.shell import Visit
from chalicelib.pages.storefront.basket.model import Units
from chalicelib.pages.storefront.early import Access, tier_of
from chalicelib.pricing.model import Item, Quote, Totals, quote
from chalicelib.pricing.model.tax import Tax
from chalicelib.promotions.model.reaching import NextStep

_SOMEWHERE = DeliveryAddress("", "", "")
"""Where a delivery goes to while only its fee is asked for."""


@dataclass(frozen=True, slots=True)
class Look:
    """A basket against its campaign as it stands: what was chosen, what it comes to, and why it cannot be ordered, if
    so. ``member`` is None for who is not signed in, and like ``quote``, which has gifts beside what was chosen, where
    the quote was refused; ``had`` are the units that they have, of offers with a limit, ``next_steps`` what is missing
    to more being taken off, ``tax`` the tax in what it comes to, ``access`` whether the campaign takes their orders.
    """

    campaign: CampaignRecord
    progress: Progress
    access: Access
    items: tuple[Item, ...]
    quote: Quote | None
    totals: Totals
    deposit_minor: int
    member: MemberRecord | None
    refusal: DomainError | None
    had: Mapping[str, int] = field(default_factory=dict)
    next_steps: Sequence[NextStep] = ()
    tax: Tax = ()


def look(
    visit: Visit[Any], units: Mapping[str, int],
    *, team_id: str | None = None, deliver: bool = False, priced: Callable[[Wish], Basket] | None = None,
) -> Look:  # fmt: skip
    """The basket of the campaign that the path names, for a member ``priced`` by a quote unless that is given. Raises
    NotFound, Unauthenticated.
    """
    campaign = get_published(visit.tenant_id, visit.path["id"])
    [progress] = progress_of([campaign], visit.now)
    offers = {offer.offer_id: offer for offer in campaign.offers}
    chosen = {offer_id: n for offer_id, n in units.items() if n and offer_id in offers}
    items = tuple(Item(each, offers[each].sku_id, n, offers[each].price_minor) for each, n in chosen.items())
    deposit = sum(offers[each].deposit_minor * n for each, n in chosen.items())
    totals = _plain_totals(campaign, items, deliver)
    tax = _tax(campaign, quote(items, campaign.currency, (), totals.delivery))
    access = Access.of(campaign, tier_of(visit, [campaign]), visit.now)
    plain = Look(campaign, progress, access, items, None, totals, deposit, None, None, tax=tax)
    if not chosen or campaign.gift_points is not None:
        return plain if not chosen else replace(plain, refusal=only_for_points())
    try:
        wish = replace(wish_for(visit, chosen, deliver=deliver and campaign.delivery is not None), team_id=team_id)
        if not visit.member_id:
            check_offered(campaign, wish, visit.now)
            anyone = price_for_anyone(campaign, items, plain.totals.delivery, visit.now)
            return replace(
                plain, quote=anyone.quote, totals=anyone.quote.totals, next_steps=anyone.next_steps,
                tax=_tax(campaign, anyone.quote),
            )  # fmt: skip
        basket = priced(wish) if priced else quote_for(visit.tenant_id, visit.member_id, wish, visit.now)
    except (NotFound, Unauthenticated):
        raise
    except DomainError as refusal:
        return replace(plain, refusal=refusal)
    had = used_by(visit.tenant_id, visit.member_id, [offers[each] for each in chosen])
    return replace(
        plain, quote=basket.quote, totals=basket.quote.totals, deposit_minor=basket.deposit_minor,
        member=basket.member, had=had, next_steps=basket.next_steps(visit.now), tax=basket.taxable.document,
    )  # fmt: skip


def _tax(campaign: CampaignRecord, priced: Quote) -> Tax:
    """The tax in what a price comes to."""
    offers = {offer.offer_id: offer for offer in campaign.offers}
    return taxable_of(campaign, [offers[item.offer_id] for item in priced.items], priced).document


def wish_for(visit: Visit[Any], units: Units, *, deliver: bool = False) -> Wish:
    """The wish for these units, as far as a quote needs it. Raises Invalid."""
    lines = [{"offer_id": offer_id, "quantity": n} for offer_id, n in units.items()]
    form = visit.form(QuoteForm, {"campaign_id": visit.path["id"], "lines": lines})
    return replace(form.wish(), delivery=_SOMEWHERE if deliver else None)


def _plain_totals(campaign: CampaignRecord, items: tuple[Item, ...], deliver: bool) -> Totals:
    wish = Wish(campaign.id, (), delivery=_SOMEWHERE if deliver and campaign.delivery else None)
    return Totals.of(sum(item.total_minor for item in items), delivery=delivery_fee(campaign, items, wish))
