"""Personal invitations over HTTP."""

from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.local_day import local_date
from chalicelib.recruitment.prospects.errors import InvitationOver
from chalicelib.recruitment.prospects.forms import NoMoreForm, ProspectsForm, ProspectsQuery
from chalicelib.recruitment.prospects.records import ProspectRecord
from chalicelib.recruitment.prospects.service import ending, prospects
from chalicelib.recruitment.prospects.views import ProspectOutcomesView, ProspectView
from chalicelib.tenancy import brand_of
from chalicelib.web import Answer, Call, Paged, Router, anyone, staff

routes = Router(__name__)

_LOOKS = staff("manager", "planner", "service", "analyst")
_DECIDES = staff("manager", "service")


@routes.post(
    "/v1/prospects", allow=_DECIDES, body=ProspectsForm, answer=ProspectOutcomesView, tag="recruitment",
    summary="Invite people who have agreed to it",
)  # fmt: skip
def invite_prospects(call: Call[ProspectsForm]) -> ProspectOutcomesView:
    """Each gets one message by e-mail or SMS with a link that is good for their address alone, and one reminder three
    days before the end, outside quiet hours and within the cap of news; what is beyond a day's limit of the store, of a
    country abroad or of one person leaves the next day. Sent again, it invites nobody twice."""
    tz = zone(brand_of(call.tenant_id).timezone)
    today, body = local_date(call.now, tz), call.body
    people, terms = body.persons(today), body.terms(today, tz)
    return ProspectOutcomesView.of(prospects.invite(call.tenant_id, people, terms, call.principal, call.now))


@routes.get(
    "/v1/prospects", allow=_LOOKS, query=ProspectsQuery, answer=ProspectView, paged=True, tag="recruitment",
    summary="List who was invited, latest first",
)  # fmt: skip
def list_prospects(call: Call[None]) -> Paged:
    page = prospects.list_prospects(call.tenant_id, call.query.status, call.limit, call.cursor, call.now)
    tz = zone(brand_of(call.tenant_id).timezone)
    return Paged([ProspectView.of(each, tz, call.now) for each in page.items], page.last_key)


@routes.get(
    "/v1/prospects/{id}", allow=_LOOKS, answer=ProspectView, tag="recruitment", errors=(NotFound,),
    summary="Read a personal invitation",
)  # fmt: skip
def read_prospect(call: Call[None]) -> Answer:
    return _prospect(call, prospects.get_prospect(call.tenant_id, call.path["id"]))


@routes.post(
    "/v1/prospects/{id}/withdraw", allow=_DECIDES, answer=ProspectView, tag="recruitment",
    errors=(NotFound, InvitationOver), summary="Withdraw a personal invitation",
)  # fmt: skip
def withdraw_prospect(call: Call[None]) -> Answer:
    """Its link lets nobody in any more, and no reminder leaves. They can be invited again."""
    return _prospect(call, ending.withdraw(call.tenant_id, call.path["id"], call.principal, call.now))


@routes.post(
    "/v1/stores/{slug}/prospects/decline", allow=anyone(), body=NoMoreForm, status=204, tag="storefront",
    summary="Have a store invite me no more",
)  # fmt: skip
def decline_invitations(call: Call[NoMoreForm]) -> None:
    """By the code of an invitation, from the link in it. The answer is the same for a code that there is not."""
    ending.decline(call.tenant_id, call.body.code, call.now)


def _prospect(call: Call[None], found: ProspectRecord) -> Answer:
    tz = zone(brand_of(call.tenant_id).timezone)
    return Answer(ProspectView.of(found, tz, call.now), etag=int(found.rev))
