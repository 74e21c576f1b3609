"""Booked costs over HTTP."""

from chalicelib.insight.costs import service as costs
from chalicelib.insight.costs.forms import CostChanges, CostQuery, NewCost
from chalicelib.insight.costs.model import CostInAnotherCurrency, RangeInvalid, UnknownSubject
from chalicelib.insight.costs.records import CostRecord
from chalicelib.insight.costs.views import CostView
from chalicelib.kernel.errors import IdempotencyMismatch, NotFound, Stale
from chalicelib.web import Answer, Call, Paged, Router, staff

routes = Router(__name__)

_BOOKS = staff("manager")
_READS = staff("manager", "analyst")


@routes.post(
    "/v1/costs", allow=_BOOKS, body=NewCost, answer=CostView, status=201, idempotency=True, tag="insight",
    summary="Book a cost that no order knows of",
    errors=(RangeInvalid, UnknownSubject, CostInAnotherCurrency, IdempotencyMismatch),
)  # fmt: skip
def book_cost(call: Call[NewCost]) -> Answer:
    """Wages, rent, advertising, transport: it stands in the report of profit, evenly over its days."""
    request = costs.Request(call.idempotency_key, call.body_hash, call.principal)
    currency = call.body.amount.currency
    return _shown(costs.book_cost(call.tenant_id, call.body.cost(), currency, request, call.now))


@routes.get(
    "/v1/costs", allow=_READS, query=CostQuery, answer=CostView, paged=True, tag="insight", errors=(RangeInvalid,),
    summary="List booked costs, those that begin last first",
)  # fmt: skip
def list_costs(call: Call[None]) -> Paged:
    page = costs.list_costs(call.tenant_id, call.query.filter(), call.limit, call.cursor)
    return Paged([CostView.of(each) for each in page.items], page.last_key)


@routes.get(
    "/v1/costs/{id}", allow=_READS, answer=CostView, tag="insight", summary="Show a booked cost", errors=(NotFound,)
)
def get_cost(call: Call[None]) -> Answer:
    return _shown(costs.get_cost(call.tenant_id, call.path["id"]))


@routes.patch(
    "/v1/costs/{id}", allow=_BOOKS, body=CostChanges, answer=CostView, tag="insight", summary="Change a booked cost",
    errors=(NotFound, Stale, RangeInvalid, UnknownSubject, CostInAnotherCurrency),
)  # fmt: skip
def change_cost(call: Call[CostChanges]) -> Answer:
    changes = call.body.changes()
    return _shown(costs.change_cost(call.tenant_id, call.path["id"], changes, call.if_match, call.principal, call.now))


@routes.delete(
    "/v1/costs/{id}", allow=_BOOKS, status=204, tag="insight", summary="Remove a booked cost",
    errors=(NotFound, Stale),
)  # fmt: skip
def remove_cost(call: Call[None]) -> None:
    """Every report counts without it from then on."""
    costs.remove_cost(call.tenant_id, call.path["id"], call.if_match, call.principal, call.now)


def _shown(record: CostRecord) -> Answer:
    return Answer(CostView.of(record), etag=int(record.rev))
