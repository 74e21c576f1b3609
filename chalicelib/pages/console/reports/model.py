"""How figures are drawn, and how rates and groups are said. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from chalicelib.pages.shell.words import N_

WIDTH, HEIGHT = 1000, 200
"""Of a chart, in its own units: it is stretched to the room that it has, and its words stand outside of it."""

_GAP = 0.2
"""Between two bars, of the room that one has."""

USUAL_DAYS = 30

MOST_GROUPS = 100
MOST_COHORTS = 24
MOST_PERIODS = 12
"""What a page shows at once; the file has all of it."""

WEEKDAYS = (
    N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"),
)  # fmt: skip

FIGURES = {
    "members": N_("All members so far"),
    "active_members": N_("Members who ordered"),
    "new_members": N_("New members"),
    "orders": N_("Orders"),
    "quantity": N_("Units"),
    "gmv": N_("Sales amount"),
    "aov": N_("Average order"),
    "by_hour": N_("By hour"),
    "by_weekday": N_("By weekday"),
}
"""Figures, and ways to group them, by the names of their definitions."""


@dataclass(frozen=True, slots=True)
class Point:
    """Something to be drawn: how much, and how the chart says it; ``complete`` where nothing can be added any more."""

    amount: Decimal | int
    label: str
    value: str
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Bar:
    """A point as it is drawn."""

    point: Point
    x: float
    y: float
    width: float
    height: float


def bars(points: Sequence[Point]) -> list[Bar]:
    """The points side by side, the largest as high as the chart; one that is not nothing can be seen."""
    most = max((each.amount for each in points), default=0)
    room = WIDTH / len(points) if points else 0
    found = []
    for at, each in enumerate(points):
        height = max(float(each.amount * HEIGHT / most), 2.0) if each.amount > 0 else 0.0
        left, width = at * room + room * _GAP / 2, room * (1 - _GAP)
        found.append(Bar(each, round(left, 1), round(HEIGHT - height, 1), round(width, 1), round(height, 1)))
    return found


def usual_from(today: date) -> date:
    """The first of the days that are shown to who names none."""
    return today - timedelta(days=USUAL_DAYS)


def percents(rate: str) -> str:
    """A rate such as ``0.3333`` as ``33.3%``."""
    return f"{Decimal(rate) * 100:.1f}%"


def shade(rate: str) -> int:
    """How strongly a cell is coloured, from 0 for nobody to 5 for half of them and more."""
    share = Decimal(rate)
    return min(5, int(share * 10) + 1) if share > 0 else 0
