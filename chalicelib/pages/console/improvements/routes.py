"""Pages of improvements: the list, a new one, and one with its figures before and after."""

from functools import partial
from typing import Any

from chalicelib.improvements.routes import (
    create_improvement,
    edit_improvement,
    get_improvement,
    list_improvements,
    measure_improvement,
)
from chalicelib.pages.console.improvements import views
from chalicelib.pages.console.improvements.forms import About, EditPage, ImprovementPage, Nothing
from chalicelib.pages.console.people import people
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.shell import N_, Page, Redirect, Visit, ask, ask_at, may
from chalicelib.surveys.model.questions import said_in
from chalicelib.surveys.routes.team import get_survey, list_surveys
from chalicelib.web import staff

pages = Console(__name__)

_TEAM = staff("manager", "planner", "service")
_READERS = staff("manager", "planner", "service", "analyst")


@pages.page("/console/improvements", allow=_READERS, paged=True)
def improvements(visit: Visit[Any]) -> Page:
    """All of them, the newest first."""
    found = ask(visit, list_improvements, limit=visit.limit, cursor=visit.cursor)
    values = {
        "improvements": found.items,
        "people": people(visit),
        "states": views.STATES,
        "writes": may(visit, create_improvement),
        "following": visit.following(found.last_key),
    }
    return Page("console/improvements/list.html", values)


@pages.page("/console/improvements/new", allow=_TEAM, query=About)
def new(visit: Visit[Any]) -> Page:
    """Which survey it is about, and then the form."""
    chosen = (visit.query.survey if visit.query else None) or visit.fields.get("survey_id")
    survey = ask(visit, get_survey, path={"id": chosen}) if chosen else None
    values = {
        "surveys": [] if survey else ask(visit, list_surveys, limit=100).items,
        "survey": survey,
        "follows": views.followed(survey, visit.language) if survey else [],
        "people": people(visit),
        "said": partial(said_in, visit.language),
    }
    return Page("console/improvements/new.html", values)


@pages.form("/console/improvements", allow=_TEAM, body=ImprovementPage, again=new)
def create(visit: Visit[ImprovementPage]) -> Redirect:
    """Writes it down."""
    made = ask(visit, create_improvement, body=visit.body.asked())
    return Redirect(f"/improvements/{made.id}", flash=N_("It is written down, with the figure as it is now."))


@pages.page("/console/improvements/{id}", allow=_READERS)
def improvement(visit: Visit[Any]) -> Page:
    """One with its figures, and what can be done."""
    found, revision = ask_at(visit, get_improvement)
    survey = ask(visit, get_survey, path={"id": found.survey_id})
    values = {
        "it": found,
        "revision": revision,
        "survey": survey,
        "follows": dict(views.followed(survey, visit.language)),
        "key": f"{found.question_id}:{found.option}" if found.option else found.question_id,
        "people": people(visit),
        "states": views.STATES,
        "figure": views.figure,
        "writes": may(visit, edit_improvement),
        "said": partial(said_in, visit.language),
    }
    return Page("console/improvements/improvement.html", values)


@pages.form("/console/improvements/{id}", allow=_TEAM, body=EditPage, again=improvement)
def edit(visit: Visit[EditPage]) -> Redirect:
    """Keeps what was changed, done or published."""
    ask(visit, edit_improvement, body=visit.body.asked())
    return Redirect(f"/improvements/{visit.path['id']}", flash=N_("It is kept."))


@pages.form("/console/improvements/{id}/measure", allow=_TEAM, body=Nothing, again=improvement)
def measure(visit: Visit[Nothing]) -> Redirect:
    """Measures it anew."""
    ask(visit, measure_improvement)
    return Redirect(f"/improvements/{visit.path['id']}", flash=N_("It is measured anew, over the answers since."))
