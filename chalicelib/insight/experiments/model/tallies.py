"""What came of those who were exposed: of one of them by their orders and complaints, and of an arm by sums. Pure.
Money is in minor units.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from typing import Any, Self

from chalicelib.insight.experiments.model.plan import Metric, Plan
from chalicelib.trials.differences import Sample, Share
from chalicelib.trials.effects import Pairs


@dataclass(frozen=True, slots=True)
class Tally:
    """Of so many people ``exposed``: who ordered (``buyers``) and who came back (``returned``), their ``orders``,
    ``revenue``, ``refunds`` and ``complaints``, with the sums of squares and products by person that variances need.
    """

    exposed: int = 0
    buyers: int = 0
    returned: int = 0
    orders: int = 0
    orders_squares: int = 0
    revenue_minor: int = 0
    revenue_squares: int = 0
    revenue_by_orders: int = 0
    refunds_minor: int = 0
    refunds_squares: int = 0
    complaints: int = 0
    complaints_squares: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, name) + getattr(other, name) for name in NAMES))

    def __sub__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, name) - getattr(other, name) for name in NAMES))

    @property
    def conversion(self) -> Share:
        return Share(self.buyers, self.exposed)

    @property
    def retention(self) -> Share:
        return Share(self.returned, self.exposed)

    @property
    def revenue(self) -> Sample:
        return Sample(self.exposed, self.revenue_minor, self.revenue_squares)

    @property
    def order_value(self) -> Pairs:
        return Pairs(
            self.exposed, self.revenue_minor, self.orders, self.revenue_squares, self.orders_squares,
            self.revenue_by_orders,
        )  # fmt: skip

    @property
    def refunds(self) -> Sample:
        return Sample(self.exposed, self.refunds_minor, self.refunds_squares)

    @property
    def complained(self) -> Sample:
        return Sample(self.exposed, self.complaints, self.complaints_squares)

    def as_json(self) -> list[int]:
        return [getattr(self, name) for name in NAMES]


NAMES = tuple(each.name for each in fields(Tally))


def summed(tallies: Iterable[Tally]) -> Tally:
    """All of them together."""
    return sum(tallies, Tally())


@dataclass(frozen=True, slots=True)
class Ordered:
    """An order that counts: what it came to, what of that was given back, and its local day."""

    amount_minor: int
    refunded_minor: int
    on: date

    def as_json(self) -> list[Any]:
        return [self.amount_minor, self.refunded_minor, self.on.isoformat()]

    @classmethod
    def from_json(cls, stored: Sequence[Any]) -> Self:
        amount, refunded, on = stored
        return cls(amount, refunded, date.fromisoformat(on))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What somebody did after they were exposed, on a local day: orders that count, by id, and complaints by id."""

    exposed_on: date
    orders: Mapping[str, Ordered]
    complaints: frozenset[str] = frozenset()

    def with_order(self, order_id: str, order: Ordered | None) -> "Outcome":
        """With an order as it stands now; None for one that does not count any more."""
        kept = {name: each for name, each in self.orders.items() if name != order_id}
        return replace(self, orders=kept if order is None else {**kept, order_id: order})

    def tally(self, plan: Plan) -> Tally:
        """What they add to their arm."""
        n, revenue = len(self.orders), sum(each.amount_minor for each in self.orders.values())
        refunds, complaints = sum(each.refunded_minor for each in self.orders.values()), len(self.complaints)
        back_on = self.exposed_on + timedelta(days=plan.return_days)
        return Tally(
            1, int(n > 0), int(any(each.on >= back_on for each in self.orders.values())), n, n * n, revenue,
            revenue * revenue, revenue * n, refunds, refunds * refunds, complaints, complaints * complaints,
        )  # fmt: skip


def counts(plan: Plan, exposed_at: datetime, placed_at: datetime) -> bool:
    """Whether an order that was placed then counts for who was exposed then."""
    if placed_at < exposed_at:
        return False
    return plan.within_days is None or placed_at < exposed_at + timedelta(days=plan.within_days)


def compared_days(plan: Plan, today: date) -> date:
    """The last local day of exposure of those who are compared: where it is asked whether they came back, of those who
    had a whole day for it.
    """
    return today - timedelta(days=plan.return_days + 1) if plan.metric is Metric.RETENTION else today
