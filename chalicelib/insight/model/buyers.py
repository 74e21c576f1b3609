"""What each member bought up to a day, in columns by ordinal: what models of their future are fitted to. Pure.

An occasion is a local day with an order. Columns of numbers, since a million members as objects take ten times as much.
"""

from array import array
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from chalicelib.insight.model.spending import Spend

_NEVER = 0


class Buyer(NamedTuple):
    """A member: occasions after the first, whole days from the first to the last of them, and from the first to the
    end; of these repeats, how many have an amount in the tenant's currency, and their sum in minor units.
    """

    ordinal: int
    repeats: int
    last_days: int
    seen_days: int
    paid: int
    spent_minor: int


class Buyers:
    """Added up day after day, the oldest first."""

    def __init__(self, currency: str) -> None:
        self._currency = currency
        self._first, self._last, self._occasions = array("i"), array("i"), array("i")
        self._paid, self._spent = array("i"), array("q")

    def add(self, on: date, spend: Spend) -> None:
        """Adds what members spent on a day, or some of them; none of them twice, and no day before one that was added.

        Amounts in other currencies are not converted: their days are occasions without an amount.
        """
        day = on.toordinal()
        ordinals = {ordinal for amounts in spend.amounts.values() for ordinal in amounts}
        if ordinals:
            self._make_room(max(ordinals) + 1)
        repeated = []
        for ordinal in ordinals:
            if self._first[ordinal] == _NEVER:
                self._first[ordinal] = day
            else:
                repeated.append(ordinal)
            self._last[ordinal] = day
            self._occasions[ordinal] += 1
        amounts = spend.amounts.get(self._currency, {})
        for ordinal in repeated:
            if ordinal in amounts:
                self._paid[ordinal] += 1
                self._spent[ordinal] += amounts[ordinal]

    def upto(self, on: date) -> Iterator[Buyer]:
        """Everyone who ever bought, by ordinal, as seen at the end of a day, of which none later was added."""
        end = on.toordinal()
        for ordinal, first in enumerate(self._first):
            if first != _NEVER:
                yield Buyer(
                    ordinal, self._occasions[ordinal] - 1, self._last[ordinal] - first, end - first,
                    self._paid[ordinal], self._spent[ordinal],
                )  # fmt: skip

    def _make_room(self, members: int) -> None:
        missing = members - len(self._first)
        if missing > 0:
            for column in (self._first, self._last, self._occasions, self._paid, self._spent):
                column.extend([0] * missing)
