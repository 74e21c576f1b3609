"""A file of what competitors ask is recorded, each row once, and says of bad rows what is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.insight.imports.service import competitor_files
from chalicelib.kernel import clock as product_clock
from tests.builders import Shop, made
from tests.insight.test_exactly_once import CrashAt, work_off

HEADER = "规格编码,竞争对手,售价,看到日期,净含量,链接,币种"
GOOD = (
    "PEAR,河东超市,¥8.90,2026-03-01,500g,https://example.com/p,CNY",
    "PEAR,Fresh Mart,9.5,2026/3/2,,,",
    "APPLE,河东超市,12元/袋,2026年3月1日,1kg,,",
)
BAD = {
    "NONE,河东超市,8,2026-03-01,,,": ("none of your SKUs", "不存在"),
    "PEAR,,8,2026-03-01,,,": ("competitor is missing", "缺少竞争对手"),
    "PEAR,河东超市,,2026-03-01,,,": ("price is missing", "缺少售价"),
    "PEAR,河东超市,0,2026-03-01,,,": ("price is zero", "为零"),
    "PEAR,河东超市,8,2999-01-01,,,": ("in the future", "在未来"),
    "PEAR,河东超市,8,3/1/2026,,,": ("year first", "年份写在最前"),
    "PEAR,河东超市,8,2026-03-01,,,EUR": ("is not CNY", "不是 CNY"),
    "PEAR,河东超市,8,2026-03-01,a lot,,": ("not understood", "无法识别"),
    "PEAR,河东超市,8,2026-03-01,,javascript:x,": ("is no address", "不是网址"),
}


@pytest.fixture
def goods(shop: Shop) -> Shop:
    """A shop with pears and apples."""

    def two() -> None:
        for code in ("PEAR", "APPLE"):
            sku = {
                "code": code, "title": "One", "price": shop.money(1_000), "content": {"quantity": "500", "unit": "g"},
            }  # fmt: skip
            shop.product(title=code.title(), skus=[sku])

    shop.once("pears and apples", two)
    return shop


def bring(shop: Shop, drain: Any, *rows: str, **headers: str) -> Any:
    wanted = {"kind": "competitor_prices", "csv": "\n".join([HEADER, *rows])}
    sent = made(shop.brand.call("POST", "/v1/imports", json=wanted, headers=headers), 202)
    drain()
    return made(shop.brand.call("GET", f"/v1/jobs/{sent['id']}", headers=headers), 200)


def recorded(shop: Shop) -> list[Any]:
    return list(made(shop.brand.get("/v1/competitor-prices?limit=100"), 200)["items"])


def test_a_list_is_recorded_once_however_often_it_comes(goods: Shop, drain: Any) -> None:
    job = bring(goods, drain, *GOOD, GOOD[0])
    assert (job["status"], job["imported"], job["duplicates"], job["errors"]) == ("done", 3, 1, [])
    found = {(row["title"], row["competitor"]): row for row in recorded(goods)}
    pear = found["Pear · One", "河东超市"]
    assert (pear["price"], pear["seen_on"], pear["content"], pear["link"]) == (
        goods.money(890), "2026-03-01", {"quantity": "500", "unit": "g"}, "https://example.com/p",
    )  # fmt: skip
    assert found["Apple · One", "河东超市"]["price"] == goods.money(1_200)
    again = bring(goods, drain, *GOOD)
    assert (again["imported"], again["duplicates"], len(recorded(goods))) == (0, 3, 3)


def test_what_was_imported_is_compared_by_what_the_packs_hold(goods: Shop, drain: Any) -> None:
    bring(goods, drain, *GOOD)
    alerts = [each for row in made(goods.brand.get("/v1/price-alerts"), 200)["items"] for each in row["alerts"]]
    # Pears: 8.90 for as much, 11 % less. Apples: 12.00 a kilogram, 6.00 for ours of 10.00.
    assert sorted(alert["theirs"]["amount_minor"] for alert in alerts) == [600, 890]


@pytest.mark.parametrize(("language", "place"), [("en", 0), ("zh", 1)])
def test_a_bad_row_says_what_is_wrong_in_the_readers_language(
    goods: Shop, drain: Any, language: str, place: int
) -> None:
    job = bring(goods, drain, *BAD, GOOD[1], **{"Accept-Language": language})
    assert job["imported"] == 1
    found = {error["row"]: error["message"] for error in job["errors"]}
    assert list(found) == list(range(2, 2 + len(BAD)))
    assert all(said[place] in found[2 + n] for n, said in enumerate(BAD.values())), found


def test_one_that_dies_at_any_write_ends_as_if_it_had_not(new_shop: Any) -> None:
    number, expected = 0, None
    while True:
        shop = new_shop(slug=f"dies-{number}")
        for code in ("PEAR", "APPLE"):
            shop.product(skus=[{"code": code, "title": "One", "price": shop.money(1_000)}])
        wanted = {"kind": "competitor_prices", "csv": "\n".join([HEADER, *GOOD])}
        job_id = made(shop.brand.post("/v1/imports", wanted), 202)["id"]
        crash = CrashAt(number)
        work_off(shop.tenant_id, lambda: competitor_files.work(shop.tenant_id, job_id, product_clock.now()), crash)  # noqa: B023
        ended = made(shop.brand.get(f"/v1/jobs/{job_id}"), 200)
        found = ended["status"], sorted((row["competitor"], row["price"]["amount_minor"]) for row in recorded(shop))
        expected = expected or found
        assert found == expected
        if number and not crash.happened:
            break
        number += 1
    assert number > 2


def test_it_cannot_be_undone_and_says_what_to_do(goods: Shop, drain: Any) -> None:
    job = bring(goods, drain, *GOOD)
    refused = goods.brand.post(f"/v1/imports/{job['id']}/undo", {})
    assert (refused.status, refused.json["code"]) == (409, "import_not_undoable")
    assert "record the right price" in refused.json["detail"]
