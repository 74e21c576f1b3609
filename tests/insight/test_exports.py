"""Orders that are written into a file in the background: all of them, or a refusal by name."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.request import urlopen

import openpyxl
import pytest

from chalicelib.aws import client
from chalicelib.db import tenant_scope
from chalicelib.insight import events
from chalicelib.insight.exports.service import working
from chalicelib.jobs import service as jobs
from chalicelib.jobs.model import CONTACTS, STALLED_AFTER
from chalicelib.kernel import clock
from chalicelib.kernel.clock import zone
from chalicelib.media.service import files
from tests.builders import Member, Shop, made
from tests.calls import Api
from tests.members.codes import sign_in


def started(shop: Shop, query: str = "") -> Any:
    return made(shop.brand.post(f"/v1/order-exports?{query}"), 202)["job"]


def job_of(shop: Shop, job: Any) -> Any:
    return made(shop.brand.get(f"/v1/jobs/{job['id']}"), 200)


def content(job: Any) -> bytes:
    with urlopen(job["result_url"]) as file:  # noqa: S310 - a link of the engine's own
        return bytes(file.read())


def rows(job: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content(job).decode("utf-8-sig"))))


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slices of two orders, each worked by a message of its own."""
    monkeypatch.setattr(working, "PAGE", 1)
    monkeypatch.setattr(working, "SLICE_PAGES", 2)
    monkeypatch.setattr(working, "MESSAGE_SECONDS", 0.0)


@pytest.mark.usefixtures("small")
def test_all_orders_are_in_the_file_however_many_messages_it_takes(shop: Shop, drain: Callable[[], None]) -> None:
    orders = [made(shop.order(quantity=n))["id"] for n in range(1, 6)]
    job = started(shop)
    assert (job["status"], job["kind"]) == ("queued", "order_export")
    made(shop.order())  # placed after it was asked for
    drain()
    job = job_of(shop, job)
    assert (job["status"], job["rows"], job["percent"]) == ("done", len(rows(job)), 100)
    assert [row["Order"] for row in rows(job)][-5:] == orders[::-1]
    assert [row["Line total"] for row in rows(job)][-5:] == ["45.00", "36.00", "27.00", "18.00", "9.00"]
    assert {row["Pickup code"] for row in rows(job)} == {""}
    assert content(job).count("\ufeff".encode()) == 1


@pytest.mark.usefixtures("small")
def test_nothing_of_an_export_lasts(shop: Shop, drain: Callable[[], None]) -> None:
    made(shop.order())
    job = started(shop)
    drain()
    stored = files.names(f"{shop.tenant_id}/exports/{job['id']}/")
    assert [key.rpartition("/")[2] for key in stored] == ["orders.csv", "000000.json"]
    tags = [client("s3").get_object_tagging(Bucket=files.bucket(), Key=key)["TagSet"] for key in stored]
    assert tags == [[{"Key": "lasting", "Value": "no"}]] * 2


def test_a_workbook_in_chinese_of_what_a_filter_matches(shop: Shop, drain: Callable[[], None]) -> None:
    made(shop.order(quantity=2))
    job = made(
        shop.brand.call("POST", "/v1/order-exports?format=xlsx&due=true", headers={"Accept-Language": "zh"}), 202
    )["job"]
    none = started(shop, "payment=refunded")
    drain()
    sheet = openpyxl.load_workbook(io.BytesIO(content(job_of(shop, job)))).active
    names, first = list(sheet.iter_rows(values_only=True))
    said = dict(zip(names, first, strict=True))
    assert (said["小计"], said["付款状态"], said["币种"]) == (18, "未付款", "CNY")
    assert (job_of(shop, none)["status"], job_of(shop, none)["rows"], rows(job_of(shop, none))) == ("done", 0, [])


def test_a_phone_number_leads_to_its_member_and_is_not_kept(shop: Shop, api: Api, drain: Callable[[], None]) -> None:
    signed_in = sign_in(api, shop.slug, phone="+8613800138000")
    order = made(shop.order(Member(signed_in["principal"]["id"], signed_in["access_token"], "")))
    made(shop.order())
    jobs = [started(shop, f"phone=%2B{phone}") for phone in ("8613800138000", "8613900139000")]
    drain()
    assert [[row["Order"] for row in rows(job_of(shop, job))] for job in jobs] == [[order["id"]], []]


@pytest.mark.usefixtures("small")
def test_more_than_a_file_takes_is_refused_by_name_and_no_part_of_it_is_handed_out(
    shop: Shop, drain: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "MOST_ROWS", 3)
    for _ in range(4):
        made(shop.order())
    job = started(shop)
    drain()
    job = job_of(shop, job)
    assert (job["status"], job["result_url"]) == ("failed", None)
    assert "More than 3 rows match" in job["detail"]


@pytest.mark.usefixtures("small")
def test_a_worker_that_dies_is_followed_by_one_that_goes_on(
    shop: Shop, drain: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    orders = [made(shop.order())["id"] for _ in range(3)]
    job = started(shop)
    with monkeypatch.context() as dying, tenant_scope(shop.tenant_id):
        dying.setattr(working.jobs, "save", lambda job: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            working.continue_export(shop.tenant_id, job["id"], clock.now())
    drain()
    drain()
    job = job_of(shop, job)
    assert (job["status"], [row["Order"] for row in rows(job)]) == ("done", orders[::-1])


def test_an_export_whose_message_was_lost_is_continued(shop: Shop, clock: Any, sweep: Callable[[], None]) -> None:
    made(shop.order())
    job = started(shop)
    with pytest.MonkeyPatch.context() as lost:
        lost.setattr(events.export_work, "continue_export", lambda *given: None)
        sweep()
    assert job_of(shop, job)["status"] == "queued"
    clock.advance(seconds=(STALLED_AFTER + timedelta(minutes=1)).total_seconds())
    sweep()
    assert job_of(shop, job)["status"] == "done"


def test_what_cannot_be_is_refused(shop: Shop) -> None:
    for query, pointer in {"format=json": "?format", "from_on=2026-06-02&to_on=2026-06-01": "?to_on"}.items():
        refused = shop.brand.post(f"/v1/order-exports?{query}")
        assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, pointer)
    for name in ("campaign_id", "member_id", "pickup_point_id"):
        assert shop.brand.post(f"/v1/order-exports?{name}=01J9ZQ0W7N8RXC5B2M4T6V8Y0A").status == 404


@pytest.mark.usefixtures("small")
def test_an_export_under_way_since_its_parts_had_other_columns_is_written_anew(
    shop: Shop, drain: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    orders = [made(shop.order(quantity=n))["id"] for n in range(1, 6)]
    job = started(shop)
    with tenant_scope(shop.tenant_id), monkeypatch.context() as before:
        of_now = working.lines_of
        at = working.header(zone("Asia/Shanghai"), "en").index("Member ID")
        before.setattr(
            working, "lines_of", lambda *args, **more: [[*row[:at], *row[at + 1 :]] for row in of_now(*args, **more)]
        )
        record = jobs.get_job(shop.tenant_id, job["id"])
        record.params = {name: value for name, value in record.params.items() if name != CONTACTS}
        working._work(record, 0.0, clock.now())
    drain()
    job = job_of(shop, job)
    assert (job["status"], job["rows"], job["done"]) == ("done", len(rows(job)), len(rows(job)))
    assert [row["Order"] for row in rows(job)][-5:] == orders[::-1]
    assert {row["Currency"] for row in rows(job)} == {"CNY"}
