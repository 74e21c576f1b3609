"""Handing over to whoever says a code, over HTTP: first what waits for them, then all of it in one call."""

from chalicelib.kernel.errors import NotFound
from chalicelib.orders.errors import (
    AlreadyPickedUp,
    BalanceUnpaid,
    CampaignNotLocked,
    CodeImpossible,
    CodeLocked,
    NotCollectable,
    NotTheLeader,
    OrderForfeited,
    WrongCode,
    WrongPickupPoint,
)
from chalicelib.orders.forms.handover import SpokenCodeForm, SpokenHandoverForm
from chalicelib.orders.handover.service import by_code
from chalicelib.orders.service.surroundings import surroundings
from chalicelib.orders.views.handover import OutcomesView, ParcelsView
from chalicelib.web import Call, Router, staff_or_member

routes = Router(__name__)

_HANDS_OVER = staff_or_member("manager", "service")
_REFUSED = (
    AlreadyPickedUp, BalanceUnpaid, CampaignNotLocked, CodeLocked, NotCollectable, NotFound, NotTheLeader,
    OrderForfeited, CodeImpossible, WrongCode, WrongPickupPoint,
)  # fmt: skip


@routes.post(
    "/v1/pickups/look-up", allow=_HANDS_OVER, body=SpokenCodeForm, answer=ParcelsView, tag="orders",
    summary="Show what waits at a pickup point for whoever says a code", errors=_REFUSED,
)  # fmt: skip
def look_up_parcels(call: Call[SpokenCodeForm]) -> ParcelsView:
    found = by_code.look_up(call.tenant_id, call.body.code, call.body.pickup_point_id, call.principal, call.now)
    return ParcelsView.of(found, call.now, call.locale)


@routes.post(
    "/v1/pickups", allow=_HANDS_OVER, body=SpokenHandoverForm, answer=OutcomesView, tag="orders", idempotency=True,
    summary="Hand over what waits for whoever says a code, one order or several", errors=_REFUSED,
)  # fmt: skip
def hand_over_parcels(call: Call[SpokenHandoverForm]) -> OutcomesView:
    sent = call.body
    outcomes = by_code.hand_over(
        call.tenant_id, sent.code, sent.order_ids, sent.pickup_point_id, call.principal, call.idempotency_key, call.now
    )
    orders = [each.order for each in outcomes if each.order is not None]
    return OutcomesView.of(outcomes, surroundings(call.tenant_id, orders), call.now, call.locale)
