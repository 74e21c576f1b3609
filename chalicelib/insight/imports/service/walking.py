"""The worker's walk through a file: slice after slice, each committed with the place where the next begins.

A dry run walks through the whole file in one go and writes nothing but its own progress; it begins at the top again
when it is repeated.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chalicelib.insight.activity.model import csv as csvrows
from chalicelib.insight.activity.model.reasons import short
from chalicelib.insight.activity.service.imported_orders import Outcome
from chalicelib.insight.imports.model.kinds import MOST_ERRORS, REPLACED, TOO_MANY_ERRORS
from chalicelib.insight.imports.service.files import csv_key, join_errors, store_errors
from chalicelib.jobs import service as jobs
from chalicelib.jobs.model import ERRORS_SHOWN, Kind, Status
from chalicelib.jobs.records import JobRecord
from chalicelib.kernel.principal import Principal
from chalicelib.media.service import files

MESSAGE_SECONDS = 20.0
"""How long one message works before it hands over to the next: far below the worker's time limit."""

Slices = Callable[[JobRecord, Iterator[csvrows.Row]], Iterator[list[csvrows.Row]]]
Apply = Callable[[JobRecord, Sequence[csvrows.Row], datetime, "Seen"], Outcome]


@dataclass(slots=True)
class Seen:
    """What the rows before have said, of a file that is tried out: nothing of it is stored anywhere."""

    said: dict[Any, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Work:
    """How files of a kind are worked through: in slices of at least ``rows`` (fewer end the file), ``apply`` takes one
    in, ``attempt`` says what that would do, ``following`` is the job that is to follow a finished one. ``carried`` is
    what the next slice has to know of a slice, kept in the cursor.
    """

    kind: Kind
    rows: int
    slices: Slices
    apply: Callable[[JobRecord, Sequence[csvrows.Row], datetime], Outcome]
    attempt: Apply
    following: Callable[[JobRecord, datetime], JobRecord | None] = lambda job, now: None
    carried: Callable[[JobRecord, Sequence[csvrows.Row]], Mapping[str, Any]] = lambda job, found: {}


def walk(work: Work, tenant_id: str, job_id: str, now: datetime) -> None:
    """Works on it for a while. A message that comes twice, late or after a crash does no harm."""
    job = jobs.unfinished(tenant_id, job_id)
    if job is None:
        return
    if dry(job):
        _from_the_top(job)
    upcoming = work.slices(job, _rows_ahead(job))
    with suppress(jobs.Overtaken):
        try:
            _walk(work, job, upcoming, now)
        except files.FileChanged:
            job.finish(Status.FAILED, now, REPLACED[locale(job)])
            jobs.save(job, None if dry(job) else work.following(job, now))


def dry(job: JobRecord) -> bool:
    """Whether nothing is to be written."""
    return bool(job.params.get("dry"))


def locale(job: JobRecord) -> str:
    """The language of who began it."""
    return str(job.params.get("locale", "en"))


def beginner(job: JobRecord) -> Principal:
    """Who began it, for the audit log: with no role, since nothing is asked of them any more."""
    by = job.params["by"]
    return Principal(by["kind"], job.tenant_id, by["id"], name=by["name"])


def _from_the_top(job: JobRecord) -> None:
    job.cursor = job.params["begins"]
    job.done, job.counts, job.errors, job.errors_total = 0, {}, [], 0


def _rows_ahead(job: JobRecord) -> Iterator[csvrows.Row]:
    """The rows of its file that it has not come to."""
    offset, row = job.cursor["offset"], job.cursor["row"]
    chunks = files.chunks(csv_key(job.tenant_id, job.id), offset, job.params.get("etag", ""))
    dialect = csvrows.Dialect(**job.params.get("dialect", {}))
    return csvrows.read(chunks, width=len(job.params["columns"]), offset=offset, number=row, dialect=dialect)


def _walk(work: Work, job: JobRecord, upcoming: Iterator[list[csvrows.Row]], now: datetime) -> None:
    """Slice after slice, until the job has come to its end or the message's time is over."""
    ends, seen = time.monotonic() + MESSAGE_SECONDS, Seen()
    while _work_slice(work, job, next(upcoming, []), now, seen):
        hands_over = not dry(job) and time.monotonic() >= ends
        if hands_over:
            job.enqueue(work.kind, now)
        jobs.save(job)
        if hands_over:
            return
    jobs.save(job, None if dry(job) else work.following(job, now))


def _work_slice(work: Work, job: JobRecord, found: Sequence[csvrows.Row], now: datetime, seen: Seen) -> bool:
    """Applies a slice and moves the job forward, without storing it. False when the job has come to its end."""
    job.status = Status.RUNNING
    if found:
        outcome = work.attempt(job, found, now, seen) if dry(job) else work.apply(job, found, now)
        outcome.errors.sort()
        if outcome.errors:
            store_errors(job.tenant_id, job.id, _run(job), found[0].number, outcome.errors, locale(job))
        job.cursor = {"offset": found[-1].end, "row": found[-1].number, **work.carried(job, found)}
        _count(job, found, outcome)
    if job.errors_total > MOST_ERRORS:
        job.finish(Status.FAILED, now, TOO_MANY_ERRORS[locale(job)].format(most=MOST_ERRORS))
    elif len(found) < work.rows:
        _end(work, job, now)
    else:
        return True
    if job.errors_total:
        job.result_key = join_errors(job.tenant_id, job.id, _run(job), locale(job))
    return False


def _run(job: JobRecord) -> int:
    """How often the job has set out: what an earlier trial found wrong is not said again."""
    return int(job.params.get("run", 0))


def _end(work: Work, job: JobRecord, now: datetime) -> None:
    job.finish(Status.CHECKED if dry(job) else Status.DONE, now)
    if dry(job):
        job.await_upload(work.kind, csv_key(job.tenant_id, job.id), now)


def _count(job: JobRecord, found: Sequence[csvrows.Row], outcome: Outcome) -> None:
    """Adds up what became of some rows, without storing it."""
    job.done += len(found)
    job.stalls = 0
    job.total = max(job.total, job.done)
    counts = job.counts
    job.counts = {
        "imported": counts.get("imported", 0) + outcome.imported,
        "duplicates": counts.get("duplicates", 0) + outcome.duplicates,
    }
    if added := counts.get("added", 0) + outcome.added:
        job.counts["added"] = added
    job.errors = (job.errors + [[number, *short(reason)] for number, reason in outcome.errors])[:ERRORS_SHOWN]
    job.errors_total += len(outcome.errors)
