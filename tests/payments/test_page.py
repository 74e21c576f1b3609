"""The test provider's page on the embedded stack, as a person uses it in a browser."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest

from tests.builders import Shop, made
from tests.conftest import Served
from tests.payments.checkout import Checkout

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def checkout(served_shop: Shop) -> Checkout:
    return Checkout(served_shop)


@pytest.mark.parametrize(
    ("pressed", "status", "shown"),
    [("pay", "placed", "Paid"), ("fail", "held", "Declined"), ("pay_silently", "held", "Paid")],
)
def test_a_person_presses_pay_or_fail(
    checkout: Checkout, server: Served, pressed: str, status: str, shown: str
) -> None:
    payment = made(checkout.start())
    page = urlsplit(payment["client"]["page_url"]).path
    opened = server.get(page)
    assert "CNY 18.00" in opened.text
    assert f'value="{pressed}"' in opened.text

    answer = server.call("POST", page, body=f"press={pressed}".encode(), headers=FORM)

    assert f"<b>{shown}</b>" in answer.text
    assert "<button" not in answer.text, "nobody pays twice"
    assert checkout.order_record().status == status


def test_the_shop_finds_out_by_asking_what_no_message_said(checkout: Checkout, server: Served) -> None:
    page = urlsplit(made(checkout.start())["client"]["page_url"]).path
    server.call("POST", page, body=b"press=pay_silently", headers=FORM)

    server.advance(600)

    assert checkout.order_record().status == "placed"


def test_there_is_no_page_without_a_payment(checkout: Checkout, server: Served) -> None:
    unknown = f"/local/payments/{checkout.tenant_id}/01J9ZQ0W7N8RXC5B2M4T6V8Y0A"

    assert server.get(unknown).status == 404
    assert server.get("/local/payments/x/y").status == 404
    assert server.call("POST", unknown, body=b"press=pay", headers=FORM).status == 404


def test_a_button_that_is_none_is_refused(checkout: Checkout, server: Served) -> None:
    page = urlsplit(made(checkout.start())["client"]["page_url"]).path

    assert server.call("POST", page, body=b"press=steal", headers=FORM).status == 422
    assert server.call("POST", page, body=b"\xff", headers=FORM).status == 422
    assert checkout.order_record().status == "held"


def test_the_page_speaks_the_payers_language(checkout: Checkout, server: Served) -> None:
    page = urlsplit(made(checkout.start())["client"]["page_url"]).path

    assert "拒绝支付" in server.call("GET", page, headers={"Accept-Language": "zh-CN,zh;q=0.9"}).text
    assert "拒绝支付" in server.get(f"{page}?lang=zh").text
    assert "Decline" in server.get(f"{page}?lang=<script>").text


def test_the_payer_goes_back_to_the_shop(checkout: Checkout, server: Served) -> None:
    page = urlsplit(made(checkout.start())["client"]["page_url"]).path
    paid = server.call("POST", page, body=b"press=pay", headers=FORM).text

    for text in (server.get(page).text, paid):
        (back,) = re.findall(r'class="back" href="([^"]+)">Back to the shop<', text)
        assert urlsplit(back).path == f"/s/{checkout.shop.slug}/orders/{checkout.order['id']}/pay"


def test_what_is_given_back_or_disputed_on_the_page_reaches_the_order(checkout: Checkout, server: Served) -> None:
    payment_id = made(checkout.start())["id"]
    page = f"/local/payments/{checkout.tenant_id}/{payment_id}"
    for pressed in ("pay", "dispute", "dispute_won", "refund"):
        assert server.call("POST", page, body=f"press={pressed}".encode(), headers=FORM).status == 200

    order = checkout.order_record()
    assert (order.status, order.paid_minor, order.refunded_minor) == ("placed", 1800, 1800)
    assert checkout.look_at("refunded_at_provider") == [payment_id]
