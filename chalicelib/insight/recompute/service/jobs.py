"""Recounts as jobs: one a week for each brand, and those that people ask for. One at a time."""

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from chalicelib.db import Refused, Transaction, change
from chalicelib.insight.model.periods import Unit, last_day, number
from chalicelib.insight.recompute.model.checks import MOST_SHOWN, Found
from chalicelib.insight.recompute.model.kinds import RECOMPUTE, is_day_of
from chalicelib.insight.recompute.records import RecomputeState
from chalicelib.insight.recompute.service import pieces
from chalicelib.insight.recompute.service.histories import check_history
from chalicelib.insight.recompute.service.looking import Look
from chalicelib.insight.recompute.service.months import revision
from chalicelib.insight.recompute.service.reading import standing
from chalicelib.insight.records import DirtyDay
from chalicelib.insight.rollups.service.united_members import mark_united
from chalicelib.jobs import service as jobs
from chalicelib.jobs.model import Status
from chalicelib.jobs.records import JobRecord
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.members.model.classes import Thresholds
from chalicelib.telemetry import count, logger
from chalicelib.tenants.service.audit import audit_job
from chalicelib.tenants.service.brand import get_tenant

MESSAGE_SECONDS = 420.0
"""Far below the function's fifteen minutes: a month of a large brand takes minutes, and is not interrupted."""

DIFFER = "FiguresDiffer"
"""The counter of cells that differ; an alarm watches it."""

_DAY = timedelta(days=1)


def start(tenant_id: str, by: str, now: datetime) -> JobRecord:
    """A job that recounts everything; the one that is not finished yet, if there is one."""

    def decide(state: RecomputeState | None, tx: Transaction) -> JobRecord:
        running = jobs.unfinished(tenant_id, state.job_id) if state is not None and state.job_id else None
        return running or _begin(tx, tenant_id, state, by, now, None)

    return change(lambda: _state(tenant_id), decide)


def start_weekly(tenant_id: str, now: datetime) -> None:
    """Begins the week's recount in the night of the brand's day for it, by the day in UTC. A message that comes twice
    finds it begun; on the other six days it costs no request.
    """
    today = now.date()
    if not is_day_of(tenant_id, today):
        return

    def decide(state: RecomputeState | None, tx: Transaction) -> None:
        begun = state is not None and state.weekly_on == today
        running = state is not None and state.job_id and jobs.unfinished(tenant_id, state.job_id)
        if not begun and not running:
            _begin(tx, tenant_id, state, "week", now, today)

    change(lambda: _state(tenant_id), decide)


def continue_recompute(tenant_id: str, job_id: str, now: datetime) -> None:
    """Works on a recount for a while, month by month. A message that comes twice, late or after a crash is harmless."""
    job = jobs.unfinished(tenant_id, job_id)
    if job is None:
        return
    mark_united(tenant_id)
    with suppress(jobs.Overtaken):
        _work(job, time.monotonic() + MESSAGE_SECONDS, now)


def _state(tenant_id: str) -> RecomputeState | None:
    return RecomputeState.fetch(*RecomputeState.address(tenant_id), consistent=True)


def _begin(
    tx: Transaction, tenant_id: str, state: RecomputeState | None, by: str, now: datetime, weekly_on: date | None
) -> JobRecord:
    job = jobs.new_job(tenant_id, RECOMPUTE, by, now, status=Status.QUEUED, params={})
    job.enqueue(RECOMPUTE, now)
    tx.create("job", job)
    record = state or RecomputeState(*RecomputeState.address(tenant_id))
    record.job_id, record.weekly_on = job.id, weekly_on or record.weekly_on
    if state is None:
        tx.create("state", record)
    else:
        tx.replace("state", record)
    return job


def _work(job: JobRecord, ends: float, now: datetime) -> None:
    """Piece after piece, then the whole history, until the message's time is over."""
    if job.cursor is None:
        found = pieces.every_piece(job.tenant_id)
        job.cursor = {"pieces": found, "revisions": {}, "again": None, "waiting_days": 0, "to_mend": {}}
        job.counts = {"compared": 0, "differing": 0, "differences": []}
        job.total = len(found) + 1
    job.status = Status.RUNNING
    look = Look(job.tenant_id, job.id, now, local_date(now, zone(get_tenant(job.tenant_id).timezone)))
    while _work_piece(job, look):
        hands_over = time.monotonic() >= ends or job.cursor["again"] is not None
        if hands_over:
            job.enqueue(RECOMPUTE, now)
        jobs.save(job)
        if hands_over:
            return
    _finish(job, look)


def _work_piece(job: JobRecord, look: Look) -> bool:
    """Checks the next piece, without storing the job; False when there is none. What differs is looked at once more,
    by the next message: something may have been written that was not marked yet.
    """
    cursor = job.cursor
    _mend(job, look)
    piece = next((each for each in cursor["pieces"] if each not in cursor["revisions"]), None)
    if piece is None:
        return False
    checked = pieces.check(look, piece)
    if checked.found.differing and cursor["again"] != piece:
        cursor["again"] = piece
        return True
    job.counts = _added(job.counts, checked.found)
    cursor["to_mend"] = {piece: pieces.wrong(job.tenant_id, piece, checked.found)}
    cursor["again"] = None
    cursor["revisions"][piece] = checked.rev
    cursor["waiting_days"] += checked.waiting_days
    job.done, job.stalls = job.done + 1, 0
    return True


def _added(known: dict[str, Any], found: Found) -> dict[str, Any]:
    return {
        "compared": known["compared"] + found.compared,
        "differing": known["differing"] + found.differing,
        "differences": (known["differences"] + [asdict(each) for each in found.first])[:MOST_SHOWN],
    }


def _mend(job: JobRecord, look: Look) -> None:
    """Mends what the piece before came to, once that is stored: what is marked is left out. Repeated, it does no
    harm.
    """
    for piece, what in job.cursor["to_mend"].items():
        pieces.mend(job.tenant_id, piece, what, look.now)
    job.cursor["to_mend"] = {}


def _finish(job: JobRecord, look: Look) -> None:
    """The whole history as far as all of it is final, and the end."""
    revisions = pieces.of_orders(job.cursor["revisions"])
    ends_on = _final_until(job.tenant_id, revisions, look.today)
    if ends_on is not None:
        thresholds = Thresholds.from_json(get_tenant(job.tenant_id).class_thresholds)
        found = check_history(job.tenant_id, job.id, list(revisions), ends_on, thresholds)
        job.counts = _added(job.counts, found)  # its months agree with their records: there is nothing to roll again
    job.done += 1
    job.counts = {**job.counts, "waiting_days": job.cursor["waiting_days"]}
    job.finish(Status.DONE, look.now)
    tx = Transaction()
    tx.replace("job", job)
    if differing := job.counts["differing"]:
        told: dict[str, Any] = {name: job.counts[name] for name in ("compared", "differing")}
        by, target = str(job.created_by), f"job:{job.id}"
        audit_job(tx, job.tenant_id, by, "figures.differed", target, look.now, told, entry_id=job.id)
    with suppress(Refused):  # another delivery of the same message was faster
        tx.commit()
        if differing:
            count(DIFFER, differing)
            logger.error("stored figures differ from their records", extra={"job_id": job.id, "cells": differing})


def _final_until(tenant_id: str, revisions: Mapping[str, int], today: date) -> date | None:
    """The last day before today up to which nothing waits or has moved since its month was compared; None where there
    is no such day.
    """
    ends_on = today - _DAY
    for mark in DirtyDay.until(tenant_id, ends_on):
        ends_on = min(ends_on, mark.on - _DAY)
    for name, rev in revisions.items():
        first_on = date.fromisoformat(f"{name}-01")
        if first_on <= ends_on and revision(standing(tenant_id, number(first_on, Unit.MONTH))) != rev:
            ends_on = min(ends_on, first_on - _DAY)
    months = [name for name in revisions if f"{name}-01" <= ends_on.isoformat()]
    if not months:
        return None
    return min(ends_on, last_day(number(date.fromisoformat(f"{months[-1]}-01"), Unit.MONTH), Unit.MONTH))
