"""A file of products makes them with their SKUs, suppliers and stock, each once."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest

from chalicelib.insight.imports.service import product_files
from chalicelib.kernel import clock as product_clock
from tests.builders import Shop, made
from tests.insight.test_exactly_once import CrashAt, work_off
from tests.uploads import send

HEADER = "商品名称,规格,货号,售价,进价,库存,供应商,类别,净含量"
LYCHEE = ("荔枝,一公斤,LY-1,¥39.90,21元,120件,果园,水果,1kg", ",两公斤,LY-2,76.5元/盒,40,,,,2公斤")
ROWS = (*LYCHEE, "", "大米,,,58,,0,,粮油,10斤")


def sheet(rows: Sequence[Sequence[Any]], merge: str = "") -> bytes:
    """A workbook of one sheet."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    if merge:
        book.active.merge_cells(merge)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def uploaded(shop: Shop, kind: str, content: bytes) -> str:
    """An import whose file has been sent; its path."""
    awaiting = made(shop.brand.post("/v1/imports", {"kind": kind}), 202)
    assert send({"url": awaiting["upload_url"], "fields": awaiting["upload_fields"]}, content) == 204
    return f"/v1/imports/{awaiting['id']}"


def job_at(shop: Shop, path: str) -> Any:
    return made(shop.brand.get(path.replace("/imports/", "/jobs/")), 200)


def bring(shop: Shop, drain: Callable[[], None], *rows: str, header: str = HEADER) -> Any:
    """Imports products to the end; answers with the job."""
    sent = made(shop.brand.post("/v1/imports", {"kind": "products", "csv": "\n".join([header, *rows])}), 202)
    drain()
    return made(shop.brand.get(f"/v1/jobs/{sent['id']}"), 200)


def listed(shop: Shop) -> list[Any]:
    """The brand's products, in the order of the file."""
    found = made(shop.brand.get("/v1/products?limit=100"), 200)["items"]
    return [made(shop.brand.get(f"/v1/products/{each['id']}"), 200) for each in reversed(found)]


def test_a_price_list_makes_products_with_stock_and_suppliers_and_makes_them_once(shop: Shop, drain) -> None:
    job = bring(shop, drain, *ROWS)
    assert (job["status"], job["imported"], job["duplicates"], job["errors"]) == ("done", 3, 0, [])
    lychee, rice = listed(shop)
    assert (lychee["title"], lychee["category"], rice["title"], rice["category"]) == ("荔枝", "水果", "大米", "粮油")
    one, two = lychee["skus"]
    assert (one["code"], one["title"], one["price"]["amount_minor"], one["cost"]["amount_minor"]) == (
        "LY-1", "一公斤", 3990, 2100,
    )  # fmt: skip
    assert (one["stock"]["tracked"], one["stock"]["free"], two["stock"]["tracked"]) == (True, 120, False)
    assert (two["price"]["amount_minor"], two["content"]) == (7650, {"quantity": "2", "unit": "kg"})
    [bag] = rice["skus"]
    assert (bag["title"], bag["content"], bag["stock"]["tracked"], bag["stock"]["free"]) == (
        "大米", {"quantity": "5000", "unit": "g"}, True, 0,
    )  # fmt: skip
    [supplier] = made(shop.brand.get("/v1/suppliers"), 200)["items"]
    terms = made(shop.brand.get(f"/v1/suppliers/{supplier['id']}/skus"), 200)["items"]
    assert supplier["name"] == "果园"
    assert sorted(each["cost"]["amount_minor"] for each in terms) == [2100, 4000]
    [entry] = made(shop.brand.get(f"/v1/skus/{one['id']}/movements"), 200)["items"]
    assert (entry["delta"], entry["kind"]) == (120, "adjustment")

    again = bring(shop, drain, *ROWS)

    assert (again["imported"], again["duplicates"], again["errors"]) == (0, 3, [])
    assert [each["id"] for each in listed(shop)] == [lychee["id"], rice["id"]]
    assert len(made(shop.brand.get("/v1/suppliers"), 200)["items"]) == 1


BAD = {
    "梨,,,12元/斤": "is for a measure",
    "桃,,,$5": "is not in CNY",
    "杏,,,": "price is missing",
    "李,,LY 1,5": "is no SKU code",
    "枣,,LY-1,5": "is that of '荔枝'",
    "合计,,,500": "is a sum",
    "柿,,,0": "price",
}


def test_a_bad_row_says_what_is_wrong_and_spoils_only_its_product(shop: Shop, drain) -> None:
    job = bring(shop, drain, *LYCHEE, *(f"{row},,,,," for row in BAD), "茶,小,T-1,5,,,,,", "茶,大,T-2,many,,,,,")
    found = {error["row"]: error["message"] for error in job["errors"]}
    assert list(found) == [*range(4, 4 + len(BAD)), 11, 12]
    assert all(reason in found[4 + at] for at, reason in enumerate(BAD.values())), found
    assert "left out, because its row 12" in found[11]
    assert [each["title"] for each in listed(shop)] == ["荔枝"]


def test_a_workbook_with_its_title_above_is_looked_at_tried_out_and_imported(shop: Shop, drain) -> None:
    rows = [["十一月商品表"], [], ["序号", "名称 *", "规格", "单价（元）", "内部号", "备注"]]
    rows += [
        [1, "荔枝", "一公斤", 39.9, "LY-1", "甜"],
        [],
        [2, "大米", None, "¥58", "RICE", None],
        [3, "糖", None, "?", "S", ""],
    ]
    path = uploaded(shop, "products", sheet(rows, "A1:F1"))
    seen = made(shop.brand.post(f"{path}/preview"), 200)
    assert (seen["header_row"], [each["holds"] for each in seen["columns"]]) == (
        3, ["", "title", "variant", "price", "", ""],
    )  # fmt: skip
    assert [(row["row"], row["values"][3]) for row in seen["rows"]] == [(4, "39.9"), (6, "¥58"), (7, "?")]
    columns = ["", "title", "variant", "price", "code", ""]
    twice = shop.brand.post(f"{path}/start", {"columns": ["title", "title", "variant", "price", "code", ""]})
    assert (twice.status, twice.json["errors"][0]["pointer"]) == (422, "/columns/1")

    made(shop.brand.post(f"{path}/start", {"columns": columns, "dry_run": True}), 202)
    drain()

    tried = job_at(shop, path)
    assert (tried["status"], tried["dry_run"], tried["imported"], [each["row"] for each in tried["errors"]]) == (
        "checked", True, 2, [7],
    )  # fmt: skip
    assert listed(shop) == []

    made(shop.brand.post(f"{path}/start", {"columns": columns}), 202)
    drain()

    done = job_at(shop, path)
    assert (done["status"], done["dry_run"], done["imported"], done["errors_total"]) == ("done", False, 2, 1)
    assert [each["skus"][0]["code"] for each in listed(shop)] == ["LY-1", "RICE"]


def test_what_is_no_workbook_and_what_is_too_large_a_one_is_refused_by_name(shop: Shop, monkeypatch) -> None:
    path = uploaded(shop, "products", b"PK\x03\x04" + b"\x00" * 100)
    assert shop.brand.post(f"{path}/preview").json["code"] == "bad_workbook"
    monkeypatch.setattr("chalicelib.insight.imports.service.workbooks.MOST_ROWS", 2)
    path = uploaded(shop, "products", sheet([["title", "price"], ["a", 1], ["b", 2]]))
    refused = shop.brand.post(f"{path}/preview")
    assert (refused.status, refused.json["code"]) == (422, "file_too_large")


@pytest.mark.verify
def test_an_import_that_dies_at_any_write_ends_as_if_it_had_not(new_shop: Callable[..., Shop]) -> None:
    number, happened = 1, True
    while happened:
        shop, crash = new_shop(), CrashAt(number)
        sent = made(shop.brand.post("/v1/imports", {"kind": "products", "csv": "\n".join([HEADER, *ROWS])}), 202)
        work_off(shop.tenant_id, partial(product_files.work, shop.tenant_id, sent["id"], product_clock.now()), crash)
        job = made(shop.brand.get(f"/v1/jobs/{sent['id']}"), 200)
        assert (job["status"], job["imported"], job["duplicates"], job["errors"]) == ("done", 3, 0, [])
        lychee, _ = listed(shop)
        assert lychee["skus"][0]["stock"]["free"] == 120
        assert len(made(shop.brand.get("/v1/suppliers"), 200)["items"]) == 1
        happened, number = crash.happened, number + 1
    assert number > 3


def test_a_longer_list_adds_the_variants_that_a_product_has_not_yet(shop: Shop, drain) -> None:
    bring(shop, drain, *ROWS)
    longer = (*LYCHEE, ",三公斤,LY-3,99,60,7,新果园,,")
    path = uploaded(shop, "products", "\n".join([HEADER, *longer]).encode())
    made(shop.brand.post(f"{path}/start", {"dry_run": True}), 202)
    drain()
    tried = job_at(shop, path)
    made(shop.brand.post(f"{path}/start"), 202)
    drain()
    done = job_at(shop, path)
    for job in (tried, done):
        assert (job["imported"], job["added"], job["duplicates"], job["errors"]) == (1, 1, 2, [])
    lychee, _ = listed(shop)
    assert [(sku["code"], sku["stock"]["free"]) for sku in lychee["skus"]] == [("LY-1", 120), ("LY-2", 0), ("LY-3", 7)]
    assert lychee["category"] == "水果"
    suppliers = {each["name"]: each["id"] for each in made(shop.brand.get("/v1/suppliers"), 200)["items"]}
    [terms] = made(shop.brand.get(f"/v1/suppliers/{suppliers['新果园']}/skus"), 200)["items"]
    assert (terms["sku_id"], terms["cost"]["amount_minor"]) == (lychee["skus"][2]["id"], 6000)

    again = bring(shop, drain, *longer)

    assert (again["imported"], again["added"], again["duplicates"]) == (0, None, 3)


def test_a_product_that_is_called_as_another_is_refused_unless_it_is_of_another_brand(shop: Shop, drain) -> None:
    header = "title,brand,code,price"
    bring(shop, drain, "Tea,Hill,T-1,5", header=header)
    job = bring(
        shop, drain, "TEA,hill,T-2,6", "Nut,,N-1,1", "Tea,Valley,T-3,7", "Oil,,O-1,1", "Tea,Valley,T-4,8", header=header
    )
    assert [(each["row"], "is in the shop already" in each["message"]) for each in job["errors"]] == [
        (2, True), (6, True),
    ]  # fmt: skip


@pytest.mark.verify
def test_an_addition_that_dies_at_any_write_ends_as_if_it_had_not(new_shop: Callable[..., Shop], drain) -> None:
    number, happened = 1, True
    while happened:
        shop, crash = new_shop(), CrashAt(number)
        bring(shop, drain, *ROWS)
        content = "\n".join([HEADER, *LYCHEE, ",三公斤,LY-3,99,60,7,果园,,"])
        sent = made(shop.brand.post("/v1/imports", {"kind": "products", "csv": content}), 202)
        work_off(shop.tenant_id, partial(product_files.work, shop.tenant_id, sent["id"], product_clock.now()), crash)
        job = made(shop.brand.get(f"/v1/jobs/{sent['id']}"), 200)
        assert (job["status"], job["imported"], job["added"], job["duplicates"]) == ("done", 1, 1, 2)
        assert listed(shop)[0]["skus"][2]["stock"]["free"] == 7
        happened, number = crash.happened, number + 1
    assert number > 2
