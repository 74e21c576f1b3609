"""The difference between two arms, with the interval that it lies in. Pure.

Shares: Newcombe's hybrid score interval (R. G. Newcombe, Statistics in Medicine 17, 1998, method 10). Means: Welch's
interval for unequal variances (B. L. Welch, Biometrika 34, 1947).
"""

import math
from dataclasses import dataclass

from chalicelib.trials.distributions import chi_square_tail, normal_quantile, t_quantile

LEVEL = 0.95
"""How sure intervals are, unless it is said."""

MISMATCH_BELOW = 0.001
"""Arms whose sizes come about by chance less often than this were not assigned as they should have been."""


@dataclass(frozen=True, slots=True)
class Share:
    """``hits`` of ``n`` subjects."""

    hits: int
    n: int

    @property
    def rate(self) -> float:
        return self.hits / self.n if self.n else 0.0


@dataclass(frozen=True, slots=True)
class Sample:
    """``n`` values by their sum and the sum of their squares: whole numbers, so that nothing is lost."""

    n: int
    total: int
    squares: int

    @property
    def mean(self) -> float:
        return self.total / self.n if self.n else 0.0

    @property
    def variance(self) -> float:
        """Of the population that they come from; 0 for fewer than two."""
        if self.n < 2:
            return 0.0
        return (self.n * self.squares - self.total * self.total) / (self.n * (self.n - 1))


@dataclass(frozen=True, slots=True)
class Difference:
    """How much more the first arm has than the second, and the interval that it lies in."""

    value: float
    low: float
    high: float

    @property
    def is_told(self) -> bool:
        """Whether the interval leaves no doubt of the sign."""
        return self.low > 0 or self.high < 0


def wilson(share: Share, level: float = LEVEL) -> tuple[float, float]:
    """The score interval of a share (E. B. Wilson, 1927). ``n`` is not 0."""
    z = normal_quantile((1 + level) / 2)
    n, p = share.n, share.rate
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return middle - half, middle + half


def student(sample: Sample, level: float = LEVEL) -> tuple[float, float] | None:
    """The interval of a mean (Student, Biometrika 6, 1908); None for fewer than two values."""
    if sample.n < 2:
        return None
    half = t_quantile((1 + level) / 2, sample.n - 1) * math.sqrt(sample.variance / sample.n)
    return sample.mean - half, sample.mean + half


def difference_of_shares(one: Share, other: Share, level: float = LEVEL) -> Difference | None:
    """How much higher the share of one is; None where either has nobody."""
    if not one.n or not other.n:
        return None
    (low, high), (other_low, other_high) = wilson(one, level), wilson(other, level)
    value = one.rate - other.rate
    below = math.hypot(one.rate - low, other_high - other.rate)
    above = math.hypot(high - one.rate, other.rate - other_low)
    return Difference(value, value - below, value + above)


def difference_of_means(one: Sample, other: Sample, level: float = LEVEL) -> Difference | None:
    """How much higher the mean of one is; None where either has fewer than two, or no two of all values differ."""
    if one.n < 2 or other.n < 2:
        return None
    a, b = one.variance / one.n, other.variance / other.n
    if a + b == 0:
        return None
    df = (a + b) ** 2 / (a * a / (one.n - 1) + b * b / (other.n - 1))
    half = t_quantile((1 + level) / 2, df) * math.sqrt(a + b)
    value = one.mean - other.mean
    return Difference(value, value - half, value + half)


def mismatch(control: int, n: int, expected_control: float) -> float:
    """How probable it is that chance alone puts so many of ``n`` into control, or fewer or more, where so many are
    expected: the p-value of a chi-square test. 1 where one arm is to have nobody.
    """
    if expected_control <= 0 or expected_control >= n:
        return 1.0
    off = control - expected_control
    return chi_square_tail(off * off / expected_control + off * off / (n - expected_control))
