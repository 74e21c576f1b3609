"""Refunds in cash over HTTP: what is still to be paid out, across orders, for staff and for a pickup point's leader."""

from chalicelib.kernel.errors import NotFound
from chalicelib.orders.errors import NotTheLeader
from chalicelib.orders.forms.cash_refunds import CashRefundFilter
from chalicelib.orders.handover.service import cash as paying_out
from chalicelib.orders.views.cash_refunds import CashRefundView
from chalicelib.web import Call, Paged, Router, staff, staff_or_member

routes = Router(__name__)


@routes.get(
    "/v1/cash-refunds", allow=staff("manager", "service", "analyst"), query=CashRefundFilter, answer=CashRefundView,
    paged=True, tag="orders", summary="List the refunds that are still to be paid out in cash, the longest due first",
)  # fmt: skip
def list_cash_refunds(call: Call[None]) -> Paged:
    page = paying_out.list_unpaid(call.tenant_id, call.query.pickup_point_id, call.limit, call.cursor)
    return Paged([CashRefundView.of(each) for each in page.items], page.last_key)


@routes.get(
    "/v1/pickup-points/{id}/cash-refunds", allow=staff_or_member("manager", "service", "analyst"),
    answer=CashRefundView, paged=True, tag="orders", errors=(NotFound, NotTheLeader),
    summary="List the refunds that a pickup point still has to pay out in cash; its leader pays them",
)  # fmt: skip
def list_cash_refunds_of_point(call: Call[None]) -> Paged:
    page = paying_out.list_unpaid_of_point(call.tenant_id, call.path["id"], call.principal, call.limit, call.cursor)
    return Paged([CashRefundView.of(each) for each in page.items], page.last_key)
