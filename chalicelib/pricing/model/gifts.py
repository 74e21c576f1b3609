"""Goods that are given with others. Pure.

A gift is units of an offer at its ordinary price, with a discount of all of it: it is drawn from the offer's stock,
stands among the lines, and its worth is known when the goods that earned it are sent back.
"""

from collections.abc import Callable, Sequence

from chalicelib.pricing.model.lowering import in_scope
from chalicelib.pricing.model.rules import Give, Item
from chalicelib.pricing.model.scope import EVERYTHING, Scope

Earned = Callable[[Sequence[Item], Sequence[int]], bool]
"""Whether a gift is earned, given what each item still costs."""


def by_amount(from_minor: int, scope: Scope = EVERYTHING) -> Earned:
    """Earned by spending so much on goods in scope, of what earlier discounts left."""
    return lambda items, left: sum(in_scope(scope, items, left)) >= from_minor


def by_quantity(from_quantity: int, scope: Scope = EVERYTHING) -> Earned:
    """Earned by so many units of goods in scope."""
    return lambda items, _: sum(item.quantity for item in items if scope.covers(item)) >= from_quantity


def gift(offered: Item, earned: Earned) -> Give:
    """Gives the item, in its quantity, once an order, where that is earned."""
    return lambda items, left: [offered] if earned(items, left) else []
