"""HTTP routes of preferences: a member's own, and those of somebody on the staff."""

from chalicelib.kernel.errors import Stale
from chalicelib.members.preferences import service
from chalicelib.members.preferences.forms import PreferencesForm, TeamPreferencesForm
from chalicelib.members.preferences.views import PreferencesView, TeamPreferencesView
from chalicelib.members.service.members import get_member
from chalicelib.tenants.service.staff import get_staff
from chalicelib.web import Answer, Call, Router, member, signed_in

routes = Router(__name__)


@routes.get(
    "/v1/stores/{slug}/me/preferences", allow=member(), answer=PreferencesView, tag="storefront",
    summary="Read how I want to be told",
)  # fmt: skip
def read_my_preferences(call: Call[None]) -> Answer:
    """`order` and `money` are shown beside what can be turned off: such messages always come."""
    me = get_member(call.tenant_id, call.member_id, consistent=True)
    return Answer(PreferencesView.of(me), etag=int(me.rev))


@routes.put(
    "/v1/stores/{slug}/me/preferences", allow=member(), body=PreferencesForm, answer=PreferencesView,
    tag="storefront", summary="Set how I want to be told", errors=(Stale,),
)  # fmt: skip
def set_my_preferences(call: Call[PreferencesForm]) -> Answer:
    """`news` turned on gives the consent `marketing`, turned off withdraws it; both can be read at `/me`, too."""
    me = service.set_for_member(call.tenant_id, call.member_id, call.body.wanted(), call.if_match, call.now)
    return Answer(PreferencesView.of(me), etag=int(me.rev))


@routes.get(
    "/v1/me/preferences", allow=signed_in("staff"), answer=TeamPreferencesView, tag="messages",
    summary="Read how I want to be told, as staff",
)  # fmt: skip
def read_team_preferences(call: Call[None]) -> Answer:
    me = get_staff(call.tenant_id, call.principal.id, consistent=True)
    return Answer(TeamPreferencesView.of(me), etag=int(me.rev))


@routes.put(
    "/v1/me/preferences", allow=signed_in("staff"), body=TeamPreferencesForm, answer=TeamPreferencesView,
    tag="messages", summary="Set how I want to be told, as staff", errors=(Stale,),
)  # fmt: skip
def set_team_preferences(call: Call[TeamPreferencesForm]) -> Answer:
    me = service.set_for_staff(call.principal, call.body.wanted(), call.if_match, call.now)
    return Answer(TeamPreferencesView.of(me), etag=int(me.rev))
