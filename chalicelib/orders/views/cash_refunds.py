"""What the API shows of refunds that are paid out in cash."""

from typing import Self

from chalicelib.orders.handover.service.cash import Unpaid
from chalicelib.web import Contact, Instant, MoneyField, View


class CashRefundView(View):
    """Money that a member is to be given in cash at a pickup point, ``requested_at`` since when. ``id`` is what is
    confirmed once it was paid out. ``member_name`` is null where the member told none.
    """

    id: str
    order_id: str
    amount: MoneyField
    member_id: str
    member_name: Contact[str]
    pickup_point_id: str
    cause: str
    reason: str | None
    requested_at: Instant

    @classmethod
    def of(cls, unpaid: Unpaid) -> Self:
        refund = unpaid.refund
        return cls(
            id=refund.id,
            order_id=refund.order_id,
            amount=MoneyField.of(int(refund.amount_minor), refund.currency),
            member_id=unpaid.member_id,
            member_name=unpaid.member_name,
            pickup_point_id=unpaid.pickup_point_id,
            cause=refund.cause,
            reason=refund.reason,
            requested_at=refund.requested_at,
        )
