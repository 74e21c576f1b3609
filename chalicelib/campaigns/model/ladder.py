"""The volume price ladder: the more units an offer sells, the less everyone pays for each. Pure.

All pay the first step's price when they order; at the close the step that the sold units have reached becomes
everybody's price, and what was paid above it is given back. Five worked figures, on the ladder 1 → ¥10.00, 20 → ¥9.00,
50 → ¥7.50: 0 or 19 units keep ¥10.00, 20 units cost ¥9.00 each (1 more than 19, and ¥10.00 less in all), 49 units still
¥9.00 with ¥7.50 one unit away, 50 and every unit after it ¥7.50.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from chalicelib.kernel.errors import FieldError, Invalid


class Step(NamedTuple):
    """From so many units on, each unit costs so much (minor units)."""

    from_quantity: int
    price_minor: int


class LadderNotFromOne(Invalid):
    """The first step does not begin at the first unit, so the first orders would have no price."""

    code, title, title_zh = "ladder_not_from_one", "A ladder begins with the first unit", "阶梯价须从第 1 件开始"


class LadderStepsNotRising(Invalid):
    """A step begins at no more units than the one before it."""

    code, title, title_zh = "ladder_steps_not_rising", "The ladder's steps must rise", "阶梯件数须逐级递增"


class LadderNotFalling(Invalid):
    """A step costs as much as the one before it, or more."""

    code, title, title_zh = "ladder_not_falling", "The ladder's prices must fall", "阶梯价格须逐级下降"


class LadderOutOfReach(Invalid):
    """A step begins above what the offer has: a price that nobody could ever get."""

    code, title, title_zh = "ladder_out_of_reach", "A step is above what is offered", "阶梯件数超过可售数量"


REFUSALS = (LadderNotFalling, LadderNotFromOne, LadderOutOfReach, LadderStepsNotRising)

_ABOVE = "Begin this step above the one before it.", "本级起始件数须高于上一级。"
_LOWER = "Make this price lower than the step's before it.", "本级价格须低于上一级。"


def check_ladder(steps: Sequence[Step], quantity: int, pointer: str) -> None:
    """Checks the steps of an offer of ``quantity`` units, found at ``pointer`` of the request; none at all is fine.

    Raises LadderNotFromOne, LadderStepsNotRising, LadderNotFalling, LadderOutOfReach, naming every step at fault.
    """
    if not steps:
        return
    if steps[0].from_quantity != 1:
        message = f"The first step begins at 1 unit, not at {steps[0].from_quantity}."
        raise LadderNotFromOne.at(f"{pointer}/0/from_quantity", message, "第一级阶梯须从第 1 件开始。")
    after = list(enumerate(pairwise(steps), 1))
    flat = [n for n, (before, step) in after if step.from_quantity <= before.from_quantity]
    _refuse(LadderStepsNotRising, flat, pointer, "from_quantity", _ABOVE)
    dear = [n for n, (before, step) in after if step.price_minor >= before.price_minor]
    _refuse(LadderNotFalling, dear, pointer, "price", _LOWER)
    far = [n for n, step in enumerate(steps) if step.from_quantity > quantity]
    only = f"The quantity on offer is {quantity}.", f"可售数量只有 {quantity} 件。"
    _refuse(LadderOutOfReach, far, pointer, "from_quantity", only)


def price_at(steps: Sequence[Step], units: int) -> int:
    """What each unit costs when so many are sold: the last step that they reach, the first one before any is sold."""
    return next((step.price_minor for step in reversed(steps) if units >= step.from_quantity), steps[0].price_minor)


def next_step(steps: Sequence[Step], units: int) -> Step | None:
    """The step that more units would reach; None on the last one, or without a ladder."""
    return next((step for step in steps if step.from_quantity > max(units, 1)), None)


def _refuse(error: type[Invalid], faults: Sequence[int], pointer: str, field: str, said: tuple[str, str]) -> None:
    """Refuses steps, with what is wrong with them ``said`` in English and in Chinese."""
    if faults:
        errors = tuple(FieldError(f"{pointer}/{n}/{field}", *said) for n in faults)
        raise error(said[0], detail_zh=said[1], errors=errors)
