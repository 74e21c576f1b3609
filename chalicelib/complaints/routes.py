"""HTTP routes of complaints: a member complains and follows, the team works."""

from chalicelib.complaints.errors import (
    CauseUnknown,
    ComplaintResolved,
    CouponNotForComplaints,
    HistoryFull,
    NotResolved,
    RemedyImpossible,
    RemedyInvalid,
    ResolutionReplaced,
    TooManyCauses,
    VerdictGiven,
)
from chalicelib.complaints.forms import (
    CauseForm,
    ComplaintEdit,
    ComplaintNoted,
    ComplaintQuery,
    ComplaintRulesForm,
    MessageForm,
    NewComplaint,
    ReopeningForm,
    ReplyForm,
    Resolution,
    VerdictForm,
)
from chalicelib.complaints.model.cases import Category
from chalicelib.complaints.model.causes import checked_code
from chalicelib.complaints.service import handling as service
from chalicelib.complaints.service import opening, talking
from chalicelib.complaints.service.causes import list_causes, set_cause
from chalicelib.complaints.service.opening import Noted, open_complaint
from chalicelib.complaints.service.rules import get_rules, set_rules
from chalicelib.complaints.service.verdicts import give_verdict
from chalicelib.complaints.views import (
    CausesView,
    CauseView,
    ComplaintRulesView,
    ComplaintView,
    OwnCausesView,
    OwnComplaintView,
)
from chalicelib.coupons.errors import BatchPaused, EnoughCoupons, OnlyForNewMembers, TermsRefused
from chalicelib.kernel.errors import IdempotencyMismatch, NotFound, Stale
from chalicelib.media.errors import PhotoNotUploaded, TooManyPixels, TooManyUploads, WrongFileSize, WrongFileType
from chalicelib.media.forms import UploadForm
from chalicelib.media.service import uploads
from chalicelib.media.views import UploadView
from chalicelib.orders.errors import NotInOrder, RefundTooLarge
from chalicelib.orders.goodwill.errors import AboveGoodwillCap
from chalicelib.tenants.service.brand import get_tenant
from chalicelib.web import Answer, Call, Paged, Router, anyone, member, staff

routes = Router(__name__)

_TEAM = staff("manager", "service")
_PHOTOS = (PhotoNotUploaded, WrongFileType, WrongFileSize, TooManyPixels)


@routes.post(
    "/v1/stores/{slug}/complaints", allow=member(), body=NewComplaint, answer=OwnComplaintView, status=201,
    tag="service", summary="Open a complaint", errors=(CauseUnknown, *_PHOTOS),
)  # fmt: skip
def complain(call: Call[NewComplaint]) -> OwnComplaintView:
    body = call.body
    category = Category(body.category) if body.category else None
    complaint = open_complaint(
        call.tenant_id, call.member_id, body.text, call.now,
        category=category, cause=body.cause, order_id=body.order_id, photos=body.photos,
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


@routes.post(
    "/v1/stores/{slug}/complaints/{id}/messages", allow=member(), body=ReplyForm, answer=OwnComplaintView, status=201,
    idempotency=True, tag="service", summary="Write to the store about my complaint",
    errors=(NotFound, ComplaintResolved, HistoryFull, IdempotencyMismatch, *_PHOTOS),
)  # fmt: skip
def reply_to_complaint(call: Call[ReplyForm]) -> OwnComplaintView:
    """Where the store waits for your answer, its time runs on. A complaint that was resolved in the last 14 days is
    opened again.
    """
    said = talking.Said(call.body.text, call.idempotency_key, tuple(call.body.photos))
    return OwnComplaintView.of(talking.reply(call.tenant_id, call.member_id, call.path["id"], said, call.now))


@routes.post(
    "/v1/stores/{slug}/complaints/{id}/verdict", allow=member(), body=VerdictForm, answer=OwnComplaintView,
    tag="service", summary="Accept or reject what came of my complaint",
    errors=(NotFound, NotResolved, ResolutionReplaced, VerdictGiven, ComplaintResolved, HistoryFull),
)  # fmt: skip
def judge_resolution(call: Call[VerdictForm]) -> OwnComplaintView:
    """Once, until it is opened again. A rejection opens it again, for 14 days after it was resolved."""
    return OwnComplaintView.of(
        give_verdict(
            call.tenant_id,
            call.member_id,
            call.path["id"],
            call.body.given(),
            call.now,
            resolution=call.body.resolution,
        )
    )


@routes.post(
    "/v1/complaints", allow=_TEAM, body=ComplaintNoted, answer=ComplaintView, status=201, idempotency=True,
    tag="service", summary="Open a complaint for a member, who made it on the phone, in the chat or at the counter",
    errors=(IdempotencyMismatch, CauseUnknown),
)  # fmt: skip
def note_complaint(call: Call[ComplaintNoted]) -> Answer:
    body = call.body
    noted = Noted(
        body.text, body.source, body.member_id, body.order_id, Category(body.category) if body.category else None,
        body.cause,
    )  # fmt: skip
    complaint = opening.note_complaint(call.tenant_id, noted, call.idempotency_key, call.principal, call.now)
    return Answer(ComplaintView.of(complaint), etag=int(complaint.rev))


@routes.post(
    "/v1/complaints/{id}/uploads", allow=_TEAM, body=UploadForm, answer=UploadView, status=201, tag="service",
    summary="Get a form to upload a photo for a complaint with",
    errors=(NotFound, TooManyUploads, WrongFileSize, WrongFileType),
)  # fmt: skip
def ask_for_complaint_upload(call: Call[UploadForm]) -> UploadView:
    """The photo is then named in a message to the member."""
    complaint = service.get_complaint(call.tenant_id, call.path["id"])
    granted = uploads.ask(call.tenant_id, complaint.member_id, call.body.content_type, call.body.size, call.now)
    return UploadView.model_validate(granted)


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
    summary="Work on a complaint: judge, assign, note",
    errors=(NotFound, Stale, ComplaintResolved, HistoryFull, RemedyInvalid, CauseUnknown),
)  # fmt: skip
def edit_complaint(call: Call[ComplaintEdit]) -> Answer:
    complaint = service.edit_complaint(
        call.tenant_id, call.path["id"], call.body.changes(), call.if_match, call.principal, call.now
    )
    return Answer(ComplaintView.of(complaint), etag=int(complaint.rev))


@routes.post(
    "/v1/complaints/{id}/messages", allow=_TEAM, body=MessageForm, answer=ComplaintView, status=201, idempotency=True,
    tag="service", summary="Write to the member of a complaint, or note what they said",
    errors=(NotFound, Stale, ComplaintResolved, HistoryFull, IdempotencyMismatch, *_PHOTOS),
)  # fmt: skip
def write_about_complaint(call: Call[MessageForm]) -> Answer:
    body, said = call.body, talking.Said(call.body.text, call.idempotency_key, tuple(call.body.photos))
    if body.said_by == "member":
        complaint = talking.note_reply(call.tenant_id, call.path["id"], said, call.if_match, call.principal, call.now)
    else:
        complaint = talking.write_to_member(
            call.tenant_id, call.path["id"], said, call.if_match, call.principal, call.now, waits=body.waits
        )
    return Answer(ComplaintView.of(complaint), etag=int(complaint.rev))


@routes.post(
    "/v1/complaints/{id}/resolve", allow=_TEAM, body=Resolution, answer=ComplaintView, tag="service",
    summary="Resolve a complaint, make it good, and tell the member",
    errors=(
        NotFound, Stale, ComplaintResolved, IdempotencyMismatch, RemedyInvalid, RemedyImpossible, NotInOrder,
        RefundTooLarge, AboveGoodwillCap, CouponNotForComplaints, BatchPaused, TermsRefused, EnoughCoupons,
        OnlyForNewMembers,
    ),
)  # fmt: skip
def resolve_complaint(call: Call[Resolution]) -> Answer:
    """The remedy is given in the same write, or refused with it. An exchange and the money of a refund follow; where
    that comes to nothing, the complaint is open again. The header Idempotency-Key is taken here as well, so that an
    answer that was lost can be asked for again.
    """
    answer = call.body.answer(call.header("Idempotency-Key") or "", call.body_hash)
    complaint = service.resolve_complaint(
        call.tenant_id, call.path["id"], answer, call.if_match, call.principal, call.now
    )
    return Answer(ComplaintView.of(complaint), etag=int(complaint.rev))


@routes.post(
    "/v1/complaints/{id}/reopen", allow=_TEAM, body=ReopeningForm, answer=ComplaintView, tag="service",
    summary="Open a resolved complaint again", errors=(NotFound, Stale, NotResolved, ComplaintResolved, HistoryFull),
)  # fmt: skip
def reopen_complaint(call: Call[ReopeningForm]) -> Answer:
    """Until 14 days after it was resolved. It goes on with what was left of its time, and at least that of a first
    response.
    """
    complaint = talking.reopen(
        call.tenant_id, call.path["id"], call.body.reason, call.if_match, call.principal, call.now
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


@routes.get(
    "/v1/complaint-causes", allow=staff("manager", "service", "analyst"), answer=CausesView, tag="service",
    summary="List the causes of complaints: the standard ones and the brand's own",
)  # fmt: skip
def read_complaint_causes(call: Call[None]) -> Answer:
    causes, revision = list_causes(call.tenant_id)
    return Answer(CausesView.of(causes), etag=revision)


@routes.put(
    "/v1/complaint-causes/{name}", allow=staff("manager"), body=CauseForm, answer=CauseView, tag="service",
    summary="Add a cause of complaints, change its words, or pause it", errors=(NotFound, Stale, TooManyCauses),
)  # fmt: skip
def set_complaint_cause(call: Call[CauseForm]) -> Answer:
    """Under a code of one's own, such as `unripe`. Complaints that have it keep it. If-Match is the revision of the
    whole list.
    """
    code = checked_code(call.path["name"])
    cause, revision = set_cause(
        call.tenant_id, code, call.body.wanted(), call.if_match, call.principal, call.now
    )  # fmt: skip
    return Answer(CauseView.of(cause), etag=revision)


@routes.get(
    "/v1/stores/{slug}/complaint-causes", allow=anyone(), answer=OwnCausesView, tag="service",
    summary="List what a complaint may be about, by category",
)  # fmt: skip
def store_complaint_causes(call: Call[None]) -> OwnCausesView:
    causes, _ = list_causes(call.tenant_id)
    return OwnCausesView.of(causes)
