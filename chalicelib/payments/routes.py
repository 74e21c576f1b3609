"""Payments over HTTP: a member pays, a provider tells, staff look, an owner sets up the accounts."""

from chalicelib.db import tenant_scope
from chalicelib.kernel.errors import IdempotencyMismatch, NotFound
from chalicelib.orders.service.listing import get_order, get_own_order
from chalicelib.payments.errors import (
    CurrencyNotTaken,
    NotPayable,
    PaymentOver,
    ProviderNotSetUp,
    ProviderRefused,
    ProviderUnavailable,
    WebhookRefused,
)
from chalicelib.payments.forms import NewPayment, StripeSettings, WeChatSettings
from chalicelib.payments.service import accounts, reading, starting, webhooks
from chalicelib.payments.views import (
    PaymentList,
    PaymentView,
    SettingsList,
    SettingsView,
    StaffPaymentList,
    StaffPaymentView,
)
from chalicelib.web import Call, Router, anyone, member, staff

routes = Router(__name__)

LOOKS = staff("manager", "service", "analyst")


@routes.post(
    "/v1/stores/{slug}/orders/{id}/payments", allow=member(), body=NewPayment, answer=PaymentView, status=201,
    tag="payments", idempotency=True, summary="Pay one of my held orders, once for each Idempotency-Key",
    errors=(
        CurrencyNotTaken, IdempotencyMismatch, NotFound, NotPayable, PaymentOver, ProviderNotSetUp, ProviderRefused,
        ProviderUnavailable,
    ),
)  # fmt: skip
def start_payment(call: Call[NewPayment]) -> PaymentView:
    asked = starting.Request(call.tenant_id, call.member_id, call.path["id"], call.idempotency_key, call.body_hash)
    wish = starting.Wish(call.body.way or "", call.body.openid or "", call.base_url)
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


@routes.post(
    "/v1/webhooks/{provider}/{tenant_id}", allow=anyone(), status=204, tag="payments",
    errors=(WebhookRefused, ProviderUnavailable), summary="Take a signed message from a payment provider",
)  # fmt: skip
def take_webhook(call: Call[None]) -> None:
    tenant_id = call.path["tenant_id"]
    with tenant_scope(tenant_id):
        webhooks.take(tenant_id, call.path["provider"], call.headers, call.raw_body, call.now)


OWNERS = staff()


@routes.get(
    "/v1/payment-settings", allow=OWNERS, answer=SettingsList, tag="payments", summary="List my payment providers",
)  # fmt: skip
def list_payment_settings(call: Call[None]) -> SettingsList:
    return SettingsList(items=[SettingsView.of(each, call.base_url) for each in accounts.listed(call.tenant_id)])


@routes.put(
    "/v1/payment-settings/stripe", allow=OWNERS, body=StripeSettings, answer=SettingsView, tag="payments",
    summary="Set up Stripe with my own account",
)  # fmt: skip
def set_up_stripe(call: Call[StripeSettings]) -> SettingsView:
    record = accounts.set_up(call.tenant_id, "stripe", call.body.account(), call.principal, call.now)
    return SettingsView.of(record, call.base_url)


@routes.put(
    "/v1/payment-settings/wechat", allow=OWNERS, body=WeChatSettings, answer=SettingsView, tag="payments",
    summary="Set up WeChat Pay with my own account",
)  # fmt: skip
def set_up_wechat(call: Call[WeChatSettings]) -> SettingsView:
    record = accounts.set_up(call.tenant_id, "wechat", call.body.account(), call.principal, call.now)
    return SettingsView.of(record, call.base_url)


@routes.delete(
    "/v1/payment-settings/stripe", allow=OWNERS, status=204, tag="payments",
    summary="Forget my Stripe account and its keys",
)  # fmt: skip
def remove_stripe(call: Call[None]) -> None:
    accounts.remove(call.tenant_id, "stripe", call.principal, call.now)


@routes.delete(
    "/v1/payment-settings/wechat", allow=OWNERS, status=204, tag="payments",
    summary="Forget my WeChat Pay account and its keys",
)  # fmt: skip
def remove_wechat(call: Call[None]) -> None:
    accounts.remove(call.tenant_id, "wechat", call.principal, call.now)
