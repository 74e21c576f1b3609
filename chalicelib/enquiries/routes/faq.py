"""HTTP routes of the FAQ: the team writes it, everybody reads it."""

from chalicelib.enquiries.errors import FaqFull
from chalicelib.enquiries.forms import FaqEdit, FaqQuery, NewFaqEntry
from chalicelib.enquiries.service import faq
from chalicelib.enquiries.views import FaqView, StoreFaqView
from chalicelib.kernel.errors import IdempotencyMismatch, NotFound, Stale
from chalicelib.web import Answer, Call, Paged, Router, anyone, staff

routes = Router(__name__)

_TEAM = staff("manager", "service", "editor")


@routes.get(
    "/v1/stores/{slug}/faq", allow=anyone(), query=FaqQuery, answer=StoreFaqView, paged=True, tag="storefront",
    summary="List the questions that the store has answered for everybody",
)  # fmt: skip
def store_faq(call: Call[None]) -> Paged:
    query = call.query
    page = faq.list_entries(
        call.tenant_id, call.limit, call.cursor, locale=query.locale, q=query.q, published_only=True
    )
    return Paged([StoreFaqView.of(entry) for entry in page.items], page.last_key)


@routes.post(
    "/v1/faq", allow=_TEAM, body=NewFaqEntry, answer=FaqView, status=201, idempotency=True, tag="service",
    summary="Add a question with its answer to the FAQ", errors=(FaqFull, IdempotencyMismatch),
)  # fmt: skip
def add_faq_entry(call: Call[NewFaqEntry]) -> Answer:
    entry = faq.add_entry(call.tenant_id, call.body.entry(), call.idempotency_key, call.principal, call.now)
    return Answer(FaqView.of(entry), etag=int(entry.rev))


@routes.get(
    "/v1/faq", allow=_TEAM, query=FaqQuery, answer=FaqView, paged=True, tag="service",
    summary="List the FAQ by language and position",
)  # fmt: skip
def list_faq(call: Call[None]) -> Paged:
    page = faq.list_entries(call.tenant_id, call.limit, call.cursor, locale=call.query.locale, q=call.query.q)
    return Paged([FaqView.of(entry) for entry in page.items], page.last_key)


@routes.get(
    "/v1/faq/{id}", allow=_TEAM, answer=FaqView, tag="service", summary="Show an entry of the FAQ", errors=(NotFound,)
)
def get_faq_entry(call: Call[None]) -> Answer:
    entry = faq.get_entry(call.tenant_id, call.path["id"])
    return Answer(FaqView.of(entry), etag=int(entry.rev))


@routes.patch(
    "/v1/faq/{id}", allow=_TEAM, body=FaqEdit, answer=FaqView, tag="service", summary="Change an entry of the FAQ",
    errors=(NotFound, Stale),
)  # fmt: skip
def edit_faq_entry(call: Call[FaqEdit]) -> Answer:
    entry = faq.edit_entry(
        call.tenant_id, call.path["id"], call.body.changes(), call.if_match, call.principal, call.now
    )
    return Answer(FaqView.of(entry), etag=int(entry.rev))


@routes.delete(
    "/v1/faq/{id}",
    allow=_TEAM,
    status=204,
    tag="service",
    summary="Delete an entry of the FAQ",
    errors=(NotFound, Stale),
)
def delete_faq_entry(call: Call[None]) -> None:
    """What was answered from it stays as it was."""
    faq.delete_entry(call.tenant_id, call.path["id"], call.if_match, call.principal, call.now)
