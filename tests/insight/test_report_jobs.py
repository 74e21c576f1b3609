"""Files of reports that are written in the background: all rows, of one revision, for who may read the report."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any
from urllib.request import urlopen

import openpyxl
import pytest

from chalicelib.db import tenant_scope
from chalicelib.insight import events
from chalicelib.insight.report_jobs.model import MOST_RESTARTS
from chalicelib.insight.report_jobs.service import asking, files, working
from chalicelib.jobs import service as jobs
from chalicelib.jobs.model import STALLED_AFTER, Status
from chalicelib.kernel.clock import now
from chalicelib.media.service import files as media
from chalicelib.web import workbooks
from tests.builders import made
from tests.conftest import Clock
from tests.insight.figures import APRIL, Figures

_ROLES = ("planner", "analyst")
JANUARY = {"unit": "month", "members": "2026-01:0", **APRIL}


def start(figures: Figures, name: str, form: str = "csv", /, **parameters: str) -> Any:
    body = {"name": name, "parameters": parameters, "format": form}
    return made(figures.shop.brand.post("/v1/report-jobs", body), 202)["job"]


def content(job: Any) -> bytes:
    with urlopen(job["result_url"]) as file:  # noqa: S310 - a link of the engine's own
        return bytes(file.read())


def table(job: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content(job).decode("utf-8-sig"))))


def stored(figures: Figures, job: Any) -> list[str]:
    return media.names(f"{figures.shop.tenant_id}/report-files/{job['id']}/")


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slices of one member, each worked by a message of its own."""
    monkeypatch.setattr(working, "PAGE", 1)
    monkeypatch.setattr(working, "MESSAGE_SECONDS", 0.0)


@pytest.mark.usefixtures("small")
def test_all_members_behind_a_figure_are_in_the_file(rolled: Figures, drain: Callable[[], None]) -> None:
    job = start(rolled, "retention", **JANUARY)
    assert (job["status"], job["kind"], job["percent"]) == ("queued", "report_file", 0)
    drain()
    job = rolled.job(job["id"])
    assert (job["status"], job["rows"], job["percent"], job["begun_anew"]) == ("done", 3, 100, None)
    rows = table(job)
    assert sorted(row["Reference"] for row in rows) == ["ann", "bob", "cat"]
    shown = rolled.report("retention", **JANUARY)
    assert {(row["Revision"], row["Report complete"]) for row in rows} == {(str(shown["revision"]), "yes")}
    assert shown["members_total"] == 3
    assert content(job).count("\ufeff".encode()) == 1
    assert f"revision-{shown['revision']}.csv" in job["result_url"]


@pytest.mark.usefixtures("small")
def test_percents_are_of_all_members(rolled: Figures) -> None:
    job = start(rolled, "retention", **JANUARY)
    with tenant_scope(rolled.shop.tenant_id):
        working.continue_file(rolled.shop.tenant_id, job["id"], now())
    assert (rolled.job(job["id"])["done"], rolled.job(job["id"])["percent"]) == (1, 33)


@pytest.mark.usefixtures("small")
def test_a_file_is_of_one_revision(rolled: Figures, drain: Callable[[], None]) -> None:
    job = start(rolled, "retention", **JANUARY)
    with tenant_scope(rolled.shop.tenant_id):
        working.continue_file(rolled.shop.tenant_id, job["id"], now())
    with pytest.MonkeyPatch.context() as patched:  # meanwhile
        patched.setattr(working, "continue_file", lambda *_: None)
        rolled.import_orders([("A-10", "eve", "2026-01-20", 1, 100, "USD")])
        rolled.roll()
    with tenant_scope(rolled.shop.tenant_id):
        working.continue_file(rolled.shop.tenant_id, job["id"], now())
    drain()
    job = rolled.job(job["id"])
    assert (job["status"], job["rows"], job["begun_anew"]) == ("done", 4, 1)
    assert len({row["Revision"] for row in table(job)}) == 1
    assert sorted(row["Reference"] for row in table(job)) == ["ann", "bob", "cat", "eve"]


@pytest.mark.usefixtures("small")
def test_a_worker_that_was_overtaken_writes_nothing_into_the_file_of_another(
    rolled: Figures, monkeypatch: pytest.MonkeyPatch
) -> None:
    tenant_id, join, late = rolled.shop.tenant_id, files.join, []
    monkeypatch.setattr(working, "MESSAGE_SECONDS", 60.0)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(events.report_work, "continue_file", lambda *_: None)
        job = start(rolled, "retention", **JANUARY)
        rolled.work_off()

        def meanwhile(*args: Any) -> Any:
            rolled.import_orders([("A-10", "eve", "2026-01-20", 1, 100, "USD")])
            rolled.roll()
            with tenant_scope(tenant_id), pytest.raises(jobs.Overtaken):
                working._work(late.pop(), 0.0, now())
            return join(*args)

        patched.setattr(files, "join", meanwhile)
        with tenant_scope(tenant_id):
            late.append(jobs.get_job(tenant_id, job["id"]))
            working._work(jobs.get_job(tenant_id, job["id"]), float("inf"), now())
    found = rolled.job(job["id"])
    assert (found["status"], late) == ("done", [])
    [revision] = {row["Revision"] for row in table(found)}
    assert f"revision-{revision}.csv" in found["result_url"]


def test_a_late_worker_that_is_refused_leaves_the_file_of_another(
    rolled: Figures, drain: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    job = start(rolled, "retention", **JANUARY)
    with tenant_scope(rolled.shop.tenant_id):
        late = jobs.get_job(rolled.shop.tenant_id, job["id"])
    drain()
    monkeypatch.setattr(working, "MOST_ROWS", 2)
    with tenant_scope(rolled.shop.tenant_id), pytest.raises(jobs.Overtaken):
        working._work(late, 0.0, now())
    assert len(table(rolled.job(job["id"]))) == 3


@pytest.mark.usefixtures("small")
def test_who_is_in_a_group_changes_and_a_file_is_begun_anew(
    rolled: Figures, drain: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A segment gains a member half-way: no day has changed, so the revision is the same."""
    answer, asked = asking.answer, iter(range(1000))

    def gaining(*args: Any, **page: Any) -> Any:
        view = answer(*args, **page)
        return view.model_copy(update={"members_total": 2 if next(asked) < 2 else 3})

    job = start(rolled, "retention", **JANUARY)
    monkeypatch.setattr(asking, "answer", gaining)
    drain()
    assert (rolled.job(job["id"])["status"], rolled.job(job["id"])["begun_anew"]) == ("done", 1)


@pytest.mark.usefixtures("small")
def test_figures_that_keep_changing_are_refused_by_name(
    rolled: Figures, drain: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer, asked = asking.answer, iter(range(1000))

    def changing(*args: Any, **page: Any) -> Any:
        return answer(*args, **page).model_copy(update={"revision": next(asked)})

    job = start(rolled, "retention", **JANUARY)
    monkeypatch.setattr(asking, "answer", changing)
    drain()
    job = rolled.job(job["id"])
    assert (job["status"], job["result_url"], job["begun_anew"]) == ("failed", None, MOST_RESTARTS)
    assert "not have been of one revision" in job["detail"]
    assert stored(rolled, job) == []


def test_a_workbook_says_on_a_sheet_what_it_is_of(
    rolled: Figures, drain: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbooks, "MOST_SHEET_ROWS", 3)
    job = start(rolled, "summary", "xlsx", by="month", from_on="2026-01-01", **APRIL)
    drain()
    book = openpyxl.load_workbook(io.BytesIO(content(rolled.job(job["id"]))))
    *sheets, about = book.worksheets
    rows = [list(sheet.iter_rows(values_only=True)) for sheet in sheets]
    assert [len(each) for each in rows] == [4, 2]
    assert rows[0][0] == rows[1][0]
    assert [row[0] for each in rows for row in each[1:]] == ["2026-01", "2026-02", "2026-03", "2026-04"]
    said = dict(about.iter_rows(values_only=True))
    assert (said["Rows"], said["Time zone"], said["Complete"]) == ("4", "America/New_York", "yes")
    assert said["Parameters"] == "by=month, from_on=2026-01-01, to_on=2026-04-30"


def test_json_has_the_same_figures_as_the_report_itself(rolled: Figures, drain: Callable[[], None]) -> None:
    jobs_started = [start(rolled, "retention", "json", **JANUARY), start(rolled, "classes", "json")]
    drain()
    found = [json.loads(content(rolled.job(each["id"]))) for each in jobs_started]
    shown = rolled.report("retention", **JANUARY), rolled.report("classes")
    for file, report in zip(found, shown, strict=True):
        assert {**file, "members": None} == {**report, "members": None}
    assert sorted(each["external_ref"] for each in found[0]["members"]) == ["ann", "bob", "cat"]


def test_a_drawing_is_the_one_of_the_report(rolled: Figures, drain: Callable[[], None]) -> None:
    job = start(rolled, "summary", "svg", by="month", chart="2", **APRIL)
    drain()
    svg = content(rolled.job(job["id"])).decode()
    assert '<title id="title">Orders</title>' in svg
    assert "<script" not in svg


@pytest.mark.usefixtures("small")
def test_a_job_cancelled_half_way_leaves_no_file(rolled: Figures, drain: Callable[[], None]) -> None:
    tenant_id = rolled.shop.tenant_id
    job = start(rolled, "retention", **JANUARY)
    with tenant_scope(tenant_id):
        working.continue_file(tenant_id, job["id"], now())
        overtaken = jobs.get_job(tenant_id, job["id"])
    assert stored(rolled, job)
    for _ in range(2):
        cancelled = made(rolled.shop.brand.post(f"/v1/report-jobs/{job['id']}/cancel"), 200)
        assert (cancelled["status"], cancelled["result_url"]) == ("cancelled", None)
    with tenant_scope(tenant_id), pytest.raises(jobs.Overtaken):  # a worker that had read it before
        working._work(overtaken, 0.0, now())
    drain()
    assert stored(rolled, job) == []
    assert rolled.job(job["id"])["status"] == "cancelled"


def test_what_has_ended_is_not_cancelled(rolled: Figures, drain: Callable[[], None]) -> None:
    job = start(rolled, "summary")
    drain()
    refused = rolled.shop.brand.post(f"/v1/report-jobs/{job['id']}/cancel")
    assert (refused.status, refused.json["code"]) == (409, "job_ended")
    rollup = rolled.roll()
    assert rolled.shop.brand.post(f"/v1/report-jobs/{rollup['id']}/cancel").status == 404


def test_a_crash_at_any_step_ends_in_one_file(rolled: Figures, drain: Callable[[], None], monkeypatch: Any) -> None:
    job = start(rolled, "retention", **JANUARY)
    save, crashed = jobs.save, []

    def crash(*args: Any) -> None:
        if not crashed:
            crashed.append(True)
            raise RuntimeError("the worker dies before its commit")
        save(*args)

    monkeypatch.setattr(jobs, "save", crash)
    with tenant_scope(rolled.shop.tenant_id), pytest.raises(RuntimeError):
        working.continue_file(rolled.shop.tenant_id, job["id"], now())
    drain()
    job = rolled.job(job["id"])
    assert (job["status"], job["rows"]) == ("done", 3)


def test_more_rows_than_a_file_takes_are_refused_by_name(
    rolled: Figures, drain: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "MOST_ROWS", 2)
    job = start(rolled, "retention", **JANUARY)
    drain()
    job = rolled.job(job["id"])
    assert (job["status"], job["result_url"]) == ("failed", None)
    assert "has more than 200,000 rows" in job["detail"]
    assert stored(rolled, job) == []


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"name": "summary", "parameters": {"by": "decade"}}, "/parameters/by"),
        ({"name": "summary", "parameters": {"mode": "on"}}, "/parameters/mode"),
        ({"name": "summary", "parameters": {"cursor": "x"}}, "/parameters/cursor"),
        ({"name": "summary", "parameters": {"from_on": "2026-02-30"}}, "/parameters/from_on"),
        ({"name": "summary", "format": "pdf"}, "/format"),
    ],
)
def test_what_a_report_does_not_take_is_named(rolled: Figures, body: Any, pointer: str) -> None:
    refused = rolled.shop.brand.post("/v1/report-jobs", body)
    assert refused.status == 422
    assert refused.json["errors"][0]["pointer"] == pointer


def test_unknown_reports_and_reversed_ranges_are_refused_at_once(rolled: Figures) -> None:
    brand = rolled.shop.brand
    assert brand.post("/v1/report-jobs", {"name": "sales"}).json["code"] == "unknown_report"
    reversed_days = {"from_on": "2026-02-01", "to_on": "2026-01-01"}
    refused = brand.post("/v1/report-jobs", {"name": "summary", "parameters": reversed_days})
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/parameters/to_on")


def test_a_file_is_for_those_who_read_the_report(rolled: Figures, drain: Callable[[], None]) -> None:
    shop = rolled.shop
    keys = [made(shop.brand.post("/v1/api-keys", {"name": role, "scopes": [role]}))["secret"] for role in _ROLES]

    def called(at: int, method: str, path: str, body: Any = None) -> Any:
        return shop.caller.call(method, path, json=body, token=keys[at])

    assert called(0, "POST", "/v1/report-jobs", {"name": "summary"}).status == 403
    made(called(0, "POST", "/v1/report-jobs", {"name": "growth"}), 202)
    job = start(rolled, "summary")
    names = start(rolled, "retention", **JANUARY)
    drain()
    assert rolled.job(job["id"])["result_url"]
    assert made(called(0, "GET", f"/v1/jobs/{job['id']}"), 200)["result_url"] is None
    assert made(called(1, "GET", f"/v1/jobs/{names['id']}"), 200)["result_url"] is None
    assert called(0, "POST", f"/v1/report-jobs/{job['id']}/cancel").status == 403


def test_a_link_ends_after_a_week(rolled: Figures, drain: Callable[[], None], clock: Clock) -> None:
    job = start(rolled, "summary")
    drain()
    assert rolled.job(job["id"])["result_expires_at"]
    clock.advance(days=7, seconds=1)
    assert rolled.job(job["id"])["result_url"] is None


def test_a_job_that_nobody_works_on_is_taken_up_again(rolled: Figures) -> None:
    tenant_id = rolled.shop.tenant_id
    job = start(rolled, "summary")
    with tenant_scope(tenant_id):
        assert events.REPORT_FILE.name == "report_file"
        jobs.revive((events.REPORT_FILE,), tenant_id, job["id"], now() + STALLED_AFTER)
        assert jobs.get_job(tenant_id, job["id"]).stalls == 1
        assert jobs.get_job(tenant_id, job["id"]).status == Status.QUEUED
