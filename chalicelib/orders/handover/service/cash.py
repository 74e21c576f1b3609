"""Money that goes back by hand: whoever runs the pickup point gives it to the member, and says so."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.db import Page, Transaction, change, fetch_many
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.principal import Principal
from chalicelib.members.records import MemberRecord
from chalicelib.orders.errors import NotPaidInCash
from chalicelib.orders.handover.service.pickup import check_leader
from chalicelib.orders.model import PAY_AT_PICKUP, RefundStatus
from chalicelib.orders.refunds import service as refunds
from chalicelib.orders.refunds.records import RefundRecord, unpaid_at_point, unpaid_in_cash
from chalicelib.orders.service.reading import get_order
from chalicelib.pickup_points.service import get_pickup_point
from chalicelib.tenants.service.audit import audit


def list_refunds(
    tenant_id: str, order_id: str, by: Principal, limit: int, cursor: dict[str, Any] | None
) -> Page[RefundRecord]:
    """The refunds of an order, by id, for the brand's people and for the leader who pays those in cash out.

    Raises NotFound, NotTheLeader.
    """
    check_leader(tenant_id, get_order(tenant_id, order_id).pickup_point_id, by)
    return refunds.list_refunds(tenant_id, order_id, limit, cursor)


@dataclass(frozen=True, slots=True)
class Unpaid:
    """A refund that is still to be paid out in cash: where and to whom, and how they are called, if they told."""

    refund: RefundRecord
    pickup_point_id: str
    member_id: str
    member_name: str | None


@dataclass(frozen=True, slots=True)
class UnpaidPage:
    """One page of them; ``last_key`` continues the list and is None at its end."""

    items: list[Unpaid]
    last_key: dict[str, Any] | None


def list_unpaid(tenant_id: str, pickup_point_id: str | None, limit: int, cursor: dict[str, Any] | None) -> UnpaidPage:
    """The refunds that are still to be paid out in cash, at one pickup point or at all, the longest due first.

    One query of an index that has no others, and one request for their members.
    """
    if pickup_point_id is None:
        page = RefundRecord.page(unpaid_in_cash(tenant_id), index="gsi1", limit=limit, cursor=cursor)
    else:
        partition = unpaid_at_point(tenant_id, pickup_point_id)
        page = RefundRecord.page(partition, index="gsi2", limit=limit, cursor=cursor)
    names = _names(tenant_id, {str(each.member_id) for each in page.items})
    unpaid = [
        Unpaid(each, str(each.pickup_point_id), str(each.member_id), names.get(str(each.member_id)))
        for each in page.items
    ]
    return UnpaidPage(unpaid, page.last_key)


def list_unpaid_of_point(
    tenant_id: str, pickup_point_id: str, by: Principal, limit: int, cursor: dict[str, Any] | None
) -> UnpaidPage:
    """A pickup point's, also for the member who leads it and pays them out. Raises NotFound, NotTheLeader."""
    get_pickup_point(tenant_id, pickup_point_id)
    check_leader(tenant_id, pickup_point_id, by)
    return list_unpaid(tenant_id, pickup_point_id, limit, cursor)


def confirm(tenant_id: str, order_id: str, refund_id: str, by: Principal, now: datetime) -> RefundRecord:
    """Notes that a refund in cash has reached its member; confirmed again, it stays as it was.

    Members confirm only where they lead the order's pickup point. Raises NotFound, NotTheLeader, NotPaidInCash.
    """
    order = get_order(tenant_id, order_id)
    check_leader(tenant_id, order.pickup_point_id, by)

    def decide(refund: RefundRecord | None, tx: Transaction) -> RefundRecord:
        if refund is None:
            raise NotFound("The order has no such refund.", detail_zh="该订单没有此退款。")
        if refund.method != PAY_AT_PICKUP:
            raise NotPaidInCash(
                f"This refund goes through '{refund.method}', which reports it; there is nothing to pay out.",
                detail_zh="该退款原路退回，无需现金支付。",
                extra={"method": refund.method},
            )
        if refund.status == RefundStatus.SUCCEEDED:
            return refund
        refund.status = RefundStatus.SUCCEEDED.value
        refund.settled_at, refund.settled_by = now, by.label
        refund.emit("refund.succeeded", now, order_id=order_id, refund_id=refund_id)
        tx.replace("refund", refund)
        if by.kind != "member":
            told = {"refund_id": refund_id, "amount_minor": int(refund.amount_minor), "currency": refund.currency}
            audit(tx, tenant_id, by, "order.refund_paid_out", f"order:{order_id}", now, told)
        return refund

    address = RefundRecord.address(tenant_id, order_id, refund_id)
    return change(lambda: RefundRecord.fetch(*address, consistent=True), decide)


def _names(tenant_id: str, member_ids: Iterable[str]) -> dict[str, str | None]:
    addresses = [(MemberRecord, *MemberRecord.address(tenant_id, each)) for each in member_ids]
    found: list[MemberRecord | None] = fetch_many(addresses) if addresses else []
    return {member.id: member.name for member in found if member is not None}
