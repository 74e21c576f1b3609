"""A campaign's progress, one member at a time: what of a member's orders is counted, and what changes. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Change:
    """What to add to a campaign's progress; any part may be negative."""

    orders: int
    participants: int
    units: int
    revenue_minor: int

    def __bool__(self) -> bool:
        return any((self.orders, self.participants, self.units, self.revenue_minor))


Counted = Mapping[str, tuple[int, int]]
"""The orders of a member that are counted: units and revenue in minor units by order id."""


def recount(counted: Counted, order_id: str, live: tuple[int, int] | None) -> tuple[dict[str, tuple[int, int]], Change]:
    """Counts an order as it now stands: its units and revenue, or None where it is no longer live.

    The result depends on the order's state alone, so messages may come twice and in any order.
    """
    after = {each: amounts for each, amounts in counted.items() if each != order_id}
    if live is not None:
        after[order_id] = live
    was, now = counted.get(order_id, (0, 0)), live or (0, 0)
    change = Change(
        orders=len(after) - len(counted),
        participants=bool(after) - bool(counted),
        units=now[0] - was[0],
        revenue_minor=now[1] - was[1],
    )
    return after, change
