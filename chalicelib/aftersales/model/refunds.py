"""The rules of what a case pays back: for which units, and how much. Pure.

Amounts are minor units of the order's currency.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.aftersales.errors import RefundBeyondCase
from chalicelib.orders.refunds.model import units_value


def check_refunded_units(case: Mapping[str, int], refunded: Mapping[str, int]) -> None:
    """Raises RefundBeyondCase when a decision pays back more of an offer than can be paid back of the case."""
    for index, (offer_id, units) in enumerate(refunded.items()):
        most = case.get(offer_id, 0)
        if units > most:
            raise RefundBeyondCase.at(
                f"/refund/lines/{index}/quantity",
                f"Of this offer the case can pay back {most}, not {units}.",
                f"该售后单中此商品最多可退 {most} 件，不能退 {units} 件。",
            )


@dataclass(frozen=True, slots=True)
class Worth:
    """A line's money: what it was paid with, what of that can still go back, and for how many units money went back."""

    quantity: int
    share_minor: int
    rest_minor: int
    paid_back: int

    def of(self, units: int) -> int:
        """What so many more units pay back.

        All units of a line together pay back its share to the last minor unit, however they come; what was given back
        as a plain amount before is not given twice.
        """
        before = max(0, min(self.paid_back, self.quantity - units))
        return min(units_value(self.share_minor, self.quantity, before, units), self.rest_minor)
