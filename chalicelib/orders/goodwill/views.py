"""What the API shows of goodwill."""

from collections.abc import Sequence
from typing import Self

from chalicelib.orders.refunds.records import RefundRecord
from chalicelib.orders.refunds.views import StaffRefundView
from chalicelib.web import MoneyField


class GoodwillView(StaffRefundView):
    """What was given back: ``amount`` is all of it. An order that was paid in two ways has it in two ``refunds``; the
    first of them is shown as a whole.
    """

    refunds: list[StaffRefundView]

    @classmethod
    def of_all(cls, made: Sequence[RefundRecord]) -> Self:
        shown = [StaffRefundView.of(refund) for refund in made]
        whole = MoneyField.of(sum(int(refund.amount_minor) for refund in made), made[0].currency)
        return cls(**dict(shown[0]) | {"amount": whole, "refunds": shown})
