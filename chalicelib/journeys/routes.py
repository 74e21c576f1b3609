"""HTTP routes of journeys."""

from chalicelib.coupons.errors import TermsRefused
from chalicelib.journeys.errors import JourneyEnded, JourneyRefused, NothingToPublish, NotPublished, TooManyJourneys
from chalicelib.journeys.forms import (
    JourneyChanges,
    JourneyQuery,
    JourneyVersionQuery,
    NewJourney,
    ReadyMadeForm,
    WayQuery,
)
from chalicelib.journeys.records import JourneyRecord
from chalicelib.journeys.service import editing, publishing, reading, ready_making, results
from chalicelib.journeys.views import JourneySummary, JourneyView, ResultsView, WayView
from chalicelib.kernel.errors import NotFound, Stale
from chalicelib.members.service.members import get_members
from chalicelib.tenants.service.brand import get_tenant
from chalicelib.web import Answer, Call, Paged, Router, staff

routes = Router(__name__)

_PLANS = staff("manager", "planner")
_LOOKS = staff("manager", "editor", "planner", "service", "analyst")
_TURNS = (NotFound, Stale, JourneyEnded, NotPublished)


@routes.post(
    "/v1/journeys", allow=_PLANS, body=NewJourney, answer=JourneyView, status=201, tag="journeys",
    errors=(JourneyRefused,), summary="Write a journey as a draft",
)  # fmt: skip
def create_journey(call: Call[NewJourney]) -> Answer:
    """Nobody enters before it is published."""
    made = editing.create(call.tenant_id, call.body.title, call.body.definition(), call.principal, call.now)
    return _answer(made)


@routes.post(
    "/v1/journeys/ready-made", allow=_PLANS, body=ReadyMadeForm, answer=JourneyView, status=201, tag="journeys",
    errors=(TermsRefused,), summary="Make a draft of a ready-made journey",
)  # fmt: skip
def make_ready_made(call: Call[ReadyMadeForm]) -> Answer:
    """With words in both languages, and with a batch of coupons where it gives some: they are given once it is
    published."""
    body = call.body
    locale = call.language_named or get_tenant(call.tenant_id).locale
    made = ready_making.make(
        call.tenant_id, body.name, locale, body.percent_bps, body.valid_days, body.control_bps, body.quiet_days,
        call.principal, call.now,
    )  # fmt: skip
    return _answer(made)


@routes.get(
    "/v1/journeys", allow=_LOOKS, query=JourneyQuery, answer=JourneySummary, paged=True, tag="journeys",
    summary="List journeys, newest first",
)  # fmt: skip
def list_journeys(call: Call[None]) -> Paged:
    status = call.query.status
    page = reading.list_journeys(call.tenant_id, status.value if status else None, call.limit, call.cursor)
    return Paged([JourneySummary.of(each) for each in page.items], page.last_key)


@routes.get(
    "/v1/journeys/{id}", allow=_LOOKS, answer=JourneyView, tag="journeys", errors=(NotFound,), summary="Show a journey"
)
def read_journey(call: Call[None]) -> Answer:
    """Its draft, or what is published where there is none."""
    return _answer(reading.get_journey(call.tenant_id, call.path["id"]))


@routes.patch(
    "/v1/journeys/{id}", allow=_PLANS, body=JourneyChanges, answer=JourneyView, tag="journeys",
    errors=(NotFound, Stale, JourneyEnded, JourneyRefused), summary="Change a journey's draft",
)  # fmt: skip
def edit_journey(call: Call[JourneyChanges]) -> Answer:
    """Of a journey that is published this begins the next version; who is inside goes on in theirs."""
    body = call.body
    changed = editing.edit(
        call.tenant_id, call.path["id"], body.new_title, body.change(), call.if_match, call.principal, call.now
    )
    return _answer(changed)


@routes.post(
    "/v1/journeys/{id}/publish", allow=_PLANS, answer=JourneyView, tag="journeys",
    errors=(NotFound, Stale, JourneyEnded, JourneyRefused, NothingToPublish, TooManyJourneys),
    summary="Publish a journey's draft",
)  # fmt: skip
def publish_journey(call: Call[None]) -> Answer:
    """Whoever enters from now on goes through this version."""
    return _answer(publishing.publish(call.tenant_id, call.path["id"], call.if_match, call.principal, call.now))


@routes.post(
    "/v1/journeys/{id}/pause", allow=_PLANS, answer=JourneyView, tag="journeys", errors=_TURNS,
    summary="Hold a journey",
)  # fmt: skip
def pause_journey(call: Call[None]) -> Answer:
    """Nobody enters, and who is inside waits, until it is resumed. Where all were entering, the rest do so then."""
    return _answer(publishing.pause(call.tenant_id, call.path["id"], call.if_match, call.principal, call.now))


@routes.post(
    "/v1/journeys/{id}/resume", allow=_PLANS, answer=JourneyView, tag="journeys",
    errors=(*_TURNS, JourneyRefused, TooManyJourneys),
    summary="Let a journey go on where it was held",
)  # fmt: skip
def resume_journey(call: Call[None]) -> Answer:
    return _answer(publishing.resume(call.tenant_id, call.path["id"], call.if_match, call.principal, call.now))


@routes.post(
    "/v1/journeys/{id}/end", allow=_PLANS, answer=JourneyView, tag="journeys", errors=_TURNS,
    summary="End a journey for good",
)  # fmt: skip
def end_journey(call: Call[None]) -> Answer:
    """Nobody enters, and who is inside goes no further. What members were given stays theirs."""
    return _answer(publishing.end(call.tenant_id, call.path["id"], call.if_match, call.principal, call.now))


@routes.get(
    "/v1/journeys/{id}/results", allow=_LOOKS, query=JourneyVersionQuery, answer=ResultsView, tag="journeys",
    errors=(NotFound,), summary="Show what a journey brings",
)  # fmt: skip
def read_results(call: Call[None]) -> Answer:
    """By step, and by arm: those it is for, and those who were left alone. The verdict comes once it is due."""
    journey = reading.get_journey(call.tenant_id, call.path["id"])
    return Answer(ResultsView.of(results.results_of(call.tenant_id, journey, call.query.version, call.now)))


@routes.get(
    "/v1/journeys/{id}/members", allow=_LOOKS, query=WayQuery, answer=WayView, paged=True, tag="journeys",
    errors=(NotFound,), summary="List the members of a journey, the latest first",
)  # fmt: skip
def list_journey_members(call: Call[None]) -> Paged:
    """Where each is, and what each step came to for them."""
    state, arm = call.query.state, call.query.arm
    page = results.list_ways(
        call.tenant_id, call.path["id"], state.value if state else None, arm.value if arm else None, call.limit,
        call.cursor,
    )  # fmt: skip
    members = {each.id: each for each in get_members(call.tenant_id, {each.member_id for each in page.items})}
    return Paged([WayView.of(each, members.get(each.member_id)) for each in page.items], page.last_key)


def _answer(record: JourneyRecord) -> Answer:
    return Answer(JourneyView.of(record), etag=int(record.rev))
