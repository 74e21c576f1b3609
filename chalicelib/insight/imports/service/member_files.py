"""A file of members: checked and kept, then worked through in the background, slice after slice."""

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import islice

from chalicelib.insight.activity.model import csv as csvrows
from chalicelib.insight.activity.model.fields import BadRow
from chalicelib.insight.activity.model.member_rows import parse
from chalicelib.insight.activity.model.reasons import Reason, short
from chalicelib.insight.activity.service.imported_members import Numbered, take_in
from chalicelib.insight.activity.service.imported_orders import Outcome
from chalicelib.insight.imports.model import MEMBERS, MOST_ERRORS, REPLACED, TOO_MANY_ERRORS
from chalicelib.insight.imports.service.files import csv_key, join_errors, store_errors
from chalicelib.insight.records import DirtyDay
from chalicelib.insight.rollups.service.jobs import after_import
from chalicelib.insight.rollups.service.united_members import mark_united
from chalicelib.jobs import service as jobs
from chalicelib.jobs.model import ERRORS_SHOWN, Status
from chalicelib.jobs.records import JobRecord
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.media.service import files
from chalicelib.tenants.service.brand import get_tenant

SLICE_ROWS = 500
"""Rows between two commits: a row that joins two members is some requests of its own."""

MESSAGE_SECONDS = 20.0
"""How long one message works before it hands over to the next: far below the worker's time limit."""


def work(tenant_id: str, job_id: str, now: datetime) -> None:
    """Works on it for a while. A message that comes twice, late or after a crash does no harm."""
    job = jobs.unfinished(tenant_id, job_id)
    if job is None:
        return
    ends = time.monotonic() + MESSAGE_SECONDS
    chunks = files.chunks(csv_key(tenant_id, job_id), job.cursor["offset"], job.params.get("etag", ""))
    dialect = csvrows.Dialect(**job.params.get("dialect", {}))
    rows = csvrows.read(
        chunks, width=len(job.params["columns"]), offset=job.cursor["offset"], number=job.cursor["row"], dialect=dialect
    )
    with suppress(jobs.Overtaken):
        try:
            _walk(job, rows, ends, now)
        except files.FileChanged:
            job.finish(Status.FAILED, now, REPLACED[_locale(job)])
            jobs.save(job, _recount(job, now))


def _walk(job: JobRecord, rows: Iterator[csvrows.Row], ends: float, now: datetime) -> None:
    """Slice after slice, until the job has come to its end or the message's time is over."""
    while _work_slice(job, list(islice(rows, SLICE_ROWS)), now):
        hands_over = time.monotonic() >= ends
        if hands_over:
            job.enqueue(MEMBERS, now)
        jobs.save(job)
        if hands_over:
            return
    jobs.save(job, _recount(job, now))


def _recount(job: JobRecord, now: datetime) -> JobRecord | None:
    """The rollup of the days that wait for one, among them those of members who are one person now; None without any.
    What waits is asked, not what this message did: one before it may have died after it united them.
    """
    tz = zone(get_tenant(job.tenant_id).timezone)
    waits = DirtyDay.until(job.tenant_id, local_date(now, tz) - timedelta(days=1))
    return after_import(job, tz, now) if waits else None


def _work_slice(job: JobRecord, found: Sequence[csvrows.Row], now: datetime) -> bool:
    """Applies a slice and moves the job forward, without storing it. False when the job has come to its end."""
    job.status = Status.RUNNING
    if found:
        _count(job, found, _apply(job, found, now))
    if job.errors_total > MOST_ERRORS:
        job.finish(Status.FAILED, now, TOO_MANY_ERRORS[_locale(job)].format(most=MOST_ERRORS))
    elif len(found) < SLICE_ROWS:
        job.finish(Status.DONE, now)
    else:
        return True
    if job.errors_total:
        job.result_key = join_errors(job.tenant_id, job.id, _locale(job))
    return False


def _apply(job: JobRecord, found: Sequence[csvrows.Row], now: datetime) -> Outcome:
    tenant = get_tenant(job.tenant_id)
    tz, region = zone(tenant.timezone), tenant.country
    good: list[Numbered] = []
    bad: list[tuple[int, Reason]] = []
    for row in found:
        try:
            if row.problem:
                raise BadRow(*row.problem)
            good.append((row.number, parse(row.values, job.params["columns"], tz, region, now)))
        except BadRow as wrong:
            bad.append((row.number, wrong.reason))
    outcome = take_in(job.tenant_id, good, tz, now)
    mark_united(job.tenant_id)
    outcome.errors = sorted(outcome.errors + bad)
    if outcome.errors:
        store_errors(job.tenant_id, job.id, found[0].number, outcome.errors, _locale(job))
    return outcome


def _count(job: JobRecord, found: Sequence[csvrows.Row], outcome: Outcome) -> None:
    job.cursor = {"offset": found[-1].end, "row": found[-1].number}
    job.done += len(found)
    job.stalls = 0
    job.total = max(job.total, job.done)
    job.counts = {"imported": job.counts.get("imported", 0) + outcome.imported}
    job.errors = (job.errors + [[number, *short(reason)] for number, reason in outcome.errors])[:ERRORS_SHOWN]
    job.errors_total += len(outcome.errors)


def _locale(job: JobRecord) -> str:
    return str(job.params.get("locale", "en"))
