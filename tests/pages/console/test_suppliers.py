"""The console's suppliers: whom the brand buys from, and on what terms."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.kernel.money import write_amount
from tests.builders import Shop, made
from tests.pages.site import Seen, fields


def supplier(shop: Shop, **said: Any) -> Any:
    return made(shop.brand.post("/v1/suppliers", {"name": "Orchard", **said}))


def of_page(shop: Shop, page: Seen) -> Any:
    """The supplier of a page, as the API answers it."""
    return made(shop.brand.get(f"/v1/suppliers/{page.path.rpartition('/')[2]}"), 200)


def terms(shop: Shop, supplier: Any) -> Any:
    return made(shop.brand.get(f"/v1/suppliers/{supplier['id']}/skus"), 200)["items"]


@pytest.fixture
def tea(shop: Shop) -> Any:
    """A SKU to buy."""
    return shop.product(title="Tea", skus=[{"code": "TEA", "title": "A tin", "price": shop.money(900)}])["skus"][0]


def test_a_supplier_is_added_and_says_next_what_it_delivers(desk, shop, tea):
    form = desk.get(desk.get("/suppliers").link("Add the first supplier"))
    refused = desk.send(form, "Add the supplier", name="", phone="12", minimum="lots")
    assert refused.words("#f-name-fault") == "Type the name of the supplier."
    refused = desk.send(refused, "Add the supplier", name="Orchard")
    assert refused.words("#f-minimum-fault") == "Type an amount such as 12.50."
    refused = desk.send(refused, "Add the supplier", minimum="300")
    assert refused.soup.select_one("#f-phone-fault")
    page = desk.send(refused, "Add the supplier", phone="+8613800138000", below_minimum="release")
    found = of_page(shop, page)
    assert (found["name"], found["minimum"], found["below_minimum"]) == ("Orchard", shop.money(30_000), "release")
    page = desk.get(page.link("Add a SKU"))
    page = desk.get(page.link("Tea"))
    page = desk.send(page, "Agree these terms", cost="4.5", pack_size="6", lead_days="2", minimum_quantity="12")
    assert page.words(".flash") == "The terms are agreed."
    [agreed] = terms(shop, found)
    assert (agreed["cost"], agreed["pack_size"], agreed["lead_days"]) == (shop.money(450), 6, 2)
    assert (agreed["minimum_quantity"], agreed["main"]) == (12, True)
    assert "Tea · A tin" in page.words(".data")


def test_terms_are_changed_and_ended(desk, shop, tea):
    orchard, farm = supplier(shop), supplier(shop, name="Farm")
    for each, cost in ((orchard, 400), (farm, 380)):
        path = f"/v1/suppliers/{each['id']}/skus/{tea['id']}"
        made(shop.brand.put(path, {"cost": shop.money(cost), "pack_size": 6}), 200)
    page = desk.get(f"/suppliers/{farm['id']}/skus/{tea['id']}")
    assert fields(page.form("Agree these terms"))["cost"] == write_amount(380, shop.currency)
    refused = desk.send(page, "Agree these terms", tolerance="2")
    assert (refused.status, bool(refused.soup.select_one("#f-tolerance-fault"))) == (422, True)
    desk.send(page, "Agree these terms", pack_rounding="floor", tolerance="2", main="true")
    assert [(each["tolerance"], each["main"]) for each in (*terms(shop, farm), *terms(shop, orchard))] == [
        (2, True), (0, False),
    ]  # fmt: skip
    page = desk.send(desk.get(f"/suppliers/{farm['id']}/skus/{tea['id']}"), "End the terms")
    assert "The terms have ended." in page.words(".flash")
    assert terms(shop, farm) == []


def test_a_supplier_is_changed_and_what_is_emptied_is_taken_away(desk, shop):
    orchard = supplier(shop, phone="+8613800138000", minimum=shop.money(500), note="Mondays")
    page = desk.get(f"/suppliers/{orchard['id']}/change")
    made(shop.brand.patch(f"/v1/suppliers/{orchard['id']}", {"contact": "Ada"}), 200)
    page = desk.send(page, "Save the changes", phone="", minimum="", note="")
    assert page.status == 412
    assert "Ada" in page.words(".refusal")
    page = desk.send(page, "Save the changes", contact="Ada")
    found = of_page(shop, page)
    assert (found["contact"], found["phone"], found["minimum"], found["note"]) == ("Ada", None, None, "")


def test_a_supplier_is_archived_but_not_while_it_is_needed(desk, shop, tea):
    orchard = supplier(shop)
    made(shop.brand.put(f"/v1/suppliers/{orchard['id']}/skus/{tea['id']}", {"cost": shop.money(400)}), 200)
    page = desk.send(desk.get(f"/suppliers/{orchard['id']}"), "Archive it")
    assert (page.status, "main supplier of 1 SKU" in page.words(".refusal")) == (409, True)
    desk.send(desk.get(f"/suppliers/{orchard['id']}/skus/{tea['id']}"), "End the terms")
    page = desk.send(desk.get(f"/suppliers/{orchard['id']}"), "Archive it")
    assert "Archived" in page.words("h1")
    assert "There is none in this state." in desk.get("/suppliers?status=active").words()
    assert of_page(shop, desk.send(page, "Bring it back"))["status"] == "active"


def test_who_reads_figures_sees_terms_but_no_way_to_reach_people(new_desk, shop):
    orchard = supplier(shop, contact="Ada", phone="+8613800138000")
    desk = new_desk(shop, "analyst")
    for path in ("/suppliers", f"/suppliers/{orchard['id']}"):
        page = desk.get(path)
        assert "Orchard" in page.words()
        assert "Ada" not in page.text
        assert "13800138000" not in page.text
        assert not page.soup.select('main form[method="post"]')
    assert desk.get("/suppliers/new").status == 403
    assert new_desk(shop, "editor").get("/suppliers").status == 403


def test_suppliers_are_read_in_chinese_and_the_list_goes_on(desk, shop):
    for number in range(21):
        supplier(shop, name=f"Farm {number}")
    desk.language = "zh"
    page = desk.get("/suppliers")
    assert (page.heading, len(page.soup.select(".data tbody tr"))) == ("供应商", 20)
    assert len(desk.get(page.link("显示更多")).soup.select(".data tbody tr")) == 1
