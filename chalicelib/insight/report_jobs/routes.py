"""HTTP routes of files of reports."""

from chalicelib.insight.report_jobs.forms import NewReportJob
from chalicelib.insight.report_jobs.model import NotToBeCancelled
from chalicelib.insight.report_jobs.service import cancelling, starting
from chalicelib.insight.reports.catalogue import UnknownReport
from chalicelib.jobs.model import JobNotFound
from chalicelib.jobs.views import JobAnswer, JobView
from chalicelib.kernel.errors import NotFound
from chalicelib.web import Answer, Call, Router, staff

routes = Router(__name__)

_READERS = staff("manager", "planner", "analyst")


@routes.post(
    "/v1/report-jobs", allow=_READERS, body=NewReportJob, answer=JobAnswer, status=202, tag="insight",
    errors=(NotFound, UnknownReport), summary="Write a report into a file, in the background",
)  # fmt: skip
def start_report_job(call: Call[NewReportJob]) -> Answer:
    """For who may read the report. The file has all rows, also of a list of members, and all of one revision: where the
    figures change while it is written, it is begun anew (`begun_anew`). It says its revision, until when its figures
    are, and whether they are complete. More than 200,000 rows are refused by name. The job's `result_url` leads to it,
    for a week."""
    body = call.body
    job = starting.start(call.tenant_id, body.name, body.parameters, body.format, call.locale, call.principal, call.now)
    return JobAnswer.of(job, call).accepted()


@routes.post(
    "/v1/report-jobs/{id}/cancel", allow=_READERS, answer=JobView, tag="insight",
    errors=(JobNotFound, NotToBeCancelled), summary="Cancel the writing of a report's file",
)  # fmt: skip
def cancel_report_job(call: Call[None]) -> JobView:
    """It leaves no file."""
    return JobView.of(cancelling.cancel(call.tenant_id, call.path["id"], call.principal, call.now), call)
