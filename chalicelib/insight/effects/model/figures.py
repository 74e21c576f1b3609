"""The figures of an effect, and whose effect it is. Pure. Amounts are minor units of the brand's currency."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Self


class Kind(StrEnum):
    """What may have an effect: a promotion, a batch of coupons, what points are given or taken for, a tier."""

    PROMOTION = "promotion"
    COUPON_BATCH = "coupon_batch"
    POINTS = "points"
    TIER = "tier"


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose effect it is. The id is that of the promotion or batch, the tier's code, or what points are for."""

    kind: Kind
    id: str

    def __str__(self) -> str:
        return f"{self.kind.value}:{self.id}"

    @classmethod
    def read(cls, stored: str) -> Self:
        """As :meth:`__str__` writes it."""
        kind, _, subject_id = stored.partition(":")
        return cls(Kind(kind), subject_id)


SPENDING, GIFTS, BY_HAND, AWARDED, JOURNEYS, EXPIRED = "spending", "gift", "staff", "award", "journey", "expiry"
"""What points are taken or given for beside the actions that earn them: paying orders and gifts, by the team, as
awards, in journeys, unused.
The points of gifts count as spent; under gifts stand their orders, with what the goods are worth and cost.
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """An effect, or a part of it.

    ``orders`` have it and count as sales; ``reversed`` had it and came to nothing. ``discount_minor`` stands,
    ``discount_back_minor`` came back with orders that came to nothing and with goods that were returned.
    ``revenue_minor`` is what the goods of those orders brought, after all discounts and without what was given back
    for them; ``costed_minor`` of it is of goods whose cost is known, which cost ``cost_minor``.
    ``points`` were given ``times`` times, or taken; ``points_back`` of them went the other way again.
    """

    orders: int = 0
    reversed: int = 0
    discount_minor: int = 0
    discount_back_minor: int = 0
    revenue_minor: int = 0
    costed_minor: int = 0
    cost_minor: int = 0
    times: int = 0
    points: int = 0
    points_back: int = 0

    def __bool__(self) -> bool:
        return any(self._values())

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(*(a + b for a, b in zip(self._values(), other._values(), strict=True)))

    def __sub__(self, other: "Figures") -> "Figures":
        return Figures(*(a - b for a, b in zip(self._values(), other._values(), strict=True)))

    @property
    def margin_minor(self) -> int:
        """What the goods whose cost is known left over."""
        return self.costed_minor - self.cost_minor

    @property
    def uncosted_minor(self) -> int:
        """The revenue of goods whose cost is not known: no margin can be said of it."""
        return self.revenue_minor - self.costed_minor

    @property
    def points_kept(self) -> int:
        """The points that stand as they were given, or taken."""
        return self.points - self.points_back

    def _values(self) -> list[int]:
        return [getattr(self, name) for name in NAMES]

    def said(self) -> dict[str, int]:
        """Every figure that is not zero, by name."""
        return {name: value for name, value in zip(NAMES, self._values(), strict=True) if value}


NAMES = tuple(field.name for field in fields(Figures))
NONE = Figures()


def summed(several: Iterable[Figures]) -> Figures:
    """All of them together."""
    total = NONE
    for each in several:
        total += each
    return total


def differences(before: Mapping[Subject, Figures], after: Mapping[Subject, Figures]) -> dict[Subject, Figures]:
    """What leads from the figures that were counted to those that are right now."""
    found = {each: after.get(each, NONE) - before.get(each, NONE) for each in {**before, **after}}
    return {each: difference for each, difference in found.items() if difference}
