"""Imports: a file is checked, counted and kept; a job then works through it in the background."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from chalicelib.db import Transaction, change
from chalicelib.insight.activity.model import csv as csvrows
from chalicelib.insight.activity.model import rows
from chalicelib.insight.imports.errors import FileTooLarge, NotUploaded, NotYetAvailable
from chalicelib.insight.imports.model import MEMBERS, ORDERS
from chalicelib.insight.imports.service import member_files
from chalicelib.insight.imports.service.files import csv_key, store_csv
from chalicelib.jobs import service as jobs
from chalicelib.jobs.model import Status
from chalicelib.jobs.records import JobRecord
from chalicelib.kernel.clock import sortable
from chalicelib.media.service import files

MOST_INLINE_BYTES = 5 * 1024 * 1024
MOST_UPLOAD_BYTES = 50 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Survey:
    """What a first look at a file gives: its columns, where its rows begin, and about how many there are."""

    columns: tuple[str, ...]
    offset: int
    total: int


def start_import(tenant_id: str, kind: str, csv: str | None, by: str, now: datetime) -> JobRecord:
    """A job for a file. With the CSV it is under way at once; without, it awaits the file at its upload URL.

    Raises NotYetAvailable, FileTooLarge, or BadHeader when the first row is not that of such a file.
    """
    if kind == MEMBERS.name and csv is not None:
        _check_size("/csv", len(csv.encode()), MOST_INLINE_BYTES)
        return member_files.start(tenant_id, csv.encode(), by, now)
    if kind == MEMBERS.name:
        raise NotYetAvailable.at("/csv", "Send a file of members inline.", "会员文件请在 csv 字段中直接提交。")
    if kind != ORDERS.name:
        raise NotYetAvailable.at(
            "/kind",
            f"Imports of {kind} are not available yet; 'orders' and 'members' are.",
            f"暂不支持导入 {kind}，目前支持 orders 与 members。",
        )
    if csv is None:
        job = jobs.new_job(tenant_id, ORDERS, by, now, status=Status.AWAITING_UPLOAD, params={})
        job.upload_key = csv_key(tenant_id, job.id)
        return jobs.store(job)
    content = csv.encode()
    _check_size("/csv", len(content), MOST_INLINE_BYTES)
    found = survey([content])
    job = jobs.new_job(tenant_id, ORDERS, by, now, status=Status.QUEUED, params={})
    store_csv(tenant_id, job.id, content)
    _set_out(job, found, now)
    return jobs.store(job)


def start_uploaded(tenant_id: str, job_id: str, now: datetime) -> JobRecord:
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
                "PUT the file to the upload_url first, then start the job.",
                detail_zh="请先将文件 PUT 到 upload_url，再启动任务。",
            )
        size, etag = described
        _check_size("/file", size, MOST_UPLOAD_BYTES)
        job.params, job.status = {"etag": etag}, Status.QUEUED
        _set_out(job, survey(files.chunks(key, etag=etag)), now)
        tx.replace("job", job)
        return job

    return change(lambda: jobs.get_job(tenant_id, job_id), decide)


def survey(chunks: Iterable[bytes]) -> Survey:
    """Reads a file once: its header must be right, its lines are counted. Raises BadHeader."""
    lines = csvrows.physical_lines(chunks)
    header, length = next(lines, (b"", 0))
    columns = rows.read_header(header)
    return Survey(columns, length, sum(1 for line, _ in lines if line.strip()))


def _set_out(job: JobRecord, found: Survey, now: datetime) -> None:
    job.params = {**job.params, "columns": list(found.columns), "started_at": sortable(now)}
    job.cursor = {"offset": found.offset, "row": 1}
    job.total = found.total
    job.enqueue(ORDERS, now)


def _check_size(pointer: str, size: int, most: int) -> None:
    if size > most:
        raise FileTooLarge.at(
            pointer,
            f"The file has {size} bytes; at most {most} are taken here.",
            f"文件有 {size} 字节，此处最多 {most} 字节。",
        )
