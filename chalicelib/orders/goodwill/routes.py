"""Goodwill over HTTP."""

from chalicelib.kernel.errors import IdempotencyMismatch, NotFound
from chalicelib.orders.errors import NotInOrder, RefundTooLarge
from chalicelib.orders.goodwill import service
from chalicelib.orders.goodwill.errors import AboveGoodwillCap
from chalicelib.orders.goodwill.forms import GoodwillForm
from chalicelib.orders.goodwill.views import GoodwillView
from chalicelib.web import Call, Router, staff

routes = Router(__name__)


@routes.post(
    "/v1/orders/{id}/refunds", allow=staff("manager", "service"), body=GoodwillForm, answer=GoodwillView, status=201,
    tag="orders", idempotency=True, summary="Give money of an order back by goodwill, with a reason",
    errors=(NotFound, NotInOrder, AboveGoodwillCap, RefundTooLarge, IdempotencyMismatch),
)  # fmt: skip
def give_back(call: Call[GoodwillForm]) -> GoodwillView:
    """Outside every window, and never more than was paid and has not gone back: up to the cap of the caller's role for
    all goodwill of the order together, as the refund rules say. Owners have no cap.
    """
    made = service.give(
        call.tenant_id, call.path["id"], call.body.gift(), call.idempotency_key, call.body_hash, call.principal,
        call.now,
    )  # fmt: skip
    return GoodwillView.of_all(made)
