"""HTTP routes of complaints: a member complains and follows, the team works."""

from chalicelib.complaints.errors import ComplaintResolved, HistoryFull
from chalicelib.complaints.forms import ComplaintEdit, ComplaintQuery, ComplaintRulesForm, NewComplaint, Resolution
from chalicelib.complaints.model.cases import Category
from chalicelib.complaints.service import handling as service
from chalicelib.complaints.service.opening import open_complaint
from chalicelib.complaints.service.rules import get_rules, set_rules
from chalicelib.complaints.views import ComplaintRulesView, ComplaintView, OwnComplaintView
from chalicelib.kernel.errors import NotFound, Stale
from chalicelib.tenants.service.brand import get_tenant
from chalicelib.web import Answer, Call, Paged, Router, member, staff

routes = Router(__name__)

_TEAM = staff("manager", "service")


@routes.post(
    "/v1/stores/{slug}/complaints", allow=member(), body=NewComplaint, answer=OwnComplaintView, status=201,
    tag="service", summary="Open a complaint",
)  # fmt: skip
def complain(call: Call[NewComplaint]) -> OwnComplaintView:
    body = call.body
    category = Category(body.category) if body.category else None
    complaint = open_complaint(
        call.tenant_id, call.member_id, body.text, call.now,
        category=category, cause=body.cause, order_id=body.order_id,
    )  # fmt: skip
    return OwnComplaintView.of(complaint)


@routes.get(
    "/v1/stores/{slug}/complaints", allow=member(), answer=OwnComplaintView, paged=True, tag="service",
    summary="List my complaints, newest first",
)  # fmt: skip
def own_complaints(call: Call[None]) -> Paged:
    page = service.list_own_complaints(call.tenant_id, call.member_id, call.limit, call.cursor)
    return Paged([OwnComplaintView.of(complaint) for complaint in page.items], page.last_key)


@routes.get(
    "/v1/stores/{slug}/complaints/{id}", allow=member(), answer=OwnComplaintView, tag="service",
    summary="Show one of my complaints", errors=(NotFound,),
)  # fmt: skip
def own_complaint(call: Call[None]) -> OwnComplaintView:
    return OwnComplaintView.of(service.get_own_complaint(call.tenant_id, call.member_id, call.path["id"]))


@routes.get(
    "/v1/complaints", allow=_TEAM, query=ComplaintQuery, answer=ComplaintView, paged=True, tag="service",
    summary="List complaints: those in work before the resolved, newest first",
)  # fmt: skip
def list_complaints(call: Call[None]) -> Paged:
    page = service.list_complaints(call.tenant_id, call.now, call.limit, call.cursor, call.query.filter())
    return Paged([ComplaintView.of(complaint) for complaint in page.items], page.last_key)


@routes.get(
    "/v1/complaints/{id}", allow=_TEAM, answer=ComplaintView, tag="service",
    summary="Show a complaint with its history", errors=(NotFound,),
)  # fmt: skip
def get_complaint(call: Call[None]) -> Answer:
    complaint = service.get_complaint(call.tenant_id, call.path["id"])
    return Answer(ComplaintView.of(complaint), etag=int(complaint.rev))


@routes.patch(
    "/v1/complaints/{id}", allow=_TEAM, body=ComplaintEdit, answer=ComplaintView, tag="service",
    summary="Work on a complaint: judge, assign, note", errors=(NotFound, Stale, ComplaintResolved, HistoryFull),
)  # fmt: skip
def edit_complaint(call: Call[ComplaintEdit]) -> Answer:
    complaint = service.edit_complaint(
        call.tenant_id, call.path["id"], call.body.changes(), call.if_match, call.principal, call.now
    )
    return Answer(ComplaintView.of(complaint), etag=int(complaint.rev))


@routes.post(
    "/v1/complaints/{id}/resolve", allow=_TEAM, body=Resolution, answer=ComplaintView, tag="service",
    summary="Resolve a complaint and tell the member", errors=(NotFound, Stale, ComplaintResolved),
)  # fmt: skip
def resolve_complaint(call: Call[Resolution]) -> Answer:
    complaint = service.resolve_complaint(
        call.tenant_id, call.path["id"], call.body.outcome, call.body.remedy, call.if_match, call.principal, call.now
    )
    return Answer(ComplaintView.of(complaint), etag=int(complaint.rev))


@routes.get(
    "/v1/complaint-rules", allow=staff("manager", "service", "analyst"), answer=ComplaintRulesView, tag="service",
    summary="Read which words and amounts make a complaint how urgent and important",
)  # fmt: skip
def read_complaint_rules(call: Call[None]) -> Answer:
    found = get_rules(call.tenant_id)
    return Answer(ComplaintRulesView.of(found), etag=found.revision)


@routes.put(
    "/v1/complaint-rules", allow=staff("manager"), body=ComplaintRulesForm, answer=ComplaintRulesView, tag="service",
    summary="Set which words and amounts make a complaint how urgent and important", errors=(Stale,),
)  # fmt: skip
def set_complaint_rules(call: Call[ComplaintRulesForm]) -> Answer:
    wanted = call.body.book(get_tenant(call.tenant_id).currency)
    found = set_rules(call.tenant_id, wanted, call.if_match, call.principal, call.now)
    return Answer(ComplaintRulesView.of(found), etag=found.revision)
