"""What a store sells: narrowed by maker, origin and line, by what can be had now, and side by side."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from chalicelib.catalog.records import CardRecord
from chalicelib.db import Transaction, metered, tenant_scope
from tests.builders import Shop, made

DESCRIBED: list[dict[str, Any]] = [
    {"title": "Longjing", "brand": "西湖", "origin": "杭州", "product_line": "Spring", "category": "tea"},
    {"title": "Tieguanyin", "brand": "安溪", "origin": "福建", "product_line": "Spring", "category": "tea"},
    {"title": "Bowl", "brand": "西湖", "origin": "景德镇", "category": "ware"},
]


@pytest.fixture
def products(shop: Shop) -> list[Any]:
    """Three products at 10.00, 20.00 and 30.00."""
    return [shop.product(price=1_000 * (n + 1), **details) for n, details in enumerate(DESCRIBED)]


def titles(shop: Shop, query: str, *, staff: bool = False, **options: Any) -> list[str]:
    """The titles of a list, page by page."""
    found, cursor = list[str](), ""
    while True:
        path = f"{'/v1' if staff else shop.path}/products?{query}{cursor}"
        caller = shop.brand if staff else shop.caller
        page = made(caller.call("GET", path, **options), 200)
        found += [item["title"] for item in page["items"]]
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"


FILTERS = {
    f"brand={quote('西湖')}": {"Longjing", "Bowl"},
    f"origin={quote('福建')}": {"Tieguanyin"},
    "product_line=spring": {"Longjing", "Tieguanyin"},
    f"product_line=SPRING&brand={quote('西湖')}": {"Longjing"},
    "brand=nobody": set(),
    f"q={quote('景德镇')}": {"Bowl"},
}


def test_products_are_narrowed_by_brand_origin_and_line_in_every_order(shop: Shop, products: list[Any]) -> None:
    for query, wanted in FILTERS.items():
        for sort in ("newest", "price_asc", "price_desc", "title"):
            for limit in (1, 20):
                asked = f"{query}&sort={sort}&limit={limit}"
                assert sorted(titles(shop, asked)) == sorted(titles(shop, asked, staff=True)) == sorted(wanted)
    assert titles(shop, "sort=price_desc", staff=True) == ["Bowl", "Tieguanyin", "Longjing"]
    assert products[0]["product_line"] == "Spring"


def test_a_product_changes_its_line(shop: Shop, products: list[Any]) -> None:
    made(shop.brand.patch(f"/v1/products/{products[2]['id']}", {"product_line": "Autumn"}), 200)
    assert titles(shop, "product_line=autumn") == ["Bowl"]


def test_a_card_of_before_is_narrowed_by_its_products_origin(shop: Shop, products: list[Any]) -> None:
    with tenant_scope(shop.tenant_id):
        card = CardRecord.fetch(*CardRecord.address(shop.tenant_id, products[2]["id"]))
        assert card is not None
        card.origin = None
        tx = Transaction()
        tx.put("card", card)
        tx.commit()
    assert titles(shop, f"origin={quote('景德镇')}") == ["Bowl"]
    with metered() as meter:
        assert titles(shop, f"origin={quote('福建')}") == ["Tieguanyin"]
    # The stars of what is shown are read together.
    assert meter.by_operation == {"Query": 1, "BatchGetItem": 1}


def test_what_can_be_had_now_is_on_sale_in_an_open_campaign_or_on_the_shelf(
    shop: Shop, products: list[Any], clock: Any
) -> None:
    longjing, tieguanyin, bowl = (product["skus"][0]["id"] for product in products)
    campaign = shop.campaign(offers=[shop.offer(sku_id=longjing, price=900)], closes_in=timedelta(hours=2))
    shop.campaign(offers=[shop.offer(sku_id=tieguanyin)], opens_in=timedelta(hours=3))
    counted = {"delta": 5, "reason": "count"}
    made(shop.brand.post(f"/v1/skus/{bowl}/adjustments", counted, headers={"Idempotency-Key": "k"}))

    assert titles(shop, "available=on_sale") == titles(shop, "available=on_sale", staff=True) == ["Longjing"]
    assert titles(shop, "available=in_stock") == titles(shop, "available=in_stock", staff=True) == ["Bowl"]
    assert titles(shop, "available=in_stock&max_price=2900") == []

    clock.advance(hours=4)
    assert titles(shop, "available=on_sale") == ["Tieguanyin"]
    assert campaign["status"] == "open"


def test_what_is_on_sale_is_one_read_more(shop: Shop, products: list[Any]) -> None:
    shop.campaign(offers=[shop.offer(sku_id=products[0]["skus"][0]["id"])])
    titles(shop, "")  # which looks the store's name up
    with metered() as plain:
        titles(shop, "")
    with metered() as narrowed:
        titles(shop, "available=on_sale")
    assert narrowed.reads == plain.reads + 1


def test_products_are_counted_by_what_they_may_be_narrowed_to(shop: Shop, products: list[Any]) -> None:
    shop.product(title="Cup", brand="西湖 ", product_line="SPRING", tags=["new", "NEW"])
    made(shop.brand.patch(f"/v1/products/{products[1]['id']}", {"status": "archived"}), 200)

    def counted(query: str = "") -> dict[str, Any]:
        found = made(shop.caller.call("GET", f"{shop.path}/products/facets{query}"), 200)
        assert found.pop("complete") is True
        return {name: {each["value"]: each["count"] for each in values} for name, values in found.items()}

    assert counted() == {
        "category": {"tea": 1, "ware": 1}, "brand": {"西湖": 3}, "origin": {"杭州": 1, "景德镇": 1},
        "product_line": {"SPRING": 2}, "tag": {"new": 1},
    }  # fmt: skip
    assert counted("?max_price=1000")["brand"] == {"西湖": 2}


def test_products_stand_side_by_side_with_what_differs(shop: Shop, products: list[Any]) -> None:
    ids = [product["id"] for product in products]
    compared = made(shop.caller.call("GET", f"{shop.path}/products/compare?ids={ids[2]},{ids[0]}"), 200)
    assert [product["title"] for product in compared["products"]] == ["Bowl", "Longjing"]
    assert compared["attributes"] == [
        {"name": "price_from", "values": [shop.money(3_000), shop.money(1_000)], "differs": True},
        {"name": "price_to", "values": [shop.money(3_000), shop.money(1_000)], "differs": True},
        {"name": "unit_price_from", "values": [None, None], "differs": False},
        {"name": "brand", "values": ["西湖", "西湖"], "differs": False},
        {"name": "origin", "values": ["景德镇", "杭州"], "differs": True},
        {"name": "product_line", "values": ["", "Spring"], "differs": True},
        {"name": "category", "values": ["ware", "tea"], "differs": True},
        {"name": "tags", "values": [[], []], "differs": False},
        {"name": "allergens", "values": [None, None], "differs": False},
        {"name": "return_days", "values": [7, 7], "differs": False},
        {"name": "exchange_days", "values": [15, 15], "differs": False},
        {"name": "repair_days", "values": [0, 0], "differs": False},
    ]


def test_only_products_that_are_shown_are_compared(shop: Shop, products: list[Any]) -> None:
    ids = [product["id"] for product in products]
    made(shop.brand.patch(f"/v1/products/{ids[1]}", {"status": "archived"}), 200)
    compare = f"{shop.path}/products/compare?ids="
    gone = shop.caller.call("GET", f"{compare}{ids[0]},{ids[1]}")
    assert (gone.status, gone.json["detail"]) == (404, "There is no such product.")
    for asked in (ids[0], ",".join([ids[0]] * 2), ",".join(f"01J9ZQ0W7N8RXC5B2M4T6V8Y0{n}" for n in "ABCDEFG")):
        assert shop.caller.call("GET", compare + asked).status == 422
