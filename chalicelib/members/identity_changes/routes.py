"""HTTP routes of identity changes: a member's own, those that the team helps with, and the e-mail of the staff."""

from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.principal import Principal
from chalicelib.members.identity_changes.forms import (
    AssistedConfirmation,
    ChangeRequest,
    Confirmation,
    EmailChange,
    EmailConfirmation,
    NewIdentity,
)
from chalicelib.members.identity_changes.model import (
    CodesRefused,
    IdentityTaken,
    IdentityUnchanged,
    TooManyIdentityCodes,
)
from chalicelib.members.identity_changes.service import members, staff
from chalicelib.members.identity_changes.views import CodesSentView
from chalicelib.members.service.classes import classing
from chalicelib.members.sign_in.model import MEMBER_TOKEN_SECONDS, STAFF_TOKEN_SECONDS
from chalicelib.members.sign_in.service.sign_in import SignedIn
from chalicelib.members.sign_in.views import TokenView
from chalicelib.members.views import StaffMemberView
from chalicelib.web import Call, Router, member, signed_in
from chalicelib.web import staff as team

routes = Router(__name__)

_CHANGES = (CodesRefused, IdentityTaken, IdentityUnchanged)
_HELPERS = team("manager", "service")


@routes.post(
    "/v1/stores/{slug}/me/identity-changes", allow=member(), body=ChangeRequest, answer=CodesSentView, status=202,
    tag="storefront", summary="Ask for the codes that change my e-mail or phone number",
    errors=(IdentityUnchanged, TooManyIdentityCodes),
)  # fmt: skip
def ask_to_change_my_identity(call: Call[ChangeRequest]) -> CodesSentView:
    """One code goes to the new identity, one to my own: the one that is replaced or, if it is lost, the other."""
    wanted, language = call.body.identity(), call.language_named
    proof = members.ask(call.tenant_id, call.member_id, wanted, call.body.prove_with, language, call.source, call.now)
    return CodesSentView.of(proof)


@routes.post(
    "/v1/stores/{slug}/me/identity-changes/confirm", allow=member(), body=Confirmation, answer=TokenView,
    tag="storefront", summary="Change my e-mail or phone number with both codes", errors=_CHANGES,
)  # fmt: skip
def change_my_identity(call: Call[Confirmation]) -> TokenView:
    """All my tokens end; the answer has a new one."""
    body, who = call.body, call.principal
    changed = members.confirm(
        call.tenant_id, call.member_id, body.identity(), {"own": body.own_code, "new": body.new_code}, None, who,
        call.now,
    )  # fmt: skip
    me = Principal("member", who.tenant_id, who.id, name=changed.name or "", slug=who.slug,
                   sign_outs=changed.times_signed_out)  # fmt: skip
    return TokenView.of(SignedIn("member", me, MEMBER_TOKEN_SECONDS), call.now)


@routes.post(
    "/v1/members/{id}/identity-changes", allow=_HELPERS, body=NewIdentity, answer=CodesSentView, status=202,
    tag="members", summary="Send a code to the new e-mail or phone number of a member who has lost the old one",
    errors=(NotFound, IdentityUnchanged, TooManyIdentityCodes),
)  # fmt: skip
def ask_to_change_a_members_identity(call: Call[NewIdentity]) -> CodesSentView:
    members.ask_for(call.tenant_id, call.path["id"], call.body.identity(), call.source, call.now)
    return CodesSentView.of(None)


@routes.post(
    "/v1/members/{id}/identity-changes/confirm", allow=_HELPERS, body=AssistedConfirmation, answer=StaffMemberView,
    tag="members", summary="Change a member's e-mail or phone number with the code that the member was sent",
    errors=(NotFound, *_CHANGES),
)  # fmt: skip
def change_a_members_identity(call: Call[AssistedConfirmation]) -> StaffMemberView:
    """All tokens of the member end, and the old address is told."""
    body = call.body
    changed = members.confirm(
        call.tenant_id, call.path["id"], body.identity(), {"new": body.new_code}, body.reason, call.principal, call.now
    )
    return StaffMemberView.of(changed, classing(call.tenant_id, call.now))


@routes.post(
    "/v1/auth/email-changes", allow=signed_in("staff"), body=EmailChange, answer=CodesSentView, status=202,
    tag="sign-in", summary="Ask for the codes that change my e-mail, as staff",
    errors=(IdentityUnchanged, TooManyIdentityCodes),
)  # fmt: skip
def ask_to_change_my_email(call: Call[EmailChange]) -> CodesSentView:
    asked = staff.ask(call.principal, call.body.email, call.language_named, call.source, call.now)
    return CodesSentView.of(asked)


@routes.post(
    "/v1/auth/email-changes/confirm", allow=signed_in("staff"), body=EmailConfirmation, answer=TokenView,
    tag="sign-in", summary="Change my e-mail with both codes, as staff", errors=_CHANGES,
)  # fmt: skip
def change_my_email(call: Call[EmailConfirmation]) -> TokenView:
    """All my tokens end; the answer has a new one."""
    body, who = call.body, call.principal
    changed = staff.confirm(who, body.email, {"own": body.own_code, "new": body.new_code}, call.now)
    roles, name = frozenset(changed.roles), changed.name or changed.email
    me = Principal("staff", who.tenant_id, who.id, roles, name, who.slug, sign_outs=changed.times_signed_out)
    return TokenView.of(SignedIn("staff", me, STAFF_TOKEN_SECONDS), call.now)
