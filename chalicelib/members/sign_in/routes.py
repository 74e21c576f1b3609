"""HTTP routes of sign-in, for staff and members alike."""

from dataclasses import replace

from chalicelib.members.enrolment.errors import ADMISSION
from chalicelib.members.sign_in.forms import CodeRequest, TokenRequest
from chalicelib.members.sign_in.model import CODE_LIFETIME, BadCode, TooManyCodes
from chalicelib.members.sign_in.service.asking import send_code
from chalicelib.members.sign_in.service.sign_in import redeem
from chalicelib.members.sign_in.views import CodeSentView, TokenView
from chalicelib.rate_limits.model import LimitReached
from chalicelib.web import Call, Router, anyone

routes = Router(__name__)


@routes.post(
    "/v1/auth/code",
    allow=anyone(),
    body=CodeRequest,
    answer=CodeSentView,
    status=202,
    tag="sign-in",
    summary="Ask for a sign-in code; the answer never says who exists",
    errors=(TooManyCodes, LimitReached),
)
def ask_for_code(call: Call[CodeRequest]) -> CodeSentView:
    handle = send_code(call.body.sign_in(call.source), call.language_named, call.now)
    return CodeSentView(expires_in=int(CODE_LIFETIME.total_seconds()), handle=handle)


@routes.post(
    "/v1/auth/token",
    allow=anyone(),
    body=TokenRequest,
    answer=TokenView,
    tag="sign-in",
    summary="Exchange a code for an access token; a new member joins",
    errors=(BadCode, *ADMISSION),
)
def exchange_code(call: Call[TokenRequest]) -> TokenView:
    """A new member is written to in the language that `Accept-Language` names, else in the brand's. Where the store
    does not let somebody new in, the code is not used up: send it again with an invite code, or apply with it."""
    body = call.body
    welcome = replace(body.welcome(call.now), locale=call.language_named)
    return TokenView.of(redeem(body.sign_in(call.source), body.code, body.handle, welcome, call.now), call.now)
