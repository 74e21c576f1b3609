"""What the pages of classes show: the API's figures, and the charts that are drawn of them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chalicelib.insight.model.rfm import SCORES
from chalicelib.insight.reports.classes import ClassesReportView
from chalicelib.insight.reports.rfm import RfmCellView, RfmView
from chalicelib.pages.console.charts import Bar, Point, bars
from chalicelib.pages.console.said import CLASS
from chalicelib.pages.shell.saying import Saying

MOST_CELLS = 60
"""Rows of scores that a page shows, those with most members first; the file has all of them."""


@dataclass(frozen=True, slots=True)
class ClassesShown:
    """Classes, with the chart of how many are of each."""

    view: ClassesReportView
    chart: list[Bar]
    most: str

    @classmethod
    def of(cls, view: ClassesReportView, say: Saying) -> "ClassesShown":
        points = [Point(each.count, CLASS[each.class_].name, say.number(each.count)) for each in view.rows]
        return cls(view, bars(points), say.number(max(each.count for each in view.rows)))


@dataclass(frozen=True, slots=True)
class RfmShown:
    """Scores: ``grid`` has how many members have a recency and a frequency, whatever their value; ``shades`` how
    strongly each is coloured. The chart is of the sum of the three scores. ``hidden`` rows are in the file alone.
    """

    view: RfmView
    rows: Sequence[RfmCellView]
    hidden: int
    grid: Mapping[tuple[int, int], int]
    chart: list[Bar]
    most: str

    @classmethod
    def of(cls, view: RfmView, say: Saying) -> "RfmShown":
        rows = sorted(view.rows, key=lambda each: (-each.count, -each.r, -each.f, -each.m))
        grid, sums = Counter[tuple[int, int]](), Counter[int]()
        for each in view.rows:
            grid[each.r, each.f] += each.count
            sums[each.r + each.f + each.m] += each.count
        totals = range(3 * SCORES[0], 3 * SCORES[-1] + 1)
        chart = bars([Point(sums[total], str(total), say.number(sums[total])) for total in totals])
        most = say.number(max(sums.values(), default=0))
        return cls(view, rows[:MOST_CELLS], max(0, len(rows) - MOST_CELLS), grid, chart, most)

    def shade(self, count: int) -> int:
        """How strongly a cell is coloured, from 0 for nobody to 5 for half of the members and more."""
        return min(5, 10 * count // self.view.total + 1) if count else 0
