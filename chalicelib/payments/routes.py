"""Payments over HTTP: for members who pay, for providers' messages, and for the brand's people."""

from chalicelib.db import tenant_scope
from chalicelib.kernel.errors import IdempotencyMismatch, NotFound
from chalicelib.orders.service.reading import get_order, get_own_order
from chalicelib.payments.errors import (
    CurrencyNotTaken,
    GivenBack,
    KeysRefused,
    NotAcceptable,
    NothingCame,
    NothingDeclined,
    NothingDiffers,
    NothingToDismiss,
    NotPayable,
    PaymentDisputed,
    PaymentOver,
    ProviderNotSetUp,
    ProviderRefused,
    ProviderUnavailable,
    TooManyAttempts,
    WebhookRefused,
)
from chalicelib.payments.forms import AcceptPayment, DismissPayment, LookFilter, NewPayment
from chalicelib.payments.service import accepting, dismissing, reading, refunding, starting, webhooks
from chalicelib.payments.views import PaymentList, PaymentView, StaffPaymentList, StaffPaymentView
from chalicelib.web import Call, Paged, Router, anyone, member, staff

routes = Router(__name__)

LOOKS = staff("manager", "service", "analyst")


@routes.post(
    "/v1/stores/{slug}/orders/{id}/payments", allow=member(), body=NewPayment, answer=PaymentView, status=201,
    tag="payments", idempotency=True, summary="Pay what one of my orders wants now, once for each Idempotency-Key",
    errors=(
        CurrencyNotTaken, IdempotencyMismatch, KeysRefused, NotFound, NotPayable, PaymentOver, ProviderNotSetUp,
        ProviderRefused, ProviderUnavailable, TooManyAttempts,
    ),
)  # fmt: skip
def start_payment(call: Call[NewPayment]) -> PaymentView:
    asked = starting.Request(call.tenant_id, call.member_id, call.path["id"], call.idempotency_key, call.body_hash)
    back = starting.return_url(call.base_url, call.path["slug"], call.path["id"])
    wish = starting.Wish(call.body.way or "", call.body.openid or "", call.base_url, back)
    return PaymentView.as_started(starting.start(asked, wish, call.now))


@routes.get(
    "/v1/stores/{slug}/orders/{id}/payments", allow=member(), answer=PaymentList, tag="payments", errors=(NotFound,),
    summary="List the payments of one of my orders",
)  # fmt: skip
def list_own_payments(call: Call[None]) -> PaymentList:
    order = get_own_order(call.tenant_id, call.member_id, call.path["id"])
    return PaymentList(items=[PaymentView.of(each) for each in reading.of_order(call.tenant_id, order.id)])


@routes.get(
    "/v1/orders/{id}/payments", allow=LOOKS, answer=StaffPaymentList, tag="payments", errors=(NotFound,),
    summary="List the payments of an order",
)  # fmt: skip
def list_payments(call: Call[None]) -> StaffPaymentList:
    order = get_order(call.tenant_id, call.path["id"])
    return StaffPaymentList(items=[StaffPaymentView.of(each) for each in reading.of_order(call.tenant_id, order.id)])


@routes.get(
    "/v1/payments", allow=LOOKS, query=LookFilter, answer=StaffPaymentView, paged=True, tag="payments",
    summary="List payments that a person should look at, newest first",
)  # fmt: skip
def list_payments_to_look_at(call: Call[None]) -> Paged:
    page = reading.to_look_at(call.tenant_id, call.query.state, call.limit, call.cursor)
    return Paged([StaffPaymentView.of(each) for each in page.items], page.last_key)


@routes.get(
    "/v1/payments/{id}", allow=LOOKS, answer=StaffPaymentView, tag="payments", errors=(NotFound,),
    summary="Read a payment",
)  # fmt: skip
def read_payment(call: Call[None]) -> StaffPaymentView:
    return StaffPaymentView.of(reading.get_payment(call.tenant_id, call.path["id"]))


@routes.post(
    "/v1/payments/{id}/accept", allow=staff("manager"), body=AcceptPayment, answer=StaffPaymentView, tag="payments",
    errors=(
        GivenBack, KeysRefused, NotAcceptable, NotFound, NothingCame, NothingDiffers, ProviderNotSetUp,
        ProviderRefused, ProviderUnavailable,
    ),
    summary="Accept a payment that came in another amount than was asked",
)  # fmt: skip
def accept_payment(call: Call[AcceptPayment]) -> StaffPaymentView:
    """What really came is booked, and shown in the order's history: what is missing stays due, what is beyond the
    order's total goes back, and money that the order does not want goes back whole. Accepted again, it stays as it is.
    A payment of which money was given back at the provider, also in part, cannot be accepted.
    """
    by, now = call.principal, call.now
    return StaffPaymentView.of(accepting.accept(call.tenant_id, call.path["id"], call.body.reason, by, now))


@routes.post(
    "/v1/payments/{id}/dismiss", allow=staff("manager"), body=DismissPayment, answer=StaffPaymentView, tag="payments",
    errors=(NotFound, NothingToDismiss), summary="Dismiss a payment from the list of those to look at, with a note",
)  # fmt: skip
def dismiss_payment(call: Call[DismissPayment]) -> StaffPaymentView:
    """Takes it off the list for the reason for which it is shown, and for no other; it moves no money. Where the
    provider could not be asked, what waits for its word goes on without: an unpaid hold ends, a team fails, a balance
    defaults. Money that comes all the same goes back.
    """
    seen, by, now = call.body, call.principal, call.now
    return StaffPaymentView.of(dismissing.dismiss(call.tenant_id, call.path["id"], seen.reason, seen.note, by, now))


@routes.post(
    "/v1/payments/{id}/refunds/retry", allow=staff("manager", "service"), answer=StaffPaymentView, tag="payments",
    errors=(
        KeysRefused, NotFound, NothingDeclined, PaymentDisputed, ProviderNotSetUp, ProviderRefused, ProviderUnavailable,
    ),
    summary="Have declined refunds through a payment tried once more",
)  # fmt: skip
def retry_refunds(call: Call[None]) -> StaffPaymentView:
    return StaffPaymentView.of(refunding.try_again(call.tenant_id, call.path["id"], call.principal, call.now))


@routes.post(
    "/v1/webhooks/{provider}/{tenant_id}", allow=anyone(), status=204, tag="payments",
    errors=(WebhookRefused, ProviderUnavailable), summary="Take a signed message from a payment provider",
)  # fmt: skip
def take_webhook(call: Call[None]) -> None:
    tenant_id = call.path["tenant_id"]
    with tenant_scope(tenant_id):
        webhooks.take(tenant_id, call.path["provider"], call.headers, call.raw_body, call.now)
