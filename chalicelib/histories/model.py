"""What a member bought, and what it adds up to. Pure. Days are the tenant's local days, amounts minor units."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Part:
    """Units of one product in a purchase, and what they cost after all discounts; what is not known is empty."""

    product_id: str
    category: str
    units: int
    amount_minor: int

    def as_json(self) -> list[Any]:
        """As a purchase's record stores it."""
        return [self.product_id, self.category, self.units, self.amount_minor]

    @classmethod
    def from_json(cls, stored: Sequence[Any]) -> Self:
        return cls(*stored)


@dataclass(frozen=True, slots=True)
class Purchase:
    """What stands of an order, placed here or imported, on the local day of its placing: goods that were sold and kept,
    after all discounts, without delivery. ``source`` is the order's id, or the imported reference.
    """

    source: str
    on: date
    currency: str
    amount_minor: int
    units: int
    imported: bool = False
    campaign_id: str | None = None
    pickup_point_id: str | None = None
    channel_id: str | None = None
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True)
class History:
    """A member's purchases, oldest first, and what follows from them."""

    purchases: tuple[Purchase, ...] = ()

    @classmethod
    def of(cls, purchases: Iterable[Purchase]) -> Self:
        """The history that these purchases make, in whichever order they come."""
        return cls(tuple(sorted(purchases, key=lambda each: (each.on, each.source))))

    @property
    def first_on(self) -> date | None:
        """The first day with a purchase; None without one."""
        return self.purchases[0].on if self.purchases else None

    @property
    def last_on(self) -> date | None:
        """The last day with a purchase; None without one."""
        return self.purchases[-1].on if self.purchases else None

    @property
    def orders(self) -> int:
        return len(self.purchases)

    @cached_property
    def occasions(self) -> int:
        """Distinct days with a purchase."""
        return len({each.on for each in self.purchases})

    @cached_property
    def units(self) -> int:
        return sum(each.units for each in self.purchases)

    @cached_property
    def spend(self) -> Mapping[str, int]:
        """What was spent, by currency: currencies are never added."""
        found = Counter[str]()
        for each in self.purchases:
            found[each.currency] += each.amount_minor
        return dict(found)

    @cached_property
    def units_by_product(self) -> Mapping[str, int]:
        """Units by the product's id, where that is known."""
        return self._units_by("product_id")

    @cached_property
    def units_by_category(self) -> Mapping[str, int]:
        """Units by category, where that is known."""
        return self._units_by("category")

    def _units_by(self, name: str) -> Mapping[str, int]:
        found = Counter[str]()
        for purchase in self.purchases:
            for part in purchase.parts:
                if getattr(part, name):
                    found[getattr(part, name)] += part.units
        return dict(found)

    def spend_by(self, name: str) -> Mapping[tuple[str, str], int]:
        """What was spent by (``product_id`` or ``category``, currency), where that is known."""
        found = Counter[tuple[str, str]]()
        for purchase in self.purchases:
            for part in purchase.parts:
                if getattr(part, name):
                    found[getattr(part, name), purchase.currency] += part.amount_minor
        return dict(found)

    def between(self, from_on: date | None = None, to_on: date | None = None) -> "History":
        """The part of it in a period, both days included."""
        since, until = from_on or date.min, to_on or date.max
        return History(tuple(each for each in self.purchases if since <= each.on <= until))
