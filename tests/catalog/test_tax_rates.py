"""Rates of tax over HTTP: of SKUs and of the brand, fixed for a campaign when it is published."""

from typing import Any

import pytest

from tests.builders import Shop, made


def rates(shop: Shop, product: str) -> list[str | None]:
    return [sku["tax_rate"] for sku in made(shop.brand.get(f"/v1/products/{product}"), 200)["skus"]]


def test_a_sku_has_a_rate_of_its_own_that_can_be_changed_and_taken_away(shop: Shop) -> None:
    price = shop.money(1_000)
    skus = [{"code": "A", "title": "A", "price": price, "tax_rate": "9.0"}, {"code": "B", "title": "B", "price": price}]
    product = made(shop.brand.post("/v1/products", {"title": "Tea", "skus": skus}))
    assert rates(shop, product["id"]) == ["9", None]
    first, second = (sku["id"] for sku in product["skus"])
    edits: list[dict[str, Any]] = [{"id": first, "price": price}, {"id": second, "tax_rate": "0"}]
    made(shop.brand.patch(f"/v1/products/{product['id']}", {"skus": edits}), 200)
    assert rates(shop, product["id"]) == ["9", "0"], "what is not named stays"
    made(shop.brand.patch(f"/v1/products/{product['id']}", {"skus": [{"id": first, "tax_rate": None}]}), 200)
    assert rates(shop, product["id"]) == [None, "0"]
    assert made(shop.brand.get(f"/v1/skus/{second}"), 200)["tax_rate"] == "0"


@pytest.mark.parametrize("rate", ["101", "-1", "9.555", "nine", 9, ""])
def test_what_is_no_rate_is_refused_at_its_field(shop: Shop, rate: Any) -> None:
    sku = {"code": "A", "title": "A", "price": shop.money(1_000), "tax_rate": rate}
    reply = shop.brand.post("/v1/products", {"title": "Tea", "skus": [sku]})
    assert (reply.status, reply.json["errors"][0]["pointer"]) == (422, "/skus/0/tax_rate")
    reply = shop.brand.patch("/v1/tenant", {"tax": {"default_rate": rate}})
    assert (reply.status, reply.json["errors"][0]["pointer"]) == (422, "/tax/default_rate")


def test_the_brands_rates_are_set_one_by_one_and_its_log_says_so(shop: Shop) -> None:
    def settings(change: dict[str, Any]) -> Any:
        return made(shop.brand.patch("/v1/tenant", {"tax": change}), 200)["tax"]

    assert settings({"default_rate": "13"}) == {"default_rate": "13", "delivery_rate": None}
    assert settings({"delivery_rate": "6"}) == {"default_rate": "13", "delivery_rate": "6"}
    assert settings({"default_rate": None}) == {"default_rate": None, "delivery_rate": "6"}
    entry = made(shop.brand.get("/v1/audit?action=tenant.changed"), 200)["items"][0]
    assert entry["changes"] == {"tax_rate": {"from": "13", "to": None}}
    assert made(shop.caller.call("GET", shop.path), 200)["tax"] == {"default_rate": None, "delivery_rate": "6"}


def test_a_campaign_fixes_the_rates_when_it_is_published(shop: Shop) -> None:
    made(shop.brand.patch("/v1/tenant", {"tax": {"default_rate": "13", "delivery_rate": "6"}}), 200)
    fee = {"fee": shop.money(600)}
    draft = shop.campaign(publish=False, delivery=fee)
    assert draft["offers"][0]["tax_rate"] is None
    published = made(shop.brand.post(f"/v1/campaigns/{draft['id']}/publish"), 200)
    assert (published["offers"][0]["tax_rate"], published["delivery"]["tax_rate"]) == ("13", "6")
    made(shop.brand.patch("/v1/tenant", {"tax": {"default_rate": "9", "delivery_rate": None}}), 200)
    shown = made(shop.caller.call("GET", f"{shop.path}/campaigns/{draft['id']}"), 200)
    assert (shown["offers"][0]["tax_rate"], shown["delivery"]["tax_rate"]) == ("13", "6")
