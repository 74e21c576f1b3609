"""HTTP routes by which the team writes surveys, and reads who answered."""

from chalicelib.kernel.errors import IdempotencyMismatch, NotFound, Stale
from chalicelib.surveys.forms import (
    LinkEdit,
    NewLink,
    NewSurvey,
    PaperAnswers,
    ResponsesQuery,
    SurveyEdit,
    SurveyRulesForm,
)
from chalicelib.surveys.model.questions import Trigger
from chalicelib.surveys.records import SurveyRecord
from chalicelib.surveys.service import links
from chalicelib.surveys.service import surveys as service
from chalicelib.surveys.service.rules import get_rules, set_rules
from chalicelib.surveys.views.surveys import (
    LinkView,
    ReceivedView,
    ResponseView,
    ResultsView,
    SurveyRulesView,
    SurveyView,
)
from chalicelib.web import Answer, Call, Paged, Router, staff

routes = Router(__name__)

_AUTHORS = staff("manager", "planner", "service")
_READERS = staff("manager", "planner", "service", "analyst")
_ANSWERED_TO = staff("manager", "service")
"""Who reads what each member answered; others read figures of no fewer than five."""


@routes.post(
    "/v1/surveys", allow=_AUTHORS, body=NewSurvey, answer=SurveyView, status=201, tag="service",
    summary="Write a survey",
)  # fmt: skip
def create_survey(call: Call[NewSurvey]) -> Answer:
    body, trigger = call.body, Trigger(call.body.trigger)
    survey = service.create_survey(
        call.tenant_id,
        body.title,
        trigger,
        body.asked(),
        call.principal,
        call.now,
        plan=body.plan(),
        low_nps=body.low_nps,
    )
    return _answer(survey)


@routes.get(
    "/v1/surveys", allow=_READERS, answer=SurveyView, paged=True, tag="service", summary="List surveys, newest first"
)
def list_surveys(call: Call[None]) -> Paged:
    page = service.list_surveys(call.tenant_id, call.limit, call.cursor)
    return Paged([SurveyView.of(survey) for survey in page.items], page.last_key)


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
    "/v1/survey-rules", allow=_READERS, answer=SurveyRulesView, tag="service",
    summary="Read how seldom members are asked",
)  # fmt: skip
def read_survey_rules(call: Call[None]) -> Answer:
    rules = get_rules(call.tenant_id)
    return Answer(SurveyRulesView(quiet_days=rules.quiet_days), etag=rules.revision)


@routes.put(
    "/v1/survey-rules", allow=staff("manager"), body=SurveyRulesForm, answer=SurveyRulesView, tag="service",
    summary="Set how seldom members are asked", errors=(Stale,),
)  # fmt: skip
def set_survey_rules(call: Call[SurveyRulesForm]) -> Answer:
    rules = set_rules(call.tenant_id, call.body.quiet_days, call.if_match, call.principal, call.now)
    return Answer(SurveyRulesView(quiet_days=rules.quiet_days), etag=rules.revision)


@routes.get(
    "/v1/surveys/{id}/invitations", allow=_ANSWERED_TO, answer=ReceivedView, paged=True, tag="service",
    summary="List a survey's invitations and answers, newest first", errors=(NotFound,),
)  # fmt: skip
def list_invitations(call: Call[None]) -> Paged:
    page = service.list_invitations(call.tenant_id, call.path["id"], call.limit, call.cursor)
    return Paged([ReceivedView.of(invitation) for invitation in page.items], page.last_key)


@routes.get(
    "/v1/surveys/{id}/results", allow=_READERS, answer=ResultsView, tag="service",
    summary="Show the satisfaction over all answers of a survey", errors=(NotFound,),
)  # fmt: skip
def survey_results(call: Call[None]) -> ResultsView:
    return ResultsView.of(call.path["id"], service.results(call.tenant_id, call.path["id"]))


@routes.post(
    "/v1/surveys/{id}/links", allow=_AUTHORS, body=NewLink, answer=LinkView, status=201, tag="service",
    summary="Make a link to a survey that is open to all", errors=(NotFound,),
)  # fmt: skip
def create_survey_link(call: Call[NewLink]) -> LinkView:
    """Who answers by it is not counted among the invited: their figures stand beside, by link, channel and place."""
    body = call.body
    link = links.create_link(
        call.tenant_id, call.path["id"], body.label, body.pickup_point_id, body.channel_id, call.principal, call.now
    )
    return LinkView.of(link)


@routes.get(
    "/v1/surveys/{id}/links", allow=_READERS, answer=LinkView, paged=True, tag="service",
    summary="List a survey's links, newest first", errors=(NotFound,),
)  # fmt: skip
def list_survey_links(call: Call[None]) -> Paged:
    page = links.list_links(call.tenant_id, call.path["id"], call.limit, call.cursor)
    return Paged([LinkView.of(link) for link in page.items], page.last_key)


@routes.patch(
    "/v1/surveys/{id}/links/{link_id}", allow=_AUTHORS, body=LinkEdit, answer=LinkView, tag="service",
    summary="Close a survey's link, or open it again", errors=(NotFound,),
)  # fmt: skip
def edit_survey_link(call: Call[LinkEdit]) -> LinkView:
    closed = call.body.status == "closed"
    ids = call.path["id"], call.path["link_id"]
    return LinkView.of(links.set_link(call.tenant_id, *ids, closed=closed, by=call.principal, now=call.now))


@routes.post(
    "/v1/surveys/{id}/paper-answers", allow=_AUTHORS, body=PaperAnswers, answer=ResponseView, status=201,
    idempotency=True, tag="service", summary="Key in answers that were given on paper",
    errors=(NotFound, IdempotencyMismatch),
)  # fmt: skip
def key_in_paper(call: Call[PaperAnswers]) -> ResponseView:
    """A low score, or recommendation, opens a complaint where the phone or e-mail on the sheet is a member's. Else it
    is told by ``low``, so that the team gets in touch itself.
    """
    body = call.body
    given = body.given(call.idempotency_key)
    found = links.key_in(call.tenant_id, call.path["id"], given, body.pickup_point_id, call.principal, call.now)
    return ResponseView.model_validate(found)


@routes.get(
    "/v1/surveys/{id}/responses", allow=_ANSWERED_TO, query=ResponsesQuery, answer=ResponseView, paged=True,
    tag="service", summary="List answers by links open to all, or on paper, newest first", errors=(NotFound,),
)  # fmt: skip
def list_survey_responses(call: Call[None]) -> Paged:
    asked = call.query
    page = links.list_responses(
        call.tenant_id, call.path["id"], asked.source, call.limit, call.cursor, low_only=asked.low
    )
    return Paged([ResponseView.model_validate(each) for each in page.items], page.last_key)


def _answer(survey: SurveyRecord) -> Answer:
    return Answer(SurveyView.of(survey), etag=int(survey.rev))
