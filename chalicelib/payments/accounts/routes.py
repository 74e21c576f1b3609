"""A store's accounts at payment providers over HTTP, for its owner alone."""

from chalicelib.kernel.errors import NotFound
from chalicelib.payments.accounts import service as accounts
from chalicelib.payments.accounts.forms import StripeSettings, TestSettings, WeChatSettings
from chalicelib.payments.accounts.views import SettingsList, SettingsView
from chalicelib.payments.errors import CurrencyNotTaken, ProviderNotSetUp
from chalicelib.web import Call, Router, staff

routes = Router(__name__)

OWNERS = staff()


@routes.get(
    "/v1/payment-settings", allow=OWNERS, answer=SettingsList, tag="payments", summary="List my payment providers",
)  # fmt: skip
def list_payment_settings(call: Call[None]) -> SettingsList:
    return SettingsList(items=[SettingsView.of(each, call.base_url) for each in accounts.listed(call.tenant_id)])


@routes.get(
    "/v1/payment-settings/stripe", allow=OWNERS, answer=SettingsView, tag="payments", errors=(NotFound,),
    summary="Read my Stripe account, without its keys",
)  # fmt: skip
def read_stripe(call: Call[None]) -> SettingsView:
    return SettingsView.of(accounts.read(call.tenant_id, "stripe"), call.base_url)


@routes.put(
    "/v1/payment-settings/stripe", allow=OWNERS, body=StripeSettings, answer=SettingsView, tag="payments",
    errors=(CurrencyNotTaken,), summary="Set up Stripe with my own account",
)  # fmt: skip
def set_up_stripe(call: Call[StripeSettings]) -> SettingsView:
    """New keys of the same account replace its earlier ones. Another account takes new payments only: the earlier one
    is kept, its keys sealed, so that what was paid into it can be looked up and given back, for 400 days.
    """
    record = accounts.set_up(call.tenant_id, "stripe", call.body.account(), call.principal, call.now)
    return SettingsView.of(record, call.base_url)


@routes.delete(
    "/v1/payment-settings/stripe", allow=OWNERS, status=204, tag="payments",
    summary="Take no more payments with my Stripe account",
)  # fmt: skip
def remove_stripe(call: Call[None]) -> None:
    """Payments that went to it are still brought to their end and given back: its keys stay sealed for 400 days, then
    they are deleted. To end them at once, revoke them at Stripe, once nothing is open.
    """
    accounts.remove(call.tenant_id, "stripe", call.principal, call.now)


@routes.get(
    "/v1/payment-settings/wechat", allow=OWNERS, answer=SettingsView, tag="payments", errors=(NotFound,),
    summary="Read my WeChat Pay account, without its keys",
)  # fmt: skip
def read_wechat(call: Call[None]) -> SettingsView:
    return SettingsView.of(accounts.read(call.tenant_id, "wechat"), call.base_url)


@routes.put(
    "/v1/payment-settings/wechat", allow=OWNERS, body=WeChatSettings, answer=SettingsView, tag="payments",
    summary="Set up WeChat Pay with my own account",
)  # fmt: skip
def set_up_wechat(call: Call[WeChatSettings]) -> SettingsView:
    """New keys of the same account replace its earlier ones. Another account takes new payments only: the earlier one
    is kept, its keys sealed, so that what was paid into it can be looked up and given back, for 400 days.
    """
    record = accounts.set_up(call.tenant_id, "wechat", call.body.account(), call.principal, call.now)
    return SettingsView.of(record, call.base_url)


@routes.delete(
    "/v1/payment-settings/wechat", allow=OWNERS, status=204, tag="payments",
    summary="Take no more payments with my WeChat Pay account",
)  # fmt: skip
def remove_wechat(call: Call[None]) -> None:
    """Payments that went to it are still brought to their end and given back: its keys stay sealed for 400 days, then
    they are deleted. To end them at once, revoke them at WeChat Pay, once nothing is open.
    """
    accounts.remove(call.tenant_id, "wechat", call.principal, call.now)


@routes.get(
    "/v1/payment-settings/test", allow=OWNERS, answer=SettingsView, tag="payments", errors=(NotFound,),
    summary="Read how the test provider is set up",
)  # fmt: skip
def read_test(call: Call[None]) -> SettingsView:
    return SettingsView.of(accounts.read(call.tenant_id, "test"), call.base_url)


@routes.put(
    "/v1/payment-settings/test", allow=OWNERS, body=TestSettings, answer=SettingsView, tag="payments",
    errors=(ProviderNotSetUp,), summary="Set rates for the test provider, where there is one",
)  # fmt: skip
def set_up_test(call: Call[TestSettings]) -> SettingsView:
    account = call.body.account(call.tenant_id)
    return SettingsView.of(accounts.set_up(call.tenant_id, "test", account, call.principal, call.now), call.base_url)
