"""How often members will order again, and whether they are still active: the BG/NBD model. Pure. Time is in weeks.

Source: P. Fader, B. Hardie, K. Lee, "Counting Your Customers" the Easy Way, Marketing Science 24(2), 2005, 275-284;
numbers of equations are theirs. While active, a member orders as a Poisson process, whose rate is gamma distributed
among members (r, alpha); after each order they become inactive with a chance that is beta distributed (a, b).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from chalicelib.insight.model.maximum import Found, maximise

STARTS = ((1.0, 8.0, 1.0, 2.0), (0.3, 4.0, 0.5, 3.0), (2.0, 20.0, 2.0, 10.0))
MOST = (30.0, 1e5, 100.0, 1000.0)
"""Beyond, members hardly differ and the data does not say by how much; up to there expectations are right within
0.05 %.
"""

_MOST_TERMS = 100_000
_ENOUGH = 1e-13


class History(NamedTuple):
    """What a member did, in weeks: ``repeats`` days with an order after the first, the last of them ``last`` weeks
    after it (0 without one), seen for ``seen`` weeks after the first.
    """

    repeats: int
    last: float
    seen: float


@dataclass(frozen=True, slots=True)
class Bgnbd:
    """The model's four parameters."""

    r: float
    alpha: float
    a: float
    b: float

    def p_alive(self, of: History) -> float:
        """The probability that a member is still active (Fader and Hardie, Computing P(alive) using the BG/NBD model,
        2008): 1 without a repeat, since one becomes inactive only after an order of these.
        """
        return 1.0 if not of.repeats else 1 / (1 + math.exp(min(self._gone(of), 700.0)))

    def _gone(self, of: History) -> float:
        """The logarithm of the odds that they are inactive."""
        rested = (self.alpha + of.seen) / (self.alpha + of.last)
        return math.log(self.a / (self.b + of.repeats - 1)) + (self.r + of.repeats) * math.log(rested)

    def expected(self, of: History, weeks: float) -> float:
        """Days with an order to be expected in the next ``weeks`` (equation 10)."""
        return self.p_alive(of) * self.expected_if_active(of.repeats, of.seen, weeks)

    def expected_if_active(self, repeats: int, seen: float, weeks: float) -> float:
        """The same of one of whom it is known that they are active now.

        Equation 10 by Euler's transformation of its 2F1 (Abramowitz and Stegun 15.3.3), with what cancels taken out:
        so nothing overflows, and a = 1 and a + b + x = 1 are points like others.
        """
        if weeks <= 0:
            return 0.0
        rest = math.log((self.alpha + seen) / (self.alpha + seen + weeks))
        z, e = -math.expm1(rest), self.a - 1
        c, d = self.a + self.b + repeats - 1, self.a + self.b - 1 - self.r
        power = math.exp(e * rest)
        lost = -rest if e == 0 else -math.expm1(e * rest) / e
        return max(0.0, c * lost - power * d * z * _series(d + 1, self.a, c + 1, z))


def _series(a: float, b: float, c: float, z: float) -> float:
    """The sum of (a)_m (b)_m / ((c)_m (2)_m) z^m over m from 0, for 0 <= z < 1."""
    total = term = 1.0
    for m in range(_MOST_TERMS):
        term *= (a + m) * (b + m) / ((c + m) * (2 + m)) * z
        total += term
        if abs(term) <= _ENOUGH * abs(total) and m > -a:
            return total
    return total


def fit(histories: Mapping[History, int]) -> Found:
    """The parameters that are most likely (equation 7), r, alpha, a and b, from how many members did what; its value is
    the mean logarithm of the likelihood. Raises ValueError where there is nobody.
    """
    return maximise(_Likelihood(histories).rise, STARTS, MOST)


class _Likelihood:
    """The mean log-likelihood (equation 7) with its derivatives. Repeats are whole numbers, so quotients of gamma
    functions are products: their logarithms, and those's derivatives, are sums over numbers below ``repeats``.
    """

    def __init__(self, histories: Mapping[History, int]) -> None:
        self._members = sum(histories.values())
        if not self._members:
            raise ValueError("there is nobody to fit a model to")
        ordered = sorted(histories.items())
        self._once = [(of.seen, many) for of, many in ordered if not of.repeats]
        self._again = [(*of, many) for of, many in ordered if of.repeats]
        self._most = max((of.repeats for of in histories), default=0)

    def rise(self, at: Sequence[float]) -> tuple[float, list[float]]:
        """The value, and the derivatives by r, alpha, a and b."""
        r, alpha, a, b = at
        values, by_r, by_alpha = [math.log(alpha) * r], [math.log(alpha)], [r / alpha]
        for seen, many in self._once:
            share = many / self._members
            values.append(-share * r * math.log(alpha + seen))
            by_r.append(-share * math.log(alpha + seen))
            by_alpha.append(-share * r / (alpha + seen))
        rows, (more, more_r, more_alpha, dead) = self._repeaters(r, alpha, a, b)
        values += more
        by_r += more_r
        by_alpha += more_alpha
        # Of those with so many repeats the rest depends on a and b alone.
        sums = _sums(r, a, b, self._most)
        by_a, by_b = [], []
        for repeats, share in rows.items():
            gone = dead[repeats]
            values.append(share * (sums.rates[repeats] + sums.stays[repeats]))
            by_r.append(share * sums.by_r[repeats])
            by_a.append(share * sums.by_a[repeats] + gone / a)
            by_b.append(share * sums.by_b[repeats] - gone / (b + repeats - 1))
        return math.fsum(values), [math.fsum(by_r), math.fsum(by_alpha), math.fsum(by_a), math.fsum(by_b)]

    def _repeaters(
        self, r: float, alpha: float, a: float, b: float
    ) -> tuple[dict[int, float], tuple[list[float], list[float], list[float], dict[int, float]]]:
        """The share of members by repeats; and the parts that depend on when they ordered, with the share of those who
        have become inactive.
        """
        shares: dict[int, float] = {}
        dead: dict[int, float] = {}
        values, by_r, by_alpha = [], [], []
        log, exp, log1p = math.log, math.exp, math.log1p
        for repeats, last, seen, many in self._again:
            share, end, until = many / self._members, alpha + seen, alpha + last
            rested = log(end / until)
            odds = log(a / (b + repeats - 1)) + (r + repeats) * rested
            both = odds + log1p(exp(-odds)) if odds > 0 else log1p(exp(odds))
            gone = exp(odds - both)
            values.append(share * (both - (r + repeats) * log(end)))
            by_r.append(share * (gone * rested - log(end)))
            by_alpha.append(share * (r + repeats) * (gone * (1 / end - 1 / until) - 1 / end))
            shares[repeats] = shares.get(repeats, 0.0) + share
            dead[repeats] = dead.get(repeats, 0.0) + share * gone
        return shares, (values, by_r, by_alpha, dead)


class _Sums(NamedTuple):
    """By repeats: ln of G(r+x)/G(r) and of B(a,b+x)/B(a,b), and the derivatives of both."""

    rates: list[float]
    by_r: list[float]
    stays: list[float]
    by_a: list[float]
    by_b: list[float]


def _sums(r: float, a: float, b: float, most: int) -> _Sums:
    below = range(most)
    parts = (
        [math.log(r + i) for i in below],
        [1 / (r + i) for i in below],
        [math.log((b + i) / (a + b + i)) for i in below],
        [-1 / (a + b + i) for i in below],
        [1 / (b + i) - 1 / (a + b + i) for i in below],
    )
    return _Sums(*(list(accumulate(part, initial=0.0)) for part in parts))
