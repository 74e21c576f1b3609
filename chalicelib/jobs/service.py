"""Jobs: created with the event that starts them, advanced slice by slice by whoever holds the latest revision."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from chalicelib.db import Page, Refused, Transaction, change, fetch_many
from chalicelib.jobs.model import MOST_STALLS, MOST_UPLOAD_BYTES, STARTABLE, UNFINISHED, JobNotFound, Kind, Status
from chalicelib.jobs.records import JobRecord
from chalicelib.kernel.ids import new_id
from chalicelib.media.service import files


def new_job(
    tenant_id: str, kind: Kind, by: str, now: datetime, *, status: Status, params: Mapping[str, Any]
) -> JobRecord:
    """A job that is not stored yet."""
    return JobRecord(
        *JobRecord.address(tenant_id, new_id(now)),
        kind=kind.name, status=status, created_at=now, created_by=by, params=dict(params),
    )  # fmt: skip


def get_job(tenant_id: str, job_id: str) -> JobRecord:
    """A job as last committed. Raises JobNotFound."""
    found = JobRecord.fetch(*JobRecord.address(tenant_id, job_id), consistent=True)
    if found is None:
        raise JobNotFound("There is no such job.", detail_zh="没有该任务。")
    return found


def get_jobs(tenant_id: str, job_ids: Sequence[str]) -> dict[str, JobRecord]:
    """Those of these jobs that there are, by id, read together."""
    found = fetch_many([(JobRecord, *JobRecord.address(tenant_id, each)) for each in job_ids]) if job_ids else []
    return {job.id: job for job in found if job is not None}


def list_jobs(tenant_id: str, limit: int, cursor: dict[str, Any] | None) -> Page[JobRecord]:
    """The tenant's jobs, newest first."""
    partition = JobRecord.partition_of_all(tenant_id)
    return JobRecord.page(partition, index="gsi1", limit=limit, cursor=cursor, newest_first=True)


def unfinished(tenant_id: str, job_id: str) -> JobRecord | None:
    """The job if there is work left on it: a message that comes twice, or late, finds None."""
    found = JobRecord.fetch(*JobRecord.address(tenant_id, job_id), consistent=True)
    return found if found is not None and found.status in UNFINISHED else None


class Overtaken(Exception):
    """Another worker has moved the job on meanwhile: this one stops."""


def save(job: JobRecord, following: JobRecord | None = None) -> None:
    """Commits the job's next state, and with it a new job that is to follow. Raises Overtaken where that is not the
    job's state any more.
    """
    tx = Transaction()
    tx.replace("job", job)
    if following is not None:
        tx.create("following", following)
    try:
        tx.commit()
    except Refused as refused:
        raise Overtaken(job.id) from refused


def store(job: JobRecord, tx: Transaction | None = None) -> JobRecord:
    """Commits a new job, and with it the message that starts it and what else is in the transaction."""
    tx = tx or Transaction()
    tx.create("job", job)
    tx.commit()
    return job


def revive(kinds: Iterable[Kind], tenant_id: str, job_id: str, now: datetime) -> None:
    """Continues a job of one of these kinds whose messages ended in a dead-letter queue; one that keeps stalling has
    failed. A job of another kind on the same queue is left to whoever works on that.
    """
    by_name = {kind.name: kind for kind in kinds}

    def decide(job: JobRecord | None, tx: Transaction) -> None:
        if job is None or job.due_at > now or job.kind not in by_name:
            return
        job.stalls += 1
        if job.stalls > MOST_STALLS:
            job.finish(Status.FAILED, now, _STALLED[job.params.get("locale", "en")])
            if ended := by_name[job.kind].ended:
                job.emit(ended, now, job_id=job.id)
        else:
            job.enqueue(by_name[job.kind], now)
        tx.replace("job", job)

    change(lambda: unfinished(tenant_id, job_id), decide)


_STALLED = {
    "en": "The job makes no more progress. What it has done stays; start it again.",
    "zh": "任务已停止进展，已完成的部分保留，请重新发起。",
}


def upload_form(job: JobRecord) -> files.Form | None:
    """The form that the job's file is awaited by, if it is."""
    if job.status not in STARTABLE or not job.upload_key:
        return None
    return files.upload_form(job.upload_key, "text/csv", 1, MOST_UPLOAD_BYTES, files.URL_SECONDS)


def result_url(job: JobRecord, now: datetime) -> str | None:
    """What the job has made, once it is done and as long as it is there: of an import the complete list of row errors
    as a CSV, if there are any; of an export its file.
    """
    gone_at = result_expires_at(job)
    return files.download_url(str(job.result_key)) if gone_at is not None and now < gone_at else None


def result_expires_at(job: JobRecord) -> datetime | None:
    """Until when what the job has made is kept. None where it has made nothing."""
    return job.finished_at + files.KEPT if job.result_key and job.finished_at is not None else None
