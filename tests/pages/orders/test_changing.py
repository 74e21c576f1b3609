"""A member changes an order: sees what it comes to, then makes it, once; what went wrong keeps what was typed."""

from __future__ import annotations

import pytest

from tests.builders import made
from tests.orders.test_held_routes import HOME

LOOK, CHANGE, ADJUST = "See what it comes to", "Yes, make this change", "Go back and adjust it"


def units(order, number):
    return {f"units__{order['lines'][0]['offer_id']}": number}


def current(shop, order):
    return made(shop.caller.call("GET", f"{shop.path}/orders/{order['id']}", token=shop.shopper.token), 200)


def test_more_of_an_order_that_is_paid_at_pickup_is_paid_there(shop, shopper, order):
    page = shopper.get(f"/orders/{order['id']}/change")
    page = shopper.send(page, LOOK, **units(order, 5))
    assert page.heading == "Make this change?"
    assert "Total so far CN¥27.00 New total CN¥45.00 You pay later CN¥45.00" in page.words("dl")
    assert current(shop, order)["lines"][0]["quantity"] == 3

    page = shopper.send(page, CHANGE)

    assert page.words(".flash") == "Your order is changed."
    assert current(shop, order)["lines"][0]["quantity"] == 5


def test_less_of_a_paid_order_comes_back(shop, shopper, online, pay):
    order = pay(made(shop.order(campaign=online, quantity=3, payment_method="test")))
    page = shopper.send(shopper.get(f"/orders/{order['id']}/change"), LOOK, **units(order, 1))
    assert "Comes back to you CN¥18.00" in page.words("dl")

    page = shopper.send(page, CHANGE)

    assert "On its way to you CN¥18.00" in page.words()


def test_more_of_a_paid_order_waits_for_its_payment(shop, shopper, online, pay):
    order = pay(made(shop.order(campaign=online, quantity=1, payment_method="test")))
    page = shopper.send(shopper.get(f"/orders/{order['id']}/change"), LOOK, **units(order, 3))
    assert "You pay now CN¥18.00" in page.words("dl")
    assert "Until then your order stays as it is." in page.words()

    answer = shopper.send(page, CHANGE, follow=False)

    assert answer.headers["location"] == shopper.at(f"/orders/{order['id']}/pay")
    page = shopper.get(f"/orders/{order['id']}")
    assert "Please pay CN¥18.00 more by" in page.words()

    page = shopper.get(f"/orders/{order['id']}/change")
    assert "A change still waits for its payment." in page.words(".note")
    page = shopper.send(shopper.send(page, LOOK), CHANGE)
    assert current(shop, order)["pending"] is None
    assert "was dropped" in page.words(".timeline")


def test_a_held_order_is_paid_as_it_is_changed(shop, shopper, online):
    order = made(shop.order(campaign=online, quantity=1, payment_method="test"))
    page = shopper.send(shopper.get(f"/orders/{order['id']}/change"), LOOK, **units(order, 2))
    assert "You pay now CN¥18.00" in page.words("dl")
    answer = shopper.send(page, CHANGE, follow=False)
    assert answer.headers["location"] == shopper.at(f"/orders/{order['id']}/pay")
    assert current(shop, order)["totals"]["due"] == shop.money(1_800)


def test_what_it_comes_to_is_what_happens(shop, shopper, online, pay):
    """The summary is the change itself: with a delivery, an offer more and one unit less."""
    order = pay(made(shop.order(campaign=online, quantity=3, payment_method="test", delivery=HOME)))
    other = online["offers"][1]["offer_id"]
    page = shopper.get(f"/orders/{order['id']}/change")
    typed = units(order, 1) | {f"units__{other}": 1, "place": shop.pickup_point_id}

    page = shopper.send(page, LOOK, **typed)
    assert "Comes back to you CN¥19.00" in page.words("dl")
    shopper.send(page, CHANGE)

    changed = current(shop, order)
    assert changed["delivery"] is None
    assert changed["totals"]["total"] == shop.money(1_400)
    assert changed["totals"]["refunded"] == shop.money(1_900)


def test_two_taps_are_one_change(shop, shopper, online, pay):
    order = pay(made(shop.order(campaign=online, quantity=3, payment_method="test")))
    page = shopper.send(shopper.get(f"/orders/{order['id']}/change"), LOOK, **units(order, 2))

    first, second = (shopper.send(page, CHANGE) for _ in range(2))

    assert first.words(".flash") == second.words(".flash") == "Your order is changed."
    changed = current(shop, order)
    assert (changed["lines"][0]["quantity"], changed["totals"]["refunded"]) == (2, shop.money(900))


def test_an_order_that_changed_meanwhile_is_shown_anew_with_what_was_typed(shop, shopper, order):
    old = shopper.get(f"/orders/{order['id']}/change")
    shopper.send(shopper.send(old, LOOK, **units(order, 4)), CHANGE)

    page = shopper.send(old, LOOK, **units(order, 6))

    assert page.status == 412
    assert "Your order has changed meanwhile." in page.words(".refusal")
    assert page.soup.select_one("input[type=number]")["value"] == "6"
    shopper.send(shopper.send(page, LOOK), CHANGE)
    assert current(shop, order)["lines"][0]["quantity"] == 6


def test_back_after_a_change_and_another_one_under_the_old_key(shop, shopper, order):
    form = shopper.get(f"/orders/{order['id']}/change")
    summary = shopper.send(form, LOOK, **units(order, 4))
    shopper.send(summary, CHANGE)

    page = shopper.send(summary, CHANGE, **units(order, 7))
    assert page.status == 412
    shopper.send(shopper.send(page, LOOK), CHANGE)

    assert current(shop, order)["lines"][0]["quantity"] == 7


def test_going_back_keeps_what_was_asked_for(shopper, order):
    page = shopper.send(shopper.get(f"/orders/{order['id']}/change"), LOOK, **units(order, 5))
    page = shopper.send(page, ADJUST)
    assert page.status == 200
    assert page.soup.select_one("input[type=number]")["value"] == "5"


@pytest.mark.parametrize(
    ("number", "said"),
    [(3, "You have not changed anything yet."), (0, "cancel the order instead"), (-1, "at least 0"), ("x", "whole")],
)
def test_what_cannot_be_is_said(shopper, order, number, said):
    page = shopper.send(shopper.get(f"/orders/{order['id']}/change"), LOOK, **units(order, number))
    assert page.status == 422
    assert said in page.words()


def test_what_is_wrong_stands_beside_its_field_and_the_rest_is_kept(shop, shopper, online):
    order = made(shop.order(campaign=online))
    other = online["offers"][1]["offer_id"]
    page = shopper.get(f"/orders/{order['id']}/change")
    typed = {f"units__{other}": 4, "place": "delivery", "delivery__name": "Ada"}

    page = shopper.send(page, LOOK, **units(order, "many"), **typed)

    assert page.words(".refusal") == "Something is missing, or not right It is marked below. What you typed is kept."
    assert "whole number" in page.words(".fault")
    assert page.soup.select_one(f"#f-units-{other}")["value"] == "4"
    assert page.soup.select_one("[name=place][checked]")["value"] == "delivery"
    assert page.soup.select_one("#f-delivery-name")["value"] == "Ada"


def test_more_than_is_left_is_said_and_what_was_typed_is_kept(shop, shopper, order):
    page = shopper.send(shopper.get(f"/orders/{order['id']}/change"), LOOK, **units(order, 51))
    page = shopper.send(page, CHANGE)
    assert page.status == 409
    assert "Sold out" in page.words(".refusal")
    assert page.soup.select_one("input[type=number]")["value"] == "51"
    shopper.send(shopper.send(page, LOOK, **units(order, 50)), CHANGE)
    assert current(shop, order)["lines"][0]["quantity"] == 50


def test_another_total_than_was_shown_is_shown_before_anything_changes(shop, shopper, order):
    page = shopper.send(shopper.get(f"/orders/{order['id']}/change"), LOOK, **units(order, 5))

    page = shopper.send(page, CHANGE, total=100)

    assert page.status == 409
    assert "New total CN¥45.00" in page.words("dl")
    assert current(shop, order)["lines"][0]["quantity"] == 3
    shopper.send(page, CHANGE)
    assert current(shop, order)["lines"][0]["quantity"] == 5


def test_it_is_brought_instead_to_an_address_that_is_whole(shop, shopper, online):
    order = made(shop.order(campaign=online))
    page = shopper.get(f"/orders/{order['id']}/change")

    page = shopper.send(page, LOOK, place="delivery", delivery__name="Ada", delivery__phone="12")
    assert page.status == 422
    assert page.soup.select_one("#f-delivery-name")["value"] == "Ada"
    assert page.soup.select_one("#f-delivery-phone-fault") is not None

    page = shopper.send(page, LOOK, delivery__phone=HOME["phone"], delivery__address=HOME["address"])
    assert "Delivery CN¥6.00" in page.words("dl")
    shopper.send(page, CHANGE)
    assert current(shop, order)["delivery"]["address"] == HOME["address"]


def test_after_the_close_there_is_no_form(shopper, order, clock):
    form = shopper.get(f"/orders/{order['id']}/change")
    clock.advance(days=8)
    page = shopper.get(f"/orders/{order['id']}/change")
    assert page.words(".flash") == "This order can no longer be changed."
    page = shopper.send(form, LOOK, **units(order, 4))
    assert page.words(".flash") == "This order can no longer be changed."
    assert "Change the order" not in page.words()


def test_a_foreign_offer_is_refused(shop, shopper, order, online):
    page = shopper.get(f"/orders/{order['id']}/change")
    page = shopper.send(page, LOOK, **{f"units__{online['offers'][1]['offer_id']}": 1})
    assert page.status == 422
    assert "no such offer" in page.words(".refusal")
