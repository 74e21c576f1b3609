"""Orders that end otherwise than by being collected, and those that are not what was ordered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.db import tenant_scope
from chalicelib.kernel import clock as product_clock
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.reading import get_order
from tests.builders import Shop, made
from tests.orders.states import write

Set = Callable[..., None]


@pytest.fixture
def stands(shop: Shop) -> Set:
    """The order as it may have come to stand: `stands(order, status="expired")`."""

    def put(order: Any, **fields: Any) -> None:
        with tenant_scope(shop.tenant_id):
            record = get_order(shop.tenant_id, order["id"], consistent=True)
            for name, value in fields.items():
                setattr(record, name, value(record) if callable(value) else value)
            write(record)

    return put


def pre_order(shop: Shop, **fields: Any) -> Any:
    return shop.campaign(
        kind="pre_order", payment_methods=["test"], offers=[shop.offer(deposit=shop.money(200))], **fields
    )


def test_of_a_pre_order_the_deposit_is_paid_first_and_the_rest_after_the_close(shop, shopper, pay, clock, sweep):
    order = made(shop.order(campaign=pre_order(shop), quantity=2, payment_method="test"))
    path = f"/orders/{order['id']}"
    assert "Please pay CN¥4.00 by" in shopper.get(path).words()
    pay(order)
    page = shopper.get(path)
    assert "The rest of CN¥14.00 is paid once the group buy has closed." in page.words()
    assert "Deposit, a part of the total CN¥4.00 You have paid CN¥4.00 Still to be paid CN¥14.00" in page.words()

    clock.advance(days=8)
    sweep()

    page = shopper.get(path)
    assert "Please pay the rest of CN¥14.00 by" in page.words()
    assert page.link("Pay now") == shopper.at(f"{path}/pay")


def test_a_balance_that_does_not_come_ends_it(shop, shopper, pay, clock, sweep):
    terms = {"hours_after_close": 24, "on_default": "forfeit"}
    order = pay(made(shop.order(campaign=pre_order(shop, balance=terms), payment_method="test")))
    clock.advance(days=8)
    sweep()
    clock.advance(days=2)
    sweep(2)

    page = shopper.get(f"/orders/{order['id']}")

    assert page.heading == "Forfeited"
    assert "The rest was not paid in time. By the rules of the group buy its money stays with the shop." in page.words()
    assert page.words(".timeline").count("The rest was not paid in time.") == 1


def test_what_is_not_collected_is_forfeited_where_that_was_said_before(shop, shopper, pay, clock, sweep):
    campaign = shop.campaign(payment_methods=["test"], no_show={"hours": 24, "action": "forfeit"})
    order = pay(made(shop.order(campaign=campaign, payment_method="test")))
    clock.advance(days=8)
    sweep()
    shop.arrived(campaign["id"])
    sweep()
    page = shopper.get(f"/orders/{order['id']}")
    assert "After that it ends, and what you paid stays with the shop." in page.words()

    clock.advance(days=2)
    sweep(2)

    page = shopper.get(f"/orders/{order['id']}")
    assert page.heading == "Forfeited"
    assert "It was not collected in time." in page.words()
    assert "its money stays with the shop" in page.words(".note")
    assert page.soup.select_one("#code") is None


@pytest.mark.parametrize(
    ("fields", "heading", "said"),
    [
        ({"status": "expired"}, "Not paid in time", "Nothing was charged."),
        ({"status": "cancelled", "cancelled_by": "campaign"}, "Cancelled", "The group buy does not take place."),
        ({"status": "cancelled", "cancelled_by": "team"}, "Cancelled", "Your team did not fill in time."),
        ({"status": "cancelled", "cancelled_by": "staff:01J9"}, "Cancelled", "The shop cancelled it."),
        ({"status": "refunded", "cancelled_by": "system"}, "Ended, with money back", "It could not be supplied."),
    ],
)
def test_an_end_says_why(shopper, order, stands, fields, heading, said):
    ended = {"cancelled_at": product_clock.now()} if "cancelled_by" in fields else {}
    stands(order, **fields, **ended)

    page = shopper.get(f"/orders/{order['id']}")

    assert page.heading == heading
    assert said in page.words()
    assert "Change the order" not in page.words()
    assert "Cancel the order" not in page.words()
    assert page.soup.select_one("#code") is None
    assert heading in shopper.get("/orders").words()


def test_while_the_provider_does_not_answer_nothing_is_lost(shop, shopper, online, clock):
    made(shop.order(campaign=online, payment_method="test"))
    clock.advance(minutes=16)
    page = shopper.get("/orders")
    assert "We are asking the payment provider" in page.words(".card")


def test_what_is_given_instead_stands_in_its_line(shop, shopper, order, stands):
    other = shop.product(title="Plums")["skus"][0]["id"]

    def instead(units: int) -> Callable[[OrderRecord], Any]:
        return lambda record: [line.given_instead(line.sku_id, {other: units}).as_json() for line in record.lines]

    stands(order, stored_lines=instead(1))
    assert "1 of them are given as Plums" in shopper.get(f"/orders/{order['id']}").words()
    stands(order, stored_lines=instead(3))
    page = shopper.get(f"/orders/{order['id']}")
    assert "Instead of" in page.words()
    assert "Plums" in page.words()


def test_what_replaces_a_return_costs_nothing_and_is_not_changed(shopper, order, stands):
    free = lambda record: [replace(line, unit_price_minor=0).as_json() for line in record.lines]  # noqa: E731
    stands(order, origin="01J9ZQ0W7N8RXC5B2M4T6V8Y0A", stored_lines=free, placed_by="staff:01J9")

    page = shopper.get(f"/orders/{order['id']}")

    assert page.heading == "Being prepared"
    assert "It was made to replace what you sent back." in page.words(".timeline")
    for absent in ("What it costs", "Change the order", "Cancel the order", "Order it again"):
        assert absent not in page.words()


def test_two_taps_cancel_once(shop, shopper, online, pay):
    order = pay(made(shop.order(campaign=online, payment_method="test")))
    page = shopper.get(f"/orders/{order['id']}")
    first, second = (shopper.send(page, "Yes, cancel the order") for _ in range(2))
    assert first.heading == second.heading == "Cancelled"
    assert second.words().count("On its way to you CN¥9.00") == 1


def test_a_change_survives_the_end_of_the_session(shop, shopper, order):
    page = shopper.get(f"/orders/{order['id']}/change")
    del shopper.cookies["session"]
    offer = order["lines"][0]["offer_id"]

    page = shopper.send(page, "See what it comes to", **{f"units__{offer}": 5})

    assert page.heading == "Sign in to go on"
    assert f'"units.{offer}":"5"' in page.soup.select_one("[name=kept]")["value"]


def test_a_campaign_that_is_called_off_ends_the_order_by_itself(shop, shopper, order, drain):
    made(shop.brand.post(f"/v1/campaigns/{shop.campaign_id}/cancel"), 200)
    page = shopper.get(f"/orders/{order['id']}")
    assert page.heading == "The group buy is called off"
    assert "Your order ends by itself" in page.words()
    drain()
    assert shopper.get(f"/orders/{order['id']}").heading == "Cancelled"


def test_a_repair_may_be_asked_for_when_a_return_may_not(shop, shopper, clock, sweep):
    lamp = shop.product(after_sale={"return_days": 0, "exchange_days": 0, "repair_days": 100})
    campaign = shop.campaign(offers=[shop.offer(sku_id=lamp["skus"][0]["id"])], closes_in=timedelta(days=1))
    order = made(shop.order(campaign=campaign))
    clock.advance(days=2)
    sweep()
    shop.arrived(campaign["id"])
    sweep()
    taken = {"code": order["pickup_code"], "pickup_point_id": shop.pickup_point_id}
    made(shop.brand.post(f"/v1/orders/{order['id']}/pickup", taken, headers={"Idempotency-Key": "p"}), 200)
    clock.advance(days=20)
    assert "Return, exchange or repair" in shopper.get(f"/orders/{order['id']}").words()
    clock.advance(days=81)
    page = shopper.signed_in(shop.shopper).get(f"/orders/{order['id']}")
    assert "Return, exchange or repair" not in page.words()
