"""A ladder from the first order to the last parcel, over HTTP and through the real queues."""

from typing import Any

from tests.builders import Shop, made
from tests.conftest import Clock, Sweep


def read(shop: Shop, order: Any) -> Any:
    return made(shop.brand.get(f"/v1/orders/{order['id']}"), 200)


def test_everyone_pays_the_last_step_and_who_does_not_come_is_cancelled(shop: Shop, clock: Clock, sweep: Sweep) -> None:
    """9.00 each, 8.00 from five units on: 3 + 2 units are ordered, so three cost 24.00."""
    ladder = [{"from_quantity": 1, "price": shop.money(900)}, {"from_quantity": 5, "price": shop.money(800)}]
    offer = {"sku_id": shop.sku_id, "ladder": ladder, "quantity": 50}
    campaign = shop.campaign(kind="ladder", offers=[offer])
    first = made(shop.order(quantity=3, campaign=campaign))
    second = made(shop.order(shop.member(), quantity=2, campaign=campaign))
    assert first["totals"]["total"] == shop.money(2_700)

    clock.advance(days=8)
    sweep(2)

    assert read(shop, first)["totals"]["due"] == shop.money(2_400)
    for step in ("purchasing", "received", "sorted", "at_pickup"):
        made(shop.brand.post(f"/v1/campaigns/{campaign['id']}/advance", {"to": step, "everything_arrived": True}), 200)
    sweep()
    assert [read(shop, order)["status"] for order in (first, second)] == ["ready", "ready"]
    handed = {"code": first["pickup_code"], "pickup_point_id": first["pickup_point_id"]}
    assert made(shop.brand.post(f"/v1/orders/{first['id']}/pickup", handed), 200)["totals"]["paid"] == shop.money(2_400)

    clock.advance(hours=73)
    sweep(2)

    assert read(shop, first)["status"] == "picked_up"
    ended = read(shop, second)
    assert (ended["status"], ended["cancelled_by"], ended["totals"]["due"]) == ("cancelled", "no_show", shop.money(0))
