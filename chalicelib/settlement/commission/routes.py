"""What leaders see over HTTP of what they earn."""

from chalicelib.settlement.books.service import reading
from chalicelib.settlement.books.views import StandingView
from chalicelib.settlement.commission.views import CommissionView
from chalicelib.tenants.service.brand import get_tenant
from chalicelib.web import Call, Paged, Router, member

routes = Router(__name__)


@routes.get(
    "/v1/stores/{slug}/leader/balance", allow=member(), answer=StandingView, tag="leader",
    summary="Read what I am owed as a leader, what is still frozen, and the cash that I have to hand in",
)  # fmt: skip
def own_balance(call: Call[None]) -> StandingView:
    return StandingView.of(reading.standing(call.tenant_id, call.member_id), get_tenant(call.tenant_id).currency)


@routes.get(
    "/v1/stores/{slug}/leader/commissions", allow=member(), answer=CommissionView, paged=True, tag="leader",
    summary="List what I earn as a leader, order by order, the latest handover first",
)  # fmt: skip
def own_commissions(call: Call[None]) -> Paged:
    page = reading.commissions(call.tenant_id, call.member_id, call.limit, call.cursor)
    return Paged([CommissionView.of(book) for book in page.items], page.last_key)
