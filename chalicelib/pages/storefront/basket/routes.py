"""The basket of a campaign: what is in it, what it comes to, and changing it."""

from typing import Any

from chalicelib.campaigns.service.planning import get_published
from chalicelib.kernel.errors import Conflict
from chalicelib.orders.basket.service.pricing import check_offered
from chalicelib.pages.shell import N_, Page, Pages, Redirect, Visit
from chalicelib.pages.storefront.basket.forms import BasketForm, Towards
from chalicelib.pages.storefront.basket.model import MOST_UNITS, Units
from chalicelib.pages.storefront.basket.service import Look, look, wish_for
from chalicelib.pages.storefront.basket.views import Shown, Written, chosen, kept, towards
from chalicelib.web import anyone

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
    check_offered(campaign, wish_for(visit, units), visit.now)
    return Redirect(
        f"/campaigns/{campaign_id}/{body.then}{towards(body.team, body.handover)}",
        cookies=(kept(campaign_id, units),),
    )
