"""Pages of experiments: those that there are, a new one, and one with what may be told of it."""

from datetime import timedelta
from typing import Any

from chalicelib.insight.experiments.errors import ExperimentNotRunning
from chalicelib.insight.experiments.forms import ExperimentQuery
from chalicelib.insight.experiments.routes import (
    change_experiment,
    create_experiment,
    get_experiment,
    get_experiment_results,
    list_experiments,
    plan_experiment,
    start_experiment,
    stop_experiment,
)
from chalicelib.insight.experiments.views import ExperimentView
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.kernel.money import Money
from chalicelib.pages.console.experiments.forms import ExperimentForm, Nothing, StopTyped
from chalicelib.pages.console.experiments.model import GUARDS, METHODS, METRICS, MOST_ARMS, SHARES, STATES
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.shell import N_, Page, Redirect, Visit, ask, ask_at, may
from chalicelib.pages.shell.typed import Reading, at_fields
from chalicelib.segments.routes import list_member_tags
from chalicelib.web import staff

pages = Console(__name__)

_READS = staff("manager", "planner", "analyst")
_WRITES = staff("manager", "planner")
_TWO_WEEKS = timedelta(days=14)
_READY = N_("The draft is ready. See how many people it needs, then start.")


@pages.page("/console/experiments", allow=_READS, query=ExperimentQuery, paged=True)
def experiments(visit: Visit[None]) -> Page:
    """All experiments, the newest first."""
    chosen = visit.query.status or ""
    query = {"status": chosen} if chosen else {}
    found = ask(visit, list_experiments, query=query, limit=visit.limit, cursor=visit.cursor)
    values = {
        "experiments": found.items,
        "following": visit.following(found.last_key),
        "states": STATES,
        "metrics": METRICS,
        "chosen": chosen,
        "choices": [(code, state.name) for code, state in STATES.items()],
        "writes": may(visit, create_experiment),
    }
    return Page("console/experiments/experiments.html", values)


@pages.page("/console/experiments/new", allow=_WRITES)
def begin(visit: Visit[Any]) -> Page:
    """What is tried, and when it ends."""
    on = local_date(visit.now, zone(visit.brand.timezone)) + _TWO_WEEKS
    return Page("console/experiments/new.html", {"usual_on": on.isoformat(), **_choices(visit)})


@pages.form("/console/experiments/new", allow=_WRITES, body=ExperimentForm, again=begin)
def create(visit: Visit[ExperimentForm]) -> Redirect:
    """Makes the draft."""
    said = visit.body.experiment(_reading(visit))
    with at_fields(visit.body.field):
        made = ask(visit, create_experiment, body={"key": visit.body.key.strip(), **said})
    return Redirect(f"/experiments/{made.id}", flash=_READY)


@pages.page("/console/experiments/{id}", allow=_READS)
def experiment(visit: Visit[Any]) -> Page:
    """One experiment: before its start what it needs, and then what may be told of it."""
    found, revision = ask_at(visit, get_experiment)
    is_draft = found.status == "draft"
    values = {
        "experiment": found,
        "revision": revision,
        "state": STATES[found.status],
        "metric": METRICS[found.metric],
        "method": METHODS[found.method],
        "is_share": found.metric in SHARES,
        "guards": GUARDS,
        "money": lambda minor: Money(round(minor), visit.brand.currency),
        "plan": ask(visit, plan_experiment) if is_draft else None,
        "results": None if is_draft else _results(visit),
        "writes": may(visit, start_experiment),
        "keepable": [(each.name, each.name) for each in found.arms],
        **(_choices(visit, found) if is_draft else {}),
    }
    return Page("console/experiments/experiment.html", values)


@pages.form("/console/experiments/{id}", allow=_WRITES, body=ExperimentForm, again=experiment)
def change(visit: Visit[ExperimentForm]) -> Redirect:
    """Changes the draft."""
    said = visit.body.experiment(_reading(visit))
    with at_fields(visit.body.field):
        ask(visit, change_experiment, body=said)
    return _back(visit, N_("The draft is changed."))


@pages.form("/console/experiments/{id}/start", allow=_WRITES, body=Nothing, again=experiment)
def start(visit: Visit[Nothing]) -> Redirect:
    """People are assigned from now on."""
    ask(visit, start_experiment)
    return _back(visit, N_("It runs. Its variants and shares stay as they are now."))


@pages.form("/console/experiments/{id}/stop", allow=_WRITES, body=StopTyped, again=experiment)
def stop(visit: Visit[StopTyped]) -> Redirect:
    """Everybody sees the variant that is kept."""
    keep = visit.body.keep.strip()
    with at_fields(lambda pointer: pointer.replace("?", "/")):
        ask(visit, stop_experiment, query={"keep": keep} if keep else {})
    return _back(visit, N_("It is stopped. Everybody sees the variant that you kept."))


def _back(visit: Visit[Any], flash: str) -> Redirect:
    return Redirect(f"/experiments/{visit.path['id']}", flash=flash)


def _results(visit: Visit[Any]) -> Any:
    try:
        return ask(visit, get_experiment_results)
    except ExperimentNotRunning:
        return None


def _reading(visit: Visit[Any]) -> Reading:
    return Reading(visit.brand.currency, zone(visit.brand.timezone))


def _choices(visit: Visit[Any], found: ExperimentView | None = None) -> dict[str, Any]:
    """What can be chosen, and the arms as they stand or are to be named."""
    tags = [(each, each) for each in ask(visit, list_member_tags).tags]
    arms = found.arms if found else []
    rows = [(each.name, _per_cent(each.share), each.tag or "") for each in arms]
    usual = [] if found else [("now", "50", ""), ("new", "50", "")]
    rows += usual
    return {
        "rows": [*rows, *[("", "", "")] * (MOST_ARMS - len(rows))],
        "tags": tags,
        "metrics": list(METRICS.items()),
        "methods": list(METHODS.items()),
        "smallest": _per_cent(found.smallest_effect) if found and found.smallest_effect else "",
    }


def _per_cent(share: str) -> str:
    """A part of 1 as per cent: ``0.125`` is ``12.5``."""
    whole, _, part = share.partition(".")
    bps = int(whole or 0) * 10_000 + int(part.ljust(4, "0"))
    return f"{bps / 100:.2f}".rstrip("0").removesuffix(".")
