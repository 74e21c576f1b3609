"""Imports: a file is checked, counted and kept; a job then works through it in the background."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import chain

from chalicelib.db import Transaction, change
from chalicelib.insight.activity.model import columns, member_rows
from chalicelib.insight.activity.model import csv as csvrows
from chalicelib.insight.activity.model.columns import BadHeader
from chalicelib.insight.activity.model.dialect import look
from chalicelib.insight.imports.errors import FileTooLarge, NotUploaded, NotYetAvailable
from chalicelib.insight.imports.model import MEMBERS, NEVER_STARTED, ORDERS
from chalicelib.insight.imports.service.files import csv_key, store_csv
from chalicelib.jobs import service as jobs
from chalicelib.jobs.model import MOST_UPLOAD_BYTES, Kind, Status
from chalicelib.jobs.records import JobRecord
from chalicelib.kernel.clock import sortable
from chalicelib.kernel.counting import counted
from chalicelib.kernel.principal import Principal
from chalicelib.media.service import files
from chalicelib.tenants.service.audit import audit
from chalicelib.tenants.service.brand import get_tenant

MOST_INLINE_BYTES = 5 * 1024 * 1024


_KINDS = {kind.name: kind for kind in (ORDERS, MEMBERS)}

_WORKBOOK = b"PK\x03\x04"
"""The first bytes of every workbook, which is an archive."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What a first look at a file gives: its columns, where its rows begin, about how many there are, how it is
    written, and in which zone its wall-clock times are, where it says so.
    """

    columns: tuple[str, ...]
    offset: int
    number: int
    total: int
    dialect: csvrows.Dialect
    zone: str | None


def start_import(
    tenant_id: str, kind: str, csv: str | None, by: Principal, now: datetime, locale: str = "en"
) -> JobRecord:
    """A job for a file. With the CSV it is under way at once; without, it awaits the file at its upload URL.

    Raises NotYetAvailable, FileTooLarge, or BadHeader when the first row is not that of such a file.
    """
    asked = _KINDS.get(kind)
    if asked is None:
        raise NotYetAvailable.at(
            "/kind",
            f"There is no import of {kind} yet, only of orders and members.",
            f"暂不支持导入 {kind}，目前支持 orders 与 members。",
        )
    if csv is None:
        job = jobs.new_job(tenant_id, asked, by.label, now, status=Status.AWAITING_UPLOAD, params={"locale": locale})
        job.await_upload(asked, csv_key(tenant_id, job.id), now)
        return jobs.store(job, _audited(Transaction(), job, "import.announced", by, now))
    content = csv.encode()
    _check_size("/csv", len(content), MOST_INLINE_BYTES)
    found = survey([content], asked)
    job = jobs.new_job(tenant_id, asked, by.label, now, status=Status.QUEUED, params={"locale": locale})
    store_csv(tenant_id, job.id, content)
    _set_out(job, asked, found, now)
    return jobs.store(job, _audited(Transaction(), job, "import.started", by, now))


def start_uploaded(tenant_id: str, job_id: str, by: Principal, now: datetime) -> JobRecord:
    """Sets out on an uploaded file; a job that is already under way is answered as it is.

    Raises JobNotFound, NotUploaded, FileTooLarge or BadHeader.
    """
    key = csv_key(tenant_id, job_id)

    def decide(job: JobRecord, tx: Transaction) -> JobRecord:
        if job.status != Status.AWAITING_UPLOAD:
            return job
        described = files.describe(key)
        if described is None:
            raise NotUploaded(
                "Upload the file by the form that you were given first, then start the job.",
                detail_zh="请先用所给的表单上传文件，再启动任务。",
            )
        size, etag = described
        _check_size("/file", size, MOST_UPLOAD_BYTES)
        job.params, job.status = {**job.params, "etag": etag}, Status.QUEUED
        kind = _KINDS[job.kind]
        _set_out(job, kind, survey(files.chunks(key, etag=etag), kind), now)
        tx.replace("job", job)
        _audited(tx, job, "import.started", by, now)
        return job

    return change(lambda: jobs.get_job(tenant_id, job_id), decide)


def give_up(tenant_id: str, job_id: str, now: datetime) -> None:
    """Ends an import that nobody started; what was uploaded for it lasts no longer than other files of imports."""

    def decide(job: JobRecord, tx: Transaction) -> None:
        if job.status != Status.AWAITING_UPLOAD or job.due_at > now:
            return
        job.finish(Status.FAILED, now, NEVER_STARTED[job.params.get("locale", "en")])
        tx.replace("job", job)

    change(lambda: jobs.get_job(tenant_id, job_id), decide)


def survey(chunks: Iterable[bytes], kind: Kind = ORDERS) -> Survey:
    """Reads a file once: its header must be right, its lines are counted. Raises BadHeader."""
    source = iter(chunks)
    first = next(source, b"")
    if first.startswith(_WORKBOOK):
        message = "This is a workbook. Save it as CSV UTF-8 and send that."
        raise BadHeader.at("/csv", message, "这是 Excel 工作簿，请另存为“CSV UTF-8”后再上传。")
    seen = look(chain([first], source), member_rows.known if kind == MEMBERS else columns.known)
    if kind == MEMBERS:
        names, tz = member_rows.read_header(seen.header), None
    else:
        found = columns.read_header(seen.header)
        names, tz = found.names, found.tz.key if found.tz else None
    return Survey(names, seen.header.end, seen.header.number, seen.total, seen.dialect, tz)


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
    }
    job.cursor = {"offset": found.offset, "row": found.number}
    job.total = found.total
    job.enqueue(kind, now)


def _check_size(pointer: str, size: int, most: int) -> None:
    if size > most:
        raise FileTooLarge.at(
            pointer,
            f"The file has {counted(size, 'byte')}; the most that is taken here is {most:,}.",
            f"文件有 {size} 字节，此处最多 {most} 字节。",
        )
