"""The basket of a campaign: what is in it, what it comes to, and changing it."""

from typing import Any

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service.reading import get_published
from chalicelib.kernel.errors import Conflict
from chalicelib.orders.basket.service.pricing import check_offered
from chalicelib.orders.reordering.model import Again
from chalicelib.orders.reordering.service import reorder
from chalicelib.pages.shell import N_, Page, Pages, Redirect, Visit
from chalicelib.pages.storefront.basket.forms import BasketForm, OrderedBefore, OrderedBeforeForm, Towards
from chalicelib.pages.storefront.basket.model import MOST_UNITS, Units
from chalicelib.pages.storefront.basket.service import Look, look, wish_for
from chalicelib.pages.storefront.basket.views import Shown, Written, chosen, kept, towards
from chalicelib.pages.storefront.early import tier_of
from chalicelib.web import anyone, member

pages = Pages(__name__)


@pages.page("/s/{slug}/campaigns/{id}/basket", allow=anyone(), query=Towards)
def basket(visit: Visit[None]) -> Page:
    """What is in the basket, priced for who looks."""
    return _shown(visit, look(visit, chosen(visit)), visit.query.team, visit.query.handover)


def _typed(visit: Visit[Any]) -> Page:
    """The basket with what was typed, and why it was refused. It is kept where only the campaign stands in its way."""
    found = look(visit, chosen(visit) | _units(visit))
    page = _shown(visit, found, visit.fields.get("team"), visit.fields.get("handover"))
    if not isinstance(visit.refused, Conflict):
        return page
    units = {item.offer_id: item.quantity for item in found.items}
    return Page(page.template, page.values, cookies=(kept(visit.path["id"], units),))


def _units(visit: Visit[Any]) -> Units:
    sent = {name.removeprefix("units."): each for name, each in visit.fields.items() if name.startswith("units.")}
    return {name: min(int(n), MOST_UNITS) for name, n in sent.items() if n.isdecimal() and len(n) < 9}


def _shown(visit: Visit[Any], found: Look, team: str | None, handover: str | None) -> Page:
    values = {
        "basket": Shown.of(found),
        "written": Written.of(visit),
        "team": team or "",
        "handover": handover or "",
        "refused": visit.refused or found.refusal,
    }
    return Page("storefront/basket/basket.html", values)


@pages.form("/s/{slug}/campaigns/{id}/basket", allow=anyone(), body=BasketForm, again=_typed)
def change(visit: Visit[BasketForm]) -> Redirect:
    """Keeps what was chosen, and goes on to look at it or to order it."""
    body, campaign_id = visit.body, visit.path["id"]
    units = {offer_id: n for offer_id, n in body.units.items() if n}
    campaign = get_published(visit.tenant_id, campaign_id)
    if not units:
        empty = N_("Your basket is empty. Choose how many you want.")
        return Redirect(f"/campaigns/{campaign_id}", flash=empty, cookies=(kept(campaign_id, {}),))
    check_offered(campaign, wish_for(visit, units), visit.now, tier_of(visit, [campaign]))
    return Redirect(
        f"/campaigns/{campaign_id}/{body.then}{towards(body.team, body.handover)}",
        cookies=(kept(campaign_id, units),),
    )


@pages.page("/s/{slug}/campaigns/{id}/again", allow=member(), query=OrderedBefore)
def ask_again(visit: Visit[None]) -> Page | Redirect:
    """Fills the basket with the goods of an order once more; where something else is in it, asks first."""
    found = _again(visit, visit.query.order)
    if isinstance(found, Redirect):
        return found
    campaign, again = found
    titles = {offer.offer_id: offer.title for offer in campaign.offers}
    had = {offer_id: n for offer_id, n in chosen(visit).items() if offer_id in titles}
    if not had or had == dict(again.lines):
        return _filled(campaign, again)
    values = {
        "campaign": campaign, "order_id": visit.query.order, "short": again.short,
        "had": [(titles[each], n) for each, n in had.items()],
        "wanted": [(titles[each], n) for each, n in again.lines.items()],
    }  # fmt: skip
    return Page("storefront/basket/again.html", values)


@pages.form("/s/{slug}/campaigns/{id}/again", allow=member(), body=OrderedBeforeForm)
def order_again(visit: Visit[OrderedBeforeForm]) -> Page | Redirect:
    """Puts the goods of an order into the basket, in place of what is there."""
    found = _again(visit, visit.body.order)
    return found if isinstance(found, Redirect) else _filled(*found)


def _again(visit: Visit[Any], order_id: str) -> tuple[CampaignRecord, Again] | Redirect:
    """What of an order can be had in the campaign that the path names; the way to another that has more by now, and
    back to the order where none has any. Raises NotFound.
    """
    get_published(visit.tenant_id, visit.path["id"])
    found = reorder(visit.tenant_id, visit.member_id, order_id, visit.now)
    if found.campaign is None:
        return Redirect(f"/orders/{order_id}", flash=N_("Nothing from this order is on offer at the moment."))
    if found.campaign.id != visit.path["id"]:
        return Redirect(f"/campaigns/{found.campaign.id}/again?order={order_id}")
    return found.campaign, found.found


def _filled(campaign: CampaignRecord, again: Again) -> Page | Redirect:
    """The basket with these goods; what cannot be had is said first."""
    cookies = (kept(campaign.id, again.lines),)
    if again.short:
        values = {"campaign": campaign, "had": [], "short": again.short}
        return Page("storefront/basket/again.html", values, cookies=cookies)
    said = N_("The same goods are in your basket.")
    return Redirect(f"/campaigns/{campaign.id}/basket", flash=said, cookies=cookies)
