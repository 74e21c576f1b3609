"""A campaign's progress, one member at a time: what of a member's orders is counted, and what changes. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Change:
    """What to add to a campaign's progress; any part may be negative."""

    orders: int = 0
    participants: int = 0
    units: int = 0
    revenue_minor: int = 0

    def __bool__(self) -> bool:
        return any((self.orders, self.participants, self.units, self.revenue_minor))

    def __add__(self, other: "Change") -> "Change":
        return Change(
            self.orders + other.orders,
            self.participants + other.participants,
            self.units + other.units,
            self.revenue_minor + other.revenue_minor,
        )


@dataclass(frozen=True, slots=True)
class Seen:
    """An order at one of its revisions: its units and its revenue in minor units, where it was live."""

    rev: int
    live: tuple[int, int] | None


Counted = Mapping[str, Seen]
"""A member's orders as they were last counted, by order id; those that are live no more stay among them."""


def recount(counted: Counted, order_id: str, seen: Seen) -> tuple[Counted, Change]:
    """Counts an order as it stands, unless it is counted at this revision already, or at a later one.

    So messages may come twice and in any order, and a worker that read the order before it changed changes nothing.
    """
    known = counted.get(order_id)
    if known is not None and known.rev >= seen.rev:
        return counted, Change()
    after = {**counted, order_id: seen}
    (units, revenue), (units_before, revenue_before) = seen.live or (0, 0), (known and known.live) or (0, 0)
    change = Change(
        orders=_live(after) - _live(counted),
        participants=bool(_live(after)) - bool(_live(counted)),
        units=units - units_before,
        revenue_minor=revenue - revenue_before,
    )
    return after, change


def _live(counted: Counted) -> int:
    return sum(seen.live is not None for seen in counted.values())
