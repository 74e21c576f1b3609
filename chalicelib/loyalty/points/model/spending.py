"""What points pay of an order. Pure. Amounts are minor units."""

from dataclasses import dataclass

from chalicelib.loyalty.points.model.rules import WHOLE_BPS, SpendRule


@dataclass(frozen=True, slots=True)
class PaidByPoints:
    """The points that are taken, and what they pay."""

    points: int = 0
    amount_minor: int = 0


def pay_with(points: int, rule: SpendRule, due_minor: int) -> PaidByPoints:
    """What so many points pay of goods that cost ``due_minor`` after every other discount: at most the share that the
    rule allows. No more points are taken than that amount needs.
    """
    most = max(0, due_minor) * rule.most_share_bps // WHOLE_BPS
    amount = min(max(0, points) * rule.worth_minor // rule.points, most)
    return PaidByPoints(-(-amount * rule.points // rule.worth_minor), amount)
