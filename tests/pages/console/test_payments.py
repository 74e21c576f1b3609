"""Payments at the console: those to look at, with what to do, and what becomes of them."""

from __future__ import annotations

import pytest

from tests.builders import made
from tests.payments.checkout import Checkout


@pytest.fixture
def checkout(shop):
    return Checkout(shop)


@pytest.fixture
def differs(checkout):
    """A payment of 18.00 was asked, and 10.00 came."""
    payment_id = made(checkout.start())["id"]
    checkout.change_charge(payment_id, amount_minor=1_000)
    checkout.pay(payment_id)
    checkout.notify(payment_id)
    return payment_id


def read(shop, payment_id):
    return made(shop.brand.get(f"/v1/payments/{payment_id}"), 200)


def test_nothing_to_look_at_is_said(desk):
    page = desk.get("/payments")
    assert page.heading == "Payments to look at"
    assert "Nothing is to be looked at." in page.words(".empty")


def test_a_payment_to_look_at_is_listed_with_what_to_do(desk, shop, differs):
    page = desk.get("/payments")
    assert "Another amount came" in page.words(".card")
    assert "you may accept it" in page.words(".card")
    story = desk.get(page.link("CN¥18.00"))
    assert "What differs: the amount" in story.words("#attention")
    assert desk.get("/payments?state=returned").words("main .card p.muted") == "There is none at the moment."


def test_what_came_is_accepted_with_a_reason(desk, shop, differs):
    page = desk.send(desk.get(f"/payments/{differs}"), "Yes, accept it")
    assert page.status == 422
    assert page.soup.select_one("#f-accept_reason-fault")
    assert read(shop, differs)["accepted"] is None

    page = desk.send(page, "Yes, accept it", accept_reason="They rounded it")

    assert page.words(".flash").startswith("It is accepted")
    assert read(shop, differs)["accepted"]["reason"] == "They rounded it"
    assert not page.soup.select_one("#attention")
    assert "They rounded it" in page.words("main")
    assert "Nothing is to be looked at." in desk.get("/payments").words("main")


def test_a_payment_is_dismissed_with_a_note_that_is_kept(desk, shop, differs):
    page = desk.send(desk.get(f"/payments/{differs}"), "Dismiss it", note="Agreed by phone")
    assert page.words(".flash").startswith("It is off the list")
    assert read(shop, differs)["attention"] is None
    assert "Agreed by phone" in page.words("main")


def test_service_sees_it_and_leaves_it_to_a_manager(new_desk, shop, differs):
    page = new_desk(shop, "service").get(f"/payments/{differs}")
    assert "A manager sees to it." in page.words("#attention")
    assert not page.soup.select('main form[method="post"]')


def test_a_declined_refund_is_tried_once_more(desk, shop, checkout, drain, monkeypatch):
    from chalicelib.payments.model import RefundState
    from chalicelib.payments.providers.test import TestProvider

    payment_id = made(checkout.start())["id"]
    checkout.pay(payment_id)
    checkout.notify(payment_id)
    with monkeypatch.context() as away:
        away.setattr(TestProvider, "refund", lambda *given: RefundState.FAILED)
        checkout.cancel()
        drain()
    page = desk.get(f"/payments/{payment_id}")
    assert "A refund was declined" in page.words("#attention")

    page = desk.send(page, "Try the refund once more")
    drain()

    assert "It is tried once more." in page.words(".flash")
    assert read(shop, payment_id)["refunds"][0]["tried_again"] == 1


def test_payments_are_not_for_planners(new_desk, shop, checkout):
    planner = new_desk(shop, "planner")
    assert planner.get("/payments").status == 403
    assert planner.get(f"/orders/{checkout.order['id']}").status == 200


def test_the_pages_of_payments_speak_chinese(new_desk, shop, differs):
    chinese = new_desk(shop, language="zh")
    assert chinese.get("/payments").heading == "待处理的付款"
    assert "到账不符" in chinese.get(f"/payments/{differs}").words("#attention")
