"""A leader's commission: the rate that was promised when the campaign was published, and one rounding.

Rates are basis points (750 is 7.5 %). The exact product is rounded once to a whole minor unit, half away from zero: the
``ROUND_HALF_UP`` of the General Decimal Arithmetic specification, ``roundTiesToAway`` of IEEE 754-2019 (4.3.1), and the
四舍五入 that people expect of an amount in fen.

7.5 % of ¥0.99: 99 x 750 / 10,000 = 7.425 fen, so ¥0.07. 7.5 % of ¥0.20: 1.5 fen, so ¥0.02.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.pickup_points.model import PickupPlace

WHOLE_BPS = 10_000


def rate_of(places: Sequence[PickupPlace], pickup_point_id: str) -> int:
    """The rate of an order that is handed over at a pickup point, in basis points; 0 where the campaign has no such
    point.

    ``places`` are the pickup points as the campaign keeps them: a snapshot from its publishing, so that the rate is the
    one that the leader was promised then, not the one that the pickup point has now.
    """
    return next((place.commission_bps for place in places if place.id == pickup_point_id), 0)


def share(amount_minor: int, rate_bps: int) -> int:
    """A rate of an amount in minor units, rounded half away from zero."""
    exact = abs(amount_minor) * rate_bps
    rounded = (2 * exact + WHOLE_BPS) // (2 * WHOLE_BPS)
    return rounded if amount_minor >= 0 else -rounded


@dataclass(frozen=True, slots=True)
class Earned:
    """A leader's commission on one order: what is still frozen, and what has become payable."""

    frozen_minor: int = 0
    payable_minor: int = 0

    @property
    def total_minor(self) -> int:
        return self.frozen_minor + self.payable_minor

    def recomputed(self, total_minor: int, *, released: bool) -> "Earned":
        """The commission at another total, such as after a refund.

        Before the release the frozen part takes the difference, after it the payable part: that has perhaps been paid
        out already, and the leader's balance then goes below zero rather than forgive silently.
        """
        return Earned(0, total_minor) if released else Earned(total_minor, 0)
