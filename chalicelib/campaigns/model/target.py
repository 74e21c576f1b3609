"""The target of a campaign: what it measures, how far the orders came, and the decision at the close. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any, Self

from chalicelib.campaigns.model.offers import Offer


class Measure(StrEnum):
    """What a target measures: units ordered, members who ordered, or the goods' value in minor units."""

    QUANTITY = "quantity"
    PARTICIPANTS = "participants"
    AMOUNT = "amount"


class OnMiss(StrEnum):
    """What happens at the close when the target is missed."""

    CANCEL = "cancel"
    EXTEND = "extend"
    LOCK = "lock"


@dataclass(frozen=True, slots=True)
class Target:
    """What the orders must reach by the close; ``extend_hours`` matters only where a miss extends."""

    measure: Measure
    value: int
    on_miss: OnMiss
    extend_hours: int = 24

    def as_json(self) -> dict[str, Any]:
        """As the campaign's record stores it."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(
            Measure(stored["measure"]), stored["value"], OnMiss(stored["on_miss"]), stored.get("extend_hours", 24)
        )


@dataclass(frozen=True, slots=True)
class CloseTotals:
    """What was ordered when the buckets were fenced: units, distinct members, goods' value in minor units."""

    quantity: int
    participants: int
    amount_minor: int


def measured(target: Target, totals: CloseTotals) -> int:
    """How far the orders came, in the target's own measure."""
    if target.measure is Measure.QUANTITY:
        return totals.quantity
    return totals.participants if target.measure is Measure.PARTICIPANTS else totals.amount_minor


def reached_bps(target: Target, totals: CloseTotals) -> int:
    """The part of the target that is reached, in basis points rounded down: 10000 and above is reached."""
    return measured(target, totals) * 10_000 // target.value


def at_final_prices(
    offers: Sequence[Offer], sold: Mapping[str, int], totals: CloseTotals
) -> tuple[list[Offer], CloseTotals]:
    """The offers with the final prices of their ladders, and the totals with the goods at those prices.

    ``sold`` has the units of each offer by its id. With the ladder 1 → ¥10.00, 20 → ¥9.00 and 23 units sold at ¥10.00,
    beside other goods of ¥50.00: the totals fall from ¥280.00 by 23 × ¥1.00 to ¥257.00.
    """
    final = [offer.closed_with(sold.get(offer.offer_id, 0)) for offer in offers]
    lower = sum(
        (offer.price_minor - offer.final_price_minor) * sold.get(offer.offer_id, 0)
        for offer in final
        if offer.final_price_minor is not None
    )
    return final, replace(totals, amount_minor=totals.amount_minor - lower)
