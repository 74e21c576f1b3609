"""HTTP routes of enquiries: a member asks and follows, the team answers."""

from chalicelib.enquiries.errors import ConversationFull, EnquiryClosed, NothingToJudge, TooManyEnquiries, TooManyOpen
from chalicelib.enquiries.forms import (
    CannedRepliesForm,
    EnquiryEdit,
    EnquiryMessage,
    EnquiryQuery,
    EnquiryRulesForm,
    HelpedForm,
    NewEnquiry,
    RatesQuery,
    TeamMessage,
)
from chalicelib.enquiries.model.conversation import Said, Topic
from chalicelib.enquiries.service import handling, talking
from chalicelib.enquiries.service import rules as settings
from chalicelib.enquiries.service.opening import open_enquiry
from chalicelib.enquiries.service.rates import rates
from chalicelib.enquiries.views import (
    CannedRepliesView,
    EnquiryRulesView,
    EnquiryView,
    OwnEnquiryView,
    RatesView,
)
from chalicelib.kernel.errors import IdempotencyMismatch, NotFound, Stale
from chalicelib.web import Answer, Call, Paged, Router, member, staff

routes = Router(__name__)

_TEAM = staff("manager", "service")
_READERS = staff("manager", "service", "analyst")


@routes.post(
    "/v1/stores/{slug}/enquiries", allow=member(), body=NewEnquiry, answer=OwnEnquiryView, status=201,
    idempotency=True, tag="service", summary="Ask the store something",
    errors=(TooManyOpen, TooManyEnquiries, IdempotencyMismatch),
)  # fmt: skip
def ask(call: Call[NewEnquiry]) -> OwnEnquiryView:
    """Within a second it is answered from your order or the store's FAQ where these are sure (`answered_by`, `source`,
    `confidence`); else somebody of the team answers by `first_response_due_at`.
    """
    body = call.body
    enquiry = open_enquiry(
        call.tenant_id, call.member_id, body.text, call.idempotency_key, call.now,
        topic=Topic(body.topic) if body.topic else None, order_id=body.order_id, product_id=body.product_id,
    )  # fmt: skip
    return OwnEnquiryView.of(enquiry)


@routes.get(
    "/v1/stores/{slug}/enquiries", allow=member(), answer=OwnEnquiryView, paged=True, tag="service",
    summary="List my enquiries: the open ones first, newest first",
)  # fmt: skip
def own_enquiries(call: Call[None]) -> Paged:
    page = handling.list_own_enquiries(call.tenant_id, call.member_id, call.limit, call.cursor)
    return Paged([OwnEnquiryView.of(enquiry) for enquiry in page.items], page.last_key)


@routes.get(
    "/v1/stores/{slug}/enquiries/{id}", allow=member(), answer=OwnEnquiryView, tag="service",
    summary="Show one of my enquiries", errors=(NotFound,),
)  # fmt: skip
def own_enquiry(call: Call[None]) -> OwnEnquiryView:
    return OwnEnquiryView.of(handling.get_own_enquiry(call.tenant_id, call.member_id, call.path["id"]))


@routes.post(
    "/v1/stores/{slug}/enquiries/{id}/messages", allow=member(), body=EnquiryMessage, answer=OwnEnquiryView, status=201,
    idempotency=True, tag="service", summary="Write to the store in my enquiry",
    errors=(NotFound, EnquiryClosed, ConversationFull, IdempotencyMismatch),
)  # fmt: skip
def write_to_store(call: Call[EnquiryMessage]) -> OwnEnquiryView:
    """After an automatic answer it goes to a person. One that was closed in the last 14 days is opened again."""
    said = Said(call.body.text, call.idempotency_key)
    return OwnEnquiryView.of(talking.write_to_store(call.tenant_id, call.member_id, call.path["id"], said, call.now))


@routes.post(
    "/v1/stores/{slug}/enquiries/{id}/helped", allow=member(), body=HelpedForm, answer=OwnEnquiryView, tag="service",
    summary="Say whether the automatic answer to my enquiry helped", errors=(NotFound, NothingToJudge),
)  # fmt: skip
def judge_answer(call: Call[HelpedForm]) -> OwnEnquiryView:
    """Yes closes the enquiry, no hands it to a person, who answers within the time of a first response from now on."""
    return OwnEnquiryView.of(
        talking.judge_answer(call.tenant_id, call.member_id, call.path["id"], call.body.helped, call.now)
    )


@routes.post(
    "/v1/stores/{slug}/enquiries/{id}/close", allow=member(), answer=OwnEnquiryView, tag="service",
    summary="Close my enquiry", errors=(NotFound,),
)  # fmt: skip
def close_own_enquiry(call: Call[None]) -> OwnEnquiryView:
    return OwnEnquiryView.of(talking.close_own(call.tenant_id, call.member_id, call.path["id"], call.now))


@routes.get(
    "/v1/enquiries", allow=_TEAM, query=EnquiryQuery, answer=EnquiryView, paged=True, tag="service",
    summary="List enquiries: those for the team, those with an automatic answer, the closed",
)  # fmt: skip
def list_enquiries(call: Call[None]) -> Paged:
    page = handling.list_enquiries(call.tenant_id, call.now, call.limit, call.cursor, call.query.filter())
    return Paged([EnquiryView.of(enquiry) for enquiry in page.items], page.last_key)


@routes.get(
    "/v1/enquiries/{id}", allow=_TEAM, answer=EnquiryView, tag="service", summary="Show an enquiry",
    errors=(NotFound,),
)  # fmt: skip
def get_enquiry(call: Call[None]) -> Answer:
    enquiry = handling.get_enquiry(call.tenant_id, call.path["id"])
    return Answer(EnquiryView.of(enquiry), etag=int(enquiry.rev))


@routes.patch(
    "/v1/enquiries/{id}", allow=_TEAM, body=EnquiryEdit, answer=EnquiryView, tag="service",
    summary="Work on an enquiry: topic, priority, owner, note",
    errors=(NotFound, Stale, EnquiryClosed, ConversationFull),
)  # fmt: skip
def edit_enquiry(call: Call[EnquiryEdit]) -> Answer:
    enquiry = handling.edit_enquiry(
        call.tenant_id, call.path["id"], call.body.changes(), call.if_match, call.principal, call.now
    )
    return Answer(EnquiryView.of(enquiry), etag=int(enquiry.rev))


@routes.post(
    "/v1/enquiries/{id}/messages", allow=_TEAM, body=TeamMessage, answer=EnquiryView, status=201, idempotency=True,
    tag="service", summary="Answer the member of an enquiry",
    errors=(NotFound, Stale, EnquiryClosed, ConversationFull, IdempotencyMismatch),
)  # fmt: skip
def answer_enquiry(call: Call[TeamMessage]) -> Answer:
    said = Said(call.body.text, call.idempotency_key)
    enquiry = talking.write_to_member(
        call.tenant_id, call.path["id"], said, call.if_match, call.principal, call.now, waits=call.body.waits
    )
    return Answer(EnquiryView.of(enquiry), etag=int(enquiry.rev))


@routes.post(
    "/v1/enquiries/{id}/close", allow=_TEAM, answer=EnquiryView, tag="service", summary="Close an enquiry",
    errors=(NotFound, Stale, EnquiryClosed),
)  # fmt: skip
def close_enquiry(call: Call[None]) -> Answer:
    """The member is told; a message of theirs opens it again, for 14 days."""
    enquiry = handling.close_enquiry(call.tenant_id, call.path["id"], call.if_match, call.principal, call.now)
    return Answer(EnquiryView.of(enquiry), etag=int(enquiry.rev))


@routes.get(
    "/v1/enquiry-rules", allow=_READERS, answer=EnquiryRulesView, tag="service",
    summary="Read whether and how surely enquiries are answered automatically",
)  # fmt: skip
def read_enquiry_rules(call: Call[None]) -> Answer:
    rules, revision = settings.get_rules(call.tenant_id)
    return Answer(EnquiryRulesView.of(rules), etag=revision)


@routes.put(
    "/v1/enquiry-rules", allow=staff("manager"), body=EnquiryRulesForm, answer=EnquiryRulesView, tag="service",
    summary="Set whether and how surely enquiries are answered automatically", errors=(Stale,),
)  # fmt: skip
def set_enquiry_rules(call: Call[EnquiryRulesForm]) -> Answer:
    rules, revision = settings.set_rules(call.tenant_id, call.body.rules(), call.if_match, call.principal, call.now)
    return Answer(EnquiryRulesView.of(rules), etag=revision)


@routes.get(
    "/v1/canned-replies", allow=_TEAM, answer=CannedRepliesView, tag="service", summary="Read the canned replies",
)  # fmt: skip
def read_canned_replies(call: Call[None]) -> Answer:
    replies, revision = settings.get_replies(call.tenant_id)
    return Answer(CannedRepliesView.of(replies), etag=revision)


@routes.put(
    "/v1/canned-replies", allow=_TEAM, body=CannedRepliesForm, answer=CannedRepliesView, tag="service",
    summary="Set the canned replies", errors=(Stale,),
)  # fmt: skip
def set_canned_replies(call: Call[CannedRepliesForm]) -> Answer:
    replies, revision = settings.set_replies(
        call.tenant_id, call.body.canned(), call.if_match, call.principal, call.now
    )
    return Answer(CannedRepliesView.of(replies), etag=revision)


@routes.get(
    "/v1/enquiry-rates", allow=_READERS, query=RatesQuery, answer=RatesView, tag="service",
    summary="Count how the enquiries of a period were answered",
)  # fmt: skip
def read_enquiry_rates(call: Call[None]) -> RatesView:
    return RatesView.of(rates(call.tenant_id, *call.query.days))
