"""Pages of surveys: the list, one with its figures, its answers, and the form by which it is written."""

from functools import partial
from typing import Any

from chalicelib.kernel.errors import DomainError
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.console.said import SURVEY
from chalicelib.pages.console.surveys import views
from chalicelib.pages.console.surveys.forms import Places, StatusPage, SurveyPage
from chalicelib.pages.shell import N_, Page, Redirect, Visit, ask, ask_at, may
from chalicelib.surveys.model.questions import said_in
from chalicelib.surveys.routes import (
    create_survey,
    edit_survey,
    get_survey,
    list_invitations,
    list_surveys,
    survey_results,
)
from chalicelib.web import staff

pages = Console(__name__)

_AUTHORS = staff("manager", "planner", "service")
_READERS = staff("manager", "planner", "service", "analyst")


@pages.page("/console/surveys", allow=_READERS, paged=True)
def surveys(visit: Visit[None]) -> Page:
    """All of them, the newest first: of the active ones that is the one that is sent."""
    found = ask(visit, list_surveys, limit=visit.limit, cursor=visit.cursor)
    active = [each.id for each in found.items if each.status == "active"]
    values = {
        "surveys": found.items,
        "sent": active[0] if active and visit.cursor is None else "",
        "states": SURVEY,
        "said": partial(said_in, visit.language),
        "writes": may(visit, create_survey),
        "following": visit.following(found.last_key),
    }
    return Page("console/surveys/list.html", values)


@pages.page("/console/surveys/new", allow=_AUTHORS, query=Places)
def new(visit: Visit[Any]) -> Page:
    """The form of a new one."""
    values = {
        "survey": None,
        "revision": None,
        "places": views.places((), visit.query.places if visit.query else None, visit.fields),
        "kinds": views.KINDS,
    }
    return Page("console/surveys/form.html", values)


@pages.form("/console/surveys", allow=_AUTHORS, body=SurveyPage, again=new)
def create(visit: Visit[SurveyPage]) -> Redirect:
    """Writes it; it is sent after each pickup from now on."""
    try:
        made = ask(visit, create_survey, body=visit.body.asked() | {"trigger": "pickup"})
    except DomainError as refusal:
        raise visit.body.beside(refusal) from refusal
    return Redirect(f"/surveys/{made.id}", flash=N_("The survey is sent after each pickup from now on."))


@pages.page("/console/surveys/{id}", allow=_READERS)
def survey(visit: Visit[Any]) -> Page:
    """What came of it so far, and what it asks."""
    found, revision = ask_at(visit, get_survey)
    results = ask(visit, survey_results)
    values = {
        "survey": found,
        "revision": revision,
        "results": results,
        "bars": views.bars(results),
        "percent": views.percent,
        "average": views.average,
        "kinds": views.KINDS,
        "said": partial(said_in, visit.language),
        "state": SURVEY[found.status],
        "writes": may(visit, edit_survey),
    }
    return Page("console/surveys/survey.html", values)


@pages.page("/console/surveys/{id}/edit", allow=_AUTHORS, query=Places)
def edit(visit: Visit[Any]) -> Page:
    """The form of one that there is."""
    found, revision = ask_at(visit, get_survey)
    values = {
        "survey": found,
        "revision": revision,
        "places": views.places(found.questions, visit.query.places if visit.query else None, visit.fields),
        "kinds": views.KINDS,
    }
    return Page("console/surveys/form.html", values)


@pages.form("/console/surveys/{id}/edit", allow=_AUTHORS, body=SurveyPage, again=edit)
def change(visit: Visit[SurveyPage]) -> Redirect:
    """Changes it for invitations from now on."""
    try:
        ask(visit, edit_survey, body=visit.body.asked())
    except DomainError as refusal:
        raise visit.body.beside(refusal) from refusal
    return Redirect(f"/surveys/{visit.path['id']}", flash=N_("It is saved. Invitations that are out stay as they are."))


@pages.form("/console/surveys/{id}", allow=_AUTHORS, body=StatusPage, again=survey)
def set_status(visit: Visit[StatusPage]) -> Redirect:
    """Puts it into the archive, or takes it out."""
    ask(visit, edit_survey, body={"status": visit.body.status})
    kept = N_("The survey is in the archive. It is not sent any more; its answers stay.")
    back = N_("The survey is in use again.")
    return Redirect(f"/surveys/{visit.path['id']}", flash=kept if visit.body.status == "archived" else back)


@pages.page("/console/surveys/{id}/answers", allow=_READERS, paged=True)
def received(visit: Visit[None]) -> Page:
    """Invitations with their answers, the newest first."""
    found = ask(visit, get_survey)
    listed = ask(visit, list_invitations, limit=visit.limit, cursor=visit.cursor)
    values = {
        "survey": found,
        "received": [(each, views.answers(each, found.questions)) for each in listed.items],
        "said": partial(said_in, visit.language),
        "following": visit.following(listed.last_key),
    }
    return Page("console/surveys/answers.html", values)
