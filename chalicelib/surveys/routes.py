"""HTTP routes of surveys: the team writes and reads, a member answers once."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from chalicelib.kernel.errors import NotFound, Stale
from chalicelib.surveys.model import CSAT_DEFINITION, AlreadyAnswered, InvitationExpired, Kind, Question, Trigger
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
from chalicelib.web import Answer, Body, Call, Paged, Router, ShortText, Title, anyone, member, staff

routes = Router(__name__)

_AUTHORS = staff("manager", "planner", "service")
_READERS = staff("manager", "planner", "service", "analyst")

QuestionId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,40}$")]
Words = Annotated[str, StringConstraints(max_length=2000)]
Score = Annotated[int, Field(ge=1, le=5)]


class NewQuestion(Body):
    """A question; ``options`` belong to a choice. Without an id it is named by its place: q1, q2, …"""

    id: QuestionId | None = None
    kind: Literal["score", "choice", "text"]
    text: ShortText
    required: bool = False
    options: Annotated[list[Title], Field(max_length=20)] = []


Questions = Annotated[list[NewQuestion], Field(min_length=1, max_length=30)]


class NewSurvey(Body):
    """A survey sent when an order is picked up; other triggers are not offered yet."""

    title: Title
    trigger: Literal["pickup"]
    questions: Questions


class SurveyEdit(Body):
    """What is absent stays; ``questions`` replaces all of them, for invitations from now on."""

    title: Title | None = None
    status: Literal["active", "archived"] | None = None
    questions: Questions | None = None


class GivenAnswer(Body):
    """The answer to one question: a number 1 to 5 for a score, else a text."""

    question_id: QuestionId
    value: Annotated[int, Field(ge=-(10**9), le=10**9)] | Words


class NewAnswers(Body):
    """``score`` is the satisfaction: the value of the survey's first score question, wherever it is given."""

    score: Score | None = None
    answers: Annotated[list[GivenAnswer], Field(max_length=30)] = []
    comment: Words | None = None


def _questions(given: list[NewQuestion]) -> list[Question]:
    return [
        Question(asked.id or f"q{number}", Kind(asked.kind), asked.text, asked.required, tuple(asked.options))
        for number, asked in enumerate(given, 1)
    ]


def _survey(survey: SurveyRecord) -> Answer:
    return Answer(SurveyView.model_validate(survey), etag=int(survey.rev))


@routes.post(
    "/v1/surveys", allow=_AUTHORS, body=NewSurvey, answer=SurveyView, status=201, tag="service",
    summary="Write a survey",
)  # fmt: skip
def create_survey(call: Call[NewSurvey]) -> Answer:
    questions = _questions(call.body.questions)
    trigger = Trigger(call.body.trigger)
    survey = service.create_survey(call.tenant_id, call.body.title, trigger, questions, call.principal, call.now)
    return _survey(survey)


@routes.get(
    "/v1/surveys", allow=_READERS, answer=SurveyView, paged=True, tag="service", summary="List surveys, newest first"
)
def list_surveys(call: Call[None]) -> Paged:
    page = service.list_surveys(call.tenant_id, call.limit, call.cursor)
    return Paged([SurveyView.model_validate(survey) for survey in page.items], page.last_key)


@routes.get(
    "/v1/surveys/{id}", allow=_READERS, answer=SurveyView, tag="service", summary="A survey", errors=(NotFound,)
)
def get_survey(call: Call[None]) -> Answer:
    return _survey(service.get_survey(call.tenant_id, call.path["id"]))


@routes.patch(
    "/v1/surveys/{id}", allow=_AUTHORS, body=SurveyEdit, answer=SurveyView, tag="service",
    summary="Change or archive a survey", errors=(NotFound, Stale),
)  # fmt: skip
def edit_survey(call: Call[SurveyEdit]) -> Answer:
    changes = call.body.model_dump(exclude_none=True, exclude={"questions"})
    if call.body.questions is not None:
        changes["questions"] = _questions(call.body.questions)
    return _survey(
        service.edit_survey(call.tenant_id, call.path["id"], changes, call.if_match, call.principal, call.now)
    )


@routes.get(
    "/v1/surveys/{id}/invitations", allow=_READERS, answer=ReceivedView, paged=True, tag="service",
    summary="A survey's invitations and answers, newest first", errors=(NotFound,),
)  # fmt: skip
def list_invitations(call: Call[None]) -> Paged:
    page = service.list_invitations(call.tenant_id, call.path["id"], call.limit, call.cursor)
    return Paged([ReceivedView.model_validate(invitation) for invitation in page.items], page.last_key)


@routes.get(
    "/v1/surveys/{id}/results", allow=_READERS, answer=ResultsView, tag="service",
    summary="Satisfaction over all answers of a survey", errors=(NotFound,),
)  # fmt: skip
def survey_results(call: Call[None]) -> ResultsView:
    found = service.results(call.tenant_id, call.path["id"])
    names = ("invited", "answered", "scored", "average", "csat", "response_rate", "distribution")
    figures = {name: getattr(found, name) for name in names}
    return ResultsView(survey_id=call.path["id"], definition=CSAT_DEFINITION, **figures)


@routes.get(
    "/v1/stores/{slug}/invitations", allow=member(), answer=OwnInvitationView, paged=True, tag="service",
    summary="Your invitations that wait for an answer",
)  # fmt: skip
def own_invitations(call: Call[None]) -> Paged:
    page = invitations.own_invitations(call.tenant_id, call.member_id, call.now, call.limit, call.cursor)
    return Paged([OwnInvitationView.of(invitation) for invitation in page.items], page.last_key)


@routes.get(
    "/v1/stores/{slug}/invitations/{token}", allow=anyone(), answer=InvitationView, tag="service",
    summary="A survey, for who has its link", errors=(NotFound,),
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
