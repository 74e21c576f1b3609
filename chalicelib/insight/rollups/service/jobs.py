"""Rollups as jobs: the one of each night, and those that people ask for."""

import time
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from chalicelib.db import Refused, Transaction
from chalicelib.insight.activity.model.rows import EARLIEST_ON
from chalicelib.insight.intake.service import imported_orders
from chalicelib.insight.intake.service.compacting import compact
from chalicelib.insight.records import DirtyDay, Doing, RollupRecord, RollupState
from chalicelib.insight.rollups.model import NIGHT_OVER, ROLLUP
from chalicelib.insight.rollups.service import days as rollups
from chalicelib.insight.rollups.service import restating
from chalicelib.insight.rollups.service.united_members import mark_united
from chalicelib.jobs import service as jobs
from chalicelib.jobs.model import Status
from chalicelib.jobs.records import JobRecord
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.local_day import local_date
from chalicelib.tenants.model import day_ended_at
from chalicelib.tenants.records import DayClock
from chalicelib.tenants.service.brand import get_tenant

MESSAGE_SECONDS = 20.0
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Plan:
    """The days that a job still has to look at, by month, and the marks that ask for them: to roll them, or to bring
    their events into columns.
    """

    months: Mapping[int, Sequence[date]]
    marks: Mapping[date, DirtyDay]
    events: Mapping[date, DirtyDay]
    rolled: Collection[date]

    @property
    def days(self) -> int:
        return sum(len(days) for days in self.months.values())


def start_rollup(tenant_id: str, from_on: date, to_on: date, by: str, now: datetime) -> JobRecord:
    """A job that rolls the days of a range again, dirty or not. Raises Invalid for a range that runs backwards."""
    if from_on > to_on:
        raise Invalid.at(
            "/to_on",
            f"The last day, {to_on}, is before the first, {from_on}.",
            f"结束日期 {to_on} 早于开始日期 {from_on}。",
        )
    params = {"from_on": from_on.isoformat(), "to_on": to_on.isoformat(), "dirty_only": False}
    job = jobs.new_job(tenant_id, ROLLUP, by, now, status=Status.QUEUED, params=params)
    job.enqueue(ROLLUP, now)
    return jobs.store(job)


def end_day(tenant_id: str, now: datetime) -> None:
    """The tenant's local day has ended: a job for every dirty day before today, and the clock set to the end of today.

    A message that comes twice finds the clock moved on. After an outage of days one job covers them all.
    """
    clock = DayClock.fetch(*DayClock.address(tenant_id), consistent=True)
    if clock is None or clock.due_at > now:
        return
    timezone = get_tenant(tenant_id).timezone
    yesterday = local_date(now, zone(timezone)) - _DAY
    clock.due_at = day_ended_at(now, timezone)
    tx = Transaction()
    dirty = (
        mark_united(tenant_id)
        or DirtyDay.until(tenant_id, yesterday)
        or DirtyDay.until(tenant_id, yesterday, DirtyDay.EVENTS)
    )
    if not dirty:
        clock.emit(NIGHT_OVER, now)
    tx.replace("clock", clock)
    if dirty:
        params = {"from_on": EARLIEST_ON.isoformat(), "to_on": yesterday.isoformat(), "dirty_only": True}
        job = jobs.new_job(tenant_id, ROLLUP, "night", now, status=Status.QUEUED, params=params)
        job.enqueue(ROLLUP, now)
        tx.create("job", job)
    else:
        tx.put("state", RollupState(*RollupState.address(tenant_id), through_on=yesterday))
    with suppress(Refused):  # another delivery of the same message was faster
        tx.commit()


def after_import(imported: JobRecord, tz: ZoneInfo, now: datetime) -> JobRecord:
    """The job that rolls up what an import brought, not stored yet: every dirty day up to the running one."""
    params = {
        "from_on": EARLIEST_ON.isoformat(),
        "to_on": local_date(now, tz).isoformat(),
        "dirty_only": True,
        "import_id": imported.id,
    }
    job = jobs.new_job(imported.tenant_id, ROLLUP, "import", now, status=Status.QUEUED, params=params)
    job.enqueue(ROLLUP, now)
    return job


def continue_rollup(tenant_id: str, job_id: str, now: datetime) -> None:
    """Works on a rollup for a while, month by month. A message that comes twice, late or after a crash does no harm."""
    job = jobs.unfinished(tenant_id, job_id)
    if job is None:
        return
    today = local_date(now, zone(get_tenant(tenant_id).timezone))
    mark_united(tenant_id)
    with suppress(jobs.Overtaken):
        _work(tenant_id, job, today, time.monotonic() + MESSAGE_SECONDS, now)


def _work(tenant_id: str, job: JobRecord, today: date, ends: float, now: datetime) -> None:
    """Month after month, until the job has come to its end or the message's time is over."""
    plan = _plan(tenant_id, job)
    job.total = job.done + plan.days
    watch = restating.watch(tenant_id, job.id)
    for month, days in plan.months.items():
        rolled, changed = [on for on in days if on in plan.rolled], 0
        if rolled:
            found = rollups.roll_month(tenant_id, month, rolled, watch)
            changed = found.changed
            imported_orders.note(tenant_id, found.imported, now)
        compact(tenant_id, [on for on in days if on < today])
        # The mark of a day that has not ended stays: the night is to look at it again.
        for marks in (plan.marks, plan.events):
            rollups.take_marks(tenant_id, [marks[on] for on in days if on in marks and on < today])
        _count(job, days, changed)
        hands_over = time.monotonic() >= ends
        if hands_over:
            job.enqueue(ROLLUP, now)
        jobs.save(job)
        if hands_over:
            return
    if watch is not None:
        restating.tell(job, now)
    _record_progress(tenant_id, job, today - _DAY)
    job.finish(Status.DONE, now)
    if _is_nightly(job):
        job.emit(NIGHT_OVER, now)
    jobs.save(job)


def _plan(tenant_id: str, job: JobRecord) -> _Plan:
    from_on, to_on = date.fromisoformat(job.params["from_on"]), date.fromisoformat(job.params["to_on"])
    if job.cursor:
        from_on = max(from_on, date.fromisoformat(job.cursor["rolled_on"]) + _DAY)
    marks, events = (
        {mark.on: mark for mark in DirtyDay.until(tenant_id, to_on, of) if mark.on >= from_on}
        for of in (DirtyDay.ORDERS, DirtyDay.EVENTS)
    )
    days = set(marks)
    if not job.params["dirty_only"] and from_on <= to_on:
        rolled = (each for doing in Doing for each in RollupRecord.in_days(tenant_id, from_on, to_on, doing))
        days |= {date.fromisoformat(str(each.sk)) for each in rolled}
    return _Plan(rollups.by_month(days | events.keys()), marks, events, days)


def _count(job: JobRecord, days: Sequence[date], changed: int) -> None:
    job.status = Status.RUNNING
    job.cursor = {"rolled_on": days[-1].isoformat()}
    job.done += len(days)
    job.stalls = 0
    job.counts = {"changed_days": job.counts.get("changed_days", 0) + changed}


def _is_nightly(job: JobRecord) -> bool:
    return bool(job.params["dirty_only"]) and "import_id" not in job.params


def _record_progress(tenant_id: str, job: JobRecord, yesterday: date) -> None:
    """Notes how far everything is rolled: through the night's last day, or through yesterday when nothing is left."""
    if _is_nightly(job):
        through_on = date.fromisoformat(job.params["to_on"])
    elif DirtyDay.until(tenant_id, yesterday):
        return
    else:
        through_on = yesterday
    further = RollupState.through_on.does_not_exist() | (RollupState.through_on < through_on)
    tx = Transaction()
    place = RollupState.address(tenant_id)
    tx.update("state", RollupState, *place, actions=[RollupState.through_on.set(through_on)], condition=further)
    with suppress(Refused):  # it is that far already
        tx.commit()
