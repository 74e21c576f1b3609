"""The worker's side of an import: slice after slice, each committed with the place where the next begins."""

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

from chalicelib.insight.activity.model import csv as csvrows
from chalicelib.insight.activity.model import rows
from chalicelib.insight.activity.service.imported_orders import Numbered, Outcome, take_in
from chalicelib.insight.imports.model import MOST_ERRORS, ORDERS
from chalicelib.insight.imports.service.files import csv_key, join_errors, store_errors
from chalicelib.insight.rollups.service.united_members import mark_united
from chalicelib.jobs import service as jobs
from chalicelib.jobs.model import ERRORS_SHOWN, Status
from chalicelib.jobs.records import JobRecord
from chalicelib.kernel.clock import parse_instant, zone
from chalicelib.media.service import files
from chalicelib.tenants.service.brand import get_tenant

SLICE_ROWS = 2000
"""Rows between two commits. Slices always begin at the same rows, so that a repeated one does the same."""

MESSAGE_SECONDS = 20.0
"""How long one message works before it hands over to the next: far below the worker's time limit."""


def continue_import(tenant_id: str, job_id: str, now: datetime) -> None:
    """Works on an import for a while. A message that comes twice, late or after a crash does no harm."""
    job = jobs.unfinished(tenant_id, job_id)
    if job is None:
        return
    tz = zone(get_tenant(tenant_id).timezone)
    with suppress(jobs.Overtaken):
        try:
            _work(job, tz, time.monotonic() + MESSAGE_SECONDS, now)
        except files.FileChanged:
            job.finish(Status.FAILED, now, "The file was removed or replaced while it was being imported.")
            jobs.save(job)


def _work(job: JobRecord, tz: ZoneInfo, ends: float, now: datetime) -> None:
    """Slice after slice, until the job has come to its end or the message's time is over."""
    upcoming = _rows(job)
    while _work_slice(job, list(islice(upcoming, SLICE_ROWS)), tz, now):
        hands_over = time.monotonic() >= ends
        if hands_over:
            job.enqueue(ORDERS, now)
        jobs.save(job)
        if hands_over:
            return
    jobs.save(job)


def _rows(job: JobRecord) -> Iterator[csvrows.Row]:
    key = csv_key(job.tenant_id, job.id)
    offset, row = job.cursor["offset"], job.cursor["row"]
    chunks = files.chunks(key, offset, job.params.get("etag", ""))
    return csvrows.read(chunks, width=len(job.params["columns"]), offset=offset, number=row)


def _work_slice(job: JobRecord, found: Sequence[csvrows.Row], tz: ZoneInfo, now: datetime) -> bool:
    """Applies a slice and moves the job forward, without storing it. False when the job has come to its end."""
    job.status = Status.RUNNING
    if found:
        outcome = _apply(job, found, tz, now)
        _count(job, found, outcome)
    if job.errors_total > MOST_ERRORS:
        job.finish(Status.FAILED, now, f"More than {MOST_ERRORS} rows are wrong: this seems to be another file.")
    elif len(found) < SLICE_ROWS:
        job.finish(Status.DONE, now)
    else:
        return True
    if job.errors_total:
        job.result_key = join_errors(job.tenant_id, job.id)
    return False


def _apply(job: JobRecord, found: Sequence[csvrows.Row], tz: ZoneInfo, now: datetime) -> Outcome:
    started_at = parse_instant(job.params["started_at"])
    good: list[Numbered] = []
    bad: list[tuple[int, str]] = []
    for row in found:
        try:
            if row.problem:
                raise rows.BadRow(row.problem)
            good.append((row.number, rows.parse(row.values, job.params["columns"], tz, started_at)))
        except rows.BadRow as wrong:
            bad.append((row.number, str(wrong)))
    outcome = take_in(job.tenant_id, job.id, good, tz, now)
    mark_united(job.tenant_id)
    outcome.errors = sorted(outcome.errors + bad)
    if outcome.errors:
        store_errors(job.tenant_id, job.id, found[0].number, outcome.errors)
    return outcome


def _count(job: JobRecord, found: Sequence[csvrows.Row], outcome: Outcome) -> None:
    job.cursor = {"offset": found[-1].end, "row": found[-1].number}
    job.done += len(found)
    job.stalls = 0
    job.total = max(job.total, job.done)
    counts = job.counts
    job.counts = {
        "imported": counts.get("imported", 0) + outcome.imported,
        "duplicates": counts.get("duplicates", 0) + outcome.duplicates,
    }
    shown = [[number, message[:300]] for number, message in outcome.errors]
    job.errors = (job.errors + shown)[:ERRORS_SHOWN]
    job.errors_total += len(outcome.errors)
