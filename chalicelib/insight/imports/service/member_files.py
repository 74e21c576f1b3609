"""A file of members: checked and kept, then worked through in the background, slice after slice."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from chalicelib.insight.activity.model import csv as csvrows
from chalicelib.insight.activity.model.fields import BadRow
from chalicelib.insight.activity.model.member_rows import parse
from chalicelib.insight.activity.model.reasons import Reason
from chalicelib.insight.activity.service.imported_members import Numbered, judge, take_in
from chalicelib.insight.activity.service.imported_orders import Outcome
from chalicelib.insight.imports.model.kinds import MEMBERS
from chalicelib.insight.imports.service import walking
from chalicelib.insight.imports.service.walking import Seen, Work
from chalicelib.insight.records import DirtyDay
from chalicelib.insight.rollups.service.jobs import after_import
from chalicelib.insight.rollups.service.united_members import mark_united
from chalicelib.jobs.records import JobRecord
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.tenants.service.brand import get_tenant

SLICE_ROWS = 500
"""Rows between two commits: a row that joins two members is some requests of its own."""


def work(tenant_id: str, job_id: str, now: datetime) -> None:
    """Works on it for a while. A message that comes twice, late or after a crash does no harm."""
    walking.walk(Work(MEMBERS, SLICE_ROWS, _slices, _apply, _attempt, _recount), tenant_id, job_id, now)


def _slices(job: JobRecord, rows: Iterator[csvrows.Row]) -> Iterator[list[csvrows.Row]]:
    while part := list(islice(rows, SLICE_ROWS)):
        yield part


def _recount(job: JobRecord, now: datetime) -> JobRecord | None:
    """The rollup of the days that wait for one, among them those of members who are one person now; None without any.
    What waits is asked, not what this message did: one before it may have died after it united them.
    """
    tz = zone(get_tenant(job.tenant_id).timezone)
    waits = DirtyDay.until(job.tenant_id, local_date(now, tz) - timedelta(days=1))
    return after_import(job, tz, now) if waits else None


def _apply(job: JobRecord, found: Sequence[csvrows.Row], now: datetime) -> Outcome:
    tz, good, bad = _parsed(job, found, now)
    outcome = take_in(job.tenant_id, job.id, good, tz, now)
    mark_united(job.tenant_id)
    outcome.errors += bad
    return outcome


def _attempt(job: JobRecord, found: Sequence[csvrows.Row], now: datetime, seen: Seen) -> Outcome:
    _, good, bad = _parsed(job, found, now)
    outcome = judge(job.tenant_id, good, seen.said)
    outcome.errors += bad
    return outcome


def _parsed(
    job: JobRecord, found: Sequence[csvrows.Row], now: datetime
) -> tuple[ZoneInfo, list[Numbered], list[tuple[int, Reason]]]:
    """The rows that are members, and what is wrong with the others."""
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
    return tz, good, bad
