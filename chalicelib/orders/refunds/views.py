"""What the API shows of refunds."""

from typing import Any, Literal, Self

from chalicelib.orders.bundles.model import by_offer
from chalicelib.orders.model import RefundStatus
from chalicelib.orders.refunds.model import DELIVERY
from chalicelib.orders.refunds.records import PROVIDER, RefundRecord
from chalicelib.pricing.views import TaxView
from chalicelib.web import Instant, MoneyField, View


class RefundPartView(View):
    """The part of a refund that is for a line, or for the delivery fee; of a bundle, all its parts together."""

    offer_id: str | None
    amount: MoneyField


class RefundView(View):
    """Money on its way back. ``method`` is ``pickup`` for cash at the point, otherwise the provider's name. ``origin``
    is ``provider`` where it was not asked for here: refunded on the provider's own pages, or to who won a dispute.
    ``cause`` is the kind of what it is for; to the brand's people it names the very case, edit or payment as well.
    ``tax`` is what it reverses of the order's tax, by rate; negative where the change that it pays back added goods at
    that rate.
    """

    id: str
    order_id: str
    status: RefundStatus
    amount: MoneyField
    method: str
    origin: Literal["shop", "provider"]
    cause: str
    reason: str | None
    lines: list[RefundPartView]
    tax: list[TaxView]
    requested_at: Instant
    settled_at: Instant | None

    @classmethod
    def of(cls, refund: RefundRecord) -> Self:
        return cls(**_refund(refund) | {"cause": refund.cause.partition(":")[0]})


class StaffRefundView(RefundView):
    """A refund as the brand's people see it."""

    by: str

    @classmethod
    def of(cls, refund: RefundRecord) -> Self:
        return cls(**_refund(refund), by=refund.by)


def _refund(refund: RefundRecord) -> dict[str, Any]:
    parts = [
        RefundPartView(offer_id=None if name == DELIVERY else name, amount=MoneyField.of(part, refund.currency))
        for name, part in by_offer(refund.lines or {}).items()
    ]
    amount = MoneyField.of(int(refund.amount_minor), refund.currency)
    names = ("id", "order_id", "status", "method", "cause", "reason", "requested_at", "settled_at")
    return {name: getattr(refund, name) for name in names} | {
        "amount": amount,
        "lines": parts,
        "tax": TaxView.each(refund.tax, refund.currency),
        "origin": PROVIDER if refund.by == PROVIDER else "shop",
    }
