"""A difference that may be looked at as often as one likes: its p-value and interval hold at all looks together. Pure.

The mixture sequential probability ratio test (H. Robbins, Annals of Mathematical Statistics 41, 1970; R. Johari, P.
Koomen, L. Pekelis and D. Walsh, Always Valid Inference, Operations Research 70, 2022) for an estimate that is normal in
large samples, its variance estimated as it goes (I. Waudby-Smith and others, Time-uniform central limit theory and
asymptotic confidence sequences, Annals of Statistics 52, 2024).
"""

import math
from dataclasses import dataclass

from chalicelib.trials.differences import LEVEL

_SHARPEST = 8.2
"""By how many times the mixture's variance exceeds that of the estimate where its interval of 95 per cent is narrowest
for its size: the root of x - ln(1 + x) = -2 ln 0.05."""


@dataclass(frozen=True, slots=True)
class Always:
    """The p-value and the interval of a look, valid at whichever look."""

    p: float
    low: float
    high: float


def always_valid(difference: float, variance: float, n: int, planned: int, level: float = LEVEL) -> Always:
    """What may be said of a difference with the variance of its estimate, above 0, after ``n`` of the ``planned``
    members: the interval is sharpest for its size when these have come, and valid before and after.

    With r the variance by that of the mixture: p = sqrt((1 + r) / r) * exp(-z^2 / (2 (1 + r))), and half the interval
    is sqrt(variance * (1 + r) * (2 ln(1 / alpha) + ln((1 + r) / r))).
    """
    r = planned / (_SHARPEST * n)
    spread = math.log1p(1 / r)
    half = math.sqrt(variance * (1 + r) * (-2 * math.log(1 - level) + spread))
    p = math.exp(min(0.0, spread / 2 - difference * difference / variance / (2 * (1 + r))))
    return Always(p, difference - half, difference + half)


def critical(level: float = LEVEL) -> float:
    """How many standard errors a difference exceeds that is told when the planned members have come."""
    r = 1 / _SHARPEST
    return math.sqrt((1 + r) * (-2 * math.log(1 - level) + math.log1p(1 / r)))
