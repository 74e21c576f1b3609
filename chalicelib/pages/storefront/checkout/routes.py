"""The checkout of a campaign's basket."""

from dataclasses import replace
from typing import Any

from chalicelib.campaigns.model.campaign import no_campaign
from chalicelib.coupons.routes import enter_code
from chalicelib.kernel.errors import Malformed
from chalicelib.kernel.ids import is_id
from chalicelib.loyalty.points.errors import NotEnoughPoints
from chalicelib.orders.errors import LimitReached, SoldOut
from chalicelib.orders.forms.orders import OrderForm
from chalicelib.orders.model import Status
from chalicelib.orders.placing import service as placing
from chalicelib.orders.teams.service.listing import get_team
from chalicelib.orders.teams.views import LiveTeamView
from chalicelib.pages.shell import N_, Page, Pages, Redirect, Visit, ask
from chalicelib.pages.shell.fields import nested
from chalicelib.pages.storefront.attribution import led_here
from chalicelib.pages.storefront.basket.model import MOST_UNITS, Units
from chalicelib.pages.storefront.basket.views import chosen, kept, towards
from chalicelib.pages.storefront.checkout.forms import CheckoutForm, CheckoutQuery
from chalicelib.pages.storefront.checkout.model import Chosen
from chalicelib.pages.storefront.checkout.service import look, of_a_coupon
from chalicelib.pages.storefront.checkout.views import HOLD_MINUTES, Shown, what_is_left
from chalicelib.web import hash_of, member

pages = Pages(__name__)


@pages.page("/s/{slug}/campaigns/{id}/checkout", allow=member(), query=CheckoutQuery)
def checkout(visit: Visit[None]) -> Page | Redirect:
    """What is left to choose of an order; with an empty basket, the basket."""
    asked = visit.query
    return _shown(visit, chosen(visit), asked.team, asked.handover, Chosen.asked(asked.coupon, asked.points))


def _sent(visit: Visit[Any]) -> Page | Redirect:
    """What was sent, with why it was refused; what it comes to now is what it is ordered at next. A coupon that was
    refused gives way to the next best one, points that are not there to those that are. Raises the refusal where
    nothing of it is on offer.
    """
    taken = Chosen.sent(visit.fields)
    if isinstance(visit.refused, NotEnoughPoints):
        taken = replace(taken, points=0, all_points=True)
    return _looked(visit, taken)


def _looked(visit: Visit[Any], taken: Chosen) -> Page | Redirect:
    lines = nested(visit.fields).get("lines")
    units = [each for each in lines if isinstance(each, dict)] if isinstance(lines, list) else []
    team_id = visit.fields.get("team_id", "")
    return _shown(visit, _units(units), team_id if is_id(team_id) else None, visit.fields.get("_handover", ""), taken)


def _units(lines: list[dict[str, Any]]) -> Units:
    sent = {str(line.get("offer_id")): str(line.get("quantity", "")) for line in lines}
    return {offer_id: min(int(n), MOST_UNITS) for offer_id, n in sent.items() if n.isdecimal() and len(n) < 9}


def _shown(visit: Visit[Any], units: Units, team_id: str | None, handover: str, taken: Chosen) -> Page | Redirect:
    gone = {taken.coupon_id: visit.refused} if taken.coupon_id and of_a_coupon(visit.refused) else {}
    found, offered = look(visit, units, taken, gone, team_id=team_id, deliver=handover == "deliver")
    if not found.items:
        if visit.refused:
            raise visit.refused
        return Redirect(f"/campaigns/{visit.path['id']}/basket")
    team = get_team(visit.tenant_id, team_id) if team_id and not found.refusal else None
    shown = Shown.of(found, offered, taken, visit.language)
    values: dict[str, Any] = {
        "shown": shown,
        "team": LiveTeamView.of(team, {}, visit.now) if team else None,
        "team_id": team_id,
        "handover": handover,
        "towards": towards,
        "taken": taken.said,
        "instead": what_is_left(visit.refused, units),
        "hold_minutes": HOLD_MINUTES,
        "favourite": ((found.member.profile if found.member else None) or {}).get("favourite_point_id"),
        "refused": visit.refused or offered.refusal or found.refusal,
        "can_order": shown.basket.accepting
        and found.refusal is None
        and not isinstance(visit.refused, SoldOut | LimitReached),
    }
    return Page("storefront/checkout/checkout.html", values)


@pages.form("/s/{slug}/campaigns/{id}/checkout", allow=member(checks_itself=True), body=CheckoutForm, again=_sent)
def order(visit: Visit[CheckoutForm]) -> Page | Redirect:
    """Shows what the order comes to with what was chosen; or places it, once for each form, and empties the basket."""
    if visit.body.step != "order":
        return _looked(visit, _by_code(visit) or Chosen.sent(visit.fields))
    if not visit.key:
        raise Malformed("The form could not be read; load the page anew.", detail_zh="表单无法读取，请刷新页面重试。")
    campaign_id, form = visit.path["id"], visit.form(OrderForm, visit.body.asked(visit.fields))
    if form.campaign_id != campaign_id:
        raise no_campaign(form.campaign_id)
    wish = replace(form.wish(), via=led_here(visit))
    placed = placing.place(visit.tenant_id, visit.member_id, wish, visit.key, hash_of(form), visit.now)
    emptied = kept(campaign_id, {})
    if placed.status == Status.HELD:
        return Redirect(f"/orders/{placed.id}/pay", cookies=(emptied,))
    return Redirect(f"/orders/{placed.id}", flash=N_("Your order is placed."), cookies=(emptied,))


def _by_code(visit: Visit[CheckoutForm]) -> Chosen | None:
    """The choice of the coupon that a code gives; None where none was typed. Raises what entering a code does."""
    if visit.body.step != "code" or not visit.body.code.strip():
        return None
    coupon = ask(visit, enter_code, body={"code": visit.body.code})
    return replace(Chosen.sent(visit.fields), coupon_id=coupon.id, best=False)
