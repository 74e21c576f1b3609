"""HTTP routes of surveys: the team writes and reads, a member answers once."""

from chalicelib.kernel.errors import NotFound, Stale
from chalicelib.surveys.errors import AlreadyAnswered, InvitationExpired
from chalicelib.surveys.forms import NewAnswers, NewSurvey, SurveyEdit
from chalicelib.surveys.model.questions import Trigger
from chalicelib.surveys.records import SurveyRecord
from chalicelib.surveys.service import invitations
from chalicelib.surveys.service import surveys as service
from chalicelib.surveys.views import (
    InvitationView,
    OwnInvitationView,
    ReceivedView,
    ResultsView,
    SurveyView,
    ThanksView,
)
from chalicelib.web import Answer, Call, Paged, Router, anyone, member, staff

routes = Router(__name__)

_AUTHORS = staff("manager", "planner", "service")
_READERS = staff("manager", "planner", "service", "analyst")


@routes.post(
    "/v1/surveys", allow=_AUTHORS, body=NewSurvey, answer=SurveyView, status=201, tag="service",
    summary="Write a survey",
)  # fmt: skip
def create_survey(call: Call[NewSurvey]) -> Answer:
    body, trigger = call.body, Trigger(call.body.trigger)
    survey = service.create_survey(call.tenant_id, body.title, trigger, body.asked(), call.principal, call.now)
    return _answer(survey)


@routes.get(
    "/v1/surveys", allow=_READERS, answer=SurveyView, paged=True, tag="service", summary="List surveys, newest first"
)
def list_surveys(call: Call[None]) -> Paged:
    page = service.list_surveys(call.tenant_id, call.limit, call.cursor)
    return Paged([SurveyView.model_validate(survey) for survey in page.items], page.last_key)


@routes.get(
    "/v1/surveys/{id}", allow=_READERS, answer=SurveyView, tag="service", summary="Show a survey", errors=(NotFound,)
)
def get_survey(call: Call[None]) -> Answer:
    return _answer(service.get_survey(call.tenant_id, call.path["id"]))


@routes.patch(
    "/v1/surveys/{id}", allow=_AUTHORS, body=SurveyEdit, answer=SurveyView, tag="service",
    summary="Change or archive a survey", errors=(NotFound, Stale),
)  # fmt: skip
def edit_survey(call: Call[SurveyEdit]) -> Answer:
    survey = service.edit_survey(
        call.tenant_id, call.path["id"], call.body.changes(), call.if_match, call.principal, call.now
    )
    return _answer(survey)


@routes.get(
    "/v1/surveys/{id}/invitations", allow=_READERS, answer=ReceivedView, paged=True, tag="service",
    summary="List a survey's invitations and answers, newest first", errors=(NotFound,),
)  # fmt: skip
def list_invitations(call: Call[None]) -> Paged:
    page = service.list_invitations(call.tenant_id, call.path["id"], call.limit, call.cursor)
    return Paged([ReceivedView.model_validate(invitation) for invitation in page.items], page.last_key)


@routes.get(
    "/v1/surveys/{id}/results", allow=_READERS, answer=ResultsView, tag="service",
    summary="Show the satisfaction over all answers of a survey", errors=(NotFound,),
)  # fmt: skip
def survey_results(call: Call[None]) -> ResultsView:
    return ResultsView.of(call.path["id"], service.results(call.tenant_id, call.path["id"]))


@routes.get(
    "/v1/stores/{slug}/invitations", allow=member(), answer=OwnInvitationView, paged=True, tag="service",
    summary="List my invitations that wait for an answer",
)  # fmt: skip
def own_invitations(call: Call[None]) -> Paged:
    page = invitations.own_invitations(call.tenant_id, call.member_id, call.now, call.limit, call.cursor)
    return Paged([OwnInvitationView.of(invitation) for invitation in page.items], page.last_key)


@routes.get(
    "/v1/stores/{slug}/invitations/{token}", allow=anyone(), answer=InvitationView, tag="service",
    summary="Show a survey to whoever has its link", errors=(NotFound,),
)  # fmt: skip
def show_invitation(call: Call[None]) -> InvitationView:
    shown = invitations.open_by_token(call.tenant_id, call.path["token"])
    return InvitationView.of(shown, call.path["token"], call.now)


@routes.post(
    "/v1/stores/{slug}/invitations/{token}/answers", allow=anyone(), body=NewAnswers, answer=ThanksView, status=201,
    tag="service", summary="Answer a survey, once", errors=(NotFound, AlreadyAnswered, InvitationExpired),
)  # fmt: skip
def answer_invitation(call: Call[NewAnswers]) -> ThanksView:
    values = [(given.question_id, given.value) for given in call.body.answers]
    invitation = invitations.answer_invitation(
        call.tenant_id, call.path["token"], call.body.score, values, call.body.comment, call.now
    )
    return ThanksView.model_validate(invitation)


def _answer(survey: SurveyRecord) -> Answer:
    return Answer(SurveyView.model_validate(survey), etag=int(survey.rev))
