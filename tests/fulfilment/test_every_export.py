"""Every table of a brand whose suppliers, points, campaigns and goods have nasty names: as CSV and as a workbook."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.request import urlopen

import openpyxl
import pytest

from chalicelib.kernel import clock as product_clock
from chalicelib.kernel.spreadsheets import is_formula
from tests.builders import Shop, made
from tests.conftest import Clock, Sweep
from tests.coupons.shops import batch
from tests.isolation.document import described

BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"
TITLE = "🥬 =cmd|calc 'A/B' [永辉] \"x\""
POINT = "History"
SUPPLIER = "＝Green Valley Organic Vegetables 👨‍👩‍👧‍👦 & Sons"


@pytest.fixture
def nasty(shop: Shop, clock: Clock, sweep: Sweep) -> Shop:
    """A shop with one order that was paid, sorted and handed over, and names that break careless files."""
    shop.pickup_point_id = shop.pickup_point(name=POINT, leader_id=shop.shopper.id)["id"]
    shop.sku_id = shop.product(title=f"＝{TITLE}")["skus"][0]["id"]
    supplier = made(shop.brand.post("/v1/suppliers", {"name": SUPPLIER}))
    terms = {"cost": shop.money(300)}
    made(shop.brand.call("PUT", f"/v1/suppliers/{supplier['id']}/skus/{shop.sku_id}", json=terms), 200)
    campaign = shop.campaign(title=f"-{TITLE}", closes_in=timedelta(hours=1))
    order = made(shop.order(campaign=campaign, quantity=2))
    clock.advance(hours=2)
    sweep(2)
    shop.arrived(campaign["id"])
    handed = {"code": order["pickup_code"], "pickup_point_id": shop.pickup_point_id}
    made(shop.brand.post(f"/v1/orders/{order['id']}/pickup", handed), 200)
    buyer = {"kind": "person", "title": f"={TITLE}"[:60], "email": "yun@people.example"}
    invoice = f"{shop.path}/orders/{order['id']}/invoice"
    made(shop.caller.call("POST", invoice, json=buyer, token=shop.shopper.token))
    sweep()
    shop.open_campaign = campaign
    seen = {"sku_id": shop.sku_id, "competitor": f"={TITLE}", "price": shop.money(5), "seen_on": "2026-01-01"}
    made(shop.brand.call("POST", "/v1/competitor-prices", json=seen, headers={"Idempotency-Key": "seen"}))
    batch(shop, title=f"={TITLE}"[:60], codes={"mode": "single", "count": 2})
    sweep()
    return shop


def exports(shop: Shop) -> Iterator[tuple[str, str]]:
    """Every route that answers with a table, and who asks it."""
    today = product_clock.now().date()
    days = f"from_on={today - timedelta(days=2)}&to_on={today}&"
    campaign = f"/v1/campaigns/{shop.campaign_id}"
    [product] = made(shop.brand.get("/v1/products"), 200)["items"]
    [coupons] = made(shop.brand.get("/v1/coupon-batches"), 200)["items"]
    for path in (
        "/v1/orders?", f"{campaign}/purchase-list?", f"{campaign}/sorting-sheets?", f"/v1/inventory?{days}",
        f"/v1/coupon-batches/{coupons['id']}/codes?", "/v1/competitor-prices?",
        f"/v1/products/{product['id']}/price-history?",
        "/v1/invoices?due=true&",
        "/v1/ledger/accounts?", "/v1/ledger/journals?", "/v1/reports/today?", f"/v1/reports/summary?{days}",
        "/v1/leaderboards/spend?",
        f"/v1/reports/retention?{days}", "/v1/reports/growth?", "/v1/reports/points?", "/v1/reports/tiers?",
        f"/v1/reports/coupon-batch?id={coupons['id']}&",
        f"/v1/statements?party=leader&party_id={shop.shopper.id}&{days}",
    ):  # fmt: skip
        yield path, shop.api_key
    yield f"{shop.path}/leader/sorting-sheet?campaign_id={shop.campaign_id}&", shop.shopper.token


def test_every_table_opens_in_the_readers_language_and_nothing_in_it_is_run(nasty: Shop) -> None:
    declared = {
        path for path, methods in described()["paths"].items() if "303" in methods.get("get", {}).get("responses", {})
    }
    asked = set()
    for path, token in exports(nasty):
        asked.add(next(each for each in declared if matches(each, path)))
        chinese, english = ({"Accept": BROWSER, "Accept-Language": each} for each in ("zh", "en"))
        table = nasty.caller.call("GET", f"{path}format=csv", token=token, headers=chinese)
        assert (table.status, table.text[0]) == (200, "\ufeff"), path
        first, *rest = csv.reader(io.StringIO(table.text[1:]))
        assert all(is_chinese(title) for title in first if title != "SKU"), path
        assert not [cell for row in rest for cell in row if is_formula(cell) and not re.fullmatch(r"-[0-9.]+", cell)], (
            path
        )
        moved = nasty.caller.call("GET", f"{path}format=xlsx", token=token, headers=english)
        assert moved.status == 303, path
        with urlopen(moved.headers["location"]) as file:  # noqa: S310 - a link of the engine's own
            book = openpyxl.load_workbook(io.BytesIO(file.read()))
        assert [cell for sheet in book for row in sheet for cell in row if cell.data_type == "f"] == []
        assert not any(is_chinese(str(cell.value)) for cell in next(book.worksheets[0].iter_rows())), path
        plain = nasty.caller.call("GET", f"{path}format=csv", token=token)
        assert plain.headers["content-type"] == "text/csv; charset=utf-8"
        assert plain.text.startswith("\ufeff") == path.startswith("/v1/orders"), path
        if "campaigns" in path and "sorting" in path:
            [_, row, total] = book.active.iter_rows(values_only=True)
            assert book.sheetnames == ["History 2"]
            assert (row[3], row[4], row[5], total[4]) == (f"＝{TITLE} · One", 2, 2, 2)
    no_table = {"/v1/campaigns/{id}/report"}
    assert {*asked, "/v1/statements/{id}", "/v1/stores/{slug}/leader/statements/{id}"} == declared - no_table


def is_chinese(text: str) -> bool:
    return any("\u4e00" <= sign <= "\u9fff" for sign in text)


def matches(declared: str, path: str) -> bool:
    return re.fullmatch(re.sub(r"{\w+}", "[^/]+", declared), path.partition("?")[0]) is not None
