"""The greatest value of a smooth function of a few positive numbers, and how surely it was found. Pure.

Logarithms of the numbers are sought, so that they stay positive, by the method of Broyden, Fletcher, Goldfarb and
Shanno with steps halved until they rise enough (Nocedal and Wright, Numerical Optimization, 2006, algorithm 6.1 and
condition 3.4). Nothing is random: equal input gives equal output.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

MOST_STEPS = 200
LEAST = 1e-4
"""A number below runs away, as one does above the most that its model takes: the data does not say where it is."""

_LONGEST_STEP = 1.5
_RISES = 1e-4
_NOISE = 1e-15
"""What a sum of many logarithms is uncertain by: close to the peak, a step may seem to lead down by so much."""

_FLAT = 1e-7
_AGREE = 1e-3
_APART = 1e-4

Vector = list[float]
Rise = Callable[[Sequence[float]], tuple[float, Vector]]
"""The function's value and its derivatives, by the numbers themselves (not by their logarithms)."""


class Doubt(StrEnum):
    """Why what was found is not to be trusted."""

    RUNS_AWAY = "runs_away"
    NOT_FLAT = "not_flat"
    NO_PEAK = "no_peak"
    STARTS_DISAGREE = "starts_disagree"


@dataclass(frozen=True, slots=True)
class Found:
    """Where the search ended, with the function's value there and why it is not trusted; None where it is."""

    at: tuple[float, ...]
    value: float
    doubt: Doubt | None
    steps: int


def maximise(rise: Rise, starts: Sequence[Sequence[float]], most: Sequence[float]) -> Found:
    """Searches from each of the starts, two or more, and takes the highest end. ``most`` bounds each number.

    It is trusted when no number ran away, the derivatives vanish (by logarithm, of a function that is a mean: below
    1e-7), the curvature is downward in every direction, and another start came to the same place within 0.1 %.
    """
    ended = sorted((_search(rise, start, most) for start in starts), key=lambda end: end[1], reverse=True)
    best, value, steps = ended[0][0], ended[0][1], sum(end[2] for end in ended)
    at = tuple(math.exp(each) for each in best)
    if any(not LEAST < number < bound for number, bound in zip(at, most, strict=True)):
        return Found(at, value, Doubt.RUNS_AWAY, steps)
    doubt = _doubt(rise, best, [end[0] for end in ended[1:]])
    return Found(at, value, doubt, steps)


def _doubt(rise: Rise, best: Vector, others: Sequence[Vector]) -> Doubt | None:
    if max(map(abs, _by_logarithm(rise, best)[1])) > _FLAT:
        return Doubt.NOT_FLAT
    if not _is_peak(rise, best):
        return Doubt.NO_PEAK
    if not any(max(abs(a - b) for a, b in zip(best, other, strict=True)) < _AGREE for other in others):
        return Doubt.STARTS_DISAGREE
    return None


def _by_logarithm(rise: Rise, at: Sequence[float]) -> tuple[float, Vector]:
    numbers = [math.exp(each) for each in at]
    value, slopes = rise(numbers)
    return value, [slope * number for slope, number in zip(slopes, numbers, strict=True)]


def _search(rise: Rise, start: Sequence[float], most: Sequence[float]) -> tuple[Vector, float, int]:
    """The end of one search, in logarithms; its value; and its steps. It ends far outside the bounds, too."""
    far = [(math.log(LEAST) - 2, math.log(bound) + 2) for bound in most]
    at = [math.log(each) for each in start]
    value, slope = _by_logarithm(rise, at)
    bend = _unit(len(at))
    for step in range(MOST_STEPS):
        outside = any(not low < each < high for each, (low, high) in zip(at, far, strict=True))
        if outside or max(map(abs, slope)) < _FLAT / 10:
            return at, value, step
        way = [sum(row[j] * slope[j] for j in range(len(at))) for row in bend]
        steep = _dot(way, slope)
        if steep <= 0:
            bend, way = _unit(len(at)), slope[:]
            steep = _dot(way, slope)
        moved = _advance(rise, at, value, way, steep)
        if moved is None:
            if bend == _unit(len(at)):
                return at, value, step
            bend = _unit(len(at))
            continue
        at_next, value, slope_next = moved
        gone = [b - a for a, b in zip(at, at_next, strict=True)]
        fell = [a - b for a, b in zip(slope, slope_next, strict=True)]
        bend = _bent(_scaled(bend, gone, fell) if step == 0 else bend, gone, fell)
        at, slope = at_next, slope_next
    return at, value, MOST_STEPS


def _advance(
    rise: Rise, at: Vector, value: float, way: Vector, steep: float
) -> tuple[Vector, float, Vector] | None:  # fmt: skip
    """The first point on the way, halving the step, that is higher by enough; None where there is none."""
    length = min(1.0, _LONGEST_STEP / max(1e-300, *map(abs, way)))
    for _ in range(40):
        there = [a + length * w for a, w in zip(at, way, strict=True)]
        higher, slope = _by_logarithm(rise, there)
        if math.isfinite(higher) and higher >= value + _RISES * length * steep - _NOISE * abs(value):
            return there, higher, slope
        length /= 2
    return None


def _scaled(bend: list[Vector], gone: Vector, fell: Vector) -> list[Vector]:
    """The first estimate, of the size that the first step says (formula 6.20 there)."""
    along = _dot(gone, fell)
    return bend if along <= 0 else [[along / _dot(fell, fell) * each for each in row] for row in bend]


def _bent(bend: list[Vector], gone: Vector, fell: Vector) -> list[Vector]:
    """The next estimate of the inverse curvature (formula 6.17 there); the same where the two say nothing of it."""
    along = _dot(gone, fell)
    if along <= 1e-14 * math.sqrt(_dot(gone, gone) * _dot(fell, fell)) or along == 0:
        return bend
    many = range(len(gone))
    turned = [sum(bend[i][j] * fell[j] for j in many) for i in many]
    share = (along + _dot(fell, turned)) / along**2
    return [
        [bend[i][j] + share * gone[i] * gone[j] - (turned[i] * gone[j] + gone[i] * turned[j]) / along for j in many]
        for i in many
    ]


def _is_peak(rise: Rise, at: Vector) -> bool:
    """Whether the curvature is downward in every direction: minus the Hessian has a Cholesky factor."""
    many = range(len(at))
    rows = []
    for i in many:
        up, down = at[:], at[:]
        up[i], down[i] = at[i] + _APART, at[i] - _APART
        above, below = _by_logarithm(rise, up)[1], _by_logarithm(rise, down)[1]
        rows.append([(b - a) / (2 * _APART) for a, b in zip(above, below, strict=True)])
    minus = [[(rows[i][j] + rows[j][i]) / 2 for j in many] for i in many]
    factor = [[0.0] * len(at) for _ in many]
    for i in many:
        for j in range(i + 1):
            left = minus[i][j] - sum(factor[i][k] * factor[j][k] for k in range(j))
            if i == j and left <= 1e-9:
                return False
            factor[i][j] = math.sqrt(left) if i == j else left / factor[j][j]
    return True


def _unit(size: int) -> list[Vector]:
    return [[float(i == j) for j in range(size)] for i in range(size)]


def _dot(a: Sequence[float], b: Sequence[float]) -> float:
    return math.fsum(x * y for x, y in zip(a, b, strict=True))
