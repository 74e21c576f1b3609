"""Jobs over HTTP."""

from chalicelib.jobs import service as jobs
from chalicelib.jobs.model import JobNotFound
from chalicelib.jobs.views import JobView
from chalicelib.web import Call, Paged, Router, staff

routes = Router(__name__)

_READERS = staff("manager", "planner", "analyst")


@routes.get("/v1/jobs", allow=_READERS, answer=JobView, paged=True, tag="insight", summary="List jobs, newest first")
def list_jobs(call: Call[None]) -> Paged:
    """Imports, exports and rollups, those of each night among them."""
    page = jobs.list_jobs(call.tenant_id, call.limit, call.cursor)
    return Paged([JobView.of(job, call) for job in page.items], page.last_key)


@routes.get(
    "/v1/jobs/{id}",
    allow=_READERS,
    answer=JobView,
    tag="insight",
    summary="See how far a job is",
    errors=(JobNotFound,),
)
def read_job(call: Call[None]) -> JobView:
    """Progress, row errors, and where the complete list of them, or the file that was made, is."""
    return JobView.of(jobs.get_job(call.tenant_id, call.path["id"]), call)
