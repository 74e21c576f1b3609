"""HTTP routes of members: their own profile, and the team's view of them."""

from chalicelib.kernel.errors import NotFound, Stale
from chalicelib.members.forms import MeEdit, MemberQuery, StatusChange
from chalicelib.members.model.identities import Identity, search_identities
from chalicelib.members.model.profiles import MemberChanges, ProfileChanges
from chalicelib.members.model.status import Status
from chalicelib.members.service import members as service
from chalicelib.members.views import MeView, StaffMemberView
from chalicelib.web import Answer, Call, Paged, Router, member, staff

routes = Router(__name__)

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


@routes.get(
    "/v1/members",
    allow=_READERS,
    query=MemberQuery,
    answer=StaffMemberView,
    paged=True,
    tag="members",
    summary="List members, latest joined first, or find one",
)
def list_members(call: Call[None]) -> Paged:
    searches = _searches(call.query)
    if searches:
        return Paged([StaffMemberView.of(found) for found in service.search_members(call.tenant_id, searches)], None)
    page = service.list_members(call.tenant_id, call.limit, call.cursor)
    return Paged([StaffMemberView.of(found) for found in page.items], page.last_key)


def _searches(query: MemberQuery) -> list[list[Identity]]:
    searches = [search_identities(query.q)] if query.q else []
    if query.external_ref:
        searches.append([Identity("ref", query.external_ref)])
    if query.email:
        searches.append([Identity("email", query.email)])
    if query.phone:
        searches.append([Identity("phone", query.phone)])
    return searches


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
