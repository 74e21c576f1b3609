"""Quantiles and tails of the distributions that intervals and tests ask for. Pure.

Student's t by the regularised incomplete beta function (Lentz's continued fraction, as in Numerical Recipes, section
6.4), inverted by halving; accurate to about twelve digits.
"""

import math
from statistics import NormalDist

_STEPS = 500
_TINY = 1e-300


def normal_quantile(p: float) -> float:
    """The standard normal's value below which ``p`` of it lies."""
    return NormalDist().inv_cdf(p)


def chi_square_tail(value: float) -> float:
    """The probability of a chi-square with one degree of freedom above ``value``."""
    return math.erfc(math.sqrt(max(value, 0.0) / 2))


def chi_square_tail_of(value: float, df: int) -> float:
    """The probability of a chi-square with ``df`` degrees of freedom (1 or more) above ``value``: the finite sums of
    Abramowitz and Stegun, 26.4.4 and 26.4.5.
    """
    half = max(value, 0.0) / 2
    tail, term, n = (math.exp(-half), math.exp(-half), 2) if df % 2 == 0 else (chi_square_tail(value), 0.0, 1)
    if n == 1 and df > 1:
        term, tail, n = _odd_terms(half, tail)
    while n < df:
        term *= half / (n / 2)
        tail, n = tail + term, n + 2
    return min(1.0, tail)


def _odd_terms(half: float, tail: float) -> tuple[float, float, int]:
    term = math.exp(-half) * math.sqrt(half) / math.gamma(1.5)
    return term, tail + term, 3


def normal_tails(z: float) -> float:
    """The probability of a standard normal at least as far from 0 as ``z``, on either side."""
    return math.erfc(abs(z) / math.sqrt(2))


def t_tails(t: float, df: float) -> float:
    """The probability of Student's t with ``df`` degrees of freedom at least as far from 0 as ``t``, on either side."""
    return _beta(df / (df + t * t), df / 2, 0.5)


def t_quantile(p: float, df: float) -> float:
    """The value of Student's t with ``df`` degrees of freedom (more than 0) below which ``p`` (0.5 to 1) lies."""
    low, high = 0.0, 1.0
    while _t_cdf(high, df) < p:
        low, high = high, high * 2
    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if _t_cdf(middle, df) < p else (low, middle)
    return (low + high) / 2


def _t_cdf(t: float, df: float) -> float:
    return 1 - _beta(df / (df + t * t), df / 2, 0.5) / 2


def _beta(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )  # fmt: skip
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(x, a, b) / a
    return 1 - front * _fraction(1 - x, b, a) / b


def _fraction(x: float, a: float, b: float) -> float:
    c, d = 1.0, 1 / _off_zero(1 - (a + b) * x / (a + 1))
    found = d
    for m in range(1, _STEPS):
        for factor in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / _off_zero(1 + factor * d)
            c = _off_zero(1 + factor / c)
            found *= d * c
        if abs(d * c - 1) < 1e-16:
            break
    return found


def _off_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
