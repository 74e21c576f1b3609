"""Pages of an order for somebody who calls: who it is, which group buy, what of it, what it comes to, placed."""

from typing import Any

from chalicelib.kernel.errors import DomainError
from chalicelib.orders.errors import PriceChanged
from chalicelib.orders.routes.callers import place_for_caller
from chalicelib.pages.console.orders.forms import Choosing, NewOrder, beside
from chalicelib.pages.console.orders.views.placing import basket, caller, found, open_campaigns, whole
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.shell import N_, Page, Redirect, Visit, ask
from chalicelib.pages.shell.fields import nested
from chalicelib.pages.shell.visit import filled
from chalicelib.web import staff

pages = Console(__name__)

_SERVES = staff("manager", "service")


@pages.page("/console/orders/new", allow=_SERVES, query=Choosing)
def new_order(visit: Visit[None]) -> Page:
    """Who calls; then which group buy; then what of it."""
    chosen: Choosing = visit.query
    if chosen.member_id is None and chosen.new is None:
        members = found(visit, chosen.q) if chosen.q else None
        return Page("console/orders/who.html", {"chosen": chosen, "found": members})
    campaigns = [] if chosen.campaign_id else open_campaigns(visit)
    only = campaigns[0].id if len(campaigns) == 1 else None
    if campaign_id := chosen.campaign_id or only:
        return _form(visit, campaign_id, chosen.member_id, None)
    who = caller(visit, chosen.member_id)
    return Page("console/orders/which.html", {"caller": who, "chosen": chosen, "campaigns": campaigns})


def _form(visit: Visit[Any], campaign_id: str, member_id: str | None, typed: NewOrder | None) -> Page:
    return Page("console/orders/new.html", {"basket": basket(visit, campaign_id, member_id, typed)})


def _again(visit: Visit[Any]) -> Page:
    """The form with what was typed; where only the price is another by now, what it comes to."""
    try:
        typed: NewOrder | None = filled(NewOrder, nested(visit.fields), visit.language)
        if typed is not None and isinstance(visit.refused, PriceChanged):
            return _summary(visit, typed)
    except DomainError:
        typed = None
    sent = visit.fields
    return _form(visit, sent.get("campaign_id", ""), sent.get("member_id") or None, typed)


@pages.form("/console/orders/new", allow=_SERVES, body=NewOrder, again=_again)
def place(visit: Visit[NewOrder]) -> Page | Redirect:
    """Shows what the order comes to, or places it: once, however often the button is pressed."""
    if visit.body.step == "again":
        return _form(visit, visit.body.campaign_id, visit.body.member_id, visit.body)
    if visit.body.step == "look":
        return _summary(visit, visit.body)
    with beside(list(visit.body.chosen), pickup_point_id="place", member_id="phone"):
        placed = ask(visit, place_for_caller, body=visit.body.asked())
    return Redirect(f"/orders/{placed.id}", flash=N_("The order is placed, and the member is told."))


def _summary(visit: Visit[Any], typed: NewOrder) -> Page:
    with beside(list(typed.chosen), pickup_point_id="place", member_id="phone"):
        sum_of, member = whole(visit, typed)
    return Page("console/orders/placing.html", {"typed": typed, "sum": sum_of, "caller": member})
