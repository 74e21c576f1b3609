"""Members by how likely they are to be active and by what they would bring: bands, sums and who is most at risk. Pure.

Amounts are in minor units of the tenant's currency.
"""

import heapq
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import NamedTuple

from chalicelib.insight.model.bgnbd import Bgnbd
from chalicelib.insight.model.buyers import Buyer, Buyers
from chalicelib.insight.model.gamma_gamma import GammaGamma, Spending
from chalicelib.insight.model.lifetime import Fitted, Reason, history_of

SHORT_WEEKS, LONG_WEEKS = 12, 52
"""For how long is looked ahead."""

ONCE = 0
"""The band of members without a repeat: by the model they are active for certain, which only says that nothing speaks
against it.
"""

BANDS = 5
MOST_AT_RISK = 1_000


class Band(NamedTuple):
    """``alive``: 1 to 5 by fifths of the probability of being active, or ONCE. ``value``: 1 to 5 by what they would
    bring if active, each a fifth of members; 0 where amounts have no model.
    """

    alive: int
    value: int

    @property
    def label(self) -> str:
        """As it is named by who asks for its members, and in keys: ``2:5``, ``once:5``."""
        return f"{self.alive or 'once'}:{self.value}"


class Expected(NamedTuple):
    """Of a member: the probability of being active; days with an order in the short and in the long time; the same of
    amounts, and what they would bring in the long time if they were active. Without a model amounts are 0, and
    ``if_active`` is in days with an order.
    """

    ordinal: int
    repeats: int
    p_alive: float
    orders_short: float
    orders_long: float
    amount: float
    if_active: float

    @property
    def at_risk(self) -> float:
        """What is expected not to come since they are no longer active."""
        return self.if_active * (1 - self.p_alive)


@dataclass(slots=True)
class Sums:
    """Members of a band, by ordinal, with what they are expected to bring together."""

    members: list[int] = field(default_factory=list)
    orders_short: float = 0.0
    orders_long: float = 0.0
    amount_short: float = 0.0
    amount_long: float = 0.0

    def add(self, of: Expected) -> None:
        """Counts one more."""
        self.members.append(of.ordinal)
        self.orders_short += of.orders_short
        self.orders_long += of.orders_long
        self.amount_short += of.orders_short * of.amount
        self.amount_long += of.orders_long * of.amount


@dataclass(frozen=True, slots=True)
class Expectations:
    """All bands that hold anyone; the least and the most that members of a value band would bring; those most at risk,
    the greatest loss first.
    """

    bands: Mapping[Band, Sums]
    values: Mapping[int, tuple[int, int]]
    at_risk: Sequence[Expected]


def expectations(fitted: Fitted, buyers: Buyers, on: date, left: int) -> Expectations | None:
    """What is expected of everyone who ever bought, as of the end of a day; of who has ``left``, as bits by ordinal,
    nothing is. None where there is no model of orders.
    """
    if isinstance(fitted.orders, Reason):
        return None
    gone = left.bit_length()
    of_members = _Expecting(fitted.orders, fitted.amounts)
    staying = [each for each in buyers.upto(on) if each.ordinal >= gone or not left >> each.ordinal & 1]
    worth = sorted(array("d", (each.if_active for each in of_members(staying))))
    has_amounts = isinstance(fitted.amounts, GammaGamma)
    bands: dict[Band, Sums] = {}
    values: dict[int, tuple[int, int]] = {}
    for each in of_members(staying):
        value = min(BANDS, BANDS * bisect_left(worth, each.if_active) // len(worth) + 1) if has_amounts else 0
        bands.setdefault(Band(_alive(each), value), Sums()).add(each)
        minor = round(each.if_active)
        least, most = values.get(value, (minor, minor))
        values[value] = min(least, minor), max(most, minor)
    risky = (each for each in of_members(staying) if each.at_risk > 0)
    at_risk = heapq.nlargest(MOST_AT_RISK, risky, key=lambda each: (each.at_risk, -each.ordinal))
    return Expectations(dict(sorted(bands.items())), dict(sorted(values.items())) if has_amounts else {}, at_risk)


def _alive(of: Expected) -> int:
    return min(BANDS, int(of.p_alive * BANDS) + 1) if of.repeats else ONCE


class _Expecting:
    """Computes members' expectations; what depends on repeats and time alone is computed once."""

    def __init__(self, orders: Bgnbd, amounts: GammaGamma | Reason) -> None:
        self._orders, self._amounts = orders, amounts
        self._if_active = cache(self._orders.expected_if_active)

    def __call__(self, buyers: Sequence[Buyer]) -> Iterator[Expected]:
        for buyer in buyers:
            history = history_of(buyer)
            p_alive = self._orders.p_alive(history)
            short = self._if_active(history.repeats, history.seen, SHORT_WEEKS)
            long = self._if_active(history.repeats, history.seen, LONG_WEEKS)
            amount = self._amount(buyer)
            yield Expected(
                buyer.ordinal, buyer.repeats, p_alive, p_alive * short, p_alive * long, amount or 0.0,
                long if amount is None else long * amount,
            )  # fmt: skip

    def _amount(self, buyer: Buyer) -> float | None:
        if not isinstance(self._amounts, GammaGamma):
            return None
        mean = buyer.spent_minor / buyer.paid if buyer.paid else 0.0
        return self._amounts.expected(Spending(buyer.paid, mean))
