"""Bundles come back by part: money by the split of the price, stock by SKU, over the API from campaign to return."""

from typing import Any

from tests.aftersales.conftest import Returns
from tests.builders import made


def sold(returns: Returns, *, quantity: int = 2, price: int = 9_000, **fields: Any) -> tuple[list[str], Any]:
    """An order of bundles of pears at 60.00 and eggs at 40.00 from the shelf, handed over; and the SKUs."""
    shop = returns.shop
    skus = []
    for price_alone in (6_000, 4_000):
        sku_id = str(shop.product(price=price_alone)["skus"][0]["id"])
        count = {"delta": 20, "reason": "count"}
        headers = {"Idempotency-Key": f"count-{sku_id}"}
        made(shop.brand.post(f"/v1/skus/{sku_id}/adjustments", count, headers=headers))
        skus.append(sku_id)
    parts = [{"sku_id": sku_id} for sku_id in skus]
    offer = {"title": "Breakfast", "parts": parts, "price": shop.money(price), "quantity": 10}
    campaign = shop.campaign(offers=[offer], **fields)
    return skus, returns.collected_of(campaign, quantity=quantity)


def ask_for(returns: Returns, order: Any, *lines: dict[str, Any], **more: Any) -> Any:
    offer_id = order["lines"][0]["offer_id"]
    return returns.ask(order, lines=[{"offer_id": offer_id} | line for line in lines], **more)


def test_of_two_bundles_one_part_comes_back(returns: Returns) -> None:
    """Bundle 90 over list 60 and 40 is 54 and 36: of two, one B returned is 36 back, and only B has one more."""
    (pears, eggs), order = sold(returns)
    assert order["totals"]["total"] == returns.shop.money(18_000)
    assert (returns.free(pears), returns.free(eggs)) == (18, 18)
    case = made(ask_for(returns, order, {"sku_id": eggs, "quantity": 1}))
    offer_id = order["lines"][0]["offer_id"]
    assert [(line["offer_id"], line["sku_id"], line["quantity"]) for line in case["lines"]] == [(offer_id, eggs, 1)]
    decided = made(returns.decide(case), 200)
    assert decided["decision"]["refund"] == returns.shop.money(3_600)
    came = {"offer_id": offer_id, "sku_id": eggs, "quantity": 1, "disposition": "restock"}
    path = f"/v1/after-sales/{case['id']}/receive"
    received = made(returns.brand.post(path, {"lines": [came]}, headers={"Idempotency-Key": "r1"}), 200)
    assert received["arrived"] == [{"offer_id": offer_id, "sku_id": eggs, "quantity": 1}]
    returns.care.drain()
    assert (returns.free(pears), returns.free(eggs)) == (18, 19)
    assert returns.refunds(order) == [3_600]


def test_part_by_part_the_price_comes_back_whole(returns: Returns) -> None:
    (pears, eggs), order = sold(returns, quantity=3, price=9_001)
    for sku_id, units in ((eggs, 1), (pears, 2), (eggs, 2), (pears, 1)):
        made(returns.decide(made(ask_for(returns, order, {"sku_id": sku_id, "quantity": units}))), 200)
    assert sum(returns.refunds(order)) == 3 * 9_001
    refused = ask_for(returns, order, {"sku_id": eggs, "quantity": 1})
    assert (refused.status, refused.json["code"]) == (409, "more_than_received")


def test_a_whole_bundle_is_all_its_parts(returns: Returns) -> None:
    (pears, eggs), order = sold(returns)
    case = made(ask_for(returns, order, {"quantity": 1}))
    assert [(line["sku_id"], line["quantity"]) for line in case["lines"]] == [(pears, 1), (eggs, 1)]
    options = made(returns.brand.get(f"/v1/after-sales/{case['id']}/decision"), 200)
    assert [line["worth"]["amount_minor"] for line in options["lines"]] == [5_400, 3_600]
    half = {"refund": {"lines": [{"offer_id": order["lines"][0]["offer_id"], "sku_id": pears, "quantity": 1}]}}
    assert made(returns.decide(case, **half), 200)["decision"]["refund"] == returns.shop.money(5_400)


def test_an_unknown_part_and_one_named_twice_are_refused(returns: Returns) -> None:
    (pears, _), order = sold(returns)
    unknown = ask_for(returns, order, {"sku_id": returns.shop.sku_id, "quantity": 1})
    assert (unknown.status, unknown.json["code"]) == (422, "unknown_offer")
    twice = ask_for(returns, order, {"quantity": 1}, {"sku_id": pears, "quantity": 1})
    assert (twice.status, twice.json["code"]) == (422, "repeated_offer")


def test_goodwill_for_a_part_is_taken_from_its_share(returns: Returns) -> None:
    (pears, eggs), order = sold(returns)
    line = {"offer_id": order["lines"][0]["offer_id"], "sku_id": eggs, "amount": returns.shop.money(600)}
    gift = {"lines": [line], "reason": "One was cracked"}
    made(returns.brand.post(f"/v1/orders/{order['id']}/refunds", gift, headers={"Idempotency-Key": "g1"}))
    made(returns.decide(made(ask_for(returns, order, {"sku_id": eggs, "quantity": 2}))), 200)
    assert sum(returns.refunds(order)) == 7_200  # all that the eggs cost: 6.00 of it was given before
    made(returns.decide(made(ask_for(returns, order, {"sku_id": pears, "quantity": 2}))), 200)
    assert sum(returns.refunds(order)) == 18_000


def test_a_bundle_that_is_exchanged_is_as_many_bundles_again(returns: Returns) -> None:
    """Of two bundles of a pear and six eggs one is replaced: one of it, not six."""
    shop = returns.shop
    skus = [str(shop.product(price=price)["skus"][0]["id"]) for price in (6_000, 500)]
    parts = [{"sku_id": sku_id, "quantity": units} for sku_id, units in zip(skus, (1, 6), strict=True)]
    offer = {"title": "Breakfast", "parts": parts, "price": shop.money(8_000), "quantity": 10}
    order = returns.collected_of(shop.campaign(offers=[offer]), quantity=2)
    case = made(ask_for(returns, order, {"quantity": 1}, kind="exchange"))
    made(returns.decide(case), 200)
    returns.care.drain()
    decided = made(shop.brand.get(f"/v1/after-sales/{case['id']}"), 200)
    exchanged = returns.order({"id": decided["exchange_order_id"]})
    (line,) = exchanged["lines"]
    assert (line["quantity"], [part["quantity"] for part in line["parts"]]) == (1, [1, 6])
