"""The worker's side of an import: slice after slice, each committed with the place where the next begins."""

import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from chalicelib.insight.activity.model import csv as csvrows
from chalicelib.insight.activity.model import lines, rows
from chalicelib.insight.activity.service.imported_orders import Outcome, take_in
from chalicelib.insight.activity.service.own_orders import own_among
from chalicelib.insight.imports.model.kinds import MOST_ERRORS, ORDERS, REPLACED, TOO_MANY_ERRORS
from chalicelib.insight.imports.service.files import join_errors, store_errors
from chalicelib.insight.imports.service.walking import count, locale, rows_ahead, run
from chalicelib.insight.rollups.service.jobs import after_import
from chalicelib.insight.rollups.service.united_members import mark_united
from chalicelib.jobs import service as jobs
from chalicelib.jobs.model import Status
from chalicelib.jobs.records import JobRecord
from chalicelib.kernel.clock import parse_instant, zone
from chalicelib.media.service import files
from chalicelib.tenants.service.brand import get_tenant

SLICE_ROWS = 2000
"""Rows between two commits, and those of the last order. Slices always begin at the same rows, so that a repeated one
does the same.
"""

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
            job.finish(Status.FAILED, now, REPLACED[locale(job)])
            _end(job, tz, now)


def _work(job: JobRecord, tz: ZoneInfo, ends: float, now: datetime) -> None:
    """Slice after slice, until the job has come to its end or the message's time is over."""
    upcoming = lines.slices(rows_ahead(job), SLICE_ROWS, _ref_at(job))
    while _work_slice(job, next(upcoming, []), tz, now):
        hands_over = time.monotonic() >= ends
        if hands_over:
            job.enqueue(ORDERS, now)
        jobs.save(job)
        if hands_over:
            return
    _end(job, tz, now)


def _end(job: JobRecord, tz: ZoneInfo, now: datetime) -> None:
    """Stores a job that has come to its end and, where it brought orders, the rollup of their days with it."""
    jobs.save(job, after_import(job, tz, now) if job.counts.get("imported") else None)


def _work_slice(job: JobRecord, found: Sequence[csvrows.Row], tz: ZoneInfo, now: datetime) -> bool:
    """Applies a slice and moves the job forward, without storing it. False when the job has come to its end."""
    job.status = Status.RUNNING
    if found:
        outcome = _apply(job, found, tz, now)
        ref = lines.last_ref(found, _ref_at(job))
        count(job, found, outcome)
        job.cursor = {**job.cursor, "ref": ref}
    if job.errors_total > MOST_ERRORS:
        job.finish(Status.FAILED, now, TOO_MANY_ERRORS[locale(job)].format(most=MOST_ERRORS))
    elif len(found) < SLICE_ROWS:
        job.finish(Status.DONE, now)
    else:
        return True
    if job.errors_total:
        job.result_key = join_errors(job.tenant_id, job.id, run(job), locale(job))
    return False


def _apply(job: JobRecord, found: Sequence[csvrows.Row], tz: ZoneInfo, now: datetime) -> Outcome:
    parse = partial(_parsed, job, tz)
    read = lines.orders(found, _ref_at(job), job.cursor.get("ref"), parse)
    own = own_among(job.tenant_id, [order.order_ref for _, order in read.good])
    new = [(number, order) for number, order in read.good if order.order_ref not in own]
    outcome = take_in(job.tenant_id, job.id, new, tz, now)
    mark_united(job.tenant_id)
    outcome.duplicates += sum(order.rows for _, order in read.good if order.order_ref in own)
    refused = [(each, reason) for first, reason in outcome.errors for each in read.numbers[first]]
    outcome.errors = sorted([*refused, *read.bad])
    if outcome.errors:
        store_errors(job.tenant_id, job.id, run(job), found[0].number, outcome.errors, locale(job))
    return outcome


def _parsed(job: JobRecord, tz: ZoneInfo, values: Sequence[str], follows: bool) -> rows.OrderRow:
    wall = zone(job.params["zone"]) if job.params.get("zone") else None
    started_at = parse_instant(job.params["started_at"])
    usual = str(job.params.get("currency", ""))
    return rows.parse(values, job.params["columns"], tz, started_at, wall=wall, currency=usual, follows=follows)


def _ref_at(job: JobRecord) -> int:
    return list(job.params["columns"]).index("order_ref")
