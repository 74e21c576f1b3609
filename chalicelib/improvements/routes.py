"""HTTP routes of improvements: the team works on them, the shop tells of them."""

from chalicelib.improvements.errors import NotDone, TooFewAnswers
from chalicelib.improvements.forms import ImprovementEdit, NewImprovement
from chalicelib.improvements.records import ImprovementRecord
from chalicelib.improvements.service import improving
from chalicelib.improvements.views import ImprovementView, PublishedImprovementView
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import NotFound, Stale
from chalicelib.kernel.local_day import local_date
from chalicelib.tenants.service.brand import get_tenant
from chalicelib.web import Answer, Call, Paged, Router, anyone, staff

routes = Router(__name__)

_TEAM = staff("manager", "planner", "service")
_READERS = staff("manager", "planner", "service", "analyst")


@routes.post(
    "/v1/improvements", allow=_TEAM, body=NewImprovement, answer=ImprovementView, status=201, tag="service",
    summary="Write down what is to become better",
)  # fmt: skip
def create_improvement(call: Call[NewImprovement]) -> Answer:
    """Its figure as it is now is kept with it."""
    body = call.body
    return _answer(improving.create_improvement(call.tenant_id, body.followed(), body.task(), call.principal, call.now))


@routes.get(
    "/v1/improvements", allow=_READERS, answer=ImprovementView, paged=True, tag="service",
    summary="List what is to become better, newest first",
)  # fmt: skip
def list_improvements(call: Call[None]) -> Paged:
    page = improving.list_improvements(call.tenant_id, call.limit, call.cursor)
    return Paged([ImprovementView.of(each) for each in page.items], page.last_key)


@routes.get(
    "/v1/improvements/{id}", allow=_READERS, answer=ImprovementView, tag="service", summary="Show an improvement",
    errors=(NotFound,),
)  # fmt: skip
def get_improvement(call: Call[None]) -> Answer:
    return _answer(improving.get_improvement(call.tenant_id, call.path["id"]))


@routes.patch(
    "/v1/improvements/{id}", allow=_TEAM, body=ImprovementEdit, answer=ImprovementView, tag="service",
    summary="Change an improvement, say what was done, publish it", errors=(NotFound, Stale, NotDone),
)  # fmt: skip
def edit_improvement(call: Call[ImprovementEdit]) -> Answer:
    return _answer(
        improving.edit_improvement(
            call.tenant_id, call.path["id"], call.body.changes(), call.if_match, call.principal, call.now
        )
    )


@routes.post(
    "/v1/improvements/{id}/measure", allow=_TEAM, answer=ImprovementView, tag="service",
    summary="Measure an improvement's figure anew", errors=(NotFound, NotDone, TooFewAnswers),
)  # fmt: skip
def measure_improvement(call: Call[None]) -> Answer:
    """Over the answers since it was done."""
    return _answer(improving.measure(call.tenant_id, call.path["id"], call.principal, call.now))


@routes.get(
    "/v1/stores/{slug}/improvements", allow=anyone(), answer=PublishedImprovementView, paged=True, tag="service",
    summary="Read what members said and what became better, the latest first",
)  # fmt: skip
def published_improvements(call: Call[None]) -> Paged:
    tz = zone(get_tenant(call.tenant_id).timezone)
    page = improving.list_published(call.tenant_id, call.limit, call.cursor)
    items = [PublishedImprovementView.of(each, local_date(each.done_at, tz)) for each in page.items if each.done_at]
    return Paged(items, page.last_key)


def _answer(record: ImprovementRecord) -> Answer:
    return Answer(ImprovementView.of(record), etag=int(record.rev))
