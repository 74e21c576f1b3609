"""HTTP routes of leaving and coming back: a member's own, and those of the team for who calls."""

from chalicelib.kernel.errors import NotFound
from chalicelib.members.leaving import service
from chalicelib.members.leaving.forms import LeaveForm
from chalicelib.members.leavings.model import CameBack
from chalicelib.members.service.classes import classing
from chalicelib.members.views import MeView, StaffMemberView
from chalicelib.web import Answer, Call, Router, member, staff

routes = Router(__name__)

_HELPERS = staff("manager", "service")


@routes.post(
    "/v1/stores/{slug}/me/leave", allow=member(), body=LeaveForm, answer=MeView, tag="storefront",
    summary="Leave the community",
)  # fmt: skip
def leave_community(call: Call[LeaveForm]) -> Answer:
    """At once: I count as gone, and news end. Orders that are open go on; points and coupons stay mine until their
    days. I can come back at any time, by a word or an order. Sent again, it changes nothing.
    """
    me = service.leave(call.tenant_id, call.member_id, call.body.reason, call.body.note or None, call.now)
    return Answer(MeView.of(me, classing(call.tenant_id, call.now)), etag=int(me.rev))


@routes.post(
    "/v1/stores/{slug}/me/rejoin", allow=member(), answer=MeView, tag="storefront",
    summary="Come back to the community that I left",
)  # fmt: skip
def rejoin_community(call: Call[None]) -> Answer:
    """Everything is as it was, but for news: they are asked for anew."""
    me = service.rejoin(call.tenant_id, call.member_id, CameBack.SELF, call.now)
    return Answer(MeView.of(me, classing(call.tenant_id, call.now)), etag=int(me.rev))


@routes.post(
    "/v1/members/{id}/leave", allow=_HELPERS, body=LeaveForm, answer=StaffMemberView, tag="members",
    summary="Note that a member wants to leave", errors=(NotFound,),
)  # fmt: skip
def note_member_leaving(call: Call[LeaveForm]) -> Answer:
    """For who calls, or writes: as if they had done it themselves. They are told."""
    body = call.body
    left = service.leave(call.tenant_id, call.path["id"], body.reason, body.note or None, call.now, call.principal)
    return Answer(StaffMemberView.of(left, classing(call.tenant_id, call.now)), etag=int(left.rev))


@routes.post(
    "/v1/members/{id}/rejoin", allow=_HELPERS, answer=StaffMemberView, tag="members",
    summary="Note that a member who left is back", errors=(NotFound,),
)  # fmt: skip
def note_member_rejoining(call: Call[None]) -> Answer:
    back = service.rejoin(call.tenant_id, call.path["id"], CameBack.STAFF, call.now, call.principal)
    return Answer(StaffMemberView.of(back, classing(call.tenant_id, call.now)), etag=int(back.rev))
