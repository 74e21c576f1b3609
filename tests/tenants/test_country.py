"""A brand's country: by its time zone, as it says at sign-up, and as it says later."""

from typing import Any

from tests.builders import Shop, made

HOME = {"name": "Wang", "address": "1 Garden Road"}


def delivered_to(shop: Shop, phone: str) -> Any:
    campaign = shop.campaign(delivery={"fee": shop.money(300)})
    return shop.order(shop.member(), campaign=campaign, delivery=HOME | {"phone": phone})


def test_numbers_are_read_as_numbers_of_the_brands_country(shop: Shop) -> None:
    tenant = shop.brand.get("/v1/tenant")
    assert tenant.json["country"] == "CN"
    assert tenant.json["cash_unit"] == shop.money(1)
    assert made(delivered_to(shop, "138 0013 8000"))["delivery"]["phone"] == "+8613800138000"

    changed = shop.brand.patch("/v1/tenant", {"country": "HK"}, headers={"If-Match": tenant.headers["ETag"]})
    assert (changed.status, changed.json["country"]) == (200, "HK")

    assert made(delivered_to(shop, "5123 4567"))["delivery"]["phone"] == "+85251234567"
    assert made(delivered_to(shop, "+86 138 0013 8000"))["delivery"]["phone"] == "+8613800138000"
    assert delivered_to(shop, "138 0013 8000").json["errors"][0]["pointer"] == "/delivery/phone"
    assert shop.brand.patch("/v1/tenant", {"country": "XX"}).json["errors"][0]["pointer"] == "/country"
