"""Paying on pages: to the provider and back, whatever has become of the order meanwhile."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from chalicelib.db import Transaction, tenant_scope
from chalicelib.db.meter import metered
from chalicelib.kernel.clock import instant
from chalicelib.payments.errors import PayerUnknown, ProviderUnavailable
from chalicelib.payments.model import Report, State
from chalicelib.payments.providers.port import Charge, Opened
from chalicelib.payments.providers.test import TestProvider
from chalicelib.payments.providers.wechat import WeChat
from chalicelib.payments.service.reading import every_of_order
from tests.builders import Shop, made
from tests.conftest import Clock, Sweep
from tests.pages.site import Seen, Visitor, fields
from tests.payments.checkout import Checkout
from tests.payments.conftest import merchant_keys, platform_keys, stripe_side
from tests.payments.fake_stripe import FakeStripe
from tests.payments.test_settings import wechat

__all__ = ["merchant_keys", "platform_keys", "stripe_side", "wechat"]

IN_WECHAT = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Mobile Safari/537.36 MicroMessenger/8.0.50"


@pytest.fixture
def checkout(shop: Shop) -> Checkout:
    return Checkout(shop)


def page_of(checkout: Checkout) -> str:
    return f"/orders/{checkout.order['id']}/pay"


def payments(checkout: Checkout) -> list[Any]:
    with tenant_scope(checkout.tenant_id):
        return every_of_order(checkout.tenant_id, checkout.order["id"])


def begun(shopper: Visitor, checkout: Checkout) -> Seen:
    """The page that leads to the provider, after the button was pressed."""
    return shopper.send(shopper.get(page_of(checkout)), "Go to payment")


def test_an_order_is_paid_there_and_back(shopper: Visitor, checkout: Checkout) -> None:
    page = shopper.get(page_of(checkout))
    assert (page.heading, page.words(".price")) == ("Pay", "CN¥18.00")
    assert page.soup.select_one("[data-seconds]")["data-seconds"] == "900"

    page = shopper.send(page, "Go to payment")
    (payment,) = payments(checkout)
    assert page.link("Go to payment").endswith(f"/local/payments/{checkout.tenant_id}/{payment.id}")

    checkout.pay(payment.id)
    checkout.notify(payment.id)
    page = shopper.get(page_of(checkout))
    assert page.heading == "Paid. Thank you."
    assert page.link("To my order") == shopper.at(f"/orders/{checkout.order['id']}")


def test_whoever_comes_back_before_the_message_sees_that_it_is_paid(shopper: Visitor, checkout: Checkout) -> None:
    begun(shopper, checkout)
    checkout.pay(payments(checkout)[0].id)
    assert shopper.get(page_of(checkout)).heading == "Pay"

    with tenant_scope(checkout.tenant_id):
        charge = checkout.provider.charge(payments(checkout)[0].id)
    back = urlsplit(charge.return_url)

    assert shopper.get(f"{back.path}?{back.query}").heading == "Paid. Thank you."
    assert checkout.order_record().status == "placed"


def test_a_provider_is_asked_so_often_and_no_more(
    shopper: Visitor, checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(shopper, checkout)
    asked: list[Any] = []
    query = TestProvider.query

    def counting(provider: TestProvider, *args: Any) -> Any:
        asked.append(args)
        return query(provider, *args)

    monkeypatch.setattr(TestProvider, "query", counting)
    for _ in range(35):
        assert shopper.get(f"{page_of(checkout)}?look=1").status == 200
    assert len(asked) == 30


@pytest.mark.parametrize(("look", "asks"), [(0, 0), (1, 1), (2, 1), (3, 0), (4, 1), (5, 0), (1000, 0)])
def test_a_page_that_waits_has_the_provider_asked_now_and_then(
    shopper: Visitor, checkout: Checkout, monkeypatch: pytest.MonkeyPatch, look: int, asks: int
) -> None:
    begun(shopper, checkout)
    asked: list[Any] = []
    query = TestProvider.query
    monkeypatch.setattr(TestProvider, "query", lambda *args: asked.append(args) or query(*args))

    shopper.get(f"{page_of(checkout)}?look={look}")

    assert len(asked) == asks


def test_two_taps_are_one_payment(shopper: Visitor, checkout: Checkout) -> None:
    page = shopper.get(page_of(checkout))

    answers = [shopper.send(page, "Go to payment") for _ in range(2)]

    assert answers[0].link("Go to payment") == answers[1].link("Go to payment")
    assert len(payments(checkout)) == 1


def test_whoever_left_the_provider_goes_on_with_the_same_payment(shopper: Visitor, checkout: Checkout) -> None:
    begun(shopper, checkout)

    page = shopper.get(page_of(checkout))

    assert page.link("Go to payment").endswith(payments(checkout)[0].id)
    assert not page.soup.select("main form, .stay form")


def test_the_back_button_after_paying_shows_what_is_paid(shopper: Visitor, checkout: Checkout) -> None:
    first = shopper.get(page_of(checkout))
    shopper.send(first, "Go to payment")
    checkout.pay(payments(checkout)[0].id)
    checkout.notify(payments(checkout)[0].id)

    assert first.headers["cache-control"] == "no-store"
    assert shopper.send(first, "Go to payment").heading == "Paid. Thank you."
    assert len(payments(checkout)) == 1


def test_a_declined_payment_can_be_tried_again(shopper: Visitor, checkout: Checkout) -> None:
    begun(shopper, checkout)
    checkout.pay(payments(checkout)[0].id, State.FAILED)
    checkout.notify(payments(checkout)[0].id, "failed")

    page = shopper.get(page_of(checkout))
    assert "did not go through" in page.words(".note:not(.kept)")
    page = shopper.send(page, "Go to payment")

    assert page.link("Go to payment").endswith(payments(checkout)[1].id)


def test_a_provider_that_is_away_loses_nothing(
    shopper: Visitor, checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = shopper.get(page_of(checkout))
    with monkeypatch.context() as patch:
        patch.setattr(TestProvider, "create", _away)
        page = shopper.send(page, "Go to payment")
        assert page.status == 503
        assert "does not answer" in page.words(".refusal")

    page = shopper.send(page, "Go to payment")

    assert len(payments(checkout)) == 1
    assert page.link("Go to payment").endswith(payments(checkout)[0].id)


def test_an_attempt_that_is_over_is_begun_anew(shopper: Visitor, checkout: Checkout) -> None:
    """The form that was left open still carries the key of the attempt that ended."""
    page = shopper.get(page_of(checkout))
    shopper.send(page, "Go to payment")
    payment_id = payments(checkout)[0].id
    with tenant_scope(checkout.tenant_id):
        payment = checkout.payment(payment_id)
        payment.client, payment.stored_state = None, State.CLOSED.value
        tx = Transaction()
        tx.replace("payment", payment)
        tx.commit()

    page = shopper.send(page, "Go to payment")
    assert (page.status, len(payments(checkout))) == (409, 1)
    assert page.words(".refusal").endswith("This attempt is over; start a new payment.")
    page = shopper.send(page, "Go to payment")

    assert page.link("Go to payment").endswith(payments(checkout)[1].id)


def test_an_hour_that_passed_is_told(shopper: Visitor, checkout: Checkout, clock: Clock, sweep: Sweep) -> None:
    open_form = shopper.get(page_of(checkout))
    clock.advance(minutes=16)
    assert shopper.get(page_of(checkout)).heading == "The time to pay is over"
    sweep(times=2)

    page = shopper.send(open_form, "Go to payment")

    assert (page.status, page.heading) == (409, "The time to pay is over")
    assert "Nothing was taken from you." in page.words()
    assert page.link("Order again").endswith(f"/campaigns/{checkout.campaign['id']}")
    assert payments(checkout) == []


def test_while_the_provider_does_not_say_the_payer_is_told_to_wait(
    shopper: Visitor, checkout: Checkout, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(shopper, checkout)
    monkeypatch.setattr(TestProvider, "query", _away)
    monkeypatch.setattr(TestProvider, "close", _away)
    clock.advance(minutes=16)

    page = shopper.get(f"{page_of(checkout)}?look=1")

    assert (page.status, page.heading) == (200, "Your payment is being checked")
    assert page.soup.select_one("#look")["hx-get"].startswith(shopper.at(page_of(checkout)))


def test_money_that_came_too_late_is_said_to_go_back(
    shopper: Visitor, checkout: Checkout, shop: Shop, clock: Clock
) -> None:
    begun(shopper, checkout)
    payment_id = payments(checkout)[0].id
    checkout.cancel()
    checkout.pay(payment_id)
    checkout.notify(payment_id)

    page = shopper.get(page_of(checkout))

    (listed,) = made(shop.caller.call("GET", checkout.path, token=shop.shopper.token), 200)["items"]
    assert listed["returned"] is True
    assert page.heading == "Nothing is to be paid"
    assert page.words(".note:not(.kept)").startswith("CN¥18.00 came when your order no longer needed it.")


def test_an_order_that_is_paid_at_pickup_says_so(shopper: Visitor, shop: Shop) -> None:
    order = made(shop.order(quantity=2))

    page = shopper.get(f"/orders/{order['id']}/pay")

    assert page.heading == "You pay when you collect"
    assert "You pay CN¥18.00 at the pickup point" in page.words()


def test_a_deposit_is_paid_first_and_the_rest_when_its_payer_likes(shopper: Visitor, shop: Shop) -> None:
    """Two units at 9.00, of which 3.33 each are the deposit."""
    offer = shop.offer() | {"deposit": shop.money(333)}
    campaign = shop.campaign(kind="pre_order", offers=[offer], payment_methods=["test"])
    checkout = Checkout(shop, campaign=campaign)
    page = shopper.get(page_of(checkout))
    assert page.words(".price") == "CN¥6.66"
    assert "The rest, CN¥11.34, is paid later" in page.words()

    shopper.send(page, "Go to payment")
    checkout.pay(payments(checkout)[0].id)
    checkout.notify(payments(checkout)[0].id)
    page = shopper.get(page_of(checkout))

    assert (page.heading, page.words(".price")) == ("Pay the rest", "CN¥11.34")
    assert "You have paid CN¥6.66. This is the rest of your order. You can pay it now" in page.words()
    assert "Your deposit is paid, and your order counts." in page.words(".flash")


def test_a_form_left_open_over_a_cancellation_starts_nothing(shopper: Visitor, checkout: Checkout) -> None:
    page = shopper.get(page_of(checkout))
    checkout.cancel()

    page = shopper.send(page, "Go to payment")

    assert (page.status, page.heading) == (409, "Nothing is to be paid")
    assert payments(checkout) == []


def test_the_difference_of_a_dearer_order_is_paid(shopper: Visitor, checkout: Checkout) -> None:
    begun(shopper, checkout)
    checkout.pay(payments(checkout)[0].id)
    checkout.notify(payments(checkout)[0].id)
    checkout.edit(3)

    page = shopper.get(page_of(checkout))

    assert page.words(".price") == "CN¥9.00"
    assert "what your change costs more" in page.words()
    assert shopper.send(page, "Go to payment").link("Go to payment").endswith(payments(checkout)[1].id)


def test_of_a_difference_that_nobody_knows_to_be_paid_it_is_not_said_that_it_is(
    shopper: Visitor, checkout: Checkout, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(shopper, checkout)
    checkout.pay(payments(checkout)[0].id)
    checkout.notify(payments(checkout)[0].id)
    checkout.edit(3)
    begun(shopper, checkout)
    monkeypatch.setattr(TestProvider, "query", _away)
    monkeypatch.setattr(TestProvider, "close", _away)
    clock.advance(minutes=16)

    page = shopper.get(page_of(checkout))

    assert page.heading == "Your payment is being checked"
    assert page.soup.select_one("#look") is not None


def test_of_a_rest_that_nobody_knows_to_be_paid_it_is_not_said_that_it_is(
    shopper: Visitor, shop: Shop, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer = shop.offer() | {"deposit": shop.money(333)}
    checkout = Checkout(shop, campaign=shop.campaign(kind="pre_order", offers=[offer], payment_methods=["test"]))
    begun(shopper, checkout)
    checkout.pay(payments(checkout)[0].id)
    checkout.notify(payments(checkout)[0].id)
    clock.set(checkout.order_record().balance_due_at - timedelta(minutes=5))
    begun(shopper, checkout)
    monkeypatch.setattr(TestProvider, "query", _away)
    monkeypatch.setattr(TestProvider, "close", _away)
    clock.advance(minutes=6)

    assert shopper.get(page_of(checkout)).heading == "Your payment is being checked"


def test_of_a_rest_that_nobody_tried_to_pay_it_is_said_that_the_time_is_over(
    shopper: Visitor, shop: Shop, clock: Clock, sweep: Sweep
) -> None:
    offer = shop.offer() | {"deposit": shop.money(333)}
    checkout = Checkout(shop, campaign=shop.campaign(kind="pre_order", offers=[offer], payment_methods=["test"]))
    begun(shopper, checkout)
    checkout.pay(payments(checkout)[0].id)
    checkout.notify(payments(checkout)[0].id)
    due_at = checkout.order_record().balance_due_at
    clock.set(due_at)
    assert shopper.get(page_of(checkout)).heading == "Nothing is to be paid", "the group buy is not decided yet"
    clock.set(due_at - timedelta(hours=1))
    sweep(2)
    clock.set(due_at)

    page = shopper.get(page_of(checkout))
    assert page.heading == "The time to pay is over"
    assert "No payment of the rest of CN¥11.34 has come in time." in page.words()
    assert "The time to pay the rest is over." in shopper.get(page.link("To my order")).words()


def test_of_a_change_that_nobody_tried_to_pay_it_is_said_that_the_time_is_over(
    shopper: Visitor, checkout: Checkout, clock: Clock
) -> None:
    begun(shopper, checkout)
    checkout.pay(payments(checkout)[0].id)
    checkout.notify(payments(checkout)[0].id)
    checkout.edit(3)
    clock.advance(minutes=16)

    page = shopper.get(page_of(checkout))
    assert page.heading == "The time to pay is over"
    assert "Your order stays as it was." in page.words()


def test_an_order_says_when_it_was_paid_online(shopper: Visitor, checkout: Checkout, clock: Clock) -> None:
    begun(shopper, checkout)
    path = f"/orders/{checkout.order['id']}"
    assert "Paid online" not in shopper.get(path).words()
    clock.advance(minutes=3)
    checkout.pay(payments(checkout)[0].id)
    checkout.notify(payments(checkout)[0].id)
    paid_at = payments(checkout)[0].succeeded_at
    clock.advance(minutes=5)

    page = shopper.get(path)
    assert page.soup.select_one("dt time")["datetime"] == instant(paid_at)
    assert "You have paid CN¥18.00 Paid online, " in page.words()


def test_a_script_sees_whether_anything_has_changed(shopper: Visitor, checkout: Checkout) -> None:
    page = begun(shopper, checkout)
    look = page.soup.select_one("#look")["hx-get"]
    unchanged = shopper.get(look, hx_request="true")
    assert (unchanged.status, unchanged.soup.select_one("#look") is None) == (200, False)
    assert "<html" not in unchanged.text
    assert parse_qs(urlsplit(unchanged.soup.select_one("#look")["hx-get"]).query)["look"] == ["2"]

    checkout.pay(payments(checkout)[0].id)
    checkout.notify(payments(checkout)[0].id)
    changed = shopper.get(look, hx_request="true")

    assert changed.headers["hx-redirect"] == shopper.at(page_of(checkout))


def test_a_page_stops_to_look_by_itself(shopper: Visitor, checkout: Checkout) -> None:
    begun(shopper, checkout)

    page = shopper.get(f"{page_of(checkout)}?look=50")

    assert page.soup.select_one("#look")["hx-trigger"] == "refresh"
    assert page.soup.select('meta[http-equiv="refresh"]') == []
    assert page.link("I have paid: look again").endswith("?look=1")


def test_an_order_of_somebody_else_is_none(shop: Shop, checkout: Checkout, new_visitor: Callable[..., Visitor]) -> None:
    who = shop.member()
    other, own = (
        new_visitor(shop).signed_in(who),
        made(shop.order(who, payment_method="test", campaign=checkout.campaign)),
    )
    form = fields(other.get(f"/orders/{own['id']}/pay").form("Go to payment"))

    assert other.post(page_of(checkout), form).status == 404
    for below in ("", "/wechat", "/payer?code=x&state=y"):
        assert other.get(f"{page_of(checkout)}{below}").status == 404
    assert payments(checkout) == []


def test_a_form_without_a_key_starts_nothing(shopper: Visitor, checkout: Checkout) -> None:
    """Without one, all such forms would be the same payment."""
    form = fields(shopper.get(page_of(checkout)).form("Go to payment"))

    assert shopper.post(page_of(checkout), form | {"_key": ""}).status == 400
    assert payments(checkout) == []


def test_whoever_is_not_signed_in_is_led_there_and_back(visitor: Visitor, checkout: Checkout) -> None:
    answer = visitor.get(page_of(checkout), follow=False)

    assert answer.status == 303
    assert parse_qs(urlsplit(answer.headers["location"]).query)["next"] == [visitor.at(page_of(checkout))]


def test_the_page_speaks_chinese(shop: Shop, checkout: Checkout, new_visitor: Callable[..., Visitor]) -> None:
    reader = new_visitor(shop, language="zh").signed_in(shop.shopper)

    page = reader.get(page_of(checkout))

    assert page.heading == "付款"
    assert reader.send(page, "去付款").link("去付款")


def test_a_page_asks_for_no_more_than_its_calls(shopper: Visitor, checkout: Checkout) -> None:
    begun(shopper, checkout)
    with metered() as page:
        shopper.get(page_of(checkout))
    with metered() as calls:
        for path in (checkout.path, checkout.path.removesuffix("/payments")):
            made(checkout.shop.caller.call("GET", path, token=checkout.shop.shopper.token), 200)

    assert page.reads <= calls.reads + 1


# --- inside WeChat ------------------------------------------------------------------------------------------------

OPENID = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"
SIGNED = {"appId": "wx1", "package": "prepay_id=wx1", "paySign": "it's <signed>"}


@pytest.fixture
def wechat_checkout(shop: Shop, wechat: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Checkout:
    """A held order that is paid by WeChat, whose side is here; codes are exchanged for the one openid, once."""
    account = wechat | {"app_secret": "0123456789abcdef0123456789abcdef"}
    made(shop.brand.put("/v1/payment-settings/wechat", account), 200)
    used: list[str] = []

    def create(_: WeChat, charge: Charge, now: Any) -> Opened:
        assert (charge.way == "jsapi") == bool(charge.payer)
        client = SIGNED | {"payer": charge.payer} if charge.payer else {"code_url": "weixin://wxpay/bizpayurl?pr=x"}
        return Opened(charge.terms.payment_id, client)

    def payer_of(_: WeChat, code: str) -> str:
        if code in used:
            raise PayerUnknown("WeChat did not say who is paying.", detail_zh="微信未能确认付款人。")
        used.append(code)
        return OPENID

    monkeypatch.setattr(WeChat, "create", create)
    monkeypatch.setattr(WeChat, "query", lambda _self, known, _now: Report(State.PENDING, known.terms))
    monkeypatch.setattr(WeChat, "payer_of", payer_of)
    return Checkout(shop, method="wechat")


@dataclass
class Phone:
    """A visitor inside WeChat."""

    visitor: Visitor
    checkout: Checkout

    def get(self, below: str = "", *, follow: bool = True) -> Seen:
        return self.visitor.get(page_of(self.checkout) + below, follow=follow)

    def state(self) -> str:
        """What WeChat is given for the way back."""
        sent = self.get("/wechat", follow=False)
        assert sent.headers["location"].startswith("https://open.weixin.qq.com/connect/oauth2/authorize?")
        asked = parse_qs(urlsplit(sent.headers["location"]).query)
        assert asked["redirect_uri"][0].endswith(self.visitor.at(page_of(self.checkout)) + "/payer")
        (state,) = asked["state"]
        assert state.isalnum()
        assert len(state) <= 128, "WeChat takes no more"
        return state

    def back(self, state: str, code: str = "c1") -> Seen:
        return self.get(f"/payer?code={code}&state={state}")


@pytest.fixture
def phone(shopper: Visitor, wechat_checkout: Checkout) -> Phone:
    shopper.agent = IN_WECHAT
    return Phone(shopper, wechat_checkout)


def test_inside_wechat_the_payer_is_found_out_and_confirms_there(phone: Phone) -> None:
    assert phone.get().link("Pay with WeChat").endswith("/pay/wechat")

    page = phone.back(phone.state())
    assert OPENID not in page.text
    page = phone.visitor.send(page, "Pay with WeChat")

    button = page.soup.select_one("[data-bridge]")
    assert json.loads(button["data-bridge"]) == SIGNED | {"payer": OPENID}
    assert button["data-back"].endswith("/pay?look=1")
    assert page.soup.select_one("[data-go]") is not None


def test_a_payer_is_remembered_for_the_next_order(phone: Phone, shop: Shop) -> None:
    phone.back(phone.state())

    again = Phone(phone.visitor, Checkout(shop, method="wechat", campaign=phone.checkout.campaign))

    assert again.get().form("Pay with WeChat")


def test_outside_wechat_a_code_is_scanned(shopper: Visitor, wechat_checkout: Checkout) -> None:
    page = shopper.send(shopper.get(page_of(wechat_checkout)), "Show the code")

    assert str(page.soup.select_one("main img")["src"]).startswith("data:image/svg+xml")
    assert page.soup.select_one("#look")["hx-get"]


def test_without_the_secret_of_its_app_a_code_is_scanned_inside_wechat_too(
    phone: Phone, shop: Shop, wechat: dict[str, Any]
) -> None:
    made(shop.brand.put("/v1/payment-settings/wechat", wechat), 200)

    assert phone.get().form("Show the code")
    assert phone.get("/wechat", follow=False).headers["location"] == phone.visitor.at(page_of(phone.checkout))


def assert_nobody_pays(phone: Phone, page: Seen) -> None:
    """The payer is back at the order, and is not known."""
    assert page.words(".flash") == "WeChat did not say who is paying. Try it once more."
    assert page.link("Pay with WeChat").endswith("/pay/wechat")
    assert "wechat-payer" not in phone.visitor.cookies


@pytest.mark.parametrize("state", ["", "x" * 64, "ü"])
def test_a_state_that_nobody_gave_is_refused(phone: Phone, state: str) -> None:
    phone.state()

    assert_nobody_pays(phone, phone.back(quote(state)))


def test_a_state_is_good_once(phone: Phone) -> None:
    state = phone.state()
    phone.back(state)

    kept = phone.visitor.cookies.pop("wechat-payer")
    assert kept
    assert_nobody_pays(phone, phone.back(state, "c2"))


def test_a_state_ends_after_ten_minutes(phone: Phone, clock: Clock) -> None:
    state = phone.state()
    clock.advance(minutes=11)

    assert_nobody_pays(phone, phone.back(state))


def test_a_state_of_another_member_or_browser_is_refused(
    phone: Phone, shop: Shop, new_visitor: Callable[..., Visitor]
) -> None:
    """Whoever slips their own code to somebody does not become the payer there."""
    who = shop.member()
    order = made(shop.order(who, payment_method="wechat", campaign=phone.checkout.campaign))
    victim = new_visitor(shop).signed_in(who)
    state = phone.state()

    path = f"/orders/{order['id']}/pay/payer?code=c1&state={state}"
    for planted in ({}, {"wechat-asked": phone.visitor.cookies["wechat-asked"]}):
        victim.cookies.update(planted)
        victim.get(path)
        assert "wechat-payer" not in victim.cookies


def test_a_state_of_another_order_is_refused(phone: Phone, shop: Shop) -> None:
    other = Phone(phone.visitor, Checkout(shop, method="wechat", campaign=phone.checkout.campaign))

    assert_nobody_pays(other, other.back(phone.state()))


def test_the_payer_of_another_member_or_app_is_not_taken(phone: Phone, shop: Shop, wechat: dict[str, Any]) -> None:
    page = phone.back(phone.state())
    form = fields(page.form("Pay with WeChat"))
    other_app = wechat | {"app_id": "wx0000000000000000", "app_secret": "0" * 32}
    made(shop.brand.put("/v1/payment-settings/wechat", other_app), 200)

    assert phone.visitor.post(page_of(phone.checkout), form).status == 409
    assert payments(phone.checkout) == []
    assert phone.get().link("Pay with WeChat")


def test_a_code_that_wechat_does_not_know_leads_back_to_the_order(phone: Phone) -> None:
    phone.back(phone.state(), "c1")
    phone.visitor.cookies.pop("wechat-payer")

    page = phone.back(phone.state(), "c1")

    assert_nobody_pays(phone, page)


def test_a_cookie_of_ones_own_making_names_no_payer(phone: Phone) -> None:
    phone.visitor.cookies["wechat-payer"] = "d3gxMjM0NTY3OCBtIG8.forged"

    assert phone.get().link("Pay with WeChat")


def test_wechat_pay_has_no_page(wechat_checkout: Checkout) -> None:
    refused = wechat_checkout.start(body={"way": "page"})

    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/way")


def test_stripe_is_paid_on_its_own_page(shopper: Visitor, shop: Shop, stripe_side: FakeStripe) -> None:
    checkout = Checkout(shop, method="stripe")

    page = begun(shopper, checkout)

    assert page.link("Go to payment").startswith("https://checkout.stripe.com/")
    assert "You pay on the next page" in page.words()


def test_what_an_app_began_with_stripe_is_begun_anew_on_the_page(
    shopper: Visitor, shop: Shop, stripe_side: FakeStripe
) -> None:
    """An intent is confirmed by Stripe's own script, which our pages do not load."""
    checkout = Checkout(shop, method="stripe")
    made(checkout.start())

    page = begun(shopper, checkout)

    assert page.link("Go to payment") == payments_page(stripe_side)


def payments_page(side: FakeStripe) -> str:
    """Where Stripe takes the one payment that it has a page for."""
    (session,) = side.sessions.values()
    return str(session["url"])


def _away(*_: Any) -> Any:
    raise ProviderUnavailable("The provider does not answer.", detail_zh="支付渠道暂时无响应，请重试。")
