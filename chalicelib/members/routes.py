"""HTTP routes of members: their own profile, and the team's view of them."""

from chalicelib.db import Page
from chalicelib.kernel.errors import NotFound, Stale
from chalicelib.legal_texts.errors import TextChanged
from chalicelib.members.forms import AcceptancesForm, MeEdit, MemberQuery, OfficialAccountLink, StatusChange
from chalicelib.members.model.identities import FollowerTaken, Identity
from chalicelib.members.model.masking import shown_reference
from chalicelib.members.model.profiles import MemberChanges, ProfileChanges
from chalicelib.members.model.status import Status
from chalicelib.members.service import finding, official_account
from chalicelib.members.service import members as service
from chalicelib.members.views import MeView, StaffMemberView
from chalicelib.web import Answer, Call, Paged, Router, member, staff

routes = Router(__name__)

_CONNECTORS = staff("manager", "technical")
_READERS = staff("manager", "editor", "planner", "service", "analyst")


@routes.get("/v1/stores/{slug}/me", allow=member(), answer=MeView, tag="storefront", summary="Read my profile")
def read_me(call: Call[None]) -> Answer:
    me = service.get_member(call.tenant_id, call.member_id, consistent=True)
    return Answer(MeView.of(me), etag=int(me.rev))


@routes.patch(
    "/v1/stores/{slug}/me",
    allow=member(),
    body=MeEdit,
    answer=MeView,
    tag="storefront",
    summary="Change my profile and consents",
    errors=(Stale,),
)
def change_me(call: Call[MeEdit]) -> Answer:
    body = call.body
    changes = MemberChanges(
        profile=body.profile.changes() if body.profile else ProfileChanges(),
        consent=body.consent.answers() if body.consent else {},
        locale=body.locale,
    )
    me = service.edit_me(call.tenant_id, call.member_id, changes, call.if_match, call.now)
    return Answer(MeView.of(me), etag=int(me.rev))


@routes.post(
    "/v1/stores/{slug}/me/acceptances", allow=member(), body=AcceptancesForm, answer=MeView, tag="storefront",
    summary="Accept the brand's terms or privacy notice", errors=(TextChanged,),
)  # fmt: skip
def accept_texts(call: Call[AcceptancesForm]) -> Answer:
    """Which version, in which language and when is noted on my membership. What was accepted before stays as it is."""
    accepted = [each.accepted(call.now) for each in call.body.accepted]
    me = service.accept(call.tenant_id, call.member_id, accepted)
    return Answer(MeView.of(me), etag=int(me.rev))


@routes.get(
    "/v1/members",
    allow=_READERS,
    query=MemberQuery,
    answer=StaffMemberView,
    paged=True,
    tag="members",
    summary="List members, latest joined first, or search them",
)
def list_members(call: Call[None]) -> Paged:
    """`q` finds members by a part of the name, the beginning of the e-mail address, the last four or more digits of the
    phone number, or the whole reference."""
    query, contacts = call.query, call.principal.sees_contacts
    if exact := _identities(query):
        found = finding.exactly(call.tenant_id, exact) if contacts or not (query.email or query.phone) else []
        wanted = [each for each in found if not query.q or finding.is_meant(each, query.q, contacts=contacts)]
        if query.external_ref and not contacts:
            wanted = [each for each in wanted if shown_reference(query.external_ref, each.identities)]
        page = Page(wanted, None)
    elif query.q:
        page = finding.find_members(call.tenant_id, query.q, call.limit, call.cursor, contacts=contacts)
    elif query.tier:
        page = service.list_of_tier(call.tenant_id, query.tier, call.limit, call.cursor)
    else:
        page = service.list_members(call.tenant_id, call.limit, call.cursor)
    of_tier = [each for each in page.items if query.tier in (None, each.tier)]
    return Paged([StaffMemberView.of(member) for member in of_tier], page.last_key)


def _identities(query: MemberQuery) -> list[Identity]:
    """What is asked for exactly."""
    by_reference = [Identity("ref", query.external_ref)] if query.external_ref else []
    by_email = [Identity("email", query.email)] if query.email else []
    return by_reference + by_email + ([Identity("phone", query.phone)] if query.phone else [])


@routes.get(
    "/v1/members/{id}",
    allow=_READERS,
    answer=StaffMemberView,
    tag="members",
    summary="Read one member",
    errors=(NotFound,),
)
def read_member(call: Call[None]) -> Answer:
    found = service.get_member(call.tenant_id, call.path["id"], consistent=True)
    return Answer(StaffMemberView.of(found), etag=int(found.rev))


@routes.patch(
    "/v1/members/{id}",
    allow=staff("manager", "service"),
    body=StatusChange,
    answer=StaffMemberView,
    tag="members",
    summary="Block a member from ordering, or lift it",
    errors=(NotFound, Stale),
)
def change_member(call: Call[StatusChange]) -> Answer:
    changed = service.set_status(
        call.tenant_id,
        call.path["id"],
        Status(call.body.status),
        call.body.reason,
        call.if_match,
        call.principal,
        call.now,
    )
    return Answer(StaffMemberView.of(changed), etag=int(changed.rev))


@routes.put(
    "/v1/members/{id}/official-account", allow=_CONNECTORS, body=OfficialAccountLink, status=204, tag="members",
    errors=(NotFound, FollowerTaken), summary="Reach a member by my official account",
)  # fmt: skip
def connect_official_account(call: Call[OfficialAccountLink]) -> None:
    """Notices for which the account has a template go there, where that is the member's or the brand's first choice.
    An id leads to one member; `member_id` of a refusal says to whom.
    """
    official_account.connect(call.tenant_id, call.path["id"], call.body.open_id, call.principal, call.now)


@routes.delete(
    "/v1/members/{id}/official-account", allow=_CONNECTORS, status=204, tag="members", errors=(NotFound,),
    summary="Reach a member by my official account no more",
)  # fmt: skip
def disconnect_official_account(call: Call[None]) -> None:
    """As when they no longer follow it; their messages go by other media."""
    official_account.connect(call.tenant_id, call.path["id"], None, call.principal, call.now)
