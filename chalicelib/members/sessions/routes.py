"""HTTP routes of being signed in: renew a token, end all of them."""

from chalicelib.kernel.errors import NotFound
from chalicelib.members.sessions import service
from chalicelib.members.sessions.model import SignInAgain
from chalicelib.members.sign_in.views import TokenView
from chalicelib.web import Call, Router, signed_in, staff

routes = Router(__name__)


@routes.post(
    "/v1/auth/renew",
    allow=signed_in("staff", "member"),
    answer=TokenView,
    tag="sign-in",
    summary="Exchange my token, while it is valid, for a fresh one",
    errors=(SignInAgain,),
)
def renew_token(call: Call[None]) -> TokenView:
    """Without a new code: for 30 days after a member's code was used, for 12 hours after one of the staff."""
    return TokenView.of(service.renew(call.principal, call.now), call.now)


@routes.post(
    "/v1/auth/sign-out",
    allow=signed_in("staff", "member"),
    status=204,
    tag="sign-in",
    summary="Sign out everywhere: end all my tokens",
)
def sign_out(call: Call[None]) -> None:
    service.sign_out(call.principal, call.now)


@routes.post(
    "/v1/members/{id}/sign-out",
    allow=staff("manager", "service"),
    status=204,
    tag="members",
    summary="End all tokens of a member, who may sign in again",
    errors=(NotFound,),
)
def sign_out_member(call: Call[None]) -> None:
    service.sign_out_member(call.tenant_id, call.path["id"], call.principal, call.now)


@routes.post(
    "/v1/staff/{id}/sign-out",
    allow=staff(),
    status=204,
    tag="tenants",
    summary="End all tokens of a staff member, who may sign in again",
    errors=(NotFound,),
)
def sign_out_staff(call: Call[None]) -> None:
    service.sign_out_staff(call.tenant_id, call.path["id"], call.principal, call.now)
