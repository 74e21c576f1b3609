"""What a local day, and from its days a month, adds up to."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from chalicelib.insight.model import bitmaps

UNKNOWN_HOUR = -1
"""The hour of an order whose day is known and whose instant is not."""


@dataclass(frozen=True, slots=True)
class Sold:
    """What of an order was sold of one product, after all discounts, in minor units; ``off_minor`` is what these took
    off. What is not known of the product is empty.
    """

    product_id: str
    category: str
    units: int
    amount_minor: int
    off_minor: int = 0

    def json(self) -> list[Any]:
        """As a record stores it."""
        stored = [self.product_id, self.category, self.units, self.amount_minor]
        return [*stored, self.off_minor] if self.off_minor else stored


@dataclass(frozen=True, slots=True)
class Activity:
    """One order as insight sees it. ``hour`` is of the tenant's wall clock; amounts are in minor units.

    ``discount_minor`` is what discounts took off its goods. ``itemised`` says that ``parts`` has all of its goods.
    Campaign, channel and pickup point are ids or, of an imported order, as its file named them; empty where unknown.
    """

    ordinal: int
    amount_minor: int
    currency: str
    quantity: int
    hour: int = UNKNOWN_HOUR
    discount_minor: int = 0
    campaign: str = ""
    channel: str = ""
    pickup_point: str = ""
    parts: Sequence[Sold] = ()
    itemised: bool = False

    def values(self) -> Iterator[tuple[str, str]]:
        """What it has one of, by the names of these dimensions."""
        yield "campaign", self.campaign
        yield "channel", self.channel
        yield "pickup_point", self.pickup_point


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums of a group of orders. ``sales`` keeps currencies apart: currency to (orders, minor units)."""

    orders: int = 0
    quantity: int = 0
    sales: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, activity: Activity) -> Self:
        return cls(1, activity.quantity, {activity.currency: (1, activity.amount_minor)})

    def __add__(self, other: "Totals") -> "Totals":
        sales = dict(self.sales)
        for currency, (orders, minor) in other.sales.items():
            known = sales.get(currency, (0, 0))
            sales[currency] = (known[0] + orders, known[1] + minor)
        return Totals(self.orders + other.orders, self.quantity + other.quantity, sales)

    def json(self) -> list[Any]:
        """A compact form with one spelling for equal totals."""
        return [self.orders, self.quantity, {currency: list(self.sales[currency]) for currency in sorted(self.sales)}]

    @classmethod
    def parse(cls, raw: list[Any]) -> Self:
        orders, quantity, sales = raw
        return cls(orders, quantity, {currency: (pair[0], pair[1]) for currency, pair in sales.items()})


@dataclass(frozen=True, slots=True)
class Rollup:
    """The aggregate of a day or a month: totals, the same by local hour, and who was active."""

    hours: Mapping[int, Totals] = field(default_factory=dict)
    members: int = 0

    @property
    def totals(self) -> Totals:
        return sum(self.hours.values(), Totals())

    def hours_json(self) -> dict[str, Any]:
        """The hours, ascending, in the compact form of :meth:`Totals.json`."""
        return {str(hour): self.hours[hour].json() for hour in sorted(self.hours)}

    @classmethod
    def parse(cls, hours: Mapping[str, Any], members: int) -> Self:
        return cls({int(hour): Totals.parse(raw) for hour, raw in hours.items()}, members)


def day_rollup(activities: Iterable[Activity]) -> Rollup:
    """A day's aggregate from all its orders, in any order."""
    hours: dict[int, Totals] = {}
    seen: set[int] = set()
    for activity in activities:
        hours[activity.hour] = hours.get(activity.hour, Totals()) + Totals.of(activity)
        seen.add(activity.ordinal)
    return Rollup(hours, bitmaps.of(seen))


def merge(rollups: Iterable[Rollup]) -> Rollup:
    """A longer period from its parts: sums are added, members are united and so never counted twice."""
    hours: dict[int, Totals] = {}
    members = 0
    for rollup in rollups:
        members |= rollup.members
        for hour, totals in rollup.hours.items():
            hours[hour] = hours.get(hour, Totals()) + totals
    return Rollup(hours, members)
