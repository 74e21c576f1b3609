"""HTTP routes by which members, and whoever has a link, answer surveys."""

from chalicelib.kernel.errors import IdempotencyMismatch, NotFound
from chalicelib.rate_limits.model import LimitReached
from chalicelib.surveys.errors import AlreadyAnswered, InvitationExpired, LinkClosed
from chalicelib.surveys.forms import (
    NewAnswers,
    OpenAnswers,
)
from chalicelib.surveys.service import invitations, links
from chalicelib.surveys.views.surveys import (
    InvitationView,
    OpenSurveyView,
    OpenThanksView,
    OwnInvitationView,
    ThanksView,
)
from chalicelib.web import Call, Paged, Router, anyone, member

routes = Router(__name__)


@routes.get(
    "/v1/stores/{slug}/survey-links/{token}", allow=anyone(), answer=OpenSurveyView, tag="service",
    summary="Show a survey that is open to all", errors=(NotFound,),
)  # fmt: skip
def show_open_survey(call: Call[None]) -> OpenSurveyView:
    return OpenSurveyView.of(links.open_survey(call.tenant_id, call.path["token"]))


@routes.post(
    "/v1/stores/{slug}/survey-links/{token}/answers", allow=anyone(), body=OpenAnswers, answer=OpenThanksView,
    status=201, idempotency=True, tag="service", summary="Answer a survey that is open to all",
    errors=(NotFound, LinkClosed, LimitReached, IdempotencyMismatch),
)  # fmt: skip
def answer_open_survey(call: Call[OpenAnswers]) -> OpenThanksView:
    """Whether a complaint was opened is not told: anybody could try whose phone or e-mail is a member's."""
    given = call.body.given(call.idempotency_key)
    found = links.answer_openly(call.tenant_id, call.path["token"], given, call.source, call.now)
    return OpenThanksView(status="answered", answered_at=found.created_at)


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
