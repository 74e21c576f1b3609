"""The page of a survey, for whoever has its link."""

from functools import partial
from typing import Any

from chalicelib.kernel.errors import Invalid
from chalicelib.pages.shell import Page, Pages, Redirect, Visit
from chalicelib.pages.storefront.surveys.forms import SurveyForm, beside_the_questions
from chalicelib.surveys.errors import AlreadyAnswered
from chalicelib.surveys.forms import NewAnswers
from chalicelib.surveys.model.questions import said_in
from chalicelib.surveys.service import invitations
from chalicelib.surveys.views import InvitationView
from chalicelib.web import anyone

pages = Pages(__name__)

_PATH = "/s/{slug}/surveys/{token}"


@pages.page(_PATH, allow=anyone())
def show_survey(visit: Visit[Any]) -> Page:
    """What is asked or, once answered, thanks. Looking changes nothing: who checks mail follows links, too."""
    token = visit.path["token"]
    shown = invitations.open_by_token(visit.tenant_id, token, consistent=True)
    values = {
        "survey": InvitationView.of(shown, token, visit.now),
        "said": partial(said_in, visit.language),
        "complaint_id": shown.invitation.complaint_id,
    }
    return Page("storefront/surveys/survey.html", values)


@pages.form(_PATH, allow=anyone(), body=SurveyForm, again=show_survey)
def answer(visit: Visit[SurveyForm]) -> Redirect:
    """Takes the one answer; sent again, it leads to the same thanks."""
    token = visit.path["token"]
    asked = invitations.open_by_token(visit.tenant_id, token).questions
    try:
        sent = visit.form(NewAnswers, visit.body.answered(asked))
        values = [(given.question_id, given.value) for given in sent.answers]
        invitations.answer_invitation(visit.tenant_id, token, sent.score, values, sent.comment, visit.now)
    except AlreadyAnswered:
        pass
    except Invalid as refusal:
        raise beside_the_questions(refusal, asked, visit.body) from refusal
    return Redirect(f"/surveys/{token}")
