"""Experiments over HTTP."""

from chalicelib.insight.experiments.errors import (
    ExperimentKeyTaken,
    ExperimentNotRunning,
    ExperimentStarted,
    HorizonPassed,
    MetricNotLogged,
    SharesDoNotSum,
    TooFewForTest,
    TooManyRunning,
)
from chalicelib.insight.experiments.forms import (
    ArmQuery,
    ExperimentChanges,
    ExperimentQuery,
    NewExperiment,
    StopQuery,
)
from chalicelib.insight.experiments.records import ExperimentRecord
from chalicelib.insight.experiments.service import keeping, results, starting
from chalicelib.insight.experiments.service.exposing import Person, arm_of
from chalicelib.insight.experiments.service.forecasting import ahead
from chalicelib.insight.experiments.views import (
    AssignedArmView,
    ExperimentPlanView,
    ExperimentResultsView,
    ExperimentView,
)
from chalicelib.insight.intake.model.robots import is_robot
from chalicelib.kernel.errors import Invalid, NotFound, Stale
from chalicelib.kernel.language import nearest
from chalicelib.rate_limits.model import Budget, LimitReached
from chalicelib.segments.errors import UnknownTag
from chalicelib.web import Answer, Call, Paged, Router, known_or_not, staff

routes = Router(__name__)

_WRITES = staff("manager", "planner")
_READS = staff("manager", "planner", "analyst")
_PLANNED = (SharesDoNotSum, HorizonPassed, TooFewForTest, UnknownTag)


@routes.post(
    "/v1/experiments", allow=_WRITES, body=NewExperiment, answer=ExperimentView, status=201, tag="insight",
    summary="Set up an experiment", errors=(*_PLANNED, ExperimentKeyTaken),
)  # fmt: skip
def create_experiment(call: Call[NewExperiment]) -> Answer:
    """A draft, which nobody sees until it is started. Its key is the brand's own, once and for all."""
    return _shown(keeping.create(call.tenant_id, call.body.key, call.body.plan(), call.principal, call.now))


@routes.get(
    "/v1/experiments", allow=_READS, query=ExperimentQuery, answer=ExperimentView, paged=True, tag="insight",
    summary="List experiments, newest first",
)  # fmt: skip
def list_experiments(call: Call[None]) -> Paged:
    page = keeping.list_all(call.tenant_id, call.query.status, call.limit, call.cursor)
    return Paged([ExperimentView.of(each) for each in page.items], page.last_key)


@routes.get(
    "/v1/experiments/{id}", allow=_READS, answer=ExperimentView, tag="insight", summary="Show an experiment",
    errors=(NotFound,),
)  # fmt: skip
def get_experiment(call: Call[None]) -> Answer:
    return _shown(keeping.get(call.tenant_id, call.path["id"]))


@routes.patch(
    "/v1/experiments/{id}", allow=_WRITES, body=ExperimentChanges, answer=ExperimentView, tag="insight",
    summary="Change an experiment that has not started", errors=(NotFound, Stale, ExperimentStarted, *_PLANNED),
)  # fmt: skip
def change_experiment(call: Call[ExperimentChanges]) -> Answer:
    changes = call.body.changes()
    return _shown(
        keeping.edit(call.tenant_id, call.path["id"], changes, call.if_match, call.principal, call.now)
    )  # fmt: skip


@routes.get(
    "/v1/experiments/{id}/plan", allow=_READS, answer=ExperimentPlanView, tag="insight", errors=(NotFound,),
    summary="Tell how many people an experiment needs, and for how many days",
)  # fmt: skip
def plan_experiment(call: Call[None]) -> ExperimentPlanView:
    plan = keeping.get(call.tenant_id, call.path["id"]).plan
    return ExperimentPlanView.of(plan, ahead(call.tenant_id, plan, call.now))


@routes.post(
    "/v1/experiments/{id}/start", allow=_WRITES, answer=ExperimentView, tag="insight", summary="Start an experiment",
    errors=(NotFound, Stale, ExperimentStarted, MetricNotLogged, TooManyRunning, *_PLANNED),
)  # fmt: skip
def start_experiment(call: Call[None]) -> Answer:
    """From now on people are assigned, and its arms, shares, metric, method and horizon stay as they are. Refused where
    its horizon is too near to find what it looks for, with the number of people that it needs."""
    return _shown(starting.start(call.tenant_id, call.path["id"], call.if_match, call.principal, call.now))


@routes.post(
    "/v1/experiments/{id}/stop", allow=_WRITES, query=StopQuery, answer=ExperimentView, tag="insight",
    summary="Stop an experiment", errors=(NotFound, ExperimentNotRunning, Invalid),
)  # fmt: skip
def stop_experiment(call: Call[None]) -> Answer:
    """Nobody is assigned or counted any more, and everybody sees the arm that is kept. A verdict that was not due is
    never given."""
    return _shown(starting.stop(call.tenant_id, call.path["id"], call.query.keep, call.principal, call.now))


@routes.get(
    "/v1/experiments/{id}/results", allow=_READS, answer=ExperimentResultsView, tag="insight",
    summary="Tell what an experiment has brought, as far as that may be told", errors=(NotFound, ExperimentNotRunning),
)  # fmt: skip
def get_experiment_results(call: Call[None]) -> ExperimentResultsView:
    found = results.results_of(call.tenant_id, call.path["id"], call.now)
    return ExperimentResultsView.of(found, nearest(call.locale))


@routes.get(
    "/v1/stores/{slug}/experiments/{key}", allow=known_or_not("manager", "analyst"), query=ArmQuery,
    answer=AssignedArmView, tag="insight", summary="Tell which variant I see, and log that I saw it",
    errors=(NotFound, Invalid, LimitReached),
)  # fmt: skip
def get_arm(call: Call[None]) -> AssignedArmView:
    """Ask where the variant is shown, and nowhere before: it is logged once that this person was exposed. The arm stays
    theirs, also when a visitor signs in."""
    return AssignedArmView.of(arm_of(call.tenant_id, call.path["key"], _person(call), call.now))


def _person(call: Call[None]) -> Person:
    who, visitor_id = call.principal, call.query.visitor_id
    if who.kind == "member":
        return Person(who.id, visitor_id, budget=Budget.of("events_a_member", call.tenant_id, who.id))
    if who.kind == "anonymous":
        robot = is_robot(call.header("user-agent") or "")
        return Person(None, visitor_id, robot, Budget.of("events_a_source", call.tenant_id, call.source))
    return Person(call.query.member_id, visitor_id)


def _shown(record: ExperimentRecord) -> Answer:
    return Answer(ExperimentView.of(record), etag=int(record.rev))
