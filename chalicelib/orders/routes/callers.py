"""What the brand's people do in orders for a member who calls, over HTTP: quote, place, change, cancel, move."""

from chalicelib.kernel.errors import IdempotencyMismatch, NotFound, Stale
from chalicelib.orders.changes.service import editing
from chalicelib.orders.ending.service import cancelling
from chalicelib.orders.errors import (
    CampaignNotLocked,
    CutoffPassed,
    DeliveryUnavailable,
    GiftNotEditable,
    NotAdjustable,
    NotAPickupPoint,
    NotCancellable,
    NotEditable,
    NothingLeft,
    PaymentMethodUnavailable,
    PriceChanged,
    SoldOut,
    UnitsPickedUp,
)
from chalicelib.orders.forms.changes import EditForm, MoveForm
from chalicelib.orders.forms.orders import CallersOrderForm, CallersQuoteForm
from chalicelib.orders.handover.service import moving
from chalicelib.orders.placing import service as placing
from chalicelib.orders.routes.orders import BASKET, TEAM, quoted
from chalicelib.orders.teams.errors import TeamFilled
from chalicelib.orders.views.orders import StaffOrderView
from chalicelib.orders.views.quotes import QuoteView
from chalicelib.web import Answer, Call, Router, staff

routes = Router(__name__)

_SERVES = staff("manager", "service")


@routes.post(
    "/v1/quotes", allow=_SERVES, body=CallersQuoteForm, answer=QuoteView, tag="orders", errors=BASKET,
    summary="Price a basket for a member who calls",
)  # fmt: skip
def quote_for_caller(call: Call[CallersQuoteForm]) -> QuoteView:
    member_id = placing.known_member(call.tenant_id, call.body.whose())
    return quoted(call.tenant_id, member_id, call.body, call.now, call.locale)


@routes.post(
    "/v1/orders", allow=_SERVES, body=CallersOrderForm, answer=StaffOrderView, status=201, tag="orders",
    idempotency=True, summary="Place an order for a member who calls, exactly once for each Idempotency-Key",
    errors=(*BASKET, *TEAM, IdempotencyMismatch, PaymentMethodUnavailable, PriceChanged, SoldOut),
)  # fmt: skip
def place_for_caller(call: Call[CallersOrderForm]) -> StaffOrderView:
    sent = call.body
    in_stead = placing.InStead(call.principal, sent.note)
    order = placing.place_for(
        call.tenant_id, sent.whose(), sent.wish(), call.idempotency_key, call.body_hash, in_stead, call.now
    )
    return StaffOrderView.placed_for_member(order)


@routes.patch(
    "/v1/orders/{id}", allow=_SERVES, body=EditForm, answer=StaffOrderView, tag="orders", idempotency=True,
    summary="Change an order for a member who calls, until the campaign closes",
    errors=(
        *BASKET, CutoffPassed, GiftNotEditable, IdempotencyMismatch, NotEditable, NothingLeft, PriceChanged, SoldOut,
        Stale,
    ),
)  # fmt: skip
def edit_for_caller(call: Call[EditForm]) -> Answer:
    wanted = call.body.edit(call.idempotency_key, call.if_match, call.principal)
    order = editing.edit_for_member(call.tenant_id, call.path["id"], wanted, call.now)
    return Answer(StaffOrderView.for_staff(order, with_code=True), etag=int(order.rev))


@routes.post(
    "/v1/orders/{id}/cancel", allow=_SERVES, answer=StaffOrderView, tag="orders",
    errors=(NotFound, CutoffPassed, NotCancellable, TeamFilled),
    summary="Cancel an order for a member who calls, until the campaign closes",
)  # fmt: skip
def cancel_for_caller(call: Call[None]) -> StaffOrderView:
    order = cancelling.cancel_for_member(call.tenant_id, call.path["id"], call.principal, call.now)
    return StaffOrderView.for_staff(order, with_code=True)


@routes.post(
    "/v1/orders/{id}/move", allow=_SERVES, body=MoveForm, answer=StaffOrderView, tag="orders", idempotency=True,
    summary="Move an order to another place after the cutoff, until it is handed over",
    errors=(
        CampaignNotLocked, DeliveryUnavailable, IdempotencyMismatch, NotAdjustable, NotAPickupPoint, NotFound,
        UnitsPickedUp,
    ),
)  # fmt: skip
def move_order(call: Call[MoveForm]) -> Answer:
    order = moving.move(call.tenant_id, call.path["id"], call.body.move(call), call.principal, call.now)
    return Answer(StaffOrderView.for_staff(order, with_code=True), etag=int(order.rev))
