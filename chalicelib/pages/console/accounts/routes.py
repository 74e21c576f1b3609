"""Pages of payment accounts: what is set up, and how each provider is."""

from dataclasses import dataclass
from typing import Any

from chalicelib.kernel.errors import NotFound
from chalicelib.pages.console.accounts.forms import Nothing, RatesForm, StripeForm, WeChatForm, typed_rates
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.shell import N_, Page, Redirect, Visit, ask
from chalicelib.payments.accounts.routes import (
    list_payment_settings,
    read_stripe,
    read_test,
    read_wechat,
    remove_stripe,
    remove_wechat,
    set_up_stripe,
    set_up_test,
    set_up_wechat,
)
from chalicelib.payments.accounts.views import webhook_url
from chalicelib.settings import settings
from chalicelib.web import staff

pages = Console(__name__)

_OWNERS = staff()
_STRIPE_EVENTS = (
    "payment_intent.succeeded", "payment_intent.canceled", "checkout.session.completed", "checkout.session.expired",
    "checkout.session.async_payment_succeeded", "checkout.session.async_payment_failed", "refund.*", "charge.dispute.*",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider that a brand can have an account with."""

    code: str
    name: str
    means: str


WECHAT = Provider("wechat", N_("WeChat Pay"), N_("Neighbours pay inside WeChat, or scan a code. For amounts in CNY."))
STRIPE = Provider("stripe", N_("Stripe"), N_("Neighbours pay by card or wallet on a page of Stripe."))
TEST = Provider("test", N_("Test provider"), N_("Takes no real money: to try out how paying works."))


@pages.page("/console/payment-accounts", allow=_OWNERS)
def show_all(visit: Visit[Any]) -> Page:
    """The providers, and which of them are set up."""
    found = {each.provider: each for each in ask(visit, list_payment_settings).items}
    providers = (WECHAT, STRIPE, *((TEST,) if settings().local else ()))
    return Page("console/accounts/list.html", {"providers": providers, "found": found})


def _provider(visit: Visit[Any], provider: Provider, read: Any) -> Page:
    """The form of a provider; its secrets are typed anew each time."""
    try:
        account = ask(visit, read).model_dump()
    except NotFound:
        account = None
    values = {
        "provider": provider,
        "account": account,
        "open": account["settings"] if account else {},
        "standing": typed_rates(account, visit.brand.currency),
        "notices": webhook_url(visit.base_url, provider.code, visit.tenant_id),
        "directories": dict.fromkeys((f"{visit.base_url}/s/{visit.slug}/orders/", f"{visit.shop}/orders/")),
        "events": ", ".join(_STRIPE_EVENTS),
    }
    return Page(f"console/accounts/{provider.code}.html", values)


@pages.page("/console/payment-accounts/stripe", allow=_OWNERS)
def stripe(visit: Visit[Any]) -> Page:
    """The account at Stripe."""
    return _provider(visit, STRIPE, read_stripe)


@pages.form("/console/payment-accounts/stripe", allow=_OWNERS, body=StripeForm, again=stripe)
def save_stripe(visit: Visit[StripeForm]) -> Redirect:
    """Sets it up, or replaces its keys."""
    ask(visit, set_up_stripe, body=visit.body.settings(visit.brand.currency))
    return _saved(visit.body)


@pages.form("/console/payment-accounts/stripe/remove", allow=_OWNERS, body=Nothing, again=stripe)
def end_stripe(visit: Visit[Nothing]) -> Redirect:
    """Starts no more payments with it."""
    ask(visit, remove_stripe)
    return _ended()


@pages.page("/console/payment-accounts/wechat", allow=_OWNERS)
def wechat(visit: Visit[Any]) -> Page:
    """The account at WeChat Pay."""
    return _provider(visit, WECHAT, read_wechat)


@pages.form("/console/payment-accounts/wechat", allow=_OWNERS, body=WeChatForm, again=wechat)
def save_wechat(visit: Visit[WeChatForm]) -> Redirect:
    """Sets it up, or replaces its keys."""
    ask(visit, set_up_wechat, body=visit.body.settings(visit.brand.currency))
    return _saved(visit.body)


@pages.form("/console/payment-accounts/wechat/remove", allow=_OWNERS, body=Nothing, again=wechat)
def end_wechat(visit: Visit[Nothing]) -> Redirect:
    """Starts no more payments with it."""
    ask(visit, remove_wechat)
    return _ended()


@pages.page("/console/payment-accounts/test", allow=_OWNERS)
def test(visit: Visit[Any]) -> Page:
    """The test provider."""
    return _provider(visit, TEST, read_test)


@pages.form("/console/payment-accounts/test", allow=_OWNERS, body=RatesForm, again=test)
def save_test(visit: Visit[RatesForm]) -> Redirect:
    """Sets its rates."""
    ask(visit, set_up_test, body=visit.body.settings(visit.brand.currency))
    return _saved(visit.body)


def _saved(body: RatesForm) -> Redirect:
    said = (
        N_("It is saved. Try it: order the cheapest thing in your own shop, pay it, and give the money back.")
        if body.enabled
        else N_("It is saved, and switched off: no new payment starts with it.")
    )
    return Redirect("/payment-accounts", flash=said)


def _ended() -> Redirect:
    return Redirect(
        "/payment-accounts", flash=N_("No new payment starts with it. Open ones are still brought to an end.")
    )
