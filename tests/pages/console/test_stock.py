"""The console's stock: what is there, corrected and written off, and what a period did to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from chalicelib.pages.console.stock.model import lasts, scarcest_first
from tests.builders import Shop, made
from tests.pages.site import Seen, fields


@pytest.fixture
def tea(shop: Shop) -> Any:
    """A SKU that nobody has counted."""
    return shop.product(title="Tea", skus=[{"code": "TEA", "title": "A tin", "price": shop.money(900)}])["skus"][0]


def stock_of(shop: Shop, sku: Any) -> Any:
    return made(shop.brand.get(f"/v1/skus/{sku['id']}"), 200)["stock"]


def adjusted(shop: Shop, sku: Any, delta: int) -> None:
    body, key = {"delta": delta, "reason": "Delivery"}, {"Idempotency-Key": f"by-{delta}"}
    made(shop.brand.post(f"/v1/skus/{sku['id']}/adjustments", body, headers=key))


def rows(page: Seen) -> list[list[str]]:
    """The cells of the page's table."""
    return [
        [" ".join(cell.get_text(" ").split()) for cell in row.select("td")]
        for row in page.soup.select(".data tbody tr")
    ]


def test_a_sku_is_counted_from_the_first_figure_on(desk, shop, tea):
    page = desk.get("/stock")
    assert rows(page) == [["Tea · A tin", "TEA", "not counted", "–"]]
    page = desk.get(page.link("Tea"))
    assert "It is not counted yet." in page.words(".note")
    page = desk.send(page, "Correct it", units="12", reason="Stock-taking")
    assert page.words(".flash") == "The stock is corrected."
    assert [cells[1:] for cells in rows(page)] == [["Corrected", "Stock-taking", "+12", "12"]]
    page = desk.send(page, "Correct it", how="out", units="12", reason="Market stall")
    assert stock_of(shop, tea) == {"tracked": True, "free": 0, "allocated": 0}
    assert rows(desk.get("/stock"))[0][2] == "none left"


def test_what_was_taken_after_the_count_stays_taken(desk, shop, tea):
    adjusted(shop, tea, 10)
    page = desk.get(f"/skus/{tea['id']}")
    adjusted(shop, tea, 5)
    desk.send(page, "Correct it", how="counted", units="8", reason="Stock-taking")
    assert stock_of(shop, tea)["free"] == 13


def test_many_are_counted_with_one_form(desk, shop, tea):
    bowl = shop.product(title="Bowl", skus=[{"code": "BOWL", "title": "Blue", "price": shop.money(900)}])["skus"][0]
    adjusted(shop, tea, 10)
    page = desk.get(desk.get("/stock").link("Take stock"))
    names = {each["code"]: f"counts__{each['id']}__units" for each in (tea, bowl)}
    refused = desk.send(page, "Save what I have counted", **{names["TEA"]: "7", names["BOWL"]: "two"})
    assert refused.words("td.wrong .fault").startswith("Type a number")
    assert stock_of(shop, tea)["free"] == 10
    adjusted(shop, tea, 5)
    for _ in range(2):
        desk.send(refused, "Save what I have counted", **{names["BOWL"]: "2"})
    assert (stock_of(shop, tea)["free"], stock_of(shop, bowl)["free"]) == (12, 2)
    assert desk.send(page, "Save what I have counted").words(".fault") == "Type at least one figure."


def test_what_cannot_be_corrected_is_said_with_the_input_kept(desk, shop, tea):
    adjusted(shop, tea, 3)
    page = desk.get(f"/skus/{tea['id']}")
    refused = desk.send(page, "Correct it", how="out", units="9", reason="Sold")
    assert "The free stock is 3" in refused.words(".refusal")
    form = refused.form("Correct it")
    assert (refused.status, fields(form)["units"], fields(form)["how"]) == (409, "9", "out")
    assert desk.send(page, "Correct it", units="some", reason="x").words("#f-units-fault").startswith("Type a number")
    assert desk.send(page, "Correct it", how="counted", units="3", reason="x").soup.select_one("#f-units-fault")
    assert desk.send(page, "Correct it", units="3", reason="").soup.select_one("#f-reason-fault")
    assert stock_of(shop, tea)["free"] == 3


def test_units_are_written_off_once_for_each_form(desk, shop, tea):
    adjusted(shop, tea, 10)
    page = desk.get(f"/skus/{tea['id']}")
    refused = desk.send(page, "Write them off", quantity="", why="")
    assert {each["id"] for each in refused.soup.select(".fault")} == {"f-quantity-fault", "f-why-fault"}
    for _ in range(2):
        seen = desk.send(page, "Write them off", quantity="4", loss="damaged", why="Mould")
    assert rows(seen)[0][1:] == ["Written off · Damaged", "Mould", "-4", "6"]
    assert stock_of(shop, tea)["free"] == 6
    narrowed = desk.get(f"/skus/{tea['id']}?kind=wastage")
    assert len(rows(narrowed)) == 1
    assert "Nothing of this kind." in desk.get(f"/skus/{tea['id']}?kind=returned").words()


def test_a_ledger_goes_on(desk, shop, tea):
    for number in range(1, 23):
        adjusted(shop, tea, number)
    page = desk.get(f"/skus/{tea['id']}")
    assert [len(rows(page)), len(rows(desk.get(page.link("Show more"))))] == [20, 2]


def test_who_may_not_correct_sees_no_form(new_desk, shop, tea):
    for role in ("planner", "analyst", "service"):
        page = new_desk(shop, role).get(f"/skus/{tea['id']}")
        assert (page.status, page.soup.select('main form[method="post"]')) == (200, []), role
    assert new_desk(shop, "planner").get("/stock").soup.select('a[href$="/stock/turnover"]')
    assert not new_desk(shop, "editor").get("/stock").soup.select('a[href$="/stock/turnover"]')


def test_a_period_is_reported_and_can_be_taken_along(desk, shop, tea):
    assert "Nothing is counted yet." in desk.get("/stock/turnover").words()
    adjusted(shop, tea, 10)
    page = desk.get("/stock/turnover")
    assert rows(page) == [["Tea A tin TEA", "did not move", "0", "0", "0", "10", "0", "10"]]
    assert "1 SKU has no cost" in page.words(".note")
    file = desk.get(page.link("Download the table"))
    assert file.headers["content-disposition"].startswith('attachment; filename="inventory-')
    assert "TEA" in file.text
    desk.language = "zh"
    assert "期末库存" in desk.get(page.link("Download the table")).text


def test_a_period_that_cannot_be_is_refused_above_the_form(desk):
    page = desk.get("/stock/turnover?from_on=2026-02-02&to_on=2026-02-01")
    assert page.status == 422
    assert "ends before it begins" in page.words(".refusal")
    assert fields(page.soup.select_one(".filters")) == {"from_on": "2026-02-02", "to_on": "2026-02-01"}


def test_the_shelf_speaks_chinese(desk, tea):
    desk.language = "zh"
    assert rows(desk.get("/stock"))[0][2] == "未盘点"


@dataclass(frozen=True)
class Flow:
    """So many were sold and are left."""

    code: str
    sold: int
    closing: int


def test_what_runs_out_first_stands_on_top():
    flows = [Flow("still", 0, 5), Flow("slow", 30, 60), Flow("gone", 9, 0), Flow("back", -1, 4), Flow("fast", 30, 7)]
    found = scarcest_first(flows, 30)
    assert [(each.code, days) for each, days in found] == [
        ("gone", 0), ("fast", 7), ("slow", 60), ("back", None), ("still", None),
    ]  # fmt: skip
    assert lasts(Flow("owed", 3, -2), 30) == 0
