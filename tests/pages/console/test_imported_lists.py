"""Spreadsheets as people have them, brought in by the console's pages: looked at, tried out, imported."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest

from tests.builders import Shop, made
from tests.pages.console.test_imports import begun, sent
from tests.pages.site import Seen

Rows = list[list[Any]]
PRODUCT_TITLES = ["序号", "商品名称", "规格", "货号", "单价（元）", "进价", "库存", "供货商", "产品分类", "备注"]
MEMBER_TITLES = ["群昵称", "手机号码", "入群时间", "备注", "是否同意接收消息"]


def workbook(title: str, titles: Sequence[str], rows: Rows) -> bytes:
    """A sheet below a merged title, with a blank row after every forty."""
    book = openpyxl.Workbook()
    page = book.active
    page.append([title])
    page.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(titles))
    page.append(list(titles))
    for at, row in enumerate(rows):
        page.append(row)
        if at % 40 == 39:
            page.append([])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def products(n: int) -> Rows:
    """So many SKUs, two to a product whose name stands in the first row alone; prices and units in every spelling."""
    spelled = ("{}", "¥{}", "{}元", "{}元/盒")
    return [
        [
            at, f"商品{at // 2}" if at % 2 == 0 else None, "小份" if at % 2 == 0 else "大份", f"C-{at}",
            12.5 if at % 4 == 0 else spelled[at % 4].format(f"{10 + at % 7}.50"), f"{5 + at % 5}元",
            f"{at % 90}件" if at % 3 else at % 90, f"供应商{at // 2 % 5}", "水果", "甜" if at % 5 else None,
        ]
        for at in range(n)
    ]  # fmt: skip


def members(n: int) -> Rows:
    """So many people with numbers and days in every spelling, and below them the first two again."""

    def joined(at: int) -> Any:
        on = date(2024, 1, 1) + timedelta(days=at % 600)
        return [on, f"{on.year}/{on.month}/{on.day}", f"{on.year}年{on.month}月{on.day}日", str(on)][at % 4]

    def phone(at: int) -> Any:
        number = 13_800_000_000 + 7 * at
        return number if at % 2 else f"{number // 10**8} {number // 10**4 % 10**4:04d} {number % 10**4:04d}"

    people = [[f"邻居{at}", phone(at), joined(at), None, "是" if at % 3 else "纸质同意"] for at in range(n)]
    return [*people, *people[:2], ["无名", "12", None, None, None]]


def tried(desk: Any, kind: str, content: bytes, drain: Callable[[], None], **chosen: str) -> Seen:
    """The page of a list that was sent, looked at and tried out."""
    page = begun(desk, kind)
    assert sent(page, content) == 204
    page = desk.send(page, "Look at the columns")
    page = desk.send(page, "Try it out first", **chosen)
    assert "is being tried out" in page.words(".flash")
    drain()
    return desk.get(page.path)  # type: ignore[no-any-return]


def figures(page: Seen) -> dict[str, str]:
    """What the page says came, or would come, of the list."""
    return {
        row.select_one("dt").get_text(strip=True): row.select_one("dd").get_text(strip=True)
        for row in page.soup.select("main dl.rows div")
    }


def bring(desk: Any, shop: Shop, drain: Callable[[], None], skus: int, people: int) -> None:
    """A price list and a list of members go in by the pages, and what is in is what was in the sheets."""
    said = f"{skus:,}", f"{people:,}"
    page = tried(desk, "Products", workbook("十一月商品表", PRODUCT_TITLES, products(skus)), drain)
    assert (figures(page)["Would be new"], figures(page)["Would be refused"]) == (said[0], "0")
    assert made(shop.brand.get("/v1/products"), 200)["items"] == []
    page = desk.send(page, "Import these rows")
    drain()
    assert (figures(desk.get(page.path))["Imported"], figures(desk.get(page.path))["Rows refused"]) == (said[0], "0")

    page = tried(desk, "Members", workbook("团购群成员", MEMBER_TITLES, members(people)), drain)
    assert figures(page) == {
        "Rows of the file": f"{people + 3:,}", "Would be new": said[1], "Known already": "2", "Would be refused": "1",
    }  # fmt: skip
    assert made(shop.brand.get("/v1/members"), 200)["items"] == []
    page = desk.send(page, "Import these rows")
    drain()
    page = desk.get(page.path)
    assert (figures(page)["Imported"], figures(page)["Known already"], figures(page)["Rows refused"]) == (
        said[1], "2", "1",
    )  # fmt: skip
    assert "no mobile number" in page.words(".data tbody")


def counted(shop: Shop, path: str) -> list[Any]:
    """All that a list of the API holds."""
    found: list[Any] = []
    page = made(shop.brand.get(f"{path}?limit=100"), 200)
    while True:
        found += page["items"]
        if not page.get("next_cursor"):
            return found
        page = made(shop.brand.get(f"{path}?limit=100&cursor={page['next_cursor']}"), 200)


def test_a_price_list_and_a_list_of_members_go_in_by_the_pages(desk, shop: Shop, drain) -> None:
    bring(desk, shop, drain, 12, 45)
    assert len(counted(shop, "/v1/products")) == 6
    people = counted(shop, "/v1/members")
    assert (len(people), {each["consent_note"] for each in people}) == (45, {"是", "纸质同意"})
    assert all(each["consent"] == {} and not each["claimed"] for each in people)


@pytest.mark.verify
def test_five_hundred_skus_and_three_thousand_members_go_in_by_the_pages_and_out_again(
    desk, shop: Shop, drain, sweep, clock
) -> None:
    bring(desk, shop, drain, 500, 3_000)
    assert len(counted(shop, "/v1/products")) == 250
    assert len(counted(shop, "/v1/members")) == 3_000
    imports = [job for job in counted(shop, "/v1/jobs") if job["kind"] in ("products", "members")]
    undone = [made(shop.brand.post(f"/v1/imports/{job['id']}/undo"), 202)["id"] for job in imports]
    drain()
    clock.advance(minutes=3)
    sweep()
    jobs = [made(shop.brand.get(f"/v1/jobs/{each}"), 200) for each in undone]
    assert [(job["status"], job["undone"], job["stayed"]) for job in jobs] == [("done", 3_000, 0), ("done", 500, 0)]
    assert counted(shop, "/v1/products") == counted(shop, "/v1/members") == []


def test_a_column_that_is_chosen_twice_is_refused_beside_its_field(desk, shop: Shop, drain) -> None:
    page = begun(desk, "Products")
    refused = desk.send(page, "Look at the columns")
    assert (refused.status, "has not been uploaded" in refused.words(".refusal")) == (409, True)
    assert sent(page, workbook("十一月商品表", PRODUCT_TITLES, products(2))) == 204
    page = desk.send(page, "Look at the columns")
    assert "row 2" in page.words("section[aria-labelledby=columns]")
    refused = desk.send(page, "Import at once", columns__0="title")
    assert (refused.status, "title is column 1 already" in refused.words(".field.wrong .fault")) == (422, True)
    desk.language = "zh"
    assert "各列分别是什么" in desk.get(page.path).words()
