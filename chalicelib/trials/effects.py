"""What an experiment's arms differ by, and how surely: an estimate with its standard error, a test, and an interval.
Pure.

Shares: the two-proportion z-test, whose error under equality is pooled, with Wald's interval, whose error is not
(Fleiss, Levin and Paik, Statistical Methods for Rates and Proportions, 3rd edition, 3.2). Means: Welch's test (B. L.
Welch, Biometrika 34, 1947). Ratios of two sums over members, such as money an order: the delta method, since members
are drawn and orders are not (A. Deng, U. Knoblich and J. Lu, KDD 2018, section 3).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.trials.differences import LEVEL, Sample, Share
from chalicelib.trials.distributions import (
    chi_square_tail_of,
    normal_quantile,
    normal_tails,
    t_quantile,
    t_tails,
)


@dataclass(frozen=True, slots=True)
class Pairs:
    """``n`` members with a numerator x and a denominator y each, by sums, squares and products: whole numbers."""

    n: int
    x: int
    y: int
    xx: int
    yy: int
    xy: int

    @property
    def ratio(self) -> float:
        return self.x / self.y if self.y else 0.0

    @property
    def variance(self) -> float:
        """Of the ratio: (Var x - 2 r Cov xy + r^2 Var y) / (n * mean(y)^2); 0 for fewer than two, or without y."""
        if self.n < 2 or not self.y:
            return 0.0
        n, r = self.n, self.ratio
        of_x, of_y = n * self.xx - self.x * self.x, n * self.yy - self.y * self.y
        together = n * self.xy - self.x * self.y
        spread = (of_x - 2 * r * together + r * r * of_y) / (n * (n - 1))
        return max(0.0, spread) * n / (self.y * self.y)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value of one arm, and the variance of that estimate; by ``df`` degrees of freedom where they are few."""

    value: float
    variance: float
    df: float = math.inf

    @classmethod
    def of_share(cls, share: Share) -> "Estimate":
        p = share.rate
        return cls(p, p * (1 - p) / share.n if share.n else 0.0)

    @classmethod
    def of_mean(cls, sample: Sample) -> "Estimate":
        return cls(sample.mean, sample.variance / sample.n if sample.n else 0.0, sample.n - 1)

    @classmethod
    def of_ratio(cls, pairs: Pairs) -> "Estimate":
        return cls(pairs.ratio, pairs.variance)

    def interval(self, level: float = LEVEL) -> tuple[float, float] | None:
        """In which the value lies; None where nothing varies."""
        if self.variance <= 0 or self.df <= 0:
            return None
        half = _quantile(level, self.df) * math.sqrt(self.variance)
        return self.value - half, self.value + half


@dataclass(frozen=True, slots=True)
class Effect:
    """How much more one arm has than the control: the difference with the variance of that estimate, the statistic
    ``z`` of its test (Welch's t, for means), ``p`` on two sides, and the interval.
    """

    difference: float
    variance: float
    z: float
    p: float
    low: float
    high: float


def effect_of_shares(one: Share, control: Share, level: float = LEVEL) -> Effect | None:
    """How much higher the share of one is; None where either has nobody, or all or nobody of both hit."""
    if not one.n or not control.n:
        return None
    pooled = (one.hits + control.hits) / (one.n + control.n)
    error = math.sqrt(pooled * (1 - pooled) * (1 / one.n + 1 / control.n))
    if error == 0:
        return None
    found = effect(Estimate.of_share(one), Estimate.of_share(control), level)
    if found is None:
        return None
    z = found.difference / error
    return Effect(found.difference, found.variance, z, normal_tails(z), found.low, found.high)


def effect(one: Estimate, control: Estimate, level: float = LEVEL) -> Effect | None:
    """How much higher the value of one is, with the degrees of freedom of Welch and Satterthwaite where there are any;
    None where nothing varies.
    """
    variance = one.variance + control.variance
    if variance <= 0:
        return None
    difference, df = one.value - control.value, _together(one, control)
    error = math.sqrt(variance)
    z, half = difference / error, _quantile(level, df) * error
    p = normal_tails(z) if math.isinf(df) else t_tails(z, df)
    return Effect(difference, variance, z, p, difference - half, difference + half)


def _together(one: Estimate, control: Estimate) -> float:
    parts = [each.variance**2 / each.df for each in (one, control) if each.variance and not math.isinf(each.df)]
    return (one.variance + control.variance) ** 2 / sum(parts) if sum(parts) else math.inf


def _quantile(level: float, df: float) -> float:
    return normal_quantile((1 + level) / 2) if math.isinf(df) else t_quantile((1 + level) / 2, df)


@dataclass(frozen=True, slots=True)
class Check:
    """A chi-square test: its statistic, and how often chance alone gives as much."""

    chi_square: float
    p: float


def sample_ratio(sizes: Sequence[int], shares_bps: Sequence[int]) -> Check:
    """Whether arms are as large as their shares of 10,000 say: Pearson's chi-square test of fit (R. Fabijan and others,
    Diagnosing Sample Ratio Mismatch, KDD 2019). Certain for nobody.
    """
    n, whole = sum(sizes), sum(shares_bps)
    if not n:
        return Check(0.0, 1.0)
    expected = [n * share / whole for share in shares_bps]
    found = sum((size - wanted) ** 2 / wanted for size, wanted in zip(sizes, expected, strict=True))
    return Check(found, chi_square_tail_of(found, len(sizes) - 1))


def homogeneity(shares: Sequence[Share]) -> Check | None:
    """Whether several shares may all be the same: Pearson's chi-square test, without a correction. None where all or
    nobody hit.
    """
    n, hits = sum(each.n for each in shares), sum(each.hits for each in shares)
    if not 0 < hits < n or any(not each.n for each in shares):
        return None
    pooled = hits / n
    found = sum((each.hits - each.n * pooled) ** 2 / (each.n * pooled * (1 - pooled)) for each in shares)
    return Check(found, chi_square_tail_of(found, len(shares) - 1))
