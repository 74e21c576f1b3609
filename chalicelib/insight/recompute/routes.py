"""HTTP routes of recounts."""

from chalicelib.insight.recompute.service import jobs as recompute_jobs
from chalicelib.jobs.views import JobAnswer
from chalicelib.web import Answer, Call, Router, staff

routes = Router(__name__)

_CHECKS = staff("manager")


@routes.post(
    "/v1/rollups/check",
    allow=_CHECKS,
    answer=JobAnswer,
    status=202,
    tag="insight",
    summary="Recount all figures and compare them",
)
def check_rollups(call: Call[None]) -> Answer:
    """Every stored figure is counted anew from its orders, events, members and books, by other means, and compared: the
    job says how many cells were `compared`, how many are `differing`, and names the first hundred of them. What differs
    is counted again the next night; nothing is overwritten at once. It also runs by itself, once a week. While one is
    not finished, this answers with that one."""
    job = recompute_jobs.start(call.tenant_id, call.principal.label, call.now)
    return JobAnswer.of(job, call).accepted()
