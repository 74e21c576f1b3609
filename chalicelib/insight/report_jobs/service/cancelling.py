"""A file of a report is not wanted any more."""

from datetime import datetime
from functools import partial

from chalicelib.db import Transaction, change
from chalicelib.insight.report_jobs.model import CANCELLED, ENDED, REPORT_FILE, NotToBeCancelled
from chalicelib.insight.reports.catalogue import named
from chalicelib.insight.reports.report import check_reader
from chalicelib.jobs import service as jobs
from chalicelib.jobs.model import UNFINISHED, JobNotFound, Status
from chalicelib.jobs.records import JobRecord
from chalicelib.kernel.principal import Principal
from chalicelib.tenants.service.audit import audit


def cancel(tenant_id: str, job_id: str, by: Principal, now: datetime) -> JobRecord:
    """Ends a job that writes a file; what it has written is deleted by a worker. Cancelled already, it answers the
    same. Raises JobNotFound, Forbidden as the report does, NotToBeCancelled.
    """

    def decide(job: JobRecord, tx: Transaction) -> JobRecord:
        if job.kind != REPORT_FILE.name:
            raise JobNotFound("There is no such job.", detail_zh="没有该任务。")
        check_reader(named(job.params["report"]), by)
        if job.status == Status.CANCELLED:
            return job
        if job.status not in UNFINISHED:
            message = "The job has ended, so there is nothing to be cancelled; its file is deleted by itself."
            raise NotToBeCancelled(message, detail_zh="任务已结束，无需取消；其文件会自动删除。")
        job.finish(Status.CANCELLED, now, CANCELLED.to(job.params["locale"]))
        job.emit(ENDED, now, job_id=job.id)
        tx.replace("job", job)
        audit(tx, tenant_id, by, "report_job.cancelled", f"job:{job_id}", now)
        return job

    return change(partial(jobs.get_job, tenant_id, job_id), decide)
