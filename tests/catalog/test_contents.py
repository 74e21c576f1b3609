"""What a SKU holds, its unit price, and what is to be known of a product before it is eaten or used."""

import pytest

from chalicelib.catalog.model.contents import Allergen, Content, UnitPrice, unit_price


@pytest.mark.parametrize(
    ("price", "quantity", "unit", "expected"),
    [
        (1_990, "350", "g", (5_686, "kg")),  # 5685.71
        (1_250, "0.5", "kg", (2_500, "kg")),
        (399, "1.5", "l", (266, "l")),
        (333, "250", "ml", (1_332, "l")),
        (1_000, "3", "piece", (333, "piece")),
        (5, "10", "piece", (1, "piece")),  # half a minor unit goes up
        (1, "3", "piece", None),  # a third of one is nothing that can be said
        (1_000, "2.5", "m", (400, "m")),
        (10**15, "0.001", "g", None),
        (10**15, "999999.999", "g", (1_000_000_001_000, "kg")),
    ],
)
def test_a_unit_price_is_exact_and_rounded_once_half_up(price, quantity, unit, expected):
    assert unit_price(price, Content(quantity, unit)) == (UnitPrice(*expected) if expected else None)


def test_without_a_content_there_is_no_unit_price():
    assert unit_price(1_000, None) is None


def test_a_sku_says_what_it_holds_and_what_a_kilogram_costs(brand):
    content = {"quantity": "350.0", "unit": "g"}
    made = brand.product("Peanut butter", brand.sku("PB", 1_990, content=content), brand.sku("PB-X"))
    jar, other = made["skus"]

    assert jar["content"] == {"quantity": "350", "unit": "g"}
    assert jar["unit_price"] == {"amount": brand.money(5_686), "per": "kg"}
    assert (other["content"], other["unit_price"]) == (None, None)
    assert brand.show(made["id"]).json["skus"][0]["unit_price"] == jar["unit_price"]
    assert brand.browse().json["items"][0]["skus"][0]["unit_price"] == jar["unit_price"]
    assert brand.get(f"/v1/skus/{jar['id']}").json["unit_price"] == jar["unit_price"]


def test_a_content_stays_until_it_is_changed_or_taken_away(brand):
    made = brand.product("Tea", brand.sku("T", 1_000, content={"quantity": "1", "unit": "kg"}, supply="stock"))
    path, sku = f"/v1/products/{made['id']}", made["skus"][0]

    def content_after(**change):
        edited = brand.patch(path, {"skus": [{"id": sku["id"], **change}]}).json["skus"][0]
        assert brand.get(f"/v1/skus/{sku['id']}").json["content"] == edited["content"]
        assert brand.browse().json["items"][0]["skus"][0]["content"] == edited["content"]
        return edited["content"]

    assert content_after(price=brand.money(500)) == {"quantity": "1", "unit": "kg"}
    assert content_after(content={"quantity": "1000", "unit": "ml"}) == {"quantity": "1000", "unit": "ml"}
    assert content_after(content=None) is None
    assert content_after(title="New") is None


@pytest.mark.parametrize("quantity", ["0", "0.000", "-1", "1.2345", "1e3", "1,5", "", "1000000", "١", 1])
def test_a_quantity_that_makes_no_sense_is_refused(brand, quantity):
    wanted = {"title": "T", "skus": [brand.sku("T", content={"quantity": quantity, "unit": "g"})]}
    refused = brand.post("/v1/products", wanted)
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/skus/0/content/quantity")


def test_no_word_of_allergens_is_something_else_than_none_of_them(brand):
    silent = brand.product("Silent")
    free = brand.product("Free", allergens=[])
    made = brand.product("Satay", allergens=["soybeans", "peanuts", "soybeans"], allergen_note="Traces of sesame.")

    assert (silent["allergens"], free["allergens"], made["allergens"]) == (None, [], ["peanuts", "soybeans"])
    assert brand.show(silent["id"]).json["allergens"] is None
    assert brand.show(made["id"]).json["allergen_note"] == "Traces of sesame."
    kept = brand.patch(f"/v1/products/{made['id']}", {"title": "Sate"}).json
    assert kept["allergens"] == ["peanuts", "soybeans"]
    assert brand.patch(f"/v1/products/{made['id']}", {"allergens": []}).json["allergens"] == []
    assert brand.post("/v1/products", {"title": "T", "skus": [brand.sku("X")], "allergens": ["kiwi"]}).status == 422


def test_all_fourteen_allergens_are_taken(brand):
    assert brand.product("All", allergens=list(reversed(Allergen)))["allergens"] == list(Allergen)


def test_how_to_use_it_and_what_to_beware_of_reach_the_store(brand):
    said = {"how_to_use": "Stir.\nServe.", "cautions": "Hot.", "video_url": "https://video.example/1"}
    made = brand.product("Tea", **said)
    assert {name: brand.show(made["id"]).json[name] for name in said} == said
    assert brand.patch(f"/v1/products/{made['id']}", {"video_url": ""}).json["video_url"] == ""
    assert brand.patch(f"/v1/products/{made['id']}", {"video_url": "http://video.example/1"}).status == 422


def test_products_are_compared_by_allergens_and_by_the_lowest_unit_price(brand):
    def jar(title, quantity, unit="g", **details):
        return brand.product(title, brand.sku(title, 1_000, content={"quantity": quantity, "unit": unit}), **details)

    made = [jar("A", "500", allergens=["milk"]), jar("B", "250"), brand.product("C")]
    ids = ",".join(each["id"] for each in made)
    compared = brand.shop.caller.call("GET", f"{brand.shop.path}/products/compare?ids={ids}").json
    rows = {row["name"]: row for row in compared["attributes"]}

    assert rows["allergens"] == {"name": "allergens", "values": [["milk"], None, None], "differs": True}
    assert rows["unit_price_from"]["values"] == [
        {"amount": brand.money(2_000), "per": "kg"}, {"amount": brand.money(4_000), "per": "kg"}, None,
    ]  # fmt: skip
