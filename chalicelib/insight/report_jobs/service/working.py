"""The worker's side of a report's file: slice after slice, each committed with the place where the next begins."""

import time
from contextlib import suppress
from datetime import datetime
from typing import Any

from chalicelib.insight.report_jobs.model import (
    ENDED,
    KEPT_CHANGING,
    MOST_RESTARTS,
    MOST_ROWS,
    REPORT_FILE,
    TOO_MANY,
    Said,
)
from chalicelib.insight.report_jobs.service import asking, files, tables
from chalicelib.insight.report_jobs.service.starting import BEGINNING
from chalicelib.insight.reports.catalogue import named
from chalicelib.insight.reports.picture import picture
from chalicelib.insight.reports.report import ReportView, state_of
from chalicelib.jobs import service as jobs
from chalicelib.jobs.model import CONTACTS, JobNotFound, Status
from chalicelib.jobs.records import JobRecord
from chalicelib.kernel.clock import parse_instant
from chalicelib.kernel.context import contacts_shown
from chalicelib.kernel.errors import DomainError

PAGE = 5_000
"""Members of one slice."""

MESSAGE_SECONDS = 20.0
"""How long one message works before it hands over to the next: far below the worker's time limit."""


def continue_file(tenant_id: str, job_id: str, now: datetime) -> None:
    """Works on a report's file for a while. A message that comes twice, late or after a crash does no harm; a job that
    was cancelled meanwhile leaves nothing behind.
    """
    job = jobs.unfinished(tenant_id, job_id)
    if job is None:
        return
    shown = contacts_shown.set(bool(job.params[CONTACTS]))
    try:
        _work(job, time.monotonic() + MESSAGE_SECONDS, now)
    except jobs.Overtaken:
        remove_without_result(tenant_id, job_id)
    finally:
        contacts_shown.reset(shown)


def remove_without_result(tenant_id: str, job_id: str) -> None:
    """Deletes what was written for a job that was cancelled, or has failed: once that stands, since a worker that was
    overtaken knows nothing of the file of the one that overtook it.
    """
    with suppress(JobNotFound):
        if jobs.get_job(tenant_id, job_id).status in {Status.CANCELLED, Status.FAILED}:
            files.remove(tenant_id, job_id)


def _work(job: JobRecord, ends: float, now: datetime) -> None:
    """Slice after slice, until the job has come to its end or the message's time is over."""
    while _work_slice(job, now):
        hands_over = time.monotonic() >= ends
        if hands_over:
            job.enqueue(REPORT_FILE, now)
        jobs.save(job)
        if hands_over:
            return
    job.emit(ENDED, now, job_id=job.id)
    jobs.save(job)


def _work_slice(job: JobRecord, now: datetime) -> bool:
    """Writes a part and moves the job forward, without storing it. False when the job has come to its end."""
    params, cursor = job.params, job.cursor
    job.status, job.stalls = Status.RUNNING, 0
    try:
        view = asking.answer(
            params["report"], params["parameters"], job.tenant_id, params["locale"],
            parse_instant(params["started_at"]), limit=PAGE, cursor=cursor["after"],
        )  # fmt: skip
        if cursor["part"] and _state(view) != cursor["state"]:
            return _begin_anew(job, now)
        if params["format"] == "svg":
            return _draw(job, view, now)
    except DomainError as refused:
        return _fail(job, Said(refused.detail, refused.detail_zh or refused.detail), now)
    return _write(job, view, now)


def _state(view: ReportView) -> str:
    """Names all that an answer says but for its page. Who is in a segment or a tier changes figures of groups without
    a new revision, and a worker that was overtaken must not write into the parts of another state.
    """
    return state_of(view, "members", "next_cursor")


def _write(job: JobRecord, view: ReportView, now: datetime) -> bool:
    params, cursor = job.params, job.cursor
    run = f"{params.get('run', 0)}-{_state(view)}"
    part = tables.part_of(view, params["report"], params["format"], params["locale"])
    files.store_part(job.tenant_id, job.id, run, cursor["part"], part.rows)
    written, after = cursor["rows"] + len(part.rows), getattr(view, "next_cursor", None)
    job.done, job.counts = written, {**job.counts, "rows": written}
    job.total = max(written, getattr(view, "members_total", None) or 0)
    if written > MOST_ROWS:
        return _fail(job, TOO_MANY, now)
    job.cursor = {"after": after, "part": cursor["part"] + 1, "rows": written, "state": _state(view)}
    if after is not None:
        return True
    head = _head(job, view, part, written)
    job.result_key = files.join(job.tenant_id, job.id, run, cursor["part"] + 1, head, params["format"])
    job.finish(Status.DONE, now)
    return False


def _head(job: JobRecord, view: ReportView, part: tables.Part, rows: int) -> dict[str, Any]:
    """What the file says of itself."""
    chinese = job.params["locale"] == "zh"
    said = view.model_dump(mode="json")
    return {
        **{name: said[name] for name in ("report", "from_on", "to_on", "complete", "revision")},
        "view": said | ({"next_cursor": None} if part.listed else {}),
        "listed": part.listed,
        "header": part.header,
        "rows": rows,
        "about_title": "说明" if chinese else "About",
        "about_header": ["项目", "内容"] if chinese else ["What", "Value"],
        "about": tables.about(view, job.params["parameters"], rows, job.params["locale"]),
    }


def _draw(job: JobRecord, view: ReportView, now: datetime) -> bool:
    params = job.params
    report = named(params["report"])
    svg = picture(report, view, asking.query(report, params["parameters"], params["locale"]), params["locale"])
    job.result_key = files.store_drawing(job.tenant_id, job.id, view.model_dump(mode="json"), svg)
    job.finish(Status.DONE, now)
    return False


def _begin_anew(job: JobRecord, now: datetime) -> bool:
    """Starts over, since the figures have another revision now: a file is of one."""
    run = int(job.params.get("run", 0)) + 1
    if run > MOST_RESTARTS:
        return _fail(job, KEPT_CHANGING, now)
    job.params = {**job.params, "run": run}
    job.cursor, job.done, job.counts = dict(BEGINNING), 0, {"begun_anew": run}
    return True


def _fail(job: JobRecord, why: Said, now: datetime) -> bool:
    job.finish(Status.FAILED, now, why.to(job.params["locale"]))
    return False
