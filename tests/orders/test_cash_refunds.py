"""What is still to be paid out in cash, across orders: for staff, and for the leader who pays it out."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import Member, Shop, made
from tests.conftest import Clock, Sweep


@pytest.fixture
def leader(shop: Shop) -> Member:
    return shop.member()


@pytest.fixture
def owed(shop: Shop, leader: Member, clock: Clock, sweep: Sweep) -> list[Any]:
    """Three orders at two gates, of which one unit each is owed back in cash; the last one's gate has no leader."""
    led, other = shop.pickup_point(leader_id=leader.id), shop.pickup_point()
    campaign = shop.campaign(pickup_point_ids=[led["id"], other["id"]])
    points = (led, led, other)
    orders = [
        made(shop.order(shop.member(), quantity=3, campaign=campaign, pickup_point_id=point["id"])) for point in points
    ]
    clock.advance(days=8)
    sweep(times=2)
    shop.arrived(campaign["id"])
    for order in orders:
        one_unit_back(shop, order)
        clock.advance(minutes=1)
    return orders


def one_unit_back(shop: Shop, order: Any) -> None:
    """One of three units is handed over, which pays for all; another one is taken out."""
    base, line = f"/v1/orders/{order['id']}", {"offer_id": order["lines"][0]["offer_id"]}
    handed = {"code": order["pickup_code"], "pickup_point_id": order["pickup_point_id"]}
    made(shop.brand.post(f"{base}/pickup", handed | {"lines": [{**line, "quantity": 1}]}), 200)
    lowered = {"lines": [{**line, "quantity": 2}], "reason": "Bruised"}
    made(shop.brand.post(f"{base}/adjustments", lowered, headers={"Idempotency-Key": "bruised"}), 200)


def listed(shop: Shop, query: str = "") -> list[Any]:
    return list(made(shop.brand.get(f"/v1/cash-refunds{query}"), 200)["items"])


def confirm(shop: Shop, refund: Any, token: str = "") -> None:
    path = f"/v1/orders/{refund['order_id']}/refunds/{refund['id']}/confirm"
    made(shop.caller.call("POST", path, token=token or shop.api_key), 200)


def test_staff_see_all_of_them_the_longest_due_first(shop: Shop, owed: list[Any]) -> None:
    found = listed(shop)

    assert [each["order_id"] for each in found] == [order["id"] for order in owed]
    assert {each["amount"]["amount_minor"] for each in found} == {900}
    first = made(shop.brand.get(f"/v1/orders/{owed[0]['id']}"), 200)
    shown = {name: found[0][name] for name in ("member_id", "pickup_point_id", "reason")}
    assert shown == {name: first[name] for name in ("member_id", "pickup_point_id")} | {"reason": "Bruised"}
    assert [each["requested_at"] for each in found] == sorted(each["requested_at"] for each in found)


def test_of_one_pickup_point_and_page_by_page(shop: Shop, owed: list[Any]) -> None:
    assert len(listed(shop, f"?pickup_point_id={owed[0]['pickup_point_id']}")) == 2
    page = made(shop.brand.get("/v1/cash-refunds?limit=2"), 200)
    rest = made(shop.brand.get(f"/v1/cash-refunds?limit=2&cursor={page['next_cursor']}"), 200)
    assert [each["order_id"] for each in (*page["items"], *rest["items"])] == [order["id"] for order in owed]


def test_a_leader_sees_their_own_point_and_what_was_paid_out_leaves_the_list(
    shop: Shop, leader: Member, owed: list[Any]
) -> None:
    path = f"/v1/pickup-points/{owed[0]['pickup_point_id']}/cash-refunds"
    own = made(shop.caller.get(path, token=leader.token), 200)["items"]
    assert [each["order_id"] for each in own] == [order["id"] for order in owed[:2]]

    confirm(shop, own[0], leader.token)

    assert [each["order_id"] for each in made(shop.caller.get(path, token=leader.token), 200)["items"]] == [
        owed[1]["id"]
    ]
    assert len(listed(shop)) == 2


def test_nobody_sees_another_leaders(shop: Shop, leader: Member, owed: list[Any]) -> None:
    path = f"/v1/pickup-points/{owed[2]['pickup_point_id']}/cash-refunds"
    refused = shop.caller.get(path, token=leader.token)
    assert (refused.status, refused.json["code"]) == (403, "not_the_leader")


def test_what_goes_back_through_a_provider_is_not_among_them(shop: Shop) -> None:
    from tests.payments.checkout import Checkout

    checkout = Checkout(shop)
    payment_id = made(checkout.start())["id"]
    checkout.pay(payment_id)
    checkout.notify(payment_id)
    checkout.cancel()
    assert checkout.refund_states() == ["requested"]
    assert listed(shop) == []
