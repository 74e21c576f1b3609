"""A file of orders: checked and kept, then worked through in the background, slice after slice."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.insight.activity.model import csv as csvrows
from chalicelib.insight.activity.model import lines, rows
from chalicelib.insight.activity.service.imported_orders import Numbered, Outcome, judge, take_in
from chalicelib.insight.activity.service.own_orders import own_among
from chalicelib.insight.imports.model.kinds import ORDERS
from chalicelib.insight.imports.service import walking
from chalicelib.insight.imports.service.walking import Seen, Work
from chalicelib.insight.rollups.service.jobs import after_import
from chalicelib.insight.rollups.service.united_members import mark_united
from chalicelib.jobs.records import JobRecord
from chalicelib.kernel.clock import parse_instant, zone
from chalicelib.tenants.service.brand import get_tenant

SLICE_ROWS = 8000
"""Rows between two commits, and those of the last order. Slices always begin at the same rows, so that a repeated one
does the same.
"""


def work(tenant_id: str, job_id: str, now: datetime) -> None:
    """Works on it for a while. A message that comes twice, late or after a crash does no harm."""
    tz = zone(get_tenant(tenant_id).timezone)
    apply, attempt, roll = partial(_apply, tz), partial(_attempt, tz), partial(_roll, tz)
    walking.walk(Work(ORDERS, SLICE_ROWS, _slices, apply, attempt, roll, _last_ref), tenant_id, job_id, now)


def _slices(job: JobRecord, found: Iterator[csvrows.Row]) -> Iterator[list[csvrows.Row]]:
    return lines.slices(found, SLICE_ROWS, _ref_at(job))


def _last_ref(job: JobRecord, found: Sequence[csvrows.Row]) -> dict[str, Any]:
    """With which order a slice ends: rows of the next that go on with it belong to an order of too many."""
    return {"ref": lines.last_ref(found, _ref_at(job))}


def _roll(tz: ZoneInfo, job: JobRecord, now: datetime) -> JobRecord | None:
    """The rollup of the days of an import that brought orders."""
    return after_import(job, tz, now) if job.counts.get("imported") else None


def _apply(tz: ZoneInfo, job: JobRecord, found: Sequence[csvrows.Row], now: datetime) -> Outcome:
    read, own = _read(tz, job, found)
    outcome = take_in(job.tenant_id, job.id, _new(read, own), tz, now)
    mark_united(job.tenant_id)
    return _of_rows(read, own, outcome)


def _attempt(tz: ZoneInfo, job: JobRecord, found: Sequence[csvrows.Row], now: datetime, seen: Seen) -> Outcome:
    read, own = _read(tz, job, found)
    return _of_rows(read, own, judge(job.tenant_id, _new(read, own), seen.said))


def _read(tz: ZoneInfo, job: JobRecord, found: Sequence[csvrows.Row]) -> tuple[lines.Orders, set[str]]:
    """The orders of a slice, and which of their references are orders that were placed here."""
    read = lines.orders(found, _ref_at(job), job.cursor.get("ref"), partial(_parsed, job, tz))
    return read, own_among(job.tenant_id, [order.order_ref for _, order in read.good])


def _new(read: lines.Orders, own: set[str]) -> list[Numbered]:
    return [(number, order) for number, order in read.good if order.order_ref not in own]


def _of_rows(read: lines.Orders, own: set[str], outcome: Outcome) -> Outcome:
    """What became of the orders, said of each of their rows."""
    outcome.duplicates += sum(order.rows for _, order in read.good if order.order_ref in own)
    refused = [(each, reason) for first, reason in outcome.errors for each in read.numbers[first]]
    outcome.errors = [*refused, *read.bad]
    return outcome


def _parsed(job: JobRecord, tz: ZoneInfo, values: Sequence[str], follows: bool) -> rows.OrderRow:
    wall = zone(job.params["zone"]) if job.params.get("zone") else None
    started_at = parse_instant(job.params["started_at"])
    usual = str(job.params.get("currency", ""))
    return rows.parse(values, job.params["columns"], tz, started_at, wall=wall, currency=usual, follows=follows)


def _ref_at(job: JobRecord) -> int:
    return list(job.params["columns"]).index("order_ref")
