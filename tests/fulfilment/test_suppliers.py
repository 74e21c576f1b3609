"""Suppliers and their terms over HTTP."""

import pytest

from tests.builders import Shop, made


def supplier(shop: Shop, **fields):
    return made(shop.brand.post("/v1/suppliers", {"name": "Orchard", **fields}))


def agree(shop: Shop, supplier_id: str, sku_id: str, **fields):
    body = {"cost": shop.money(400), **fields}
    return shop.brand.put(f"/v1/suppliers/{supplier_id}/skus/{sku_id}", body)


def test_a_supplier_is_added_read_changed_and_listed(shop):
    first = supplier(shop, phone="+8613800138000", minimum=shop.money(50_000), below_minimum="release")
    other = supplier(shop, name="Dairy")
    path = f"/v1/suppliers/{first['id']}"

    assert (first["status"], first["minimum"], first["below_minimum"]) == ("active", shop.money(50_000), "release")
    changed = shop.brand.patch(path, {"minimum": None, "note": "closed on Sundays"}, headers={"If-Match": '"1"'})
    assert (changed.status, changed.json["minimum"], changed.json["phone"]) == (200, None, "+8613800138000")
    assert changed.headers["etag"] == '"2"'
    assert shop.brand.patch(path, {"note": "x"}, headers={"If-Match": '"1"'}).status == 412
    assert shop.brand.get(path).json == changed.json
    assert [each["id"] for each in shop.brand.get("/v1/suppliers").json["items"]] == [other["id"], first["id"]]


def test_a_sku_has_one_main_supplier_the_first_until_another_is_named(shop):
    first, other, sku_id = supplier(shop)["id"], supplier(shop, name="Dairy")["id"], shop.sku_id

    assert made(agree(shop, first, sku_id, pack_size=10, pack_rounding="floor", tolerance=3), 200)["main"]
    assert not made(agree(shop, other, sku_id, minimum_amount=shop.money(9_900)), 200)["main"]
    assert made(agree(shop, other, sku_id, main=True, lead_days=2, code="A-7"), 200)["main"]

    (mine,) = shop.brand.get(f"/v1/suppliers/{first}/skus").json["items"]
    assert (mine["main"], mine["pack_size"], mine["pack_rounding"], mine["tolerance"]) == (False, 10, "floor", 3)
    (its,) = shop.brand.get(f"/v1/suppliers/{other}/skus").json["items"]
    assert (its["main"], its["lead_days"], its["code"], its["minimum_amount"]) == (True, 2, "A-7", None)
    assert shop.brand.delete(f"/v1/suppliers/{other}/skus/{sku_id}").status == 204
    assert shop.brand.delete(f"/v1/suppliers/{other}/skus/{sku_id}").status == 404
    assert made(agree(shop, first, sku_id), 200)["main"]


def test_a_supplier_that_still_delivers_is_not_archived_and_one_that_is_agrees_to_nothing(shop):
    found = supplier(shop)["id"]
    made(agree(shop, found, shop.sku_id), 200)
    refused = shop.brand.patch(f"/v1/suppliers/{found}", {"status": "archived"})
    assert (refused.status, refused.json["code"], refused.json["sku_ids"]) == (409, "supplier_in_use", [shop.sku_id])

    shop.brand.delete(f"/v1/suppliers/{found}/skus/{shop.sku_id}")
    assert made(shop.brand.patch(f"/v1/suppliers/{found}", {"status": "archived"}), 200)["status"] == "archived"
    refused = agree(shop, found, shop.sku_id)
    assert (refused.status, refused.json["code"]) == (409, "supplier_archived")
    assert shop.brand.get("/v1/suppliers?status=active").json["items"] == []


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"tolerance": 3}, "tolerance_without_floor"),
        ({"pack_size": 4, "pack_rounding": "floor", "tolerance": 4}, "tolerance_too_large"),
        ({"minimum_quantity": 3, "minimum_amount": {"amount_minor": 100, "currency": "CNY"}}, "two_minimums"),
        ({"cost": {"amount_minor": 400, "currency": "USD"}}, "wrong_currency"),
        ({"minimum_amount": {"amount_minor": 400, "currency": "USD"}}, "wrong_currency"),
        ({"cost": {"amount_minor": -1, "currency": "CNY"}}, "invalid"),
        ({"pack_size": 0}, "invalid"),
        ({"below_minimum": "shrug"}, "invalid"),
    ],
)
def test_terms_that_cannot_be_are_refused_by_name_and_nothing_is_written(shop, terms, code):
    found = supplier(shop)["id"]
    refused = agree(shop, found, shop.sku_id, **terms)
    assert (refused.status, refused.json["code"]) == (422, code)
    assert shop.brand.get(f"/v1/suppliers/{found}/skus").json["items"] == []


def test_the_audit_log_names_who_changed_the_terms(shop):
    found = supplier(shop)["id"]
    made(agree(shop, found, shop.sku_id), 200)
    entries = shop.brand.get(f"/v1/audit?target=supplier:{found}").json["items"]
    assert [each["action"] for each in entries] == ["supplier.terms", "supplier.created"]
