"""HTTP routes of rollups."""

from chalicelib.insight.rollups.forms import NewRollup
from chalicelib.insight.rollups.service import jobs as rollup_jobs
from chalicelib.jobs.views import JobAnswer
from chalicelib.web import Answer, Call, Router, staff

routes = Router(__name__)

_READERS = staff("manager", "analyst")


@routes.post(
    "/v1/rollups",
    allow=_READERS,
    body=NewRollup,
    answer=JobAnswer,
    status=202,
    tag="insight",
    summary="Roll up a range of days again",
)
def create_rollup(call: Call[NewRollup]) -> Answer:
    """Reads those days again and overwrites their aggregates; what is unchanged keeps its revision. A day that has not
    ended is rolled up as far as it has come and does not count as complete."""
    by = call.principal.label
    job = rollup_jobs.start_rollup(call.tenant_id, call.body.from_on, call.body.to_on, by, call.now)
    return JobAnswer.of(job, call).accepted()
