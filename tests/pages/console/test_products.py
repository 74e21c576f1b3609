"""The console's products: found, added, changed with what was typed kept, archived and brought back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chalicelib.kernel.money import write_amount
from tests.aftersales.conftest import fetched
from tests.builders import Shop, made
from tests.pages.site import Desk, Seen, fields
from tests.pictures import png
from tests.uploads import send

PNG = png()


def titles(page: Seen) -> list[str]:
    """What the list shows, in its order."""
    return [each.get_text() for each in page.soup.select(".goods strong")]


def stored(shop: Shop, page: Seen) -> Any:
    """The product of a page, as the API answers it."""
    return made(shop.brand.get(f"/v1/products/{page.path.rpartition('/')[2]}"), 200)


def value(page: Seen, name: str) -> str:
    """What a field of a form holds."""
    return fields(page.soup.select_one("#product"))[name]


def uploaded(desk: Desk) -> str:
    """The address of a photo that the form's script has sent."""
    token = value(desk.get("/products/new"), "_csrf")
    asked = {"_csrf": token, "content_type": "image/png", "size": str(len(PNG))}
    granted = json.loads(desk.post("/products/uploads", asked).text)
    assert send(granted, PNG) == 204
    return str(granted["address"])


def test_a_product_is_added_with_all_that_is_said_of_it(desk, shop):
    empty = desk.get("/products")
    assert "Add what you sell once" in empty.words()
    form = desk.get(empty.link("Add the first product"))
    page = desk.send(
        form, "Add the product", title="Peanut butter", category="Larder", tags="organic，new, ", origin="Henan",
        allergens_said="some", allergens__peanuts="true", cautions="Keep cool once opened.",
        image_address="https://pictures.example/1.jpg", after_sale__return_days="3",
        skus__0__code="PB-350", skus__0__title="A jar", skus__0__price="19.9", skus__0__cost="8",
        skus__0__content__quantity="350", skus__0__supply="stock",
    )  # fmt: skip
    assert "The product is added." in page.words(".flash")
    found = stored(shop, page)
    assert (found["title"], found["tags"], found["origin"]) == ("Peanut butter", ["organic", "new"], "Henan")
    assert found["allergens"] == ["peanuts"]
    assert found["images"] == ["https://pictures.example/1.jpg"]
    assert found["after_sale"] == {"return_days": 3, "exchange_days": 15, "repair_days": 0}
    [sku] = found["skus"]
    assert (sku["price"], sku["cost"], sku["supply"]) == (shop.money(1990), shop.money(800), "stock")
    assert sku["content"] == {"quantity": "350", "unit": "g"}
    assert "not counted" in page.words(".data")


def test_a_row_for_another_sku_keeps_what_was_typed(desk, shop):
    page = desk.send(
        desk.get("/products/new"), "Add another SKU", title="Tea", skus__0__code="TEA-50", skus__0__price="12.50"
    )
    assert (page.status, value(page, "title"), value(page, "skus.0.price")) == (200, "Tea", "12.50")
    more = {"skus__0__title": "50 g", "skus__1__code": "TEA-100", "skus__1__title": "100 g", "skus__1__price": "22"}
    page = desk.send(page, "Add the product", **more)
    assert [each["code"] for each in stored(shop, page)["skus"]] == ["TEA-50", "TEA-100"]


def test_what_is_refused_stands_beside_its_field_and_the_rest_is_kept(desk, shop):
    taken = shop.product()["skus"][0]["code"]
    page = desk.send(desk.get("/products/new"), "Add the product", title="Tea", skus__0__price="12,5")
    assert (page.status, value(page, "title"), value(page, "skus.0.price")) == (422, "Tea", "12,5")
    assert page.words("#f-skus-0-price-fault") == "Type an amount such as 12.50."
    assert page.words("#f-skus-0-code-fault") == "Type a code, such as TEA-50."

    page = desk.send(page, "Add the product", skus__0__price="0", skus__0__title="One", skus__0__code="a b")
    assert page.words("#f-skus-0-price-fault") == "the amount must be above zero"
    assert page.soup.select_one("#f-skus-0-code-fault")

    page = desk.send(page, "Add another SKU", skus__0__code="", skus__0__title="", skus__0__price="")
    page = desk.send(page, "Add the product", skus__1__price="3", skus__1__title="One", skus__1__code=taken)
    assert page.status == 409
    assert "is taken" in page.words("#f-skus-1-code-fault")  # the first row was left empty

    page = desk.send(page, "Add the product", skus__1__code="TEA", allergens_said="some")
    assert page.words("#allergens-fault") == "Tick at least one."
    assert len(made(shop.brand.get("/v1/products"), 200)["items"]) == 1


@pytest.mark.parametrize(
    "odd", ["skus", "skus.0", "skus.x.code", "images", "images.9999999999", "drop.0", "after_sale.x"]
)
def test_a_form_that_is_none_of_ours_is_refused_and_no_failure(odd, desk):
    page = desk.get("/products/new")
    sent = {**fields(page.soup.select_one("#product")), "title": "Tea", odd: "x"}
    assert desk.post("/products", sent).status == 422


def test_a_change_takes_away_what_was_emptied(desk, shop):
    sku = {"code": "TEA", "title": "A tin", "price": shop.money(900), "content": {"quantity": "50", "unit": "g"}}
    product = shop.product(title="Tea", description="Green", tags=["new"], allergens=[], skus=[sku])
    page = desk.get(f"/products/{product['id']}/change")
    assert (value(page, "skus.0.price"), value(page, "allergens_said")) == (write_amount(900, shop.currency), "none")
    page = desk.send(page, "Save the changes", description="", tags="", skus__0__content__quantity="")
    assert page.words(".flash") == "The product is changed."
    found = stored(shop, page)
    assert (found["title"], found["description"], found["tags"], found["allergens"]) == ("Tea", "", [], [])
    assert (found["skus"][0]["id"], found["skus"][0]["content"]) == (product["skus"][0]["id"], None)


def test_who_was_slower_sees_what_has_changed_and_can_send_again(desk, new_desk, shop):
    product = shop.product(title="Tea", origin="Hangzhou")
    late, faster = desk.get(f"/products/{product['id']}/change"), new_desk(shop, "editor")
    faster.send(faster.get(late.path), "Save the changes", title="Green tea")
    page = desk.send(late, "Save the changes", origin="Anhui")
    assert page.status == 412
    assert "Green tea" in page.words(".refusal")
    assert (value(page, "title"), value(page, "origin")) == ("Tea", "Anhui")
    page = desk.send(page, "Save the changes", title="Green tea")
    assert (stored(shop, page)["title"], stored(shop, page)["origin"]) == ("Green tea", "Anhui")


def test_a_refusal_does_not_make_an_old_form_new(desk, shop):
    product = shop.product(title="Tea")
    page = desk.get(f"/products/{product['id']}/change")
    made(shop.brand.patch(f"/v1/products/{product['id']}", {"title": "Green tea"}), 200)
    page = desk.send(page, "Save the changes", skus__0__price="much")
    assert page.status == 422
    assert desk.send(page, "Save the changes", skus__0__price="9").status == 412


def test_photos_are_sent_ordered_and_taken_away(desk, shop):
    address = uploaded(desk)
    product = shop.product(images=["https://pictures.example/1.jpg"])
    form = {"images__1": address, "first": "p1"}
    page = desk.send(desk.get(f"/products/{product['id']}/change"), "Save the changes", **form)
    assert stored(shop, page)["images"] == [address, "https://pictures.example/1.jpg"]
    page = desk.send(desk.get(f"/products/{product['id']}/change"), "Save the changes", drop__p0="true")
    assert stored(shop, page)["images"] == ["https://pictures.example/1.jpg"]
    foreign = address.replace(f"/s/{shop.slug}/", "/s/elsewhere/")
    page = desk.send(desk.get(f"/products/{product['id']}/change"), "Save the changes", images__1=foreign)
    assert (page.status, len(page.soup.select(".thumbs li"))) == (422, 2)
    assert page.words(".fault")


def test_what_a_photo_shows_is_said_beside_it_and_read_in_the_shop(desk, shop, visitor):
    first, second = (f"https://pictures.example/{n}.jpg" for n in (1, 2))
    product = shop.product(title="Jam", images=[first, second])
    path = f"/products/{product['id']}"
    typed = {"alts__p0": "A red jar", "alts__p1": "The label", "first": "p1"}

    page = desk.send(desk.get(f"{path}/change"), "Save the changes", **typed)

    assert stored(shop, page)["images"] == [second, first]
    assert stored(shop, page)["image_alts"] == {first: "A red jar", second: "The label"}
    assert value(desk.get(f"{path}/change"), "alts.p0") == "The label"
    desk.send(desk.get(f"{path}/change"), "Save the changes", alts__p0="")
    assert [each["alt"] for each in visitor.get(path).soup.select(".pictures img")] == ["Jam, picture 1", "A red jar"]
    page = desk.send(desk.get(f"{path}/change"), "Save the changes", alts__p0="x" * 201)
    assert page.status == 422
    assert page.words(".fault")
    assert value(page, "alts.p0") == "x" * 201


def test_a_photo_that_was_sent_is_seen_in_the_form_before_the_product_has_it(desk, shop):
    address = uploaded(desk)
    page = desk.send(desk.get("/products/new"), "Add another SKU", images__0=address)
    assert value(page, "images.0") == address
    assert fetched(page.soup.select_one(".thumbs img")["src"]) == (200, PNG)
    page = desk.send(
        page, "Add the product", title="Tea", skus__0__code="T", skus__0__title="A bag", skus__0__price="9"
    )
    product = stored(shop, page)
    page = desk.get(f"/products/{product['id']}/change")
    assert page.soup.select_one(".thumbs img")["src"] == address, "what the product has is at its address"


def test_a_product_is_archived_and_brought_back(desk, shop):
    product = shop.product(title="Tea")
    page = desk.send(desk.get(f"/products/{product['id']}"), "Archive it")
    assert "Archived" in page.words("h1")
    assert (titles(desk.get("/products?status=active")), titles(desk.get("/products?status=archived"))) == ([], ["Tea"])
    page = desk.send(page, "Bring it back")
    assert stored(shop, page)["status"] == "active"


def test_the_list_is_searched_and_goes_on(desk, shop):
    for number in range(21):
        shop.product(title=f"Tea {number:02}")
    shop.product(title="Bowl", category="tableware")
    assert titles(desk.get("/products?q=bowl&status=&available=&sort=newest")) == ["Bowl"]
    page = desk.get(desk.get("/products").link("tableware"))
    assert titles(page) == ["Bowl"]
    assert len(titles(desk.get(page.link("Show everything")))) == 20
    page = desk.get("/products?sort=title")
    assert titles(page)[:2] == ["Bowl", "Tea 00"]
    assert titles(desk.get(page.link("Show more"))) == ["Tea 19", "Tea 20"]
    assert "Nothing fits this." in desk.get("/products?q=pear").words()


@pytest.mark.parametrize("role", ["service", "analyst", "planner"])
def test_who_may_not_change_products_sees_them_without_the_forms(role, new_desk, shop):
    product = shop.product(title="Tea")
    desk = new_desk(shop, role)
    page = desk.get(f"/products/{product['id']}")
    assert (page.status, page.soup.select("main form")) == (200, [])
    assert not desk.get("/products").soup.select("main .heads a")
    assert desk.get("/products/new").status == 403
    assert desk.get("").soup.select('.side a[href$="/products"]')


def test_products_are_read_in_chinese(desk, shop):
    desk.language = "zh"
    assert desk.get("/products").heading == "商品"
    page = desk.send(desk.get("/products/new"), "添加商品", title="茶", skus__0__price="九块")
    assert page.words("#f-skus-0-price-fault") == "请填写金额，例如 12.50。"
