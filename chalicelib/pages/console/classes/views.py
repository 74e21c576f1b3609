"""What the page of scores shows beyond the API's figures."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chalicelib.insight.reports.rfm import RfmCellView, RfmView

MOST_CELLS = 60
"""Rows of scores that a page shows, those with most members first; the file has all of them."""


@dataclass(frozen=True, slots=True)
class RfmShown:
    """Scores: ``grid`` has how many members have a recency and a frequency, whatever their value; ``shades`` how
    strongly each is coloured. ``hidden`` rows are in the file alone.
    """

    view: RfmView
    rows: Sequence[RfmCellView]
    hidden: int
    grid: Mapping[tuple[int, int], int]

    @classmethod
    def of(cls, view: RfmView) -> "RfmShown":
        rows = sorted(view.rows, key=lambda each: (-each.count, -each.r, -each.f, -each.m))
        grid = Counter[tuple[int, int]]()
        for each in view.rows:
            grid[each.r, each.f] += each.count
        return cls(view, rows[:MOST_CELLS], max(0, len(rows) - MOST_CELLS), grid)

    def shade(self, count: int) -> int:
        """How strongly a cell is coloured, from 0 for nobody to 5 for half of the members and more."""
        return min(5, 10 * count // self.view.total + 1) if count else 0
