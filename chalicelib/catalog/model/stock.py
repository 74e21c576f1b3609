"""Why a SKU's stock changed, and what the changes of a period come to. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum


class Kind(StrEnum):
    """Every way in which the free units of a SKU change."""

    ADJUSTMENT = "adjustment"
    SET_ASIDE = "set_aside"
    RETURNED = "returned"
    RECEIVED_SURPLUS = "received_surplus"
    WASTAGE = "wastage"
    CUSTOMER_RETURN = "customer_return"


class Loss(StrEnum):
    """What became of wasted units."""

    EXPIRED = "expired"
    DAMAGED = "damaged"
    LOST = "lost"
    SAMPLE = "sample"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Source:
    """What moved stock: ``cause`` names it for ever (``campaign:01J…``), ``by`` the principal, or ``system``."""

    cause: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Movement:
    """Units that came (positive) or went."""

    kind: Kind
    delta: int


@dataclass(frozen=True, slots=True)
class Flow:
    """A SKU's stock over a period, in units: ``opening`` at its first instant, ``closing`` at its last.

    ``sold`` is what campaigns took and did not give back, less what members returned; ``wasted`` what was written off;
    ``adjusted`` what stock-takings and deliveries changed; ``surplus`` what suppliers delivered beyond the orders of a
    campaign.
    """

    opening: int
    sold: int
    wasted: int
    adjusted: int
    surplus: int
    closing: int


def flow(free_now: int, during: Iterable[Movement], since: Iterable[Movement]) -> Flow:
    """What happened ``during`` a period, derived from the stock now and what has moved ``since`` the period ended."""
    sums = dict.fromkeys(Kind, 0)
    for each in during:
        sums[each.kind] += each.delta
    closing = free_now - sum(each.delta for each in since)
    return Flow(
        opening=closing - sum(sums.values()),
        sold=-(sums[Kind.SET_ASIDE] + sums[Kind.RETURNED] + sums[Kind.CUSTOMER_RETURN]),
        wasted=-sums[Kind.WASTAGE],
        adjusted=sums[Kind.ADJUSTMENT],
        surplus=sums[Kind.RECEIVED_SURPLUS],
        closing=closing,
    )


def turnover(cost_of_goods: int, opening: int, closing: int) -> Decimal | None:
    """Cost of the goods that left over the average stock, the mean of opening and closing, all in one unit of value.

    Four decimals, half to even; None without any stock. Source: the inventory turnover ratio of financial accounting
    (cost of goods sold ÷ average inventory).
    """
    return _ratio(2 * cost_of_goods, opening + closing)


def wastage_rate(wasted: int, sold: int) -> Decimal | None:
    """Wasted units over all that left the stock, sold or wasted; four decimals. None where nothing left."""
    return _ratio(wasted, wasted + sold)


def _ratio(part: int, whole: int) -> Decimal | None:
    if whole <= 0:
        return None
    return (Decimal(part) / Decimal(whole)).quantize(Decimal("0.0001"), rounding=ROUND_HALF_EVEN)
