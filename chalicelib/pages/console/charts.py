"""How figures are drawn: as bars beside each other. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH, HEIGHT = 1000, 200
"""Of a chart, in its own units: it is stretched to the room that it has, and its words stand outside of it."""

_GAP = 0.2
"""Between two bars, of the room that one has."""


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


def percents(rate: str) -> str:
    """A rate such as ``0.3333`` as ``33.3%``."""
    return f"{Decimal(rate) * 100:.1f}%"
