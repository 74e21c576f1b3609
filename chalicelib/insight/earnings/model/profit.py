"""What is left of what was earned, line by line, and where it breaks even. Pure. Amounts are minor units.

Sales stand at their prices before discounts, and discounts as costs of marketing: so they count once. Costs that follow
from orders are variable, those that the brand books, what channels cost and what messages cost are fixed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum

from chalicelib.insight.earnings.model.figures import NOTHING, SHARED, Earned, summed
from chalicelib.kernel.money import allocate


@dataclass(frozen=True, slots=True)
class Fixed:
    """Costs that follow from no order: booked ones by their kind, what channels cost, and what messages did."""

    goods: int = 0
    labour: int = 0
    marketing: int = 0
    logistics: int = 0
    other: int = 0
    channels: int = 0
    messages: int = 0

    def __add__(self, other: "Fixed") -> "Fixed":
        return Fixed(*(a + b for a, b in zip(self.values, other.values, strict=True)))

    @property
    def values(self) -> tuple[int, ...]:
        return tuple(getattr(self, each.name) for each in fields(Fixed))

    @property
    def total(self) -> int:
        """All of them together."""
        return sum(self.values)


NO_COSTS = Fixed()


class Missing(StrEnum):
    """Why a figure cannot be said: no orders, goods of unknown cost, or orders that leave nothing over."""

    NO_ORDERS = "no_orders"
    COST_UNKNOWN = "cost_unknown"
    NOTHING_LEFT = "contribution_not_positive"


@dataclass(frozen=True, slots=True)
class BreakEven:
    """How many orders, and how much paid for them, cover the fixed costs; without them, why that cannot be said."""

    fixed_minor: int
    orders: int | None = None
    revenue_minor: int | None = None
    reason: Missing | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """What orders earned, with the fixed costs beside them."""

    earned: Earned = NOTHING
    fixed: Fixed = NO_COSTS

    def __add__(self, other: "Statement") -> "Statement":
        return Statement(self.earned + other.earned, self.fixed + other.fixed)

    def __bool__(self) -> bool:
        return bool(self.earned) or any(self.fixed.values)

    @property
    def goods(self) -> int:
        """What goods cost, as far as that is known."""
        return self.earned.goods_minor + self.fixed.goods

    @property
    def labour(self) -> int:
        """Commission of leaders, whose pay it is, and booked wages."""
        return self.earned.commission_minor + self.fixed.labour

    @property
    def marketing(self) -> int:
        """What was taken off prices, goods given for points, channels, messages, and what is booked."""
        own = self.earned.discounts_minor + self.earned.gifts_minor
        return own + self.fixed.marketing + self.fixed.channels + self.fixed.messages

    @property
    def logistics(self) -> int:
        """What is booked of transport and storage."""
        return self.fixed.logistics

    @property
    def other(self) -> int:
        """Fees, what was granted and lost, goods for complaints, less what others bear; and what is booked."""
        earned = self.earned
        made_good = earned.granted_minor + earned.remedies_minor - earned.recovered_minor
        return earned.fees_minor + made_good + earned.lost_minor + self.fixed.other

    @property
    def contribution(self) -> int:
        """What orders leave over for the fixed costs, where goods of unknown cost had cost nothing."""
        return self.at_most + self.fixed.total

    @property
    def at_most(self) -> int:
        """The profit, where goods of unknown cost had cost nothing: it is never more."""
        earned = self.earned
        income = earned.gross_minor + earned.delivery_minor - earned.tax_minor
        return income - self.goods - self.labour - self.marketing - self.logistics - self.other

    @property
    def profit(self) -> int | None:
        """What is left over; None where some of the goods have no known cost."""
        return None if self.is_unknown else self.at_most

    @property
    def is_unknown(self) -> bool:
        """Whether what some of the goods cost is not known."""
        return bool(self.earned.uncosted_units or self.earned.uncosted_minor)

    @property
    def break_even(self) -> BreakEven:
        """Fixed costs divided by what one order leaves over, rounded up to a whole order: the equation method of
        Horngren, Datar, Rajan, Cost Accounting (chapter *Cost-Volume-Profit Analysis*).
        """
        fixed, orders, left = self.fixed.total, self.earned.orders, self.contribution
        reason = (
            Missing.NO_ORDERS
            if not orders
            else Missing.COST_UNKNOWN
            if self.is_unknown
            else Missing.NOTHING_LEFT
            if left <= 0
            else None
        )
        if reason is not None:
            return BreakEven(fixed, reason=reason)
        needed = -(-fixed * orders // left)
        return BreakEven(fixed, needed, -(-fixed * self.earned.received_minor // left))


def total_of(rows: Mapping[str, Statement]) -> Statement:
    """All rows together; orders that stand in several are to be counted apart."""
    total = Statement(summed(each.earned for each in rows.values()))
    for each in rows.values():
        total += Statement(fixed=each.fixed)
    return total


def spread(rows: Mapping[str, Statement]) -> dict[str, Statement] | None:
    """What stands under nothing in particular, divided among the others by what was paid for them, line by line, by
    largest remainder, so that each line sums to what it was; counts stay where they are. None where nothing was paid.
    """
    names = [name for name in rows if name != SHARED]
    weights = [max(0, rows[name].earned.received_minor) for name in names]
    shared = rows.get(SHARED)
    if shared is None or not sum(weights):
        return None
    amounts = replace(shared.earned, **dict.fromkeys(_COUNTS, 0))
    earned = [allocate(value, weights) for value in amounts.values]
    fixed = [allocate(value, weights) for value in shared.fixed.values]
    found = {
        name: rows[name] + Statement(Earned(*(line[n] for line in earned)), Fixed(*(line[n] for line in fixed)))
        for n, name in enumerate(names)
    }
    left = Statement(shared.earned - amounts)
    return found | ({SHARED: left} if left else {})


_COUNTS = ("orders", "sold_units", "sold_minor", "units", "uncosted_units", "uncosted_minor", "foreign")
