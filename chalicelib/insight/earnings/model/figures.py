"""What orders earned, and what that cost. Pure. Amounts are minor units of the brand's currency."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Self

from chalicelib.insight.model import bitmaps


class By(StrEnum):
    """What days are divided by; ``day`` is the whole of each."""

    DAY = "day"
    CAMPAIGN = "campaign"
    PRODUCT = "product"
    PICKUP_POINT = "pickup_point"
    CHANNEL = "channel"


WHOLE = "*"
"""The name of the one part of a day that is not divided."""
NONE_NAMED = "-"
"""What orders stand under that have none of it, such as those that came by no channel."""
SHARED = ""
"""What stands under nothing in particular: costs that are not divided by it, such as commission among products."""


@dataclass(frozen=True, slots=True)
class Earned:
    """What orders earned and cost, or a part of it.

    ``orders`` are sales; they sold ``sold_units`` for ``sold_minor`` with delivery, before anything was returned.
    ``units`` were kept. ``gross_minor`` is what these goods came to before discounts, ``delivery_minor`` what delivery
    did; ``promotions_minor``, ``coupons_minor`` and ``points_minor`` took off so much of both, ``granted_minor`` was
    given back although no goods came back for it. ``tax_minor`` is in what is left of them. ``goods_minor`` is what the
    goods cost of which that is known; ``uncosted_units`` and ``uncosted_minor`` are units and revenue of the others.
    ``gifts_minor`` is what goods cost that were had for points. ``commission_minor`` the leaders earn; ``fees_minor``
    kept payment providers; ``remedies_minor`` cost goods that made complaints good; ``recovered_minor`` bear suppliers
    and the platform of that and of what was granted; ``lost_minor`` was lost to payers' disputes beyond what orders
    held. ``foreign`` counts orders in other currencies, of which nothing else counts.
    """

    orders: int = 0
    sold_units: int = 0
    sold_minor: int = 0
    units: int = 0
    gross_minor: int = 0
    delivery_minor: int = 0
    promotions_minor: int = 0
    coupons_minor: int = 0
    points_minor: int = 0
    granted_minor: int = 0
    tax_minor: int = 0
    goods_minor: int = 0
    uncosted_units: int = 0
    uncosted_minor: int = 0
    gifts_minor: int = 0
    commission_minor: int = 0
    fees_minor: int = 0
    remedies_minor: int = 0
    recovered_minor: int = 0
    lost_minor: int = 0
    foreign: int = 0

    def __bool__(self) -> bool:
        return any(self.values)

    def __add__(self, other: "Earned") -> "Earned":
        return Earned(*(a + b for a, b in zip(self.values, other.values, strict=True)))

    def __sub__(self, other: "Earned") -> "Earned":
        return Earned(*(a - b for a, b in zip(self.values, other.values, strict=True)))

    @property
    def values(self) -> tuple[int, ...]:
        return tuple(getattr(self, name) for name in NAMES)

    @property
    def discounts_minor(self) -> int:
        """What promotions, coupons and points took off."""
        return self.promotions_minor + self.coupons_minor + self.points_minor

    @property
    def received_minor(self) -> int:
        """What was paid and kept, with delivery and tax."""
        return self.gross_minor + self.delivery_minor - self.discounts_minor - self.granted_minor

    def said(self) -> dict[str, int]:
        """Every figure that is not zero, by name."""
        return {name: value for name, value in zip(NAMES, self.values, strict=True) if value}

    @classmethod
    def read(cls, said: Mapping[str, int]) -> Self:
        """As :meth:`said` writes it."""
        return cls(**said)


NAMES = tuple(each.name for each in fields(Earned))
NOTHING = Earned()


def summed(several: Iterable[Earned]) -> Earned:
    """All of them together."""
    total = [0] * len(NAMES)
    for each in several:
        total = [a + b for a, b in zip(total, each.values, strict=True)]
    return Earned(*total)


@dataclass(frozen=True, slots=True)
class OrderEarned:
    """What one order earned: ``whole``, of which ``parts`` are its products'; each part counts the order, so that only
    their amounts and units sum to the whole. ``ordinal`` is its member's; ``places`` names what it stands under, by
    what days are divided by.
    """

    ordinal: int
    whole: Earned
    places: Mapping[By, str] = field(default_factory=dict)
    parts: Mapping[str, Earned] = field(default_factory=dict)

    def under(self, by: By) -> dict[str, Earned]:
        """What it adds to the parts of its day."""
        if by is By.DAY:
            return {WHOLE: self.whole}
        if by is not By.PRODUCT:
            return {self.places.get(by, NONE_NAMED): self.whole}
        if not self.parts:
            return {NONE_NAMED: self.whole}
        return {**self.parts, SHARED: replace(self.whole - summed(self.parts.values()), orders=0)}


@dataclass(frozen=True, slots=True)
class Cell:
    """A part of a day: its figures, and its members as bits."""

    earned: Earned = NOTHING
    members: int = 0

    def __add__(self, other: "Cell") -> "Cell":
        return Cell(self.earned + other.earned, self.members | other.members)


def day_cells(orders: Sequence[OrderEarned], by: By) -> dict[str, Cell]:
    """A day's parts, by their names, ascending; in whichever order its orders come, the same."""
    found: dict[str, list[Earned]] = {}
    members: dict[str, set[int]] = {}
    for order in orders:
        for name, earned in order.under(by).items():
            found.setdefault(name, []).append(earned)
            if order.whole.orders:
                members.setdefault(name, set()).add(order.ordinal)
    cells = {name: Cell(summed(found[name]), bitmaps.of(members.get(name, ()))) for name in sorted(found)}
    return {name: cell for name, cell in cells.items() if cell.earned}
