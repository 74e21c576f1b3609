"""What of an order counts as sold, in every figure of orders, units, sales and members. Pure."""

from dataclasses import dataclass

from chalicelib.orders.model import SOLD, Status

_NEVER_BEGAN = frozenset({Status.HELD, Status.EXPIRED})


@dataclass(frozen=True, slots=True)
class Sale:
    """What an order sold: units, and what they were sold for in minor units, before anything was returned."""

    units: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Ordered:
    """An order as its sale follows from it: its state, its units and total as they stand, whether anything of it was
    handed over, and what was paid and not given back, in minor units. ``replaces`` marks an exchange, ``for_points`` a
    gift that was had for points.
    """

    status: str
    units: int
    total_minor: int
    refundable_minor: int
    handed_over: bool = False
    replaces: bool = False
    for_points: bool = False


def sale_of(order: Ordered) -> Sale | None:
    """The sale that an order is, or None; the payment method plays no part.

    While an order stands, and once anything of it was handed over, it is a sale of its units at its total: what was
    taken out of it counts no more, what was returned or granted afterwards does. One that ended with nothing handed
    over sold no units, and is a sale of what was kept of its money; where everything went back, or nothing ever came,
    it is none. A hold is no sale before its payment, an exchange replaces what was sold before, and a gift for points
    is given, not sold.
    """
    if order.replaces or order.for_points or order.status in _NEVER_BEGAN:
        return None
    if order.status in SOLD or order.handed_over:
        return Sale(order.units, order.total_minor)
    return Sale(0, order.refundable_minor) if order.refundable_minor > 0 else None
