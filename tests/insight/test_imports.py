"""Order files: what is taken, what is refused, and each order exactly once."""

from __future__ import annotations

import base64
import csv
import io
import json
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.aws import client
from chalicelib.db import tenant_scope
from chalicelib.insight.activity.model.columns import BadHeader
from chalicelib.insight.imports.service import looking as imports
from chalicelib.insight.imports.service import order_files, walking
from chalicelib.insight.imports.service.files import store_csv
from chalicelib.notices.inbox.records import InboxRecord
from chalicelib.notices.model.people import Person
from chalicelib.settings import settings
from tests.builders import made
from tests.insight.figures import COLUMNS, Figures, as_csv
from tests.uploads import send

ORDERS = [
    ("A-1", "ann", "2026-01-05", 1, 1000, "USD"),
    ("A-2", "bob", "2026-01-05", 2, 500, "USD"),
    ("A-3", "ann", "2026-02-01", 1, 700, "USD"),
]


def said(job: Any) -> tuple[str, int, int, int]:
    return job["status"], job["imported"], job["duplicates"], job["errors_total"]


def test_an_import_is_a_job_with_progress(figures: Figures) -> None:
    sent = figures.send(as_csv(ORDERS))
    assert (sent["status"], sent["total"], sent["percent"]) == ("queued", 3, 0)

    done = figures.import_orders(ORDERS[:1])

    assert (done["status"], done["done"], done["total"], done["percent"]) == ("done", 1, 1, 100)
    assert done["errors"] == []
    assert done["result_url"] is None


def test_members_of_the_file_join_with_dense_ordinals_and_their_reference(figures: Figures) -> None:
    figures.import_orders(ORDERS)

    members = figures.shop.brand.get("/v1/members").json["items"]
    assert {each["external_ref"]: (each["joined_on"], each["last_active_on"]) for each in members} == {
        "ann": ("2026-01-05", "2026-02-01"),
        "bob": ("2026-01-05", "2026-01-05"),
    }


def test_nobody_is_told_of_orders_that_were_imported(figures: Figures) -> None:
    figures.import_orders(ORDERS)

    members = figures.shop.brand.get("/v1/members").json["items"]
    assert len(members) == 2
    with tenant_scope(figures.shop.tenant_id):
        for each in members:
            partition = InboxRecord.partition(figures.shop.tenant_id, Person.member(each["id"]))
            assert list(InboxRecord.every(partition, consistent=True)) == []


def test_a_bad_row_spoils_only_itself_and_is_named_by_number_and_reason(figures: Figures) -> None:
    content = (
        "order_ref,member,ordered_on,quantity,amount_minor,currency\n"
        "A-1,ann,2026-01-05,1,1000,USD\n"
        "A-2,bob,2026-01-05,many,500,USD\n"
        "A-3,cat,2026-13-05,1,500,USD\n"
        "short,row\n"
        '"open,dan,2026-01-05,1,1,USD\n'
        "A-4,eve,2026-01-06,1,900,USD\n"
    )

    job = figures.import_orders(content)

    assert said(job) == ("done", 2, 0, 4)
    assert [error["row"] for error in job["errors"]] == [3, 4, 5, 6]
    assert "quantity 'many' is not a whole number" in job["errors"][0]["message"]
    assert figures.roll()["done"] == 2


def test_every_error_is_in_the_result_even_when_the_job_shows_fifty(
    figures: Figures, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order_files, "SLICE_ROWS", 40)
    job = figures.import_orders([("", "ann", "2026-01-05", 1, 1, "USD") for _ in range(130)])

    assert (job["status"], job["errors_total"], len(job["errors"])) == ("done", 130, 50)
    with urllib.request.urlopen(job["result_url"]) as answer:  # noqa: S310 - a signed URL of the engine
        rows = list(csv.DictReader(io.TextIOWrapper(answer, "utf-8-sig")))
    assert [int(row["row"]) for row in rows] == list(range(2, 132))
    assert {row["message"] for row in rows} == {"order_ref is empty"}


def test_the_same_order_again_is_a_duplicate_and_changes_nothing(figures: Figures) -> None:
    figures.import_orders(ORDERS)
    figures.roll()
    before = figures.aggregates()

    again = figures.import_orders([*ORDERS, ORDERS[0]])
    figures.roll()

    assert said(again) == ("done", 0, 4, 0)
    assert figures.aggregates() == before


def test_another_order_under_a_used_reference_is_refused(figures: Figures) -> None:
    figures.import_orders(ORDERS)

    job = figures.import_orders(
        [
            ("A-1", "ann", "2026-01-06", 1, 1000, "USD"),  # another day
            ("B-1", "new", "2026-01-06", 1, 1000, "USD"),
            ("A-1", "ann", "2026-01-05", 1, 1000, "USD"),  # what A-1 stands for
            ("B-1", "new", "2026-01-06", 9, 1000, "USD"),  # another quantity, apart from the order's own row
        ]
    )

    assert said(job) == ("done", 1, 1, 2)
    assert [error["row"] for error in job["errors"]] == [2, 5]
    assert all("order_ref already used" in error["message"] for error in job["errors"])
    assert figures.shop.brand.get("/v1/members").json["items"][0]["external_ref"] == "new"


def test_equal_rows_under_different_references_are_different_orders(figures: Figures) -> None:
    figures.import_orders([(ref, "ann", "2026-01-05", 1, 1000, "USD") for ref in ("#1001", "#1002", "100%", "a b")])
    figures.roll()

    totals = figures.report("summary", to_on="2026-01-31")["totals"]
    assert (totals["orders"], totals["active_members"]) == (4, 1)


def test_byte_order_mark_line_endings_quotes_and_column_order_do_not_matter(figures: Figures) -> None:
    content = (
        "\ufeffcurrency,amount_minor,channel,ordered_at,order_ref,quantity,member\r\n"
        'USD,1000,"shop, ""main""",2026-01-05T12:00:00-05:00,"Z\n1",1,"王 小明"\r\n'
    )

    job = figures.import_orders(content.replace("Z\n1", "Z1"))

    assert said(job) == ("done", 1, 0, 0)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ([name for name in COLUMNS if name != "quantity"], "Column 'quantity' is missing"),
        ((*COLUMNS, "colour"), "Unknown column 'colour'"),
        ([name for name in COLUMNS if name != "ordered_on"], "One of the columns 'ordered_at' and 'ordered_on'"),
    ],
)
def test_a_wrong_header_is_refused_at_once(figures: Figures, columns: list[str], message: str) -> None:
    reply = figures.shop.brand.post("/v1/imports", {"kind": "orders", "csv": ",".join(columns) + "\n"})

    assert (reply.status, reply.json["code"]) == (422, "bad_csv_header")
    assert any(message in error["message"] for error in reply.json["errors"])


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "orders", "csv": ""},
        {"kind": "members", "csv": "a\n"},
        {"kind": "spells", "csv": "a\n"},
        {"kind": "orders", "csv": "x" * (5 * 1024 * 1024 + 1)},
        {"kind": "orders", "csv": 'never,"closed'},
        {"kind": "orders", "csv": "a\u0000b\n"},
        {"kind": "orders", "file": "a\n"},
    ],
)
def test_what_cannot_be_imported_is_refused_and_leaves_no_job(figures: Figures, body: dict[str, str]) -> None:
    assert figures.shop.brand.post("/v1/imports", body).status == 422
    assert figures.shop.brand.get("/v1/jobs").json["items"] == []


def test_a_large_file_is_uploaded_first_and_started_then(figures: Figures, drain: Callable[[], None]) -> None:
    awaiting = made(figures.shop.brand.post("/v1/imports", {"kind": "orders"}), 202)
    start = f"/v1/imports/{awaiting['id']}/start"
    assert awaiting["status"] == "awaiting_upload"
    assert figures.shop.brand.post(start).json["code"] == "not_uploaded"

    form = {"url": awaiting["upload_url"], "fields": awaiting["upload_fields"]}
    assert send(form, as_csv(ORDERS).encode()) == 204
    started = [made(figures.shop.brand.post(start), 202) for _ in range(2)]
    drain()

    assert {each["id"] for each in started} == {awaiting["id"]}
    assert said(figures.job(awaiting["id"])) == ("done", 3, 0, 0)
    log = made(figures.shop.brand.get(f"/v1/audit?target=job:{awaiting['id']}"), 200)["items"]
    assert [(each["action"], each["changes"]["rows"]) for each in log] == [
        ("import.started", 3), ("import.announced", 0),
    ]  # fmt: skip


def test_the_form_for_a_large_file_has_a_limit_and_what_it_lets_in_passes(figures: Figures) -> None:
    awaiting = made(figures.shop.brand.post("/v1/imports", {"kind": "orders"}), 202)
    form = {"url": awaiting["upload_url"], "fields": awaiting["upload_fields"]}
    policy = json.loads(base64.b64decode(form["fields"]["policy"]))

    assert ["content-length-range", 1, 50 * 1024 * 1024] in policy["conditions"]
    assert {"tagging": form["fields"]["tagging"]} in policy["conditions"]
    assert "<Key>lasting</Key><Value>no</Value>" in form["fields"]["tagging"]
    assert send(form, b"") == 400
    assert send(form, b"a", **{"Content-Type": "text/html"}) == 403
    assert figures.shop.brand.post(f"/v1/imports/{awaiting['id']}/start").json["code"] == "not_uploaded"


def test_a_file_that_is_replaced_under_way_fails_the_job(figures: Figures, drain: Callable[[], None]) -> None:
    awaiting = made(figures.shop.brand.post("/v1/imports", {"kind": "orders"}), 202)
    store_csv(figures.shop.tenant_id, awaiting["id"], as_csv(ORDERS).encode())
    made(figures.shop.brand.post(f"/v1/imports/{awaiting['id']}/start"), 202)
    store_csv(figures.shop.tenant_id, awaiting["id"], as_csv(ORDERS[:1]).encode())
    drain()

    job = figures.job(awaiting["id"])
    assert (job["status"], job["done"]) == ("failed", 0)
    assert "replaced" in job["detail"]


def test_a_file_of_nothing_but_mistakes_ends_early(figures: Figures, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walking, "MOST_ERRORS", 10)
    monkeypatch.setattr(order_files, "SLICE_ROWS", 6)

    job = figures.import_orders([("", "ann", "2026-01-05", 1, 1, "USD")] * 100)

    assert (job["status"], job["done"], job["errors_total"]) == ("failed", 12, 12)


def test_work_is_handed_from_message_to_message(figures: Figures, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(order_files, "SLICE_ROWS", 10)
    monkeypatch.setattr(walking, "MESSAGE_SECONDS", 0.0)

    job = figures.import_orders([(f"A-{at}", f"m{at % 7}", "2026-01-05", 1, at, "USD") for at in range(95)])

    assert said(job) == ("done", 95, 0, 0)
    assert figures.roll()["done"] == 1


def test_a_header_alone_is_an_import_of_nothing(figures: Figures) -> None:
    job = figures.import_orders([])

    assert (job["status"], job["done"], job["total"], job["percent"]) == ("done", 0, 0, 100)


def test_the_file_is_kept_under_the_tenants_prefix(figures: Figures) -> None:
    job = figures.import_orders(ORDERS)

    listed = client("s3").list_objects_v2(Bucket=settings().media_bucket)["Contents"]
    assert [item["Key"] for item in listed] == [f"{figures.shop.tenant_id}/imports/{job['id']}.csv"]


def test_another_tenants_job_does_not_exist(figures: Figures, new_figures: Callable[..., Figures]) -> None:
    other = new_figures()
    job = figures.import_orders(ORDERS)

    assert other.shop.brand.get(f"/v1/jobs/{job['id']}").status == 404
    assert other.shop.brand.post(f"/v1/imports/{job['id']}/start").status == 404
    assert other.shop.brand.get("/v1/jobs").json["items"] == []


def test_survey_counts_the_rows_of_a_file_and_finds_where_they_begin() -> None:
    found = imports.survey([b"order_ref,member,ordered_on,quantity,amount_minor,cur", b"rency\r\nx\n\n  \ny"])

    assert (found.columns, found.offset, found.total) == (COLUMNS, len(",".join(COLUMNS)) + 2, 2)


def test_a_workbook_in_place_of_a_csv_is_recognised() -> None:
    with pytest.raises(BadHeader, match="This is a workbook"):
        imports.survey([b"PK\x03\x04" + b"\x00" * 100])
