"""HTTP routes of complaints: a member complains and follows, the team works."""

from typing import Annotated, Literal, Self

from pydantic import StringConstraints

from chalicelib.complaints.model import Category, ComplaintResolved, HistoryFull
from chalicelib.complaints.records import ComplaintRecord
from chalicelib.complaints.service import handling as service
from chalicelib.complaints.service.opening import open_complaint
from chalicelib.kernel.errors import NotFound, Stale
from chalicelib.web import Answer, Body, Call, Instant, Paged, Query, Router, ShortText, UlidStr, View, member, staff

routes = Router(__name__)

_TEAM = staff("manager", "service")

CategoryName = Literal["quality", "shortage", "pickup", "payment", "service", "other"]
UrgencyName = Literal["low", "normal", "high", "critical"]
ImportanceName = Literal["low", "normal", "high"]
StatusName = Literal["open", "in_progress", "resolved"]
Words = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Note = Annotated[str, StringConstraints(min_length=1, max_length=500)]


class NewComplaint(Body):
    """What went wrong, in the member's words. Without a category the words decide it."""

    text: Words
    category: CategoryName | None = None
    cause: Annotated[str, StringConstraints(min_length=1, max_length=80)] | None = None
    order_id: UlidStr | None = None


class ComplaintEdit(Body):
    """What is absent stays. ``owner`` is a staff id; ``note`` is seen by the team alone."""

    category: CategoryName | None = None
    urgency: UrgencyName | None = None
    importance: ImportanceName | None = None
    owner: UlidStr | None = None
    status: Literal["in_progress"] | None = None
    note: Note | None = None


class Resolution(Body):
    """What came of it, which the member is told, and what was given to make it good."""

    outcome: Note
    remedy: ShortText | None = None


class ComplaintFilter(Query):
    """Overdue: not resolved at its due time."""

    status: StatusName | None = None
    owner: UlidStr | None = None
    urgency: UrgencyName | None = None
    category: CategoryName | None = None
    overdue: bool | None = None


class HistoryView(View):
    """One thing that happened: ``by`` is ``member:…``, ``staff:…``, ``api_key:…`` or ``system``."""

    type: Literal["opened", "in_progress", "assigned", "changed", "note", "escalated", "resolved"]
    at: Instant
    by: str
    field: str | None = None
    before: str | None = None
    after: str | None = None
    text: str | None = None


class OwnComplaintView(View):
    """A complaint as its member sees it: without the team's notes."""

    id: UlidStr
    status: StatusName
    category: CategoryName
    cause: str
    urgency: UrgencyName
    importance: ImportanceName
    priority: Literal["p1", "p2", "p3", "p4"]
    owner: UlidStr
    text: str
    order_id: UlidStr | None
    opened_at: Instant
    first_response_due_at: Instant
    resolution_due_at: Instant
    resolved_at: Instant | None
    outcome: str | None
    remedy: str | None
    history: list[HistoryView]

    @classmethod
    def of(cls, complaint: ComplaintRecord) -> Self:
        view = cls.model_validate(complaint)
        view.history = [entry for entry in view.history if entry.type != "note"]
        return view


class ComplaintView(OwnComplaintView):
    """A complaint as the team sees it."""

    member_id: UlidStr
    invitation_id: UlidStr | None
    score: int | None
    first_response_at: Instant | None
    escalated_at: Instant | None

    @classmethod
    def of(cls, complaint: ComplaintRecord) -> Self:
        return cls.model_validate(complaint)


@routes.post(
    "/v1/stores/{slug}/complaints", allow=member(), body=NewComplaint, answer=OwnComplaintView, status=201,
    tag="service", summary="Complain",
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
    summary="Your complaints, newest first",
)  # fmt: skip
def own_complaints(call: Call[None]) -> Paged:
    page = service.list_own_complaints(call.tenant_id, call.member_id, call.limit, call.cursor)
    return Paged([OwnComplaintView.of(complaint) for complaint in page.items], page.last_key)


@routes.get(
    "/v1/stores/{slug}/complaints/{id}", allow=member(), answer=OwnComplaintView, tag="service",
    summary="One of your complaints", errors=(NotFound,),
)  # fmt: skip
def own_complaint(call: Call[None]) -> OwnComplaintView:
    return OwnComplaintView.of(service.get_own_complaint(call.tenant_id, call.member_id, call.path["id"]))


@routes.get(
    "/v1/complaints", allow=_TEAM, query=ComplaintFilter, answer=ComplaintView, paged=True, tag="service",
    summary="Complaints: those in work before the resolved, newest first",
)  # fmt: skip
def list_complaints(call: Call[None]) -> Paged:
    page = service.list_complaints(call.tenant_id, call.now, call.limit, call.cursor, **call.query.model_dump())
    return Paged([ComplaintView.of(complaint) for complaint in page.items], page.last_key)


@routes.get(
    "/v1/complaints/{id}", allow=_TEAM, answer=ComplaintView, tag="service",
    summary="A complaint with its history", errors=(NotFound,),
)  # fmt: skip
def get_complaint(call: Call[None]) -> Answer:
    complaint = service.get_complaint(call.tenant_id, call.path["id"])
    return Answer(ComplaintView.of(complaint), etag=int(complaint.rev))


@routes.patch(
    "/v1/complaints/{id}", allow=_TEAM, body=ComplaintEdit, answer=ComplaintView, tag="service",
    summary="Work on a complaint: judge, assign, note", errors=(NotFound, Stale, ComplaintResolved, HistoryFull),
)  # fmt: skip
def edit_complaint(call: Call[ComplaintEdit]) -> Answer:
    changes = call.body.model_dump(exclude_none=True)
    complaint = service.edit_complaint(
        call.tenant_id, call.path["id"], changes, call.if_match, call.principal, call.now
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
