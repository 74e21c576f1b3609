"""Imports: a file is checked, counted and kept; a job then works through it in the background."""

from dataclasses import asdict, replace
from datetime import datetime

from chalicelib.db import Transaction, change
from chalicelib.insight.imports.errors import AlreadyStarted, FileTooLarge
from chalicelib.insight.imports.model.kinds import (
    COMPETITOR_PRICES,
    MEMBERS,
    MOST_TRIED_ROWS,
    NEVER_STARTED,
    ORDERS,
    PRODUCTS,
)
from chalicelib.insight.imports.model.mapping import AS_IT_SAYS, Asked
from chalicelib.insight.imports.service.files import csv_key, store_csv
from chalicelib.insight.imports.service.looking import (
    Preview,
    Survey,
    arrived,
    check_size,
    preview,
    replaced,
    survey,
    survey_as,
)
from chalicelib.jobs import service as jobs
from chalicelib.jobs.model import STARTABLE, Kind, Status
from chalicelib.jobs.records import JobRecord
from chalicelib.kernel.clock import sortable
from chalicelib.kernel.principal import Principal
from chalicelib.media.service import files
from chalicelib.members.enrolment.service import ordinals_given
from chalicelib.tenants.service.audit import audit
from chalicelib.tenants.service.brand import get_tenant

MOST_INLINE_BYTES = 5 * 1024 * 1024

_KINDS = {kind.name: kind for kind in (ORDERS, MEMBERS, PRODUCTS, COMPETITOR_PRICES)}


def start_import(
    tenant_id: str, kind: str, csv: str | None, by: Principal, now: datetime, locale: str = "en"
) -> JobRecord:
    """A job for a file. With the CSV it is under way at once; without, it awaits the file at its upload URL.

    Raises FileTooLarge, or BadHeader when no row near the top is that of such a file.
    """
    asked = _KINDS[kind]
    if csv is None:
        job = jobs.new_job(tenant_id, asked, by.label, now, status=Status.AWAITING_UPLOAD, params={"locale": locale})
        job.await_upload(asked, csv_key(tenant_id, job.id), now)
        return jobs.store(job, _audited(Transaction(), job, "import.announced", by, now))
    content = csv.encode()
    check_size("/csv", len(content), MOST_INLINE_BYTES)
    found = survey([content], asked)
    params = {"locale": locale, "by": {"kind": by.kind, "id": by.id, "name": by.name}}
    job = jobs.new_job(tenant_id, asked, by.label, now, status=Status.QUEUED, params=params)
    store_csv(tenant_id, job.id, content)
    _set_out(job, asked, found, now)
    return jobs.store(job, _audited(Transaction(), job, "import.started", by, now))


def look_at(tenant_id: str, job_id: str, header_row: int | None = None) -> tuple[str, Preview]:
    """The kind and the file of an import that awaits its start, as it was sent; the columns have their titles in
    ``header_row``, where the guess is wrong. What was chosen for a trial of the same file is shown again.

    Raises JobNotFound, NotUploaded, FileTooLarge, BadWorkbook, BadHeader, and AlreadyStarted.
    """
    job = jobs.get_job(tenant_id, job_id)
    if job.status not in STARTABLE:
        raise AlreadyStarted(
            "The columns of a file can be looked at before it is imported. Begin a new import.",
            detail_zh="文件各列只能在导入前查看，请新建导入。",
        )
    kind, etag = _KINDS[job.kind], arrived(tenant_id, job_id)
    tried = _tried(job, etag)
    if tried is None or header_row not in (None, tried.header_row):
        return job.kind, preview(job, kind, etag, header_row)
    found = preview(job, kind, etag, tried.header_row)
    chosen = (*(tried.columns or ()), *[""] * len(found.titles))[: len(found.titles)]
    return job.kind, replace(found, guess=chosen)


def start_uploaded(
    tenant_id: str, job_id: str, by: Principal, now: datetime, asked: Asked = AS_IT_SAYS, *, dry_run: bool = False
) -> JobRecord:
    """Sets out on an uploaded file; a job that is already under way is answered as it is. A file that was tried out is
    read as it was then, unless it is ``asked`` otherwise; a ``dry_run`` writes nothing, and the job can be started
    after it.

    Raises JobNotFound, NotUploaded, FileTooLarge, BadWorkbook or BadHeader.
    """

    def decide(job: JobRecord, tx: Transaction) -> JobRecord:
        if job.status not in STARTABLE:
            return job
        etag = arrived(tenant_id, job_id)
        try:
            found = _surveyed(job, etag, asked)
        except files.FileChanged as changed:
            raise replaced() from changed
        if dry_run:
            _check_rows(found.total)
        job.params = {**job.params, "etag": etag, "dry": dry_run, "run": job.params.get("run", 0) + 1}
        job.params["by"] = {"kind": by.kind, "id": by.id, "name": by.name}
        job.status = Status.QUEUED
        job.done, job.counts, job.errors, job.errors_total, job.result_key = 0, {}, [], 0, None
        job.finished_at = None
        _set_out(job, _KINDS[job.kind], found, now)
        tx.replace("job", job)
        if not dry_run:
            _audited(tx, job, "import.started", by, now)
        return job

    return change(lambda: jobs.get_job(tenant_id, job_id), decide)


def _surveyed(job: JobRecord, etag: str, asked: Asked) -> Survey:
    """A first look at the job's file, as it is to be read."""
    kind, chunks = _KINDS[job.kind], files.chunks(csv_key(job.tenant_id, job.id), etag=etag)
    read = (_tried(job, etag) if asked == AS_IT_SAYS else None) or asked
    if read.columns is None:
        return survey(chunks, kind, read.header_row)
    return survey_as(chunks, kind, read.columns, read.header_row)


def _tried(job: JobRecord, etag: str) -> Asked | None:
    """How the very same file was read when it was tried out before."""
    if job.status != Status.CHECKED or job.params.get("etag") != etag:
        return None
    return Asked(tuple(job.params["columns"]), int(job.params["begins"]["row"]))


def _check_rows(total: int) -> None:
    if total > MOST_TRIED_ROWS:
        raise FileTooLarge.at(
            "/dry_run",
            f"The file has about {total:,} rows; up to {MOST_TRIED_ROWS:,} can be tried out. Divide the file, or start "
            "the import.",
            f"文件约有 {total} 行，试运行最多 {MOST_TRIED_ROWS} 行，请拆分文件或直接开始导入。",
        )


def give_up(tenant_id: str, job_id: str, now: datetime) -> None:
    """Ends an import that nobody started; what was uploaded for it lasts no longer than other files of imports."""

    def decide(job: JobRecord, tx: Transaction) -> None:
        if job.status not in STARTABLE or job.due_at > now:
            return
        job.finish(Status.FAILED, now, NEVER_STARTED[job.params.get("locale", "en")])
        tx.replace("job", job)

    change(lambda: jobs.get_job(tenant_id, job_id), decide)


def _audited(tx: Transaction, job: JobRecord, action: str, by: Principal, now: datetime) -> Transaction:
    audit(tx, job.tenant_id, by, action, f"job:{job.id}", now, {"kind": job.kind, "rows": int(job.total)})
    return tx


def _set_out(job: JobRecord, kind: Kind, found: Survey, now: datetime) -> None:
    job.params = {
        **job.params,
        "columns": list(found.columns),
        "dialect": asdict(found.dialect),
        "zone": found.zone,
        "currency": get_tenant(job.tenant_id).currency,
        "started_at": sortable(now),
        "begins": {"offset": found.offset, "row": found.number},
    }
    if kind == MEMBERS:
        job.params["first_ordinal"] = ordinals_given(job.tenant_id)
    job.cursor = job.params["begins"]
    job.total = found.total
    job.enqueue(kind, now)
