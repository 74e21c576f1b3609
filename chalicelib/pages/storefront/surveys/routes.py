"""The page of a survey, for whoever has the link of an invitation, or one that is open to all."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from pydantic import ValidationError

from chalicelib.kernel.errors import Invalid
from chalicelib.pages.shell import Page, Pages, Redirect, Visit
from chalicelib.pages.shell.fields import nested
from chalicelib.pages.survey_answers.forms import SurveyForm, beside_the_questions, kept
from chalicelib.surveys.errors import AlreadyAnswered
from chalicelib.surveys.forms import NewAnswers, OpenAnswers
from chalicelib.surveys.model.answers import checked_so_far
from chalicelib.surveys.model.questions import Question, may_end, said_in, step, until
from chalicelib.surveys.service import invitations, links
from chalicelib.surveys.service.invitations import Shown
from chalicelib.surveys.views.surveys import InvitationView
from chalicelib.web import anyone

pages = Pages(__name__)

_PATH = "/s/{slug}/surveys/{token}"
_OPEN_PATH = "/s/{slug}/ask/{token}"


@pages.page(_PATH, allow=anyone())
def show_survey(visit: Visit[Any]) -> Page:
    """What is asked or, once answered, thanks. Looking changes nothing: who checks mail follows links, too."""
    shown = invitations.open_by_token(visit.tenant_id, visit.path["token"], consistent=True)
    return _page(visit, _invited(visit, shown), shown.questions, _sent(visit))


@pages.page(_OPEN_PATH, allow=anyone())
def show_open_survey(visit: Visit[Any]) -> Page:
    """A survey that is open to all: what is asked or, once answered, thanks."""
    found = links.open_survey(visit.tenant_id, visit.path["token"])
    return _page(visit, _open(visit, found), found.survey.questions, _sent(visit))


def _invited(visit: Visit[Any], shown: Shown) -> dict[str, Any]:
    token = visit.path["token"]
    view = InvitationView.of(shown, token, visit.now)
    return {
        "to": f"/surveys/{token}",
        "title": view.title,
        "status": view.status,
        "ended_on": view.expires_at,
        "complaint_id": shown.invitation.complaint_id,
        "asks_contact": False,
    }


def _open(visit: Visit[Any], found: links.OpenSurvey) -> dict[str, Any]:
    status = "answered" if "thanks" in visit.given else "expired" if found.closed else "open"
    return {
        "to": f"/ask/{visit.path['token']}",
        "title": found.survey.title,
        "status": status,
        "ended_on": None,
        "complaint_id": None,
        "asks_contact": not visit.member_id,
    }


def _sent(visit: Visit[Any]) -> SurveyForm:
    """What was typed, where it was refused and is shown again."""
    try:
        return SurveyForm.model_validate(nested(visit.fields))
    except ValidationError:
        return SurveyForm()


def _page(visit: Visit[Any], survey: dict[str, Any], questions: Sequence[Question], sent: SurveyForm) -> Page:
    """The questions after those that were seen, with the answers to these carried along."""
    values = sent.values(questions)
    asked = step(questions, values, sent.seen) or step(questions, {}, None)
    earlier = until(questions, values, sent.seen) if sent.seen else []
    answered = {each.id: values[each.id] for each in earlier if each.id in values}
    return Page(
        "storefront/surveys/survey.html",
        {
            "survey": survey,
            "asked": asked,
            "carried": list(kept(answered)),
            "seen": earlier[-1].id if earlier else "",
            "may_end": may_end(questions, asked[-1]),
            "goes_on": bool(asked[-1].branches),
            "comment": sent.comment or "",
            "contact": sent.contact or "",
            "said": partial(said_in, visit.language),
        },
    )


@pages.form(_PATH, allow=anyone(), body=SurveyForm, again=show_survey)
def answer(visit: Visit[SurveyForm]) -> Page | Redirect:
    """Shows what is asked next; after the last question takes the one answer. Sent again, it leads to the same
    thanks.
    """
    token, sent = visit.path["token"], visit.body
    shown = invitations.open_by_token(visit.tenant_id, token)

    def take() -> None:
        taken = visit.form(NewAnswers, sent.answered(shown.questions))
        values = [(given.question_id, given.value) for given in taken.answers]
        invitations.answer_invitation(visit.tenant_id, token, taken.score, values, taken.comment, visit.now)

    survey = _invited(visit, shown)
    return _answered(visit, survey, shown.questions, sent, take) or Redirect(survey["to"])


@pages.form(_OPEN_PATH, allow=anyone(), body=SurveyForm, again=show_open_survey)
def answer_open_survey(visit: Visit[SurveyForm]) -> Page | Redirect:
    """The same of a survey that is open to all: of a member who is signed in it takes one answer."""
    token = visit.path["token"]
    found = links.open_survey(visit.tenant_id, token)

    def take() -> None:
        reached = {} if visit.member_id else visit.body.reached()
        taken = visit.form(OpenAnswers, visit.body.answered(found.survey.questions) | reached)
        given = taken.given(visit.key)
        links.answer_openly(visit.tenant_id, token, given, visit.source, visit.now, member_id=visit.member_id)

    survey = _open(visit, found)
    return _answered(visit, survey, found.survey.questions, visit.body, take) or Redirect(f"{survey['to']}?thanks=1")


def _answered(
    visit: Visit[SurveyForm],
    survey: dict[str, Any],
    questions: Sequence[Question],
    sent: SurveyForm,
    take: Callable[[], None],
) -> Page | None:
    """What is asked next; nothing once the answer was taken. Raises what the taking of it does."""
    try:
        if survey["status"] == "open" and (following := _following(questions, sent)):
            return _page(visit, survey, questions, following)
        take()
    except AlreadyAnswered:
        pass
    except Invalid as refusal:
        raise beside_the_questions(refusal, questions, sent) from refusal
    return None


def _following(questions: Sequence[Question], sent: SurveyForm) -> SurveyForm | None:
    """What was sent, as of the end of the page that it was typed on; None after the last one. Raises Invalid for what
    is wrong so far.
    """
    values = sent.values(questions)
    asked = step(questions, values, sent.seen) or step(questions, {}, None)
    seen = asked[-1].id
    if not step(questions, values, seen):
        return None
    checked_so_far(until(questions, values, seen), list(values.items()))
    return sent.model_copy(update={"seen": seen})
