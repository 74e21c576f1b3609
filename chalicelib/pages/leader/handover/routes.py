"""Handing over: look up who says a code, hand over what waits for them."""

from typing import Any

from chalicelib.fulfilment.leader.service import led_point
from chalicelib.kernel.errors import NotFound
from chalicelib.orders.errors import CodeImpossible
from chalicelib.orders.routes.handover import hand_over_parcels, look_up_parcels
from chalicelib.orders.service.reading import get_order
from chalicelib.orders.views.handover import OutcomesView, ParcelsView
from chalicelib.pages.leader.handover.errors import ForeignCode, LeadsElsewhere
from chalicelib.pages.leader.handover.forms import Handed, Said
from chalicelib.pages.leader.handover.model import is_link, named_order
from chalicelib.pages.leader.points import OwnPoint, choosing, led
from chalicelib.pages.shell import Page, Pages, Visit, ask
from chalicelib.web import member

pages = Pages(__name__)

_MOST_TYPED = 40


@pages.page("/s/{slug}/leader/handover", allow=member(), query=OwnPoint, camera=True)
def counter(visit: Visit[Any]) -> Page:
    """The counter, with what the last code was refused for."""
    return _shown(visit)


@pages.form("/s/{slug}/leader/handover/look-up", allow=member(), body=Said, again=counter, camera=True)
def look_up(visit: Visit[Said]) -> Page:
    """What waits for whoever says the code; nothing is handed over by it."""
    said = visit.body
    _examine(visit, said.code, said.pickup_point_id)
    found: ParcelsView = ask(visit, look_up_parcels, body={"code": said.code, "pickup_point_id": said.pickup_point_id})
    return _shown(visit, found=found, code=said.code)


@pages.form("/s/{slug}/leader/handover", allow=member(), body=Handed, again=counter, camera=True)
def hand_over(visit: Visit[Handed]) -> Page:
    """Hands over what was shown; sent again, nothing goes twice."""
    said = visit.body
    _examine(visit, said.code, said.pickup_point_id)
    body = {"code": said.code, "pickup_point_id": said.pickup_point_id, "order_ids": said.chosen()}
    done: OutcomesView = ask(visit, hand_over_parcels, body=body)
    return _shown(visit, done=done)


def _shown(
    visit: Visit[Any], found: ParcelsView | None = None, done: OutcomesView | None = None, code: str = ""
) -> Page:
    values: dict[str, Any] = {"found": found, "done": done, "code": code}
    if visit.partial:
        point_id = visit.fields.get("pickup_point_id", "")
        return Page("leader/handover/result.html", {**values, "point_id": point_id})
    at = led(visit)
    if at.point is None:
        return choosing(at, "/leader/handover", "handover")
    return Page("leader/handover/counter.html", {**values, "led": at, "point_id": at.point.id})


def _examine(visit: Visit[Any], code: str, pickup_point_id: str) -> None:
    """Raises what can be said of a scanned text before it counts as a try at a code; first of all NotFound for whoever
    does not lead the pickup point.
    """
    led_point(visit.tenant_id, visit.member_id, pickup_point_id)
    if is_link(code):
        raise LeadsElsewhere(
            "It leads to a page, as the code on a poster does. The pickup code stands in the member's order.",
            detail_zh="扫到的是网页链接，例如海报上的二维码。取货码在顾客的订单里。",
        )
    if named := named_order(code):
        try:
            get_order(visit.tenant_id, named)
        except NotFound as absent:
            raise ForeignCode(
                "It belongs to an order of another shop. Ask for the code in an order of this shop.",
                detail_zh="这是其他店铺订单的取货码，请顾客出示本店订单的取货码。",
            ) from absent
    elif len(code.strip()) > _MOST_TYPED:
        raise CodeImpossible.at("/code", "This cannot be a pickup code.", "这不可能是取货码。")
