"""The checkout of a campaign's basket."""

from dataclasses import replace
from typing import Any

from chalicelib.campaigns.model.campaign import no_campaign
from chalicelib.kernel.errors import Malformed
from chalicelib.kernel.ids import is_id
from chalicelib.orders.errors import LimitReached, SoldOut
from chalicelib.orders.forms.orders import OrderForm
from chalicelib.orders.model import Status
from chalicelib.orders.placing import service as placing
from chalicelib.orders.teams.service.listing import get_team
from chalicelib.orders.teams.views import LiveTeamView
from chalicelib.pages.shell import N_, Page, Pages, Redirect, Visit
from chalicelib.pages.shell.fields import nested
from chalicelib.pages.storefront.attribution import led_here
from chalicelib.pages.storefront.basket.forms import Towards
from chalicelib.pages.storefront.basket.model import MOST_UNITS, Units
from chalicelib.pages.storefront.basket.service import look
from chalicelib.pages.storefront.basket.views import chosen, kept, towards
from chalicelib.pages.storefront.checkout.views import HOLD_MINUTES, Shown, what_is_left
from chalicelib.web import hash_of, member

pages = Pages(__name__)


@pages.page("/s/{slug}/campaigns/{id}/checkout", allow=member(), query=Towards)
def checkout(visit: Visit[None]) -> Page | Redirect:
    """What is left to choose of an order; with an empty basket, the basket."""
    team, handover = visit.query.team, visit.query.handover
    return _shown(visit, chosen(visit), team, handover)


def _sent(visit: Visit[Any]) -> Page | Redirect:
    """What was sent, with why it was refused; what it comes to now is what it is ordered at next. Raises the refusal
    where nothing of it is on offer.
    """
    lines = nested(visit.fields).get("lines")
    units = [each for each in lines if isinstance(each, dict)] if isinstance(lines, list) else []
    team_id = visit.fields.get("team_id", "")
    return _shown(visit, _units(units), team_id if is_id(team_id) else None, visit.fields.get("_handover", ""))


def _units(lines: list[dict[str, Any]]) -> Units:
    sent = {str(line.get("offer_id")): str(line.get("quantity", "")) for line in lines}
    return {offer_id: min(int(n), MOST_UNITS) for offer_id, n in sent.items() if n.isdecimal() and len(n) < 9}


def _shown(visit: Visit[Any], units: Units, team_id: str | None, handover: str) -> Page | Redirect:
    found = look(visit, units, team_id=team_id, deliver=handover == "deliver")
    if not found.items:
        if visit.refused:
            raise visit.refused
        return Redirect(f"/campaigns/{visit.path['id']}/basket")
    team = get_team(visit.tenant_id, team_id) if team_id and not found.refusal else None
    shown = Shown.of(found)
    values: dict[str, Any] = {
        "shown": shown,
        "team": LiveTeamView.of(team, {}, visit.now) if team else None,
        "team_id": team_id,
        "handover": handover,
        "towards": towards,
        "instead": what_is_left(visit.refused, units),
        "hold_minutes": HOLD_MINUTES,
        "refused": visit.refused or found.refusal,
        "can_order": shown.basket.accepting
        and found.refusal is None
        and not isinstance(visit.refused, SoldOut | LimitReached),
    }
    return Page("storefront/checkout/checkout.html", values)


@pages.form("/s/{slug}/campaigns/{id}/checkout", allow=member(checks_itself=True), body=OrderForm, again=_sent)
def order(visit: Visit[OrderForm]) -> Redirect:
    """Places the order, once for each form, and empties the basket."""
    if not visit.key:
        raise Malformed("The form could not be read; load the page anew.", detail_zh="表单无法读取，请刷新页面重试。")
    campaign_id = visit.path["id"]
    if visit.body.campaign_id != campaign_id:
        raise no_campaign(visit.body.campaign_id)
    wish = replace(visit.body.wish(), via=led_here(visit))
    placed = placing.place(visit.tenant_id, visit.member_id, wish, visit.key, hash_of(visit.body), visit.now)
    emptied = kept(campaign_id, {})
    if placed.status == Status.HELD:
        return Redirect(f"/orders/{placed.id}/pay", cookies=(emptied,))
    return Redirect(f"/orders/{placed.id}", flash=N_("Your order is placed."), cookies=(emptied,))
