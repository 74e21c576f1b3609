"""Jobs: created with the event that starts them, advanced slice by slice by whoever holds the latest revision."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.db import Page, Refused, Transaction, change
from chalicelib.jobs.model import CONTINUES, MOST_STALLS, STALLED_AFTER, UNFINISHED, JobNotFound, Status
from chalicelib.jobs.records import JobRecord
from chalicelib.kernel.ids import new_id
from chalicelib.media.service import files


def new_job(
    tenant_id: str, kind: str, by: str, now: datetime, *, status: Status, params: Mapping[str, Any]
) -> JobRecord:
    """A job that is not stored yet."""
    job_id = new_id(now)
    pk, sk = JobRecord.address(tenant_id, job_id)
    return JobRecord(
        pk,
        sk,
        kind=kind,
        status=status,
        created_at=now,
        created_by=by,
        params=dict(params),
    )


def get_job(tenant_id: str, job_id: str) -> JobRecord:
    """A job as last committed. Raises JobNotFound."""
    found = JobRecord.fetch(*JobRecord.address(tenant_id, job_id), consistent=True)
    if found is None:
        raise JobNotFound(f"There is no job '{job_id}'.", detail_zh=f"没有任务“{job_id}”。")
    return found


def list_jobs(tenant_id: str, limit: int, cursor: dict[str, Any] | None) -> Page[JobRecord]:
    """The tenant's jobs, newest first."""
    partition = JobRecord.partition_of_all(tenant_id)
    return JobRecord.page(partition, index="gsi1", limit=limit, cursor=cursor, newest_first=True)


def unfinished(tenant_id: str, job_id: str) -> JobRecord | None:
    """The job if there is work left on it: a message that comes twice, or late, finds None."""
    found = JobRecord.fetch(*JobRecord.address(tenant_id, job_id), consistent=True)
    return found if found is not None and found.status in UNFINISHED else None


def moved_on(job: JobRecord) -> bool:
    """Commits the job's next state. False when another worker has moved it on meanwhile: then this one stops.

    No ``change``: between two commits lies the work of a slice, which is not to be done again.
    """
    tx = Transaction()
    tx.replace("job", job)
    try:
        tx.commit()
    except Refused:
        return False
    return True


def store(job: JobRecord) -> JobRecord:
    """Commits a new job, and with it the event that starts it."""
    tx = Transaction()
    tx.create("job", job)
    tx.commit()
    return job


def continue_later(job: JobRecord, now: datetime) -> None:
    """Has the job's next write send the message that continues it, and the sweep ask after it much later."""
    job.emit(CONTINUES[job.kind], now, job_id=job.id)
    job.due_at = now + STALLED_AFTER


def revive(tenant_id: str, job_id: str, now: datetime) -> None:
    """Continues a job whose messages ended in a dead-letter queue; one that keeps stalling has failed."""

    def decide(job: JobRecord | None, tx: Transaction) -> None:
        if job is None or job.due_at > now:
            return
        job.stalls += 1
        if job.stalls > MOST_STALLS:
            finish(job, Status.FAILED, now, "The job makes no more progress. What it has done stays; start it again.")
        else:
            continue_later(job, now)
        tx.replace("job", job)

    change(lambda: unfinished(tenant_id, job_id), decide)


def finish(job: JobRecord, status: Status, now: datetime, detail: str | None = None) -> None:
    """Closes the job, without storing it."""
    job.status = status
    job.finished_at = now
    job.detail = detail
    if status is Status.DONE:
        job.total = job.done


def upload_url(job: JobRecord) -> str | None:
    """Where the job's file is awaited, if it is."""
    awaits = job.status == Status.AWAITING_UPLOAD
    return files.upload_url(files.csv_key(job.tenant_id, job.id)) if awaits else None


def result_url(job: JobRecord) -> str | None:
    """The complete list of row errors as a CSV, once the job is done and if there are any."""
    listed = job.status in {Status.DONE, Status.FAILED} and job.errors_total
    return files.download_url(files.errors_key(job.tenant_id, job.id)) if listed else None
