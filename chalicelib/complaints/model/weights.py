"""How much an order weighs in a complaint about it: by the brand's own amounts, or by what its members order. Pure.

Amounts are minor units of the brand's currency.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median_low

from chalicelib.complaints.model.cases import Importance
from chalicelib.complaints.model.rules import RuleBook
from chalicelib.kernel.currencies import worth

CAMPAIGNS_KEPT = 9
FEWEST_BUYERS = 10
"""Fewer than this many buyers in the campaigns kept say nothing of what is typical."""

_HIGH_TIMES = 4


@dataclass(frozen=True, slots=True)
class Sold:
    """What a campaign had sold when it locked, and to how many members."""

    campaign_id: str
    amount_minor: int
    buyers: int


def noted(kept: Sequence[Sold], sold: Sold) -> list[Sold]:
    """The last campaigns with one more, in place of its own earlier entry; one that nobody bought in is left out."""
    others = [each for each in kept if each.campaign_id != sold.campaign_id]
    return [*others, sold][-CAMPAIGNS_KEPT:] if sold.buyers and sold.amount_minor else list(kept)


def typical_order(kept: Sequence[Sold]) -> int | None:
    """What a member typically orders in a campaign: the median, over the last nine that locked, of goods as ordered
    divided by buyers. None where these had fewer than ten buyers together.
    """
    if sum(each.buyers for each in kept) < FEWEST_BUYERS:
        return None
    return median_low([each.amount_minor // each.buyers for each in kept])


@dataclass(frozen=True, slots=True)
class Weights:
    """From which order totals a complaint is of normal, and of high importance."""

    normal_from: int
    high_from: int

    def of(self, total_minor: int) -> Importance:
        """The importance that an order of this total gives."""
        if total_minor >= self.high_from:
            return Importance.HIGH
        return Importance.NORMAL if total_minor >= self.normal_from else Importance.LOW


def weights(book: RuleBook, typical: int | None, currency: str) -> Weights:
    """The brand's own amounts; else one and four typical orders; else, while it has sold too little to tell, what is
    some and much money in its currency. An amount of its own moves the other one along where they would cross.
    """
    normal, high = (typical, _HIGH_TIMES * typical) if typical else worth(currency)
    if book.high_from is not None:
        high, normal = book.high_from, min(normal, book.high_from)
    if book.normal_from is not None:
        normal, high = book.normal_from, max(high, book.normal_from)
    return Weights(normal, high)
