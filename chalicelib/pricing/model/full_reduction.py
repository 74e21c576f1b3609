"""Spend so much, pay so much less (满减). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.pricing.model.lowering import in_scope, split_discount
from chalicelib.pricing.model.rules import Item, Lower
from chalicelib.pricing.model.scope import EVERYTHING, Scope


@dataclass(frozen=True, slots=True)
class Reduction:
    """From an amount on, so much less is paid. Minor units."""

    from_minor: int
    off_minor: int


def reduced_by(amount_minor: int, steps: Sequence[Reduction], *, repeat: bool = False) -> int:
    """What is taken off an amount: by the highest step that it reaches.

    With ``repeat`` by that step as often as it fits, and what is then left over by the lower ones in the same way:
    270 with 10 from 50 and 25 from 100 comes to 25 + 25 + 10 off.
    """
    off = 0
    for step in sorted(steps, key=lambda each: each.from_minor, reverse=True):
        times, rest = divmod(amount_minor, step.from_minor)
        if times and not repeat:
            return step.off_minor
        off, amount_minor = off + times * step.off_minor, rest
    return off


def to_next(amount_minor: int, steps: Sequence[Reduction], *, repeat: bool = False) -> tuple[int, int] | None:
    """How much more has to be spent until more is taken off, and how much is taken off then. None at the last step."""
    off = reduced_by(amount_minor, steps, repeat=repeat)
    reached = [step.from_minor for step in steps]
    if repeat:
        reached = [(amount_minor // each + 1) * each for each in reached]
    for amount in sorted(each for each in reached if each > amount_minor):
        then = reduced_by(amount, steps, repeat=repeat)
        if then > off:
            return amount - amount_minor, then
    return None


def full_reduction(steps: Sequence[Reduction], *, repeat: bool = False, scope: Scope = EVERYTHING) -> Lower:
    """Lowers the lines in scope together by what :func:`reduced_by` says of what earlier discounts left of them."""

    def lower(items: Sequence[Item], left: Sequence[int]) -> list[int]:
        costs = in_scope(scope, items, left)
        return split_discount(reduced_by(sum(costs), steps, repeat=repeat), costs)

    return lower
