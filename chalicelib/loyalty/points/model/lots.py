"""The points that a member has: which of them a spending uses, and which expire. Pure.

Days are local days of the brand; a lot can be used up to and including its last day.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Lot:
    """Points that expire after the same day; never, without one."""

    points: int
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Holding:
    """A member's points: ``lots`` by their last day, those without one last, at most one for each day; or a ``debt``,
    where more was taken back than was there. Never both.
    """

    lots: tuple[Lot, ...] = ()
    debt: int = 0

    @property
    def balance(self) -> int:
        """What the ledger sums to: below zero while there is a debt."""
        return sum(lot.points for lot in self.lots) - self.debt

    def plus(self, lot: Lot) -> "Holding":
        """With more points: they pay off a debt first."""
        paid = min(self.debt, lot.points)
        return Holding(_merged((*self.lots, replace(lot, points=lot.points - paid))), self.debt - paid)

    def minus(self, points: int, first: Sequence[date | None] = ()) -> tuple["Holding", tuple[Lot, ...]]:
        """With fewer points, and which lots they came from: what expires first goes first, and of those without an end
        what is there. Lots of the days ``first`` go before all others: what is taken back of points goes out of the
        lot that they came into. What is missing becomes a debt.
        """
        left, taken, kept = points, [], {}
        for lot in sorted(self.lots, key=lambda lot: (lot.expires_on not in first, _place(lot))):
            part = min(lot.points, left)
            left -= part
            taken.append(Lot(part, lot.expires_on))
            kept[lot.expires_on] = lot.points - part
        return Holding(_merged(Lot(n, day) for day, n in kept.items()), self.debt + left), _merged(taken)

    def expire(self, today: date) -> tuple["Holding", tuple[Lot, ...]]:
        """Without what could be used until a day before ``today``, and those lots. It never makes a debt."""
        gone = tuple(lot for lot in self.lots if lot.expires_on is not None and lot.expires_on < today)
        return Holding(self.lots[len(gone) :], self.debt), gone

    def as_json(self) -> list[Any]:
        """As the record stores it: a day as its number, since a daily check-in makes many."""
        lots = [[lot.points, lot.expires_on.toordinal()] if lot.expires_on else [lot.points] for lot in self.lots]
        return [self.debt, *lots]

    @classmethod
    def from_json(cls, stored: Sequence[Any] | None) -> Self:
        if not stored:
            return cls()
        debt, *lots = stored
        return cls(lots_from_json(lots), debt)


def lots_from_json(stored: Iterable[Sequence[int]]) -> tuple[Lot, ...]:
    """Lots as :meth:`Holding.as_json` and the entries of spendings store them."""
    return tuple(Lot(points, *(date.fromordinal(n) for n in day)) for points, *day in stored)


def given_back(used: Sequence[Lot], before: int, points: int) -> tuple[Lot, ...]:
    """The lots in which ``points`` of a spending come back, after ``before`` of them came back already: those that
    expire last first, so that who gets a part back can use it longest. Raises ValueError for more than were used.
    """
    if not 0 <= before <= before + points <= sum(lot.points for lot in used):
        raise ValueError(f"{points} points after {before} are more than were used")
    back, skip, left = [], before, points
    for lot in sorted(used, key=_place, reverse=True):
        skipped = min(skip, lot.points)
        part = min(lot.points - skipped, left)
        skip, left = skip - skipped, left - part
        back.append(Lot(part, lot.expires_on))
    return _merged(back)


def _place(lot: Lot) -> tuple[bool, date]:
    return lot.expires_on is None, lot.expires_on or date.max


def _merged(lots: Iterable[Lot]) -> tuple[Lot, ...]:
    """At most one lot for each day, by day, and none without points."""
    by_day: dict[date | None, int] = {}
    for lot in lots:
        by_day[lot.expires_on] = by_day.get(lot.expires_on, 0) + lot.points
    return tuple(sorted((Lot(points, day) for day, points in by_day.items() if points), key=_place))
