"""Pages of surveys: the list, one with its figures, its answers, and the form by which it is written."""

from functools import partial
from typing import Any

from chalicelib.channels.routes import list_channels
from chalicelib.kernel.errors import DomainError, Invalid
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.console.said import SURVEY
from chalicelib.pages.console.surveys import views
from chalicelib.pages.console.surveys.forms import (
    LinkPage,
    LinkStatusPage,
    PaperPage,
    Places,
    Received,
    RulesPage,
    StatusPage,
    SurveyPage,
    WavePage,
)
from chalicelib.pages.shell import N_, Content, Page, Redirect, Visit, ask, ask_at, assets, may
from chalicelib.pages.shell.qr import drawing_of
from chalicelib.pages.survey_answers.forms import beside_the_questions
from chalicelib.pickup_points.routes import list_pickup_points
from chalicelib.surveys.forms import FiguresQuery
from chalicelib.surveys.model.questions import said_in
from chalicelib.surveys.routes.figures import list_survey_waves, send_survey_wave, survey_figures
from chalicelib.surveys.routes.team import (
    create_survey,
    create_survey_link,
    edit_survey,
    edit_survey_link,
    get_survey,
    key_in_paper,
    list_invitations,
    list_survey_links,
    list_survey_responses,
    list_surveys,
    read_survey_rules,
    set_survey_rules,
    survey_results,
)
from chalicelib.surveys.service import links
from chalicelib.surveys.service.surveys import get_survey as stored_survey
from chalicelib.web import staff

pages = Console(__name__)

_AUTHORS = staff("manager", "planner", "service")
_READERS = staff("manager", "planner", "service", "analyst")
_AT_A_TIME = 100
_CHOICES = {
    "kinds": views.KINDS,
    "triggers": views.TRIGGERS,
    "every": {"": N_("not from time to time"), **views.EVERY},
    "when": {"": N_("no further branch"), **views.WHEN},
    "low_nps": views.LOW_NPS,
}


@pages.page("/console/surveys", allow=_READERS, paged=True)
def surveys(visit: Visit[None]) -> Page:
    """All of them, the newest first: of the active ones of a trigger that is the one that is sent."""
    found = ask(visit, list_surveys, limit=visit.limit, cursor=visit.cursor)
    values = {
        "surveys": found.items,
        "sent": views.sent(found.items) if visit.cursor is None else (),
        "triggers": views.TRIGGERS,
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
        **_CHOICES,
    }
    return Page("console/surveys/form.html", values)


@pages.form("/console/surveys", allow=_AUTHORS, body=SurveyPage, again=new)
def create(visit: Visit[SurveyPage]) -> Redirect:
    """Writes it; it is sent from now on."""
    sent_by = visit.body.trigger or "pickup"
    try:
        body = visit.body.asked(periodic=sent_by == "periodic") | {"trigger": sent_by}
        made = ask(visit, create_survey, body=body)
    except DomainError as refusal:
        raise visit.body.beside(refusal) from refusal
    return Redirect(f"/surveys/{made.id}", flash=N_("The survey is sent from now on."))


@pages.page("/console/surveys/rules", allow=_READERS)
def rules(visit: Visit[Any]) -> Page:
    """How seldom members are asked."""
    found, revision = ask_at(visit, read_survey_rules)
    values = {"rules": found, "revision": revision, "writes": may(visit, set_survey_rules)}
    return Page("console/surveys/rules.html", values)


@pages.form("/console/surveys/rules", allow=staff("manager"), body=RulesPage, again=rules)
def keep_rules(visit: Visit[RulesPage]) -> Redirect:
    """Keeps them."""
    ask(visit, set_survey_rules, body={"quiet_days": visit.body.quiet_days})
    return Redirect("/surveys/rules", flash=N_("The rules are kept. They count from now on."))


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
        "triggers": views.TRIGGERS,
        "every": views.EVERY,
        "when": views.WHEN,
        "ways": views.ways(found.questions),
        "said": partial(said_in, visit.language),
        "state": SURVEY[found.status],
        "writes": may(visit, edit_survey),
        "reads": may(visit, list_invitations),
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
        **_CHOICES,
    }
    return Page("console/surveys/form.html", values)


@pages.form("/console/surveys/{id}/edit", allow=_AUTHORS, body=SurveyPage, again=edit)
def change(visit: Visit[SurveyPage]) -> Redirect:
    """Changes it for invitations from now on."""
    try:
        periodic = ask(visit, get_survey).trigger == "periodic"
        ask(visit, edit_survey, body=visit.body.asked(periodic=periodic))
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


@pages.page("/console/surveys/{id}/figures", allow=_READERS, query=FiguresQuery)
def figures(visit: Visit[Any]) -> Page:
    """What was answered to each question, of all and by group."""
    by, source = (visit.query.by, visit.query.source) if visit.query else (None, "invited")
    found = ask(visit, survey_figures, query={"source": source} | ({"by": by} if by else {}))
    values = {
        "survey": ask(visit, get_survey),
        "by": by,
        "source": source,
        "sources": views.SOURCES,
        "breakdowns": views.BREAKDOWNS if source == "invited" else views.OPEN_BREAKDOWNS,
        "everyone": found.everyone,
        "groups": found.groups,
        "changes": found.changes,
        "change_of_mean": views.change_of_mean,
        "fewest": found.fewest,
        "estimate": views.estimate,
        "mean": views.mean,
        "score": views.net,
        "said": partial(said_in, visit.language),
    }
    return Page("console/surveys/figures.html", values)


@pages.page("/console/surveys/{id}/waves", allow=_READERS)
def survey_waves(visit: Visit[Any]) -> Page:
    """The waves that it went out in, and the form of a new one."""
    values = {
        "survey": ask(visit, get_survey),
        "waves": ask(visit, list_survey_waves).items,
        "writes": may(visit, send_survey_wave),
        "said": partial(said_in, visit.language),
    }
    return Page("console/surveys/waves.html", values)


@pages.form("/console/surveys/{id}/waves", allow=staff("manager", "planner"), body=WavePage, again=survey_waves)
def send_wave(visit: Visit[WavePage]) -> Redirect:
    """Sends it to a sample of all members."""
    typed = visit.body.model_dump()
    ask(visit, send_survey_wave, body={name: value for name, value in typed.items() if value})
    return Redirect(f"/surveys/{visit.path['id']}/waves", flash=N_("The survey is on its way to the sample."))


@pages.page("/console/surveys/{id}/links", allow=_READERS, paged=True)
def survey_links(visit: Visit[Any]) -> Page:
    """The links that are open to all, with their codes, and the form of a new one."""
    found = ask(visit, list_survey_links, limit=visit.limit, cursor=visit.cursor)
    values = {
        "survey": ask(visit, get_survey),
        "links": found.items,
        "points": _points(visit),
        "channels": {each.id: each.title for each in ask(visit, list_channels, limit=_AT_A_TIME).items},
        "writes": may(visit, create_survey_link),
        "said": partial(said_in, visit.language),
        "following": visit.following(found.last_key),
    }
    return Page("console/surveys/links.html", values)


@pages.form("/console/surveys/{id}/links", allow=_AUTHORS, body=LinkPage, again=survey_links)
def make_link(visit: Visit[LinkPage]) -> Redirect:
    """Makes a link."""
    typed = visit.body.model_dump()
    ask(visit, create_survey_link, body={name: value for name, value in typed.items() if value})
    return Redirect(f"/surveys/{visit.path['id']}/links", flash=N_("The link is made: print its code, or post it."))


@pages.form("/console/surveys/{id}/links/{link_id}", allow=_AUTHORS, body=LinkStatusPage, again=survey_links)
def set_link(visit: Visit[LinkStatusPage]) -> Redirect:
    """Closes a link, or opens it again."""
    ask(visit, edit_survey_link, body={"status": visit.body.status})
    closed, opened = N_("The link takes no answers any more."), N_("The link takes answers again.")
    return Redirect(f"/surveys/{visit.path['id']}/links", flash=closed if visit.body.status == "closed" else opened)


@pages.page("/console/surveys/{id}/links/{link_id}/code.svg", allow=_READERS)
def link_code(visit: Visit[None]) -> Content:
    """The code that leads to the survey."""
    link = links.get_link(visit.tenant_id, visit.path["id"], visit.path["link_id"])
    return Content(drawing_of(links.address_of(link)), assets.TYPES[".svg"])


@pages.page("/console/surveys/{id}/paper", allow=_AUTHORS)
def paper(visit: Visit[Any]) -> Page:
    """The form of one sheet."""
    values = {
        "survey": ask(visit, get_survey),
        "points": _points(visit),
        "said": partial(said_in, visit.language),
    }
    return Page("console/surveys/paper.html", values)


@pages.form("/console/surveys/{id}/paper", allow=_AUTHORS, body=PaperPage, again=paper)
def keep_paper(visit: Visit[PaperPage]) -> Redirect:
    """Keeps a sheet, and shows the form of the next."""
    asked = stored_survey(visit.tenant_id, visit.path["id"]).questions
    place = {"pickup_point_id": visit.body.pickup_point_id} if visit.body.pickup_point_id else {}
    try:
        ask(visit, key_in_paper, body=visit.body.answered(asked) | visit.body.reached() | place)
    except Invalid as refusal:
        raise beside_the_questions(refusal, asked, visit.body) from refusal
    return Redirect(f"/surveys/{visit.path['id']}/paper", flash=N_("The sheet is kept. Here is the next."))


def _points(visit: Visit[Any]) -> dict[str, str]:
    return {each.id: each.name for each in ask(visit, list_pickup_points, limit=_AT_A_TIME).items}


@pages.page("/console/surveys/{id}/preview", allow=_READERS)
def preview(visit: Visit[Any]) -> Page:
    """What members see of it, and where their answers lead."""
    found = ask(visit, get_survey)
    values = {
        "survey": found,
        "ways": views.ways(found.questions),
        "when": views.WHEN,
        "said": partial(said_in, visit.language),
    }
    return Page("console/surveys/preview.html", values)


@pages.page("/console/surveys/{id}/answers", allow=staff("manager", "service"), paged=True, query=Received)
def received(visit: Visit[Any]) -> Page:
    """Who answered, and what, the newest first: of the invited, by links open to all, or on paper."""
    found = ask(visit, get_survey)
    source, low = (visit.query.source, visit.query.low) if visit.query else ("invited", None)
    if source == "invited":
        listed = ask(visit, list_invitations, limit=visit.limit, cursor=visit.cursor)
    else:
        query = {"source": source, "low": "true" if low else "false"}
        listed = ask(visit, list_survey_responses, query=query, limit=visit.limit, cursor=visit.cursor)
    values = {
        "survey": found,
        "source": source,
        "low": low,
        "sources": views.SOURCES,
        "received": [(each, views.answers(each, found.questions)) for each in listed.items],
        "said": partial(said_in, visit.language),
        "following": visit.following(listed.last_key),
    }
    return Page("console/surveys/answers.html", values)
