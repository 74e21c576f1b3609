"""Changes of orders over HTTP: edited by their member, drawn as a QR code, adjusted and paid out by staff."""

import re
from typing import Any

import pytest

from chalicelib.db import tenant_scope
from tests.builders import Shop, made
from tests.calls import Api, Reply
from tests.conftest import Clock, Sweep


@pytest.fixture
def order(shop: Shop) -> Any:
    """Three units at 9.00, paid at pickup."""
    return made(shop.order(quantity=3))


def edited(shop: Shop, order: Any, quantity: int, key: str = "e1", **headers: str) -> Reply:
    return shop.caller.call(
        "PATCH",
        f"{shop.path}/orders/{order['id']}",
        json={"lines": [{"offer_id": shop.offer_id, "quantity": quantity}]},
        token=shop.shopper.token,
        headers={"Idempotency-Key": key, **headers},
    )


def lock(clock: Clock, sweep: Sweep) -> None:
    clock.advance(days=8)
    sweep()


def test_a_member_changes_an_order_and_reads_what_happened(api: Api, shop: Shop, order: Any) -> None:
    reply = edited(shop, order, 5)
    changed = made(reply, 200)
    assert (changed["lines"][0]["quantity"], changed["totals"]["due"]) == (5, shop.money(4_500))
    assert changed["placed_at"] == order["placed_at"]
    assert reply.headers["ETag"] == '"2"'
    assert edited(shop, order, 5).text == reply.text
    history = made(api.get(f"{shop.path}/orders/{order['id']}/history", token=shop.shopper.token), 200)["items"]
    assert [(entry["type"], entry["by"]) for entry in history] == [("placed", "member"), ("edited", "member")]
    assert history[1]["before"]["total"] == shop.money(2_700)
    assert history[1]["after"]["total"] == shop.money(4_500)


def test_refusals_are_named(shop: Shop, order: Any, clock: Clock, sweep: Sweep) -> None:
    assert edited(shop, order, 0).json["code"] == "nothing_left"
    stale = edited(shop, order, 4, **{"If-Match": '"7"'})
    assert (stale.status, stale.json["code"]) == (412, "stale")
    assert edited(shop, order, 51).json["code"] == "sold_out"
    lock(clock, sweep)
    late = edited(shop, order, 4)
    assert (late.status, late.json["code"]) == (409, "cutoff_passed")


def test_the_pickup_code_is_a_drawing(api: Api, shop: Shop, order: Any) -> None:
    path = f"{shop.path}/orders/{order['id']}/pickup-code.svg"
    reply = api.get(path, token=shop.shopper.token)
    assert (reply.status, reply.headers["Content-Type"]) == (200, "image/svg+xml")
    assert re.match(r'<svg [^>]*xmlns="http://www\.w3\.org/2000/svg"', reply.text)
    assert api.get(path, token=shop.member().token).status == 404
    api.post(f"{shop.path}/orders/{order['id']}/cancel", token=shop.shopper.token)
    assert api.get(path, token=shop.shopper.token).json["code"] == "not_collectable"


def test_staff_take_units_out_after_the_lock_and_pay_them_back_in_cash(
    api: Api, shop: Shop, order: Any, clock: Clock, sweep: Sweep
) -> None:
    base = f"/v1/orders/{order['id']}"
    wanted = {"lines": [{"offer_id": shop.offer_id, "quantity": 2}], "reason": "One was bruised"}
    key = {"Idempotency-Key": "a1"}
    assert shop.brand.post(f"{base}/adjustments", wanted, headers=key).json["code"] == "campaign_not_locked"
    lock(clock, sweep)
    shop.arrived()
    part = {
        "code": order["pickup_code"],
        "pickup_point_id": shop.pickup_point_id,
        "lines": [{"offer_id": shop.offer_id, "quantity": 1}],
    }
    handed = made(shop.brand.post(f"{base}/pickup", part), 200)
    assert (handed["status"], handed["totals"]["paid"]) == ("placed", shop.money(2_700))
    assert handed["picked"] == [{"offer_id": shop.offer_id, "quantity": 1, "sku_id": None}]

    first = shop.brand.post(f"{base}/adjustments", wanted, headers=key)
    assert made(first, 200)["totals"]["refunded"] == shop.money(900)
    assert shop.brand.post(f"{base}/adjustments", wanted, headers=key).text == first.text

    # The point's leader, who pays it out, sees it as the brand does; others do not.
    (refund,) = made(shop.brand.get(f"{base}/refunds"), 200)["items"]
    leader = shop.member()
    made(shop.brand.patch(f"/v1/pickup-points/{shop.pickup_point_id}", {"leader_id": leader.id}), 200)
    assert made(api.get(f"{base}/refunds", token=leader.token), 200)["items"] == [refund]
    assert api.get(f"{base}/refunds", token=shop.shopper.token).json["code"] == "not_the_leader"
    confirm = f"{base}/refunds/{refund['id']}/confirm"
    stranger = api.post(confirm, token=shop.shopper.token)
    assert (stranger.status, stranger.json["code"]) == (403, "not_the_leader")
    for token in (leader.token, shop.api_key):
        assert made(api.post(confirm, token=token), 200)["status"] == "succeeded"
    history = made(shop.brand.get(f"{base}/history"), 200)["items"]
    assert [entry["type"] for entry in history] == ["placed", "handed_over", "adjusted"]
    assert history[2]["reason"] == "One was bruised"
    assert history[2]["by"].startswith("api_key:")


def test_a_refund_through_a_provider_is_not_confirmed_by_hand(shop: Shop, order: Any) -> None:
    from chalicelib.db import Transaction
    from chalicelib.kernel import clock
    from chalicelib.orders.refunds import service as refunds
    from chalicelib.orders.service.reading import get_order

    with tenant_scope(shop.tenant_id):
        paid = get_order(shop.tenant_id, order["id"], consistent=True)
        paid.payment_method, paid.paid_minor = "test", paid.total_minor
        tx = Transaction()
        refunds.request_all(tx, paid, cause="goodwill", by="system", now=clock.now())
        tx.replace("order", paid)
        tx.commit()
    (refund,) = made(shop.brand.get(f"/v1/orders/{order['id']}/refunds"), 200)["items"]
    refused = shop.brand.post(f"/v1/orders/{order['id']}/refunds/{refund['id']}/confirm")
    assert (refused.status, refused.json["code"]) == (409, "not_paid_in_cash")
