"""Recruitment over HTTP: the rules, codes, applications, and what members see of inviting."""

from chalicelib.kernel.errors import NotFound, Stale
from chalicelib.members.service.classes import classing
from chalicelib.members.service.members import get_member
from chalicelib.members.sign_in.model import BadCode
from chalicelib.members.views import StaffMemberView
from chalicelib.recruitment.errors import (
    AlreadyJoined,
    AlreadyMember,
    BelowJoined,
    InviteCodeOver,
    InviteCodeTaken,
    NoApplications,
    RulesRefused,
)
from chalicelib.recruitment.forms import (
    ApplicationForm,
    ApplicationsQuery,
    DeclineForm,
    InviteCodeChanges,
    InviteCodesQuery,
    NewInviteCode,
    RulesForm,
)
from chalicelib.recruitment.records import ApplicationRecord
from chalicelib.recruitment.service import applications, codes, inviting, rules
from chalicelib.recruitment.service.codes import Invite
from chalicelib.recruitment.views import (
    ApplicationView,
    InviteCodeView,
    JoiningView,
    OwnApplicationView,
    OwnReferralView,
    ReferralView,
    RulesView,
)
from chalicelib.tenancy import brand_of
from chalicelib.web import Answer, Call, Paged, Router, anyone, member, staff

routes = Router(__name__)

_PLANS = staff("manager", "planner")
_LOOKS = staff("manager", "planner", "service", "analyst")
_DECIDES = staff("manager", "service")


@routes.get(
    "/v1/recruitment", allow=_LOOKS, answer=RulesView, tag="recruitment",
    summary="Read how the store is joined, and what bringing a neighbour brings",
)  # fmt: skip
def read_recruitment(call: Call[None]) -> Answer:
    found, revision = rules.get_rules(call.tenant_id)
    return Answer(RulesView.of(found), etag=revision)


@routes.put(
    "/v1/recruitment", allow=_PLANS, body=RulesForm, answer=RulesView, tag="recruitment",
    errors=(RulesRefused, Stale), summary="Set how the store is joined, and what bringing a neighbour brings",
)  # fmt: skip
def set_recruitment(call: Call[RulesForm]) -> Answer:
    """They hold for whoever comes from now on; members stay members."""
    found, revision = rules.set_rules(
        call.tenant_id, call.body.rules(), call.if_match, call.principal, call.now
    )  # fmt: skip
    return Answer(RulesView.of(found), etag=revision)


@routes.post(
    "/v1/invite-codes", allow=_PLANS, body=NewInviteCode, answer=InviteCodeView, status=201, tag="recruitment",
    errors=(InviteCodeTaken,), summary="Make an invite code",
)  # fmt: skip
def create_invite_code(call: Call[NewInviteCode]) -> Answer:
    """It lets people in at once. People read it in any case and width, with or without blanks and dashes, O as 0."""
    return _code(call, codes.create_code(call.tenant_id, call.body.wanted(), call.principal, call.now))


@routes.get(
    "/v1/invite-codes", allow=_LOOKS, query=InviteCodesQuery, answer=InviteCodeView, paged=True, tag="recruitment",
    summary="List invite codes, newest first",
)  # fmt: skip
def list_invite_codes(call: Call[None]) -> Paged:
    found, following = codes.list_codes(call.tenant_id, call.limit, call.cursor, call.query.channel_id)
    shop = brand_of(call.tenant_id).shop(call.base_url)
    return Paged([InviteCodeView.of(each, shop, call.now) for each in found], following)


@routes.get(
    "/v1/invite-codes/{id}", allow=_LOOKS, answer=InviteCodeView, tag="recruitment", errors=(NotFound,),
    summary="Read an invite code",
)  # fmt: skip
def read_invite_code(call: Call[None]) -> Answer:
    return _code(call, codes.get_code(call.tenant_id, call.path["id"]))


@routes.patch(
    "/v1/invite-codes/{id}", allow=_PLANS, body=InviteCodeChanges, answer=InviteCodeView, tag="recruitment",
    errors=(NotFound, InviteCodeOver, BelowJoined, Stale), summary="Change an invite code",
)  # fmt: skip
def edit_invite_code(call: Call[InviteCodeChanges]) -> Answer:
    changes = call.body.changes()
    return _code(
        call, codes.edit_code(call.tenant_id, call.path["id"], changes, call.if_match, call.principal, call.now)
    )


@routes.post(
    "/v1/invite-codes/{id}/revoke", allow=_PLANS, answer=InviteCodeView, tag="recruitment", errors=(NotFound,),
    summary="Revoke an invite code, for good",
)  # fmt: skip
def revoke_invite_code(call: Call[None]) -> Answer:
    """Who has joined by it stays a member."""
    return _code(call, codes.revoke_code(call.tenant_id, call.path["id"], call.principal, call.now))


@routes.get(
    "/v1/invite-codes/{id}/members", allow=_LOOKS, answer=StaffMemberView, paged=True, tag="recruitment",
    errors=(NotFound,), summary="List who joined by an invite code, latest first",
)  # fmt: skip
def list_joined_by_code(call: Call[None]) -> Paged:
    code = codes.get_code(call.tenant_id, call.path["id"]).code
    return _came_by(call, f"invite:{code.id}")


@routes.get(
    "/v1/channels/{id}/members", allow=_LOOKS, answer=StaffMemberView, paged=True, tag="recruitment",
    errors=(NotFound,), summary="List who joined by a channel, latest first",
)  # fmt: skip
def list_joined_by_channel(call: Call[None]) -> Paged:
    """By its link, or by an invite code of it. Nothing changes where somebody came from."""
    codes.check_channel(call.tenant_id, call.path["id"])
    return _came_by(call, f"channel:{call.path['id']}")


@routes.get(
    "/v1/members/{id}/referrals", allow=_LOOKS, answer=ReferralView, paged=True, tag="recruitment",
    errors=(NotFound,), summary="List whom a member brought, latest first",
)  # fmt: skip
def list_referrals(call: Call[None]) -> Paged:
    found = get_member(call.tenant_id, call.path["id"])
    page = inviting.friends_of(call.tenant_id, found.id, call.limit, call.cursor)
    return Paged([ReferralView.of(each) for each in page.items], page.last_key)


@routes.get(
    "/v1/applications", allow=_LOOKS, query=ApplicationsQuery, answer=ApplicationView, paged=True, tag="recruitment",
    summary="List applications to join, latest first",
)  # fmt: skip
def list_applications(call: Call[None]) -> Paged:
    page = applications.list_applications(call.tenant_id, call.query.status, call.limit, call.cursor)
    return Paged([ApplicationView.of(each) for each in page.items], page.last_key)


@routes.get(
    "/v1/applications/{id}", allow=_LOOKS, answer=ApplicationView, tag="recruitment", errors=(NotFound,),
    summary="Read an application to join",
)  # fmt: skip
def read_application(call: Call[None]) -> Answer:
    return _application(applications.get_application(call.tenant_id, call.path["id"]))


@routes.post(
    "/v1/applications/{id}/approve", allow=_DECIDES, answer=ApplicationView, tag="recruitment",
    errors=(NotFound, AlreadyJoined), summary="Approve an application",
)  # fmt: skip
def approve_application(call: Call[None]) -> Answer:
    """The applicant is told, and becomes a member by signing in."""
    return _application(
        applications.decide_on(call.tenant_id, call.path["id"], "approved", None, call.principal, call.now)
    )


@routes.post(
    "/v1/applications/{id}/decline", allow=_DECIDES, body=DeclineForm, answer=ApplicationView, tag="recruitment",
    errors=(NotFound, AlreadyJoined), summary="Decline an application",
)  # fmt: skip
def decline_application(call: Call[DeclineForm]) -> Answer:
    """The applicant is told why. It can be approved later."""
    reason = call.body.reason
    return _application(
        applications.decide_on(call.tenant_id, call.path["id"], "declined", reason, call.principal, call.now)
    )


@routes.get(
    "/v1/stores/{slug}/joining", allow=anyone(), answer=JoiningView, tag="storefront",
    summary="Read how a store is joined, and what it asks",
)  # fmt: skip
def read_joining(call: Call[None]) -> JoiningView:
    return JoiningView.of(rules.rules_of(call.tenant_id))


@routes.post(
    "/v1/stores/{slug}/applications", allow=anyone(), body=ApplicationForm, answer=OwnApplicationView, status=201,
    tag="storefront", errors=(BadCode, NoApplications, AlreadyMember), summary="Apply to join a store",
)  # fmt: skip
def apply_to_join(call: Call[ApplicationForm]) -> OwnApplicationView:
    """Ask for a sign-in code first: it proves the address. Sent again for the same address, it answers with the
    application that there is, as it stands."""
    body = call.body
    made = applications.apply(
        call.tenant_id, body.sign_in(call.path["slug"], call.source), body.code, body.handle, body.name, body.answers,
        body.link, call.language_named, call.now,
    )  # fmt: skip
    return OwnApplicationView.of(made)


@routes.get(
    "/v1/stores/{slug}/me/referral", allow=member(), answer=OwnReferralView, tag="storefront",
    summary="Read my link for neighbours, and what it brought",
)  # fmt: skip
def read_own_referral(call: Call[None]) -> OwnReferralView:
    found = inviting.read_inviting(call.tenant_id, call.member_id, call.now)
    return OwnReferralView.of(found, brand_of(call.tenant_id).shop(call.base_url), call.locale)


def _code(call: Call[None] | Call[NewInviteCode] | Call[InviteCodeChanges], invite: Invite) -> Answer:
    shop = brand_of(call.tenant_id).shop(call.base_url)
    return Answer(InviteCodeView.of(invite, shop, call.now), etag=int(invite.code.rev))


def _application(application: ApplicationRecord) -> Answer:
    return Answer(ApplicationView.of(application), etag=int(application.rev))


def _came_by(call: Call[None], source: str) -> Paged:
    page = codes.came_by(call.tenant_id, source, call.limit, call.cursor)
    classed = classing(call.tenant_id, call.now)
    return Paged([StaffMemberView.of(each, classed) for each in page.items], page.last_key)
