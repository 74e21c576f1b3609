"""What changes an order after it is placed, over HTTP: by its member until the cutoff, by staff after the lock."""

from typing import Any

from chalicelib.kernel.errors import IdempotencyMismatch, NotFound, Stale
from chalicelib.orders.adjustments import service as adjusting
from chalicelib.orders.changes.service import editing, history
from chalicelib.orders.errors import (
    CampaignNotLocked,
    CutoffPassed,
    GiftNotEditable,
    NotAdjustable,
    NotCollectable,
    NotEditable,
    NothingLeft,
    NotInOrder,
    NotLower,
    NotPaidInCash,
    NotTheLeader,
    PriceChanged,
    SoldOut,
    UnitsPickedUp,
)
from chalicelib.orders.forms.changes import AdjustmentForm, EditForm
from chalicelib.orders.handover.service import cash as paying_out
from chalicelib.orders.handover.service import qr_code
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refunds.views import StaffRefundView
from chalicelib.orders.routes.orders import BASKET, LOOKS
from chalicelib.orders.service import reading
from chalicelib.orders.views.changes import HistoryView
from chalicelib.orders.views.orders import OrderView, StaffOrderView
from chalicelib.web import Answer, Call, Paged, Router, Svg, member, staff, staff_or_member

routes = Router(__name__)

_OWN = "/v1/stores/{slug}/orders/{id}"
_SERVES = ("manager", "service")


@routes.patch(
    _OWN, allow=member(), body=EditForm, answer=OrderView, tag="orders", idempotency=True,
    summary="Change what is in one of my orders, or where it is handed over, until the campaign closes",
    errors=(
        *BASKET, CutoffPassed, GiftNotEditable, IdempotencyMismatch, NotEditable, NothingLeft, PriceChanged, SoldOut,
        Stale,
    ),
)  # fmt: skip
def edit_own_order(call: Call[EditForm]) -> Answer:
    wanted = call.body.edit(call.idempotency_key, call.if_match)
    order = editing.edit(call.tenant_id, call.member_id, call.path["id"], wanted, call.now)
    return Answer(OrderView.of(order), etag=int(order.rev))


@routes.get(
    f"{_OWN}/history", allow=member(), answer=HistoryView, paged=True, tag="orders", errors=(NotFound,),
    summary="List what happened to one of my orders",
)  # fmt: skip
def read_own_history(call: Call[None]) -> Paged:
    order = reading.get_own_order(call.tenant_id, call.member_id, call.path["id"], consistent=True)
    return _history(order, call, with_names=False)


@routes.get(
    f"{_OWN}/pickup-code.svg", allow=member(), svg=True, tag="orders", errors=(NotCollectable, NotFound),
    summary="Draw the pickup code of one of my orders as a QR code",
)  # fmt: skip
def draw_pickup_code(call: Call[None]) -> Svg:
    order = reading.get_own_order(call.tenant_id, call.member_id, call.path["id"], consistent=True)
    return Svg(qr_code.drawing(order))


@routes.post(
    "/v1/orders/{id}/adjustments", allow=staff(*_SERVES), body=AdjustmentForm, answer=StaffOrderView, tag="orders",
    idempotency=True, summary="Take units out of an order after the lock, and refund them",
    errors=(
        CampaignNotLocked, IdempotencyMismatch, NotAdjustable, NotFound, NotInOrder, NotLower, UnitsPickedUp,
    ),
)  # fmt: skip
def adjust_order(call: Call[AdjustmentForm]) -> Answer:
    order = adjusting.adjust_after_lock(
        call.tenant_id,
        call.path["id"],
        call.body.quantities(),
        key=call.idempotency_key,
        reason=call.body.reason,
        by=call.principal,
        now=call.now,
        body_hash=call.body_hash,
    )
    return Answer(StaffOrderView.for_staff(order, with_code=True), etag=int(order.rev))


@routes.get(
    "/v1/orders/{id}/history", allow=LOOKS, answer=HistoryView, paged=True, tag="orders", errors=(NotFound,),
    summary="List what happened to an order, and who did it",
)  # fmt: skip
def read_history(call: Call[None]) -> Paged:
    return _history(reading.get_order(call.tenant_id, call.path["id"], consistent=True), call, with_names=True)


@routes.post(
    "/v1/orders/{id}/refunds/{refund_id}/confirm", allow=staff_or_member(*_SERVES), answer=StaffRefundView,
    tag="orders", summary="Confirm that a refund was paid out in cash at the pickup point",
    errors=(NotFound, NotPaidInCash, NotTheLeader),
)  # fmt: skip
def confirm_refund(call: Call[None]) -> StaffRefundView:
    refund = paying_out.confirm(call.tenant_id, call.path["id"], call.path["refund_id"], call.principal, call.now)
    return StaffRefundView.of(refund)


def _history(order: OrderRecord, call: Call[Any], *, with_names: bool) -> Paged:
    start = int((call.cursor or {}).get("after", 0))
    entries = history.history(order)
    shown = entries[start : start + call.limit]
    following = {"after": start + call.limit} if start + call.limit < len(entries) else None
    return Paged([HistoryView.of(entry, order.currency, with_names=with_names) for entry in shown], following)
