"""What a check compares: figures as they stand against SQL over the raw records. Pure.

No line here is shared with what makes the figures: a fault there cannot repeat itself here.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

MOST_SHOWN = 100
"""Differences that a result names; all are counted."""


@dataclass(frozen=True, slots=True)
class Check:
    """Two queries whose rows ``(period, cell, value)`` have to be the same. ``period`` is a local day, a month, or
    whatever a table has rows of; a row that one side lacks stands for ``absent``, and differs where that is None.
    """

    name: str
    stored: str
    recounted: str
    absent: int | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell that stands with another value than its raw records come to; None where one side has none."""

    check: str
    period: str
    cell: str
    stored: int | None
    recounted: int | None


@dataclass(slots=True)
class Found:
    """What comparing came to: how many cells, how many differ, the first of those, and the periods of all of them by
    check.
    """

    compared: int = 0
    differing: int = 0
    first: list[Difference] = field(default_factory=list)
    periods: dict[str, set[str]] = field(default_factory=dict)

    def add(self, other: "Found") -> None:
        self.compared += other.compared
        self.differing += other.differing
        self.first = (self.first + other.first)[:MOST_SHOWN]
        for check, periods in other.periods.items():
            self.periods.setdefault(check, set()).update(periods)


def comparison(check: Check) -> str:
    """A query for the cells of a check as ``(period, cell, stored, recounted)``, but for periods in ``left_out``."""
    absent = "NULL" if check.absent is None else str(check.absent)
    return f"""
        SELECT period, cell, coalesce(s.value, {absent}) AS stored, coalesce(r.value, {absent}) AS recounted
        FROM ({check.stored}) AS s FULL JOIN ({check.recounted}) AS r USING (period, cell)
        WHERE period NOT IN (SELECT period FROM left_out)
    """


def view(name: str, query: str) -> str:
    """A statement that names a query."""
    return f"CREATE VIEW {name} AS {query}"


def tables(columns: Iterable[tuple[str, str]]) -> list[str]:
    """The statements that make tables, by name and columns."""
    return [f"CREATE TABLE {name} ({of})" for name, of in columns]
