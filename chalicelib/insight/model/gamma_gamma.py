"""What a member's next orders are worth: the Gamma-Gamma model. Pure. Amounts in any one unit.

Source: P. Fader, B. Hardie, The Gamma-Gamma Model of Monetary Value, 2013 (after Fader, Hardie, Lee, RFM and CLV,
Journal of Marketing Research 42, 2005); numbers of equations are theirs. Amounts of a member are gamma distributed
(shape p), with a scale that is gamma distributed among members (q, v). It supposes that how much is spent does not
depend on how often.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from chalicelib.insight.model.maximum import Found, maximise

STARTS = ((2.0, 3.0, 2.0), (6.0, 4.0, 0.5), (1.0, 8.0, 7.0))
MOST = (1e4, 1e4, 1e5)
"""Beyond, amounts hardly differ; ``v`` in units of the mean amount."""


class Spending(NamedTuple):
    """So many orders, and the mean of their amounts."""

    orders: int
    mean: float


@dataclass(frozen=True, slots=True)
class GammaGamma:
    """The model's three parameters; ``v`` in the unit of the amounts."""

    p: float
    q: float
    v: float

    @property
    def has_mean(self) -> bool:
        """Whether the mean over all members is finite."""
        return self.q > 1

    def expected(self, of: Spending) -> float:
        """The amount to be expected of each further order (equation 5): between a member's own mean and that of all.
        Of who has no orders it is the mean of all.
        """
        return self.p * (self.v + of.orders * of.mean) / (self.p * of.orders + self.q - 1)


def fit(spendings: Mapping[Spending, int]) -> Found:
    """The parameters that are most likely (equation 1a), p, q and v, from how many members spent what on orders, one
    and more, that were worth something. Raises ValueError where there is nobody.
    """
    members = sum(spendings.values())
    if not members:
        raise ValueError("there is nobody to fit a model to")
    unit = math.fsum(of.mean * many for of, many in spendings.items()) / members
    rows = [(of.orders, of.orders * of.mean / unit, many / members) for of, many in sorted(spendings.items())]

    def rise(at: Sequence[float]) -> tuple[float, list[float]]:
        return _rise(at, rows)

    found = maximise(rise, STARTS, MOST)
    p, q, v = found.at
    return Found((p, q, v * unit), found.value, found.doubt, found.steps)


def _rise(at: Sequence[float], rows: Sequence[tuple[int, float, float]]) -> tuple[float, list[float]]:
    """The mean log-likelihood of orders and sums of amounts, and its derivatives; what does not depend on the
    parameters is left out.
    """
    p, q, v = at
    whole, log_v, psi_q = math.lgamma(q), math.log(v), digamma(q)
    shapes = {orders: _shape(p, q, orders) for orders in {row[0] for row in rows}}
    values, by_p, by_q, by_v = [], [], [], []
    for orders, spent, share in rows:
        gammas, psi_both, psi_p = shapes[orders]
        log_both = math.log(v + spent)
        values.append(share * (gammas - whole + q * log_v + p * orders * math.log(spent) - (p * orders + q) * log_both))
        by_p.append(share * orders * (psi_both - psi_p + math.log(spent) - log_both))
        by_q.append(share * (psi_both - psi_q + log_v - log_both))
        by_v.append(share * (q / v - (p * orders + q) / (v + spent)))
    return math.fsum(values), [math.fsum(by_p), math.fsum(by_q), math.fsum(by_v)]


def _shape(p: float, q: float, orders: int) -> tuple[float, float, float]:
    of = p * orders
    return math.lgamma(of + q) - math.lgamma(of), digamma(of + q), digamma(of)


def digamma(x: float) -> float:
    """The derivative of ln of the gamma function, for x > 0: by recurrence to 10 and above, and there by its asymptotic
    series (Abramowitz and Stegun 6.3.5 and 6.3.18).
    """
    below = 0.0
    while x < 10:
        below += 1 / x
        x += 1
    s = 1 / (x * x)
    series = s * (1 / 12 - s * (1 / 120 - s * (1 / 252 - s * (1 / 240 - s * (1 / 132 - s * 691 / 32760)))))
    return math.log(x) - 1 / (2 * x) - series - below
