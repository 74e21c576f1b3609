"""A file of orders is looked at and tried out before anything of it is written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.insight.imports.service import order_files, starting
from tests.builders import made
from tests.insight.figures import Figures, as_csv
from tests.insight.test_files_as_people_have_them import totals
from tests.insight.test_imported_products import job_at, uploaded

TITLES = ("单号", "买家", "手机号", "下单时间（America/Los_Angeles）", "品名", "商品数量", "实付金额", "折扣")
NAMED = ["order_ref", "", "member", "ordered_at", "", "quantity", "amount", ""]
ROWS = [
    ("B-1", "Ann", "202-555-0123", "2026-01-05 23:30", "pear", 1, "10.00", "x"),
    ("B-1", "Ann", "202-555-0123", "2026-01-05 23:30", "fig", 2, "5.00", "y"),
    ("B-2", "Bob", "202-555-0124", "2026-01-06 08:00", "fig", "many", "5.00", ""),
    ("B-3", "Cy", "202-555-0125", "1/10/2026", "fig", 1, "5.00", ""),
    ("A-1", "Ann", "202-555-0123", "2026-01-05 08:00", "fig", 1, "5.00", ""),
    ("B-4", "Dan", "202-555-0126", "2026-01-07 08:00", "fig", 1, "5.00", ""),
    ("B-1", "Ann", "202-555-0123", "2026-01-05 23:30", "pear", 9, "10.00", ""),
    ("B-4", "Dan", "202-555-0126", "2026-01-07 08:00", "fig", 1, "5.00", ""),
]


def figures_of(job: Any) -> tuple[int, int, list[int]]:
    return job["imported"], job["duplicates"], [each["row"] for each in job["errors"]]


def test_orders_are_looked_at_tried_out_and_imported_as_the_trial_said(
    figures: Figures, drain: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order_files, "SLICE_ROWS", 2)
    figures.import_orders([("A-1", "ann", "2026-01-05", 1, 1000, "USD")])
    before = totals(figures)
    shop, path = figures.shop, uploaded(figures.shop, "orders", as_csv(ROWS, TITLES).encode())

    seen = made(shop.brand.post(f"{path}/preview"), 200)
    assert [each["holds"] for each in seen["columns"]] == NAMED
    assert (seen["header_row"], seen["rows_total"], seen["rows"][0]["values"][0]) == (1, 8, "B-1")
    made(shop.brand.post(f"{path}/start", {"columns": NAMED, "dry_run": True}), 202)
    drain()

    tried = job_at(shop, path)
    assert (tried["status"], tried["dry_run"], tried["done"]) == ("checked", True, 8)
    assert figures_of(tried) == (3, 1, [4, 5, 6, 8])
    chinese = shop.brand.get(path.replace("/imports/", "/jobs/"), headers={"Accept-Language": "zh"}).json["errors"]
    assert "不是有效时间" in chinese[1]["message"]
    assert "order_ref 已被使用" in chinese[2]["message"]
    assert totals(figures) == before
    assert len(made(shop.brand.get("/v1/members"), 200)["items"]) == 1

    made(shop.brand.post(f"{path}/start"), 202)
    drain()

    done = job_at(shop, path)
    assert (done["status"], done["dry_run"], figures_of(done)) == ("done", False, figures_of(tried))
    assert [each["message"] for each in done["errors"]] == [each["message"] for each in tried["errors"]]
    orders, units, _ = totals(figures)
    assert (orders, units) == (before[0] + 2, before[1] + 4)
    # 23:30 in Los Angeles is the next morning in New York.
    assert figures.report("summary", from_on="2026-01-06", to_on="2026-01-06")["totals"]["orders"] == 1


def test_a_title_that_names_no_zone_is_refused_beside_its_column(figures: Figures) -> None:
    titles = ("单号", "买家", "手机号", "下单时间（北京）", "品名", "商品数量", "实付金额", "折扣")
    path = uploaded(figures.shop, "orders", as_csv(ROWS, titles).encode())
    refused = figures.shop.brand.post(f"{path}/start", {"columns": NAMED})
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/columns/3")


def test_the_row_of_the_titles_is_chosen_and_kept_for_what_follows_a_trial(
    figures: Figures, drain: Callable[[], None]
) -> None:
    shop, content = figures.shop, as_csv([("订单号", "会员", "数量", "", "", "", "", ""), TITLES, *ROWS[:2]], ())
    path = uploaded(shop, "orders", content.partition("\n")[2].encode())
    assert made(shop.brand.post(f"{path}/preview"), 200)["header_row"] == 1
    seen = made(shop.brand.post(f"{path}/preview", {"header_row": 2}), 200)
    assert ([each["holds"] for each in seen["columns"]], [each["row"] for each in seen["top"]]) == (NAMED, [1, 2, 3, 4])
    refused = shop.brand.post(f"{path}/preview", {"header_row": 7})
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/header_row")

    chosen = [*NAMED[:4], "category", *NAMED[5:]]
    made(shop.brand.post(f"{path}/start", {"columns": chosen, "header_row": 2, "dry_run": True}), 202)
    drain()

    again = made(shop.brand.post(f"{path}/preview"), 200)
    assert (again["header_row"], [each["holds"] for each in again["columns"]]) == (2, chosen)
    made(shop.brand.post(f"{path}/start"), 202)
    drain()
    assert (job_at(shop, path)["status"], job_at(shop, path)["imported"]) == ("done", 2)


def test_more_rows_than_can_be_tried_out_are_refused_and_can_be_imported(
    figures: Figures, drain: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(starting, "MOST_TRIED_ROWS", 5)
    path = uploaded(figures.shop, "orders", as_csv(ROWS, TITLES).encode())
    refused = figures.shop.brand.post(f"{path}/start", {"columns": NAMED, "dry_run": True})
    assert (refused.status, refused.json["code"]) == (422, "file_too_large")
    made(figures.shop.brand.post(f"{path}/start", {"columns": NAMED}), 202)
    drain()
    assert job_at(figures.shop, path)["status"] == "done"
