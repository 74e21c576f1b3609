"""Who gets something else is told so, and everybody who handles the order sees which units it is."""

from typing import Any

from infra.local.engine import Engine
from tests.builders import Shop, made
from tests.conftest import Clock, Sweep


def test_a_split_line_is_told_shown_sorted_and_handed_over(
    shop: Shop, engine: Engine, clock: Clock, sweep: Sweep
) -> None:
    # Given orders of two and three, and a delivery of four with one of another SKU
    nashi = shop.product(title="Nashi")["skus"][0]["id"]
    ann, bob = shop.member(), shop.member()
    first, second = made(shop.order(ann, quantity=2)), made(shop.order(bob, quantity=3))
    clock.advance(days=8)
    sweep()
    base = f"/v1/campaigns/{shop.campaign_id}"
    came = {"sku_id": shop.sku_id, "received": 4, "substitute": {"sku_id": nashi, "quantity": 1}}
    made(shop.brand.post(f"{base}/receipts", {"lines": [came]}, headers={"Idempotency-Key": "r"}))
    sweep(3)

    # Then the second alone is told, once, what comes instead
    (mail,) = engine.mail()
    assert (mail["to"], mail["subject"]) == (bob.email, "Something else comes in your order")
    assert "At the same price you get instead: 1 × Nashi · One." in mail["text"]

    # And the order says which units these are, for its member and for staff
    (line,) = read(shop, second)["lines"]
    assert (line["sku_id"], line["quantity"]) == (shop.sku_id, 3)
    assert line["substitutes"] == [{"sku_id": nashi, "quantity": 1}]
    own = shop.caller.call("GET", f"{shop.path}/orders/{second['id']}", token=bob.token)
    assert made(own, 200)["lines"] == [line]
    assert read(shop, first)["lines"][0]["substitutes"] == []
    happened = made(shop.brand.get(f"/v1/orders/{second['id']}/history"), 200)["items"]
    assert [entry["type"] for entry in happened] == ["placed", "substituted"]
    (kept,) = happened[1]["after"]["lines"]
    assert kept == {name: line[name] for name in kept}

    # And the sorting sheet has both, and what was handed over of each
    made(shop.brand.post(f"{base}/advance", {"to": "at_pickup"}), 200)
    part = {"offer_id": line["offer_id"], "quantity": 2}
    collect = {"code": second["pickup_code"], "pickup_point_id": second["pickup_point_id"]}
    made(shop.brand.post(f"/v1/orders/{second['id']}/pickup", collect | {"lines": [part]}), 200)
    (sheet,) = made(shop.brand.get(f"{base}/sorting-sheets"), 200)["sheets"]
    assert [(item["sku_id"], item["quantity"]) for item in sheet["items"]] == [(shop.sku_id, 4), (nashi, 1)]
    parcel = next(
        order for member in sheet["members"] for order in member["orders"] if order["order_id"] == second["id"]
    )
    assert [(item["sku_id"], item["quantity"], item["picked"]) for item in parcel["items"]] == [
        (shop.sku_id, 2, 2),
        (nashi, 1, 0),
    ]
    made(shop.brand.post(f"/v1/orders/{second['id']}/pickup", collect), 200)

    # And of what the supplier is owed, every unit is in an order
    (supplied,) = made(shop.brand.get(f"{base}/supply"), 200)["lines"]
    assert (supplied["owed"], supplied["unassigned"], supplied["surplus"]) == (5, 0, 0)


def read(shop: Shop, order: Any) -> Any:
    return made(shop.brand.get(f"/v1/orders/{order['id']}"), 200)
