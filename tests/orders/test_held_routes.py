"""Orders that are paid online, as clients meet them: held, ended by the sweep, refunded."""

from datetime import timedelta
from typing import Any

from chalicelib.db import tenant_scope
from chalicelib.kernel import clock as product_clock
from tests.builders import Shop, made
from tests.conftest import Api, Clock, Sweep
from tests.orders.store import Store

HOME = {"name": "Ada", "phone": "+8613800138000", "address": "3 Lilac Road"}


def online(shop: Shop, **fields: Any) -> Any:
    return shop.campaign(payment_methods=["pickup", "test"], **fields)


def own(api: Api, shop: Shop, order: Any, path: str = "") -> Any:
    return made(api.get(f"{shop.path}/orders/{order['id']}{path}", token=shop.shopper.token), 200)


def paid(shop: Shop, order: Any) -> None:
    """A payment arrives, as the payments domain books it."""
    from chalicelib.orders.service.reading import get_order

    with tenant_scope(shop.tenant_id):
        store = Store(shop.tenant_id, None, [], "", "")  # type: ignore[arg-type]
        assert store.pay(get_order(shop.tenant_id, order["id"]))


def test_an_order_waits_for_its_payment_and_says_until_when(api: Api, shop: Shop) -> None:
    first = shop.order(campaign=online(shop), quantity=3, payment_method="test", key="k")
    order = made(first)
    assert (order["status"], order["payment_method"]) == ("held", "test")
    until = product_clock.now() + timedelta(minutes=15)
    assert order["hold_expires_at"] <= product_clock.instant(until)
    assert order["totals"]["due"] == shop.money(2_700)
    paid(shop, order)
    now = own(api, shop, order)
    assert (now["status"], now["hold_expires_at"], now["totals"]["due"]) == ("placed", None, shop.money(0))
    progress = made(shop.brand.get(f"/v1/campaigns/{order['campaign_id']}/progress"), 200)
    assert (progress["sold"], progress["left"]) == (3, 47)


def test_the_sweep_ends_a_hold_and_a_close_that_waited_for_it(api: Api, shop: Shop, clock: Clock, sweep: Sweep) -> None:
    campaign = online(shop, closes_in=timedelta(minutes=20))
    made(shop.order(campaign=campaign, quantity=1))
    clock.advance(minutes=10)
    order = made(shop.order(campaign=campaign, quantity=2, payment_method="test"))
    clock.advance(minutes=11)
    sweep()
    assert made(shop.brand.get(f"/v1/campaigns/{campaign['id']}"), 200)["status"] == "closing"
    assert own(api, shop, order)["status"] == "held"
    clock.advance(minutes=5)
    sweep()
    assert own(api, shop, order)["status"] == "expired"
    decided = made(shop.brand.get(f"/v1/campaigns/{campaign['id']}"), 200)
    assert decided["status"] == "locked"


def test_a_cancelled_order_shows_its_refund_to_its_member_and_to_staff(api: Api, shop: Shop) -> None:
    order = made(shop.order(campaign=online(shop), quantity=2, payment_method="test"))
    assert own(api, shop, order, "/refunds")["items"] == []
    paid(shop, order)
    made(api.post(f"{shop.path}/orders/{order['id']}/cancel", token=shop.shopper.token), 200)
    (refund,) = own(api, shop, order, "/refunds")["items"]
    assert (refund["amount"], refund["cause"], refund["status"]) == (shop.money(1_800), "cancel", "requested")
    (seen,) = made(shop.brand.get(f"/v1/orders/{order['id']}/refunds"), 200)["items"]
    assert seen["by"] == f"member:{shop.shopper.id}"
    other = shop.member()
    assert api.get(f"{shop.path}/orders/{order['id']}/refunds", token=other.token).status == 404


def test_delivery_is_quoted_charged_and_shown(api: Api, shop: Shop) -> None:
    campaign = online(shop, delivery={"fee": shop.money(600), "free_from": shop.money(5_000)})
    line = {"offer_id": campaign["offers"][0]["offer_id"], "quantity": 2}
    wanted = {"campaign_id": campaign["id"], "lines": [line], "delivery": HOME}
    quote = made(api.post(f"{shop.path}/quotes", wanted, token=shop.shopper.token), 200)
    assert (quote["totals"]["delivery"], quote["total"]) == (shop.money(600), shop.money(2_400))
    order = made(shop.order(campaign=campaign, quantity=2, delivery=HOME, expected_total_minor=2_400))
    assert (order["delivery"], order["totals"]["delivery"]) == (HOME, shop.money(600))
    reply = shop.order(campaign=campaign, quantity=2, delivery=HOME | {"phone": "12"})
    assert (reply.status, reply.json["errors"][0]["pointer"]) == (422, "/delivery/phone")
    refused = shop.order(quantity=1, delivery=HOME)
    assert (refused.status, refused.json["code"]) == (422, "delivery_unavailable")
