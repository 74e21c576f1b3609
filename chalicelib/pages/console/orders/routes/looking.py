"""Pages of orders: the list, one with its whole story, and what is done to it with one button."""

from typing import Any

from chalicelib.insight.exports.routes import export_orders
from chalicelib.kernel.errors import Invalid
from chalicelib.orders.routes.callers import cancel_for_caller, place_for_caller
from chalicelib.orders.routes.changes import confirm_refund
from chalicelib.orders.routes.orders import hand_over_order, list_orders
from chalicelib.pages.console import said
from chalicelib.pages.console.orders.forms import HandoverTyped, Nothing, PaidOut, Wanted, beside, held
from chalicelib.pages.console.orders.views.acts import left, refundable
from chalicelib.pages.console.orders.views.listing import filters
from chalicelib.pages.console.orders.views.standing import story
from chalicelib.pages.console.orders.views.timeline import ENDED_BY, refund_for
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.shell import N_, Page, Redirect, Visit, ask, may
from chalicelib.web import Paged, staff

pages = Console(__name__)

AT_A_TIME = 50
_LOOKS = staff("manager", "planner", "service", "analyst")
_SERVES = staff("manager", "service")


@pages.page("/console/orders", allow=_LOOKS, query=Wanted, paged=True)
def orders(visit: Visit[None]) -> Page:
    """Orders, newest first, narrowed by what the address says."""
    wanted = visit.query
    refusal: Invalid | None = None
    try:
        found = ask(visit, list_orders, query=wanted.asked(), limit=AT_A_TIME, cursor=visit.cursor)
    except Invalid as wrong:
        found, refusal = Paged([], None), wrong
    return Page(
        "console/orders/list.html",
        {
            "orders": found.items,
            "following": visit.following(found.last_key),
            "wanted": wanted,
            "asked": wanted.asked(),
            "wrong": refusal,
            "filters": filters(visit, wanted),
            "may_place": may(visit, place_for_caller),
            "may_export": may(visit, export_orders),
            "said": said,
        },
        status=refusal.status if refusal else 200,
    )


@pages.page("/console/orders/{id}", allow=_LOOKS)
def order(visit: Visit[None]) -> Page:
    """One of them: what is in it, its money, what happened, and what can be done."""
    return order_page(visit)


def order_page(visit: Visit[Any]) -> Page:
    """The page of an order, also with what a form of it was refused for."""
    found = story(visit)
    return Page(
        "console/orders/order.html",
        {
            "story": found,
            "order": found.order,
            "acts": found.acts,
            "said": said,
            "refund_for": refund_for,
            "ended_by": ENDED_BY,
            "goes_back": refundable(found.order),
            "left": left(found.order),
            "held": held(found.order),
        },
    )


@pages.form("/console/orders/{id}/cancel", allow=_SERVES, body=Nothing, again=order_page)
def cancel(visit: Visit[Nothing]) -> Redirect:
    """Cancels it for its member; what was paid goes back."""
    ask(visit, cancel_for_caller)
    return Redirect(f"/orders/{visit.path['id']}", flash=N_("The order is cancelled, and the member is told."))


@pages.form("/console/orders/{id}/pickup", allow=_SERVES, body=HandoverTyped, again=order_page)
def hand_over(visit: Visit[HandoverTyped]) -> Redirect:
    """Hands it over, or a part of it, against its code."""
    chosen = [each for each, units in visit.body.units.items() if units]
    with beside(chosen):
        done = ask(visit, hand_over_order, body=visit.body.asked())
    flash = N_("It is handed over.") if done.picked_up_at else N_("A part is handed over; the rest still waits.")
    return Redirect(f"/orders/{visit.path['id']}", flash=flash)


@pages.form("/console/orders/{id}/refunds/{refund_id}/confirm", allow=_SERVES, body=PaidOut)
def paid_out(visit: Visit[PaidOut]) -> Redirect:
    """Notes that a refund was given to its member in cash."""
    ask(visit, confirm_refund)
    return Redirect(visit.body.onward(visit.path["id"]), flash=N_("It is noted that the money was paid out."))
