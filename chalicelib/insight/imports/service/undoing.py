"""An import is undone: what it made and nobody has used or changed since is removed, the rest stays and is reported.

What is to be dealt with next stands in the job before anything of it is done. So a worker that takes it up again after
a crash knows that what is gone by then is gone by the job's own hand, and counts it.
"""

import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Protocol

from chalicelib.db import Transaction, change
from chalicelib.insight.activity.model.reasons import Reason, short
from chalicelib.insight.imports.errors import NotUndoable
from chalicelib.insight.imports.model.kinds import COMPETITOR_PRICES, MEMBERS, ORDERS, PRODUCTS
from chalicelib.insight.imports.model.undoing import SETTLES_AFTER, UNDO, WAITED, Made, Phase
from chalicelib.insight.imports.service.brought_members import BroughtMembers
from chalicelib.insight.imports.service.brought_products import BroughtProducts
from chalicelib.insight.imports.service.files import join_errors, store_errors
from chalicelib.insight.imports.service.walking import MESSAGE_SECONDS, beginner, dry, locale
from chalicelib.jobs import service as jobs
from chalicelib.jobs.model import ERRORS_SHOWN, STALLED, STALLED_AFTER, STARTABLE, UNFINISHED, Status
from chalicelib.jobs.records import JobRecord
from chalicelib.kernel.clock import parse_instant, sortable
from chalicelib.kernel.principal import Principal
from chalicelib.tenants.service.audit import audit


class Brought(Protocol):
    """What an import made: found piece by piece, judged, and taken back."""

    def after(self, key: str) -> tuple[list[Made], str | None]: ...

    def judge(self, made: Sequence[Made]) -> dict[str, Reason | None]: ...

    def leave(self, made: Made, now: datetime) -> None: ...

    def remove(self, made: Made, now: datetime) -> Reason | None: ...


def start_undo(
    tenant_id: str, import_id: str, by: Principal, now: datetime, language: str, *, dry_run: bool = False
) -> JobRecord:
    """A job that undoes an import, or, in a ``dry_run``, says what that would come to. One that is under way already,
    or that has left nothing to be undone, is answered as it stands.

    Raises JobNotFound, and NotUndoable for an import of orders, one that is not over, and a job that is none.
    """

    def decide(source: JobRecord, tx: Transaction) -> JobRecord:
        _check(source)
        latest = _latest(source)
        if latest is not None and _answers(latest, dry_run=dry_run):
            return latest
        undo = _new(source, by, now, language, dry_run=dry_run)
        source.params = {**source.params, "undo": undo.id}
        tx.replace("import", source)
        tx.create("undo", undo)
        if not dry_run:
            about = {"kind": source.kind, "job": undo.id}
            audit(tx, tenant_id, by, "import.undo_started", f"job:{import_id}", now, about)
        return undo

    return change(lambda: jobs.get_job(tenant_id, import_id), decide)


def _check(source: JobRecord) -> None:
    if source.kind == ORDERS.name:
        raise NotUndoable(
            "An import of orders cannot be undone: since when each member is with you, and when they were last active, "
            "were drawn from it, and what stood there before is not kept. Try a file of orders out before you import "
            "it; a corrected file counts under order numbers of its own.",
            detail_zh="订单导入无法撤销：会员的加入日期和最近活跃日期已据此更新，原值未保留。请在导入前先试运行；"
            "更正后的订单请使用新的订单号导入。",
        )
    if source.kind == COMPETITOR_PRICES.name:
        raise NotUndoable(
            "What competitors asked cannot be undone: record the right price for the same or a later day, which then "
            "counts.",
            detail_zh="竞品价格导入无法撤销：请按相同或更晚的日期记录正确价格，之后以新记录为准。",
        )
    if source.kind not in (PRODUCTS.name, MEMBERS.name):
        raise NotUndoable("This job is no import.", detail_zh="该任务不是导入。")
    if source.status in UNFINISHED:
        raise NotUndoable("The import is under way. Wait until it is over.", detail_zh="导入仍在进行，请等待其结束。")
    if source.status in STARTABLE or "started_at" not in source.params or dry(source):
        raise NotUndoable("Nothing of this file was imported.", detail_zh="该文件尚未导入任何内容。")


def _latest(source: JobRecord) -> JobRecord | None:
    """The latest job that looked at what the import made, or undid it."""
    found = source.params.get("undo")
    return jobs.get_job(source.tenant_id, found) if found else None


def _answers(latest: JobRecord, *, dry_run: bool) -> bool:
    """Whether a job is what is asked for: under way, or done with nothing left."""
    if latest.status in UNFINISHED:
        return dry_run or not dry(latest)
    return not dry_run and not dry(latest) and latest.status == Status.DONE and not latest.counts.get("stayed")


def _new(source: JobRecord, by: Principal, now: datetime, language: str, *, dry_run: bool) -> JobRecord:
    params = {
        "locale": language,
        "by": {"kind": by.kind, "id": by.id, "name": by.name},
        "import": source.id,
        "of": source.kind,
        "dry": dry_run,
    }
    undo = jobs.new_job(source.tenant_id, UNDO, by.label, now, status=Status.QUEUED, params=params)
    undo.cursor = _from_the_top(Phase.JUDGE if dry_run else Phase.LEAVE)
    undo.counts = {"undone": 0, "stayed": 0}
    undo.total = int(source.counts.get("imported", 0))
    undo.enqueue(UNDO, now)
    return undo


def _from_the_top(phase: Phase) -> dict[str, object]:
    return {"phase": phase.value, "at": "", "plan": []}


def work(tenant_id: str, job_id: str, now: datetime) -> None:
    """Works on it for a while. A message that comes twice, late, early or after a crash does no harm."""
    job = jobs.unfinished(tenant_id, job_id)
    if job is None or now < parse_instant(job.cursor.get("not_before", "1970-01-01T00:00:00Z")):
        return
    job.schedule(now + STALLED_AFTER, STALLED, UNDO.queue)
    with suppress(jobs.Overtaken):
        _walk(job, _brought(job), now)


def _brought(job: JobRecord) -> Brought:
    source = jobs.get_job(job.tenant_id, job.params["import"])
    if job.params["of"] == PRODUCTS.name:
        return BroughtProducts(source, job.id, beginner(job))
    return BroughtMembers(source, job.id)


def _walk(job: JobRecord, brought: Brought, now: datetime) -> None:
    """Step after step, each committed with the plan of the next, until the message's time is over or the job waits or
    has come to its end.
    """
    ends = time.monotonic() + MESSAGE_SECONDS
    while _step(job, brought, now):
        hands_over = time.monotonic() >= ends
        if hands_over:
            job.enqueue(UNDO, now)
        jobs.save(job)
        if hands_over:
            return
    jobs.save(job)


def _step(job: JobRecord, brought: Brought, now: datetime) -> bool:
    """Deals with what is planned and plans what comes next, without storing it. False where this message has nothing
    more to do.
    """
    job.status = Status.RUNNING
    job.stalls = 0
    _deal(job, brought, [Made(*each) for each in job.cursor["plan"]], now)
    if job.cursor["at"] is None:
        return _next_phase(job, now)
    found, following = brought.after(job.cursor["at"])
    plan = [[each.key, each.row] for each in found]
    job.cursor = {**job.cursor, "at": following, "plan": plan}
    return True


def _deal(job: JobRecord, brought: Brought, plan: Sequence[Made], now: datetime) -> None:
    phase = Phase(job.cursor["phase"])
    if phase is Phase.REMOVE:
        _report(job, [(each, brought.remove(each, now)) for each in plan])
        return
    judged = brought.judge(plan) if plan else {}
    if phase is Phase.JUDGE:
        _report(job, [(each, judged.get(each.key)) for each in plan])
        return
    for each in plan:
        if each.key in judged and judged[each.key] is None:
            brought.leave(each, now)


def _report(job: JobRecord, dealt: Sequence[tuple[Made, Reason | None]]) -> None:
    """Adds up what goes and what stays, and says why."""
    errors = [(made.row, reason) for made, reason in dealt if reason is not None]
    undone, stayed = job.counts["undone"], job.counts["stayed"]
    job.counts = {"undone": undone + len(dealt) - len(errors), "stayed": stayed + len(errors)}
    job.done += len(dealt)
    job.total = max(job.total, job.done)
    job.errors = (job.errors + [[row, *short(reason)] for row, reason in errors])[:ERRORS_SHOWN]
    job.errors_total += len(errors)
    if errors:
        store_errors(job.tenant_id, job.id, 0, dealt[0][0].row, errors, locale(job))


def _next_phase(job: JobRecord, now: datetime) -> bool:
    """What follows when all has been gone through. False where this message has nothing more to do."""
    if Phase(job.cursor["phase"]) is Phase.LEAVE:
        due_at = now + SETTLES_AFTER
        job.cursor = _from_the_top(Phase.REMOVE) | {"not_before": sortable(due_at)}
        job.schedule(due_at, WAITED, UNDO.queue)
        return False
    job.finish(Status.DONE, now)
    if job.errors_total:
        job.result_key = join_errors(job.tenant_id, job.id, 0, locale(job))
    return False
