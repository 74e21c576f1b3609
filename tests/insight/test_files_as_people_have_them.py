"""Order files from end to end, as people's programs write them, and as the product writes its own."""

from __future__ import annotations

import csv
import io
import urllib.request
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.aws import client
from chalicelib.insight.imports.service import order_files, walking
from chalicelib.media.service import files
from tests.builders import made
from tests.insight.figures import Figures, as_csv
from tests.uploads import send

ORDERS = [("A-1", "王小明", "2026/1/5", "2", "1,250", "USD"), ("A-2", "永辉", "2026年1月6日", "1", "500", "USD")]
COLUMNS = ("订单号", "会员", "下单日期", "数量", "Amount Minor", "币种")


def uploaded(figures: Figures, content: bytes, drain: Callable[[], None], **headers: str) -> Any:
    """A file sent by its form and imported to the end; the job."""
    awaiting = made(figures.shop.brand.post("/v1/imports", {"kind": "orders"}, headers=headers), 202)
    assert send({"url": awaiting["upload_url"], "fields": awaiting["upload_fields"]}, content) == 204
    made(figures.shop.brand.post(f"/v1/imports/{awaiting['id']}/start"), 202)
    drain()
    return figures.job(awaiting["id"])


def totals(figures: Figures) -> tuple[int, int, int]:
    found = figures.report("summary", from_on="2026-01-01", to_on="2026-12-31")["totals"]
    return found["orders"], found["quantity"], found["gmv"]["amount_minor"]


@pytest.mark.parametrize(
    ("encoding", "line_end", "said"),
    [
        ("gbk", "\r", "gb18030"),
        ("utf-16", "\n", "utf-16-le"),
    ],
)
def test_an_upload_is_read_in_the_encoding_it_has(
    figures: Figures, drain: Callable[[], None], encoding: str, line_end: str, said: str, monkeypatch: Any
) -> None:
    monkeypatch.setattr(order_files, "SLICE_ROWS", 1)
    monkeypatch.setattr(walking, "MESSAGE_SECONDS", 0.0)
    content = as_csv(ORDERS, COLUMNS).replace("\r\n", line_end).encode(encoding)

    job = uploaded(figures, content, drain)

    assert (job["status"], job["imported"], job["errors"], job["encoding"]) == ("done", 2, [], said)
    members = figures.shop.brand.get("/v1/members").json["items"]
    assert {each["external_ref"] for each in members} == {"王小明", "永辉"}


def test_amounts_without_a_currency_are_in_the_brands_own(figures: Figures) -> None:
    content = as_csv([("A-1", "ann", "2026-01-05", "1", "12.50")], ("订单号", "会员", "下单日期", "数量", "金额"))

    assert figures.import_orders(content)["imported"] == 1
    totals = figures.report("summary", from_on="2026-01-01", to_on="2026-12-31")["totals"]
    assert totals["gmv"] == {"amount_minor": 1250, "currency": "USD"}


def test_rows_of_one_reference_are_one_order_and_reports_are_ready_unasked(figures: Figures) -> None:
    content = [
        ("A-1", "ann", "2026-01-05", 1, 1000, "USD", "pear"),
        ("A-1", "ann", "2026-01-05", 2, 500, "USD", "apple"),
        ("A-2", "bob", "2026-01-06", 1, 700, "USD", "pear"),
        ("A-3", "cat", "2026-01-06", 1, 700, "USD", "pear"),
        ("A-3", "dan", "2026-01-06", 1, 700, "USD", "pear"),
    ]
    columns = ("order_ref", "member", "ordered_on", "quantity", "amount_minor", "currency", "product_code")

    job = figures.import_orders(content, columns)

    assert (job["imported"], job["duplicates"], [error["row"] for error in job["errors"]]) == (3, 0, [5, 6])
    assert totals(figures) == (2, 4, 2200)
    corrected = [*content[:4], ("A-3", "cat", "2026-01-06", 1, 700, "USD", "pear")]
    again = figures.import_orders(corrected, columns)
    assert (again["imported"], again["duplicates"], again["errors"]) == (2, 3, [])
    assert totals(figures) == (3, 6, 3600)
    kinds = [(each["kind"], each["status"]) for each in figures.shop.brand.get("/v1/jobs").json["items"]]
    assert kinds == [("rollup", "done"), ("orders", "done")] * 2


def test_an_import_that_brings_nothing_new_is_followed_by_no_rollup(figures: Figures) -> None:
    for _ in range(2):
        figures.import_orders([("A-1", "ann", "2026-01-05", 1, 1000, "USD")])

    assert [each["kind"] for each in figures.shop.brand.get("/v1/jobs").json["items"]] == ["orders", "rollup", "orders"]


def test_the_running_day_is_rolled_as_far_as_it_is_and_is_not_called_complete(figures: Figures, clock: Any) -> None:
    figures.import_orders([("A-1", "ann", "2028-01-10", 1, 1000, "USD")])

    report = figures.report("summary", from_on="2028-01-10", to_on="2028-01-10")
    assert (report["totals"]["orders"], report["as_of"], report["complete"]) == (1, "2028-01-09", False)


def test_what_is_wrong_is_said_in_the_readers_language(figures: Figures, drain: Callable[[], None]) -> None:
    content = as_csv([("A-1", "ann", "1/10/2026", "1", "100", "USD")], COLUMNS).encode("gb18030")

    job = uploaded(figures, content, drain, **{"Accept-Language": "zh"})

    path = f"/v1/jobs/{job['id']}"
    [chinese] = figures.shop.brand.get(path, headers={"Accept-Language": "zh"}).json["errors"]
    [english] = figures.shop.brand.get(path).json["errors"]
    assert "分不清日和月" in chinese["message"]
    assert "could be two days" in english["message"]
    with urllib.request.urlopen(job["result_url"]) as answer:  # noqa: S310 - a signed URL of the engine
        text = answer.read().decode()
    assert text.startswith("\ufeff行号,问题\r\n2,下单日期（ordered_on）“1/10/2026”分不清日和月")


def test_nothing_of_an_import_lasts_and_its_result_says_until_when(
    figures: Figures, drain: Callable[[], None], clock: Any
) -> None:
    content = as_csv([("", "ann", "2026-01-05", "1", "100", "USD")])

    sent = figures.import_orders(content)
    later = uploaded(figures, content.encode(), drain)

    for job in (sent, later):
        stored = files.names(f"{figures.shop.tenant_id}/imports/{job['id']}")
        assert len(stored) == 3
        # The engine keeps no tag of a form, as S3 does: that the form demands it is tested beside the photos.
        by_form = f"/{later['id']}.csv"
        for key in (each for each in stored if not each.endswith(by_form)):
            tags = client("s3").get_object_tagging(Bucket=files.bucket(), Key=key)["TagSet"]
            assert tags == [{"Key": "lasting", "Value": "no"}], key
    assert later["result_url"] is not None
    assert later["result_expires_at"][:10] == "2028-01-17"
    clock.advance(seconds=timedelta(days=7, minutes=1).total_seconds())
    gone = figures.job(later["id"])
    assert (gone["result_url"], gone["result_expires_at"]) == (None, later["result_expires_at"])


def test_an_upload_that_nobody_started_ends_and_does_not_last(
    figures: Figures, clock: Any, sweep: Callable[[], None]
) -> None:
    jobs = [made(figures.shop.brand.post("/v1/imports", {"kind": "orders"}), 202) for _ in range(2)]
    assert send({"url": jobs[0]["upload_url"], "fields": jobs[0]["upload_fields"]}, b"order_ref") == 204
    sweep()
    assert figures.job(jobs[0]["id"])["status"] == "awaiting_upload"

    clock.advance(days=1, minutes=1)
    sweep()

    assert {figures.job(job["id"])["status"] for job in jobs} == {"failed"}
    assert figures.shop.brand.post(f"/v1/imports/{jobs[0]['id']}/start").json["status"] == "failed"
    assert all("<Key>lasting</Key><Value>no</Value>" in job["upload_fields"]["tagging"] for job in jobs)


def test_the_products_own_export_is_taken_in_by_another_brand_and_counts_nowhere_twice(
    new_figures: Callable[..., Figures], clock: Any
) -> None:
    own, other = new_figures(currency="CNY"), new_figures(currency="CNY", timezone="America/New_York")
    shop = own.shop
    first, second = (shop.offer(sku_id=shop.product()["skus"][0]["id"]) for _ in range(2))
    campaign = shop.campaign(offers=[first, second])
    lines = [{"offer_id": offer["offer_id"], "quantity": n} for n, offer in enumerate(campaign["offers"], 1)]
    made(shop.order(campaign=campaign, lines=lines))
    made(shop.order(shop.member(), campaign=campaign))
    gone = made(shop.order(campaign=campaign))
    made(shop.caller.call("POST", f"{shop.path}/orders/{gone['id']}/cancel", token=shop.shopper.token), 200)
    table = shop.brand.get("/v1/orders?format=csv", headers={"Accept-Language": "zh"}).text
    assert table.startswith("\ufeff")

    again, taken = own.import_orders(table), other.import_orders(table)

    assert (taken["imported"], taken["duplicates"], taken["errors_total"]) == (3, 0, 1)
    assert "no sale" in taken["errors"][0]["message"]
    assert (again["imported"], again["duplicates"], again["errors_total"]) == (0, 3, 1)
    day = taken["created_at"][:4]
    found = other.report("summary", from_on=f"{day}-01-01", to_on=f"{int(day) + 1}-01-01")["totals"]
    assert (found["orders"], found["quantity"], found["gmv"]["amount_minor"]) == (2, 4, 3600)
    assert len(list(csv.reader(io.StringIO(table)))) == 5
