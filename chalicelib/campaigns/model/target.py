"""The target of a campaign: what it measures, how far the orders came, and the decision at the close. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self

from chalicelib.campaigns.model.offers import Offer


class Measure(StrEnum):
    """What a target measures: units ordered, members who ordered, or the goods' value as ordered, in minor units."""

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
    """What was ordered when the buckets were fenced: units, distinct members, and the goods' value at the prices that
    they were ordered at, in minor units.
    """

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


def worth_as_ordered(offers: Iterable[Offer], units: Mapping[str, int]) -> int:
    """What so many units of everything stocked, by its offer id, are worth at the prices that they are ordered at, in
    minor units.

    All order at a ladder's first price, whenever they order; that its price falls later takes nothing off. So each unit
    more is worth more, and nobody's order undoes a target that was reached before it: on the ladder 1 → ¥10.00, 5 →
    ¥5.00 four units are ¥40.00 and five ¥50.00, although five bring ¥25.00 in the end. Discounts and delivery are no
    part of it.
    """
    return sum(offer.price_minor * offer.ordered(units) for offer in offers)


def at_final_prices(offers: Iterable[Offer], sold: Mapping[str, int]) -> list[Offer]:
    """The offers with the final prices of their ladders, where so many units of each are sold, by the ids of what is
    stocked.
    """
    return [offer.closed_with(offer.ordered(sold)) for offer in offers]
