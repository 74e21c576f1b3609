"""What points pay of an order. Pure. Amounts are minor units."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Self

from chalicelib.kernel.money import allocate
from chalicelib.loyalty.points.model.rules import WHOLE_BPS, SpendRule


@dataclass(frozen=True, slots=True)
class PaidByPoints:
    """The points that are taken, and what they pay."""

    points: int = 0
    amount_minor: int = 0


NO_POINTS = PaidByPoints()


@dataclass(frozen=True, slots=True)
class InOrder:
    """What points pay of an order: ``points`` for ``amount_minor`` as it was priced. ``held`` were taken of the member,
    at the ``taking``-th time, and have not come back.
    """

    points: int
    amount_minor: int
    held: int
    taking: int = 1

    def worth(self, amount_minor: int) -> int:
        """How many of the points pay for what is left of the amount, at their rate; a part of one counts as one."""
        return min(self.points, -(-amount_minor * self.points // self.amount_minor)) if self.amount_minor else 0

    def as_json(self) -> list[int]:
        """As the order's record stores it."""
        stored = [self.points, self.amount_minor, self.held]
        return stored if self.taking == 1 else [*stored, self.taking]

    @classmethod
    def from_json(cls, stored: Sequence[int]) -> Self:
        return cls(*stored)


def pay_with(points: int, rule: SpendRule, due_minor: int) -> PaidByPoints:
    """What so many points pay of goods that cost ``due_minor`` after every other discount: at most the share that the
    rule allows. No more points are taken than that amount needs.
    """
    most = max(0, due_minor) * rule.most_share_bps // WHOLE_BPS
    amount = min(max(0, points) * rule.worth_minor // rule.points, most)
    return PaidByPoints(-(-amount * rule.points // rule.worth_minor), amount)


def most_of(balance: int, rule: SpendRule, due_minor: int) -> PaidByPoints:
    """The most that a member's points pay of goods that cost ``due_minor`` after every other discount; nothing where
    they have none, or owe some.
    """
    return pay_with(max(0, balance), rule, due_minor)


def lower_by(points: int, rule: SpendRule) -> Callable[[Sequence[Any], Sequence[int]], Sequence[int]]:
    """By how much so many points lower each line of a basket, given what each of them still costs: what they pay, split
    by that (largest remainder). It is the last step of a price: nothing tests afterwards what is left.
    """
    return lambda items, left: allocate(pay_with(points, rule, sum(left)).amount_minor, left) if left else []
