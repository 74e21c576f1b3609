"""The ways in which a rule lowers lines. Pure. Each line is rounded once."""

from collections.abc import Callable, Sequence

from chalicelib.kernel.money import allocate
from chalicelib.pricing.model.rules import Item, Lower
from chalicelib.pricing.model.scope import EVERYTHING, Scope

WHOLE_BPS = 10_000


def nothing(items: Sequence[Item], left: Sequence[int]) -> Sequence[int]:
    """Lowers no line: for a rule that lowers the delivery fee or gives goods."""
    return [0] * len(items)


def percent_of(amount_minor: int, bps: int) -> int:
    """A share of an amount in basis points, rounded half up to a minor unit."""
    return (amount_minor * bps + WHOLE_BPS // 2) // WHOLE_BPS


def percent_off(bps: int, scope: Scope = EVERYTHING) -> Lower:
    """Lowers each line in scope by so many basis points of what it still costs: see :func:`percent_of`."""
    return _each(scope, lambda _, cost: percent_of(cost, bps))


def amount_off_each(minor: int, scope: Scope = EVERYTHING) -> Lower:
    """Lowers the price of each unit in scope by an amount, down to zero."""
    return _each(scope, lambda item, cost: min(cost, minor * item.quantity))


def price_each(price_of: Callable[[Item], int | None], scope: Scope = EVERYTHING) -> Lower:
    """Lowers each unit in scope to a price; one that costs less already, or has no such price, stays as it is."""

    def lowered(item: Item, cost: int) -> int:
        price = price_of(item)
        return 0 if price is None else max(0, cost - price * item.quantity)

    return _each(scope, lowered)


def amount_off(minor: int, scope: Scope = EVERYTHING) -> Lower:
    """Lowers the lines in scope by an amount together, down to zero: see :func:`split_discount`."""
    return lambda items, left: split_discount(minor, in_scope(scope, items, left))


def in_scope(scope: Scope, items: Sequence[Item], left: Sequence[int]) -> list[int]:
    """What each line in scope still costs; 0 for the others."""
    return [cost if scope.covers(item) else 0 for item, cost in zip(items, left, strict=True)]


def split_discount(amount_minor: int, left: Sequence[int]) -> list[int]:
    """Splits an order's discount over its lines by what each still costs (largest remainder), down to zero at most."""
    return allocate(min(amount_minor, sum(left)), left)


def _each(scope: Scope, lowered: Callable[[Item, int], int]) -> Lower:
    def lower(items: Sequence[Item], left: Sequence[int]) -> list[int]:
        return [lowered(item, cost) if scope.covers(item) else 0 for item, cost in zip(items, left, strict=True)]

    return lower
