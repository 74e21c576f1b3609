"""What the pages of prices call things, and how weeks are drawn. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chalicelib.catalog.model.contents import Unit
from chalicelib.pages.shell.words import N_
from chalicelib.pricing.model.stages import Stage


@dataclass(frozen=True, slots=True)
class Shown:
    """A stage: its name, and what it is like."""

    name: str
    means: str
    tone: str = ""


STAGES: Mapping[str, Shown] = {
    Stage.INTRODUCTION: Shown(N_("Introduction"), N_("New: too few weeks to see a trend.")),
    Stage.GROWTH: Shown(N_("Growth"), N_("More is sold week by week."), "good"),
    Stage.MATURITY: Shown(N_("Maturity"), N_("Sales are level, with ups and downs.")),
    Stage.DECLINE: Shown(N_("Decline"), N_("Less and less is sold."), "warn"),
}
WEEKDAYS = {
    "mon": N_("Monday"), "tue": N_("Tuesday"), "wed": N_("Wednesday"), "thu": N_("Thursday"), "fri": N_("Friday"),
    "sat": N_("Saturday"), "sun": N_("Sunday"),
}  # fmt: skip
UNITS = {
    Unit.GRAM: N_("g"), Unit.KILOGRAM: N_("kg"), Unit.MILLILITRE: N_("ml"), Unit.LITRE: N_("litres"),
    Unit.METRE: N_("metres"), Unit.PIECE: N_("pieces"),
}  # fmt: skip
MOST_WEEKS = 26
"""Weeks that a page shows; a year is looked at."""

MOST_PRICES = 30
"""Prices of the history that a page shows at once; the file has all of them."""

WIDTH, HEIGHT = 1000, 200
"""Of the chart of weeks, in its own units: it is stretched to the room that it has, and its words stand outside."""

_GAP = 0.2
"""Between two bars, of the room that one has."""


@dataclass(frozen=True, slots=True)
class Point:
    """A week: its units, and how the chart says both."""

    units: int
    label: str
    value: str


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
    most = max((each.units for each in points), default=0)
    room = WIDTH / len(points) if points else 0
    found = []
    for at, each in enumerate(points):
        height = max(each.units * HEIGHT / most, 2.0) if each.units > 0 else 0.0
        left, width = at * room + room * _GAP / 2, room * (1 - _GAP)
        found.append(Bar(each, round(left, 1), round(HEIGHT - height, 1), round(width, 1), round(height, 1)))
    return found
