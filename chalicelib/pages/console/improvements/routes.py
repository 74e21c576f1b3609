"""Pages of improvements, with their figures before and after, and of reports, from the preview into the shop."""

from functools import partial
from typing import Any

from chalicelib.improvements.routes import (
    create_improvement,
    create_survey_report,
    edit_improvement,
    edit_survey_report,
    get_improvement,
    get_survey_report,
    list_improvements,
    list_survey_reports,
    measure_improvement,
    publish_survey_report,
    withdraw_survey_report,
)
from chalicelib.pages.console.improvements import views
from chalicelib.pages.console.improvements.forms import About, EditPage, ImprovementPage, Nothing, ReportPage, WordsPage
from chalicelib.pages.console.people import people
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.shell import N_, Page, Redirect, Visit, ask, ask_at, may
from chalicelib.pages.survey_reports import views as told
from chalicelib.surveys.model.questions import said_in
from chalicelib.surveys.routes.figures import list_survey_waves
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
        "sources": told.SOURCES,
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
        "sources": told.SOURCES,
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


@pages.page("/console/survey-reports", allow=_READERS, paged=True)
def reports(visit: Visit[Any]) -> Page:
    """All reports, the newest first."""
    found = ask(visit, list_survey_reports, limit=visit.limit, cursor=visit.cursor)
    values = {
        "reports": found.items,
        "told": told,
        "states": views.REPORT_STATES,
        "writes": may(visit, create_survey_report),
        "following": visit.following(found.last_key),
    }
    return Page("console/improvements/reports.html", values)


@pages.page("/console/survey-reports/new", allow=_TEAM, query=About)
def new_report(visit: Visit[Any]) -> Page:
    """Which survey it is of, and then the form."""
    chosen = (visit.query.survey if visit.query else None) or visit.fields.get("survey_id")
    survey = ask(visit, get_survey, path={"id": chosen}) if chosen else None
    waves = ask(visit, list_survey_waves, path={"id": chosen}).items if chosen else []
    values = {
        "surveys": [] if survey else ask(visit, list_surveys, limit=100).items,
        "survey": survey,
        "questions": views.reportable(survey) if survey else [],
        "waves": [(wave.name, wave.name) for wave in waves],
        "sources": told.SOURCES,
        "said": partial(said_in, visit.language),
    }
    return Page("console/improvements/report_new.html", values)


@pages.form("/console/survey-reports", allow=_TEAM, body=ReportPage, again=new_report)
def make_report(visit: Visit[ReportPage]) -> Redirect:
    """Makes it ready."""
    made = ask(visit, create_survey_report, body=visit.body.asked())
    return Redirect(f"/survey-reports/{made.id}", flash=N_("It is ready. Nobody but the team sees it yet."))


@pages.page("/console/survey-reports/{id}", allow=_READERS)
def report(visit: Visit[Any]) -> Page:
    """As anybody reads it, or would read it, and what can be done."""
    found, revision = ask_at(visit, get_survey_report)
    values = {
        "it": found,
        "revision": revision,
        "told": told,
        "states": views.REPORT_STATES,
        "words": told.in_language(found.texts, visit.language),
        "writes": may(visit, edit_survey_report),
        "said": partial(said_in, visit.language),
    }
    return Page("console/improvements/report.html", values)


@pages.form("/console/survey-reports/{id}", allow=_TEAM, body=WordsPage, again=report)
def keep_words(visit: Visit[WordsPage]) -> Redirect:
    """Keeps other words."""
    ask(visit, edit_survey_report, body=visit.body.asked())
    return Redirect(f"/survey-reports/{visit.path['id']}", flash=N_("It is kept."))


@pages.form("/console/survey-reports/{id}/publish", allow=_TEAM, body=Nothing, again=report)
def publish(visit: Visit[Nothing]) -> Redirect:
    """Has everybody read it."""
    ask(visit, publish_survey_report)
    return Redirect(f"/survey-reports/{visit.path['id']}", flash=N_("It stands in the shop, under “You said, we did”."))


@pages.form("/console/survey-reports/{id}/withdraw", allow=_TEAM, body=Nothing, again=report)
def withdraw(visit: Visit[Nothing]) -> Redirect:
    """Takes it out of the shop."""
    ask(visit, withdraw_survey_report)
    return Redirect(f"/survey-reports/{visit.path['id']}", flash=N_("It is out of the shop."))
