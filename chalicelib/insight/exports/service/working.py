"""The worker's side of an export: slice after slice, each committed with the place where the next begins."""

import time
from contextlib import suppress
from datetime import datetime
from typing import Any

from chalicelib.insight.exports.model import EXPORT, MOST_ROWS
from chalicelib.insight.exports.service.files import join_parts, store_part
from chalicelib.insight.exports.service.starting import filter_of
from chalicelib.jobs import service as jobs
from chalicelib.jobs.model import CONTACTS, Status
from chalicelib.jobs.records import JobRecord
from chalicelib.kernel.clock import parse_instant, zone
from chalicelib.kernel.context import contacts_shown
from chalicelib.orders.export.model import header
from chalicelib.orders.export.service import PAGE, lines_of
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.listing import Filter, list_orders
from chalicelib.tenants.service.brand import get_tenant

SLICE_PAGES = 5
"""Pages between two commits, a part of the file each time."""

MESSAGE_SECONDS = 20.0
"""How long one message works before it hands over to the next: far below the worker's time limit."""


def continue_export(tenant_id: str, job_id: str, now: datetime) -> None:
    """Works on an export for a while. A message that comes twice, late or after a crash does no harm."""
    job = jobs.unfinished(tenant_id, job_id)
    if job is None:
        return
    if CONTACTS not in job.params:
        _begin_anew(job)
    shown = contacts_shown.set(job.params[CONTACTS])
    try:
        with suppress(jobs.Overtaken):
            _work(job, time.monotonic() + MESSAGE_SECONDS, now)
    finally:
        contacts_shown.reset(shown)


def _begin_anew(job: JobRecord) -> None:
    """Has an export of before this was kept write its parts again, which had other columns; its file is not for those
    who are shown no contacts.
    """
    job.params = {**job.params, CONTACTS: True}
    job.cursor, job.done = {"after": None, "part": 0, "rows": 0}, 0


def _work(job: JobRecord, ends: float, now: datetime) -> None:
    """Slice after slice, until the job has come to its end or the message's time is over."""
    wanted = filter_of(job)
    while _work_slice(job, wanted, now):
        hands_over = time.monotonic() >= ends
        if hands_over:
            job.enqueue(EXPORT, now)
        jobs.save(job)
        if hands_over:
            return
    jobs.save(job)


def _work_slice(job: JobRecord, wanted: Filter | None, now: datetime) -> bool:
    """Writes a part and moves the job forward, without storing it. False when the job has come to its end."""
    tz, locale = zone(get_tenant(job.tenant_id).timezone), job.params["locale"]
    orders, after = _read(job, wanted)
    part, rows = job.cursor["part"], lines_of(job.tenant_id, orders, tz, locale, with_code=False)
    store_part(job.tenant_id, job.id, part, rows)
    job.status, job.stalls, job.done = Status.RUNNING, 0, job.done + len(orders)
    written = job.cursor["rows"] + len(rows)
    job.cursor, job.counts = {"after": after, "part": part + 1, "rows": written}, {"rows": written}
    if written > MOST_ROWS:
        job.finish(Status.FAILED, now, _too_many(locale))
        return False
    if after is not None:
        return True
    job.result_key = join_parts(job.tenant_id, job.id, part + 1, header(tz, locale), job.params["format"])
    job.finish(Status.DONE, now)
    return False


def _read(job: JobRecord, wanted: Filter | None) -> tuple[list[OrderRecord], dict[str, Any] | None]:
    """The orders of a slice, and where the next begins."""
    orders: list[OrderRecord] = []
    after, started_at = job.cursor["after"], parse_instant(job.params["started_at"])
    for _ in range(SLICE_PAGES if wanted else 0):
        page = list_orders(job.tenant_id, wanted or Filter(), PAGE, after, started_at)
        orders, after = orders + page.items, page.last_key
        if after is None:
            break
    return orders, after


def _too_many(locale: str) -> str:
    if locale == "zh":
        return f"符合条件的订单明细超过 {MOST_ROWS:,} 行，未生成文件。请缩小范围，例如使用 from_on 与 to_on。"
    return f"More than {MOST_ROWS:,} rows match, so no file was made. Narrow the filter, such as by from_on, to_on."
