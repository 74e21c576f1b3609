"""A brand's tiers: what is measured, over how long, and from how much a member has which. Pure.

Amounts are minor units of the brand's currency, factors basis points.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final, Self

GRACE_DAYS: Final = 30
LONGEST_WINDOW_MONTHS: Final = 36
"""A member's months are kept beside their tier, so this bounds what is stored of each."""

ONE: Final = 10_000
"""A factor of one, in basis points."""


class Measure(StrEnum):
    """By what members rise. ``spend``: what they paid for goods that were handed over and kept, after discounts;
    ``orders``: how many of these were not given back whole; ``points``: those that were earned. Points that are spent
    or expire lower no tier.
    """

    SPEND = "spend"
    ORDERS = "orders"
    POINTS = "points"


@dataclass(frozen=True, slots=True)
class Privileges:
    """What a tier is good for: points of orders by ``points_factor_bps``, no delivery fee, campaigns open so many hours
    earlier, and prices of their own.
    """

    points_factor_bps: int = ONE
    free_delivery: bool = False
    early_access_hours: int = 0
    member_price: bool = False


NONE: Final = Privileges()
"""What somebody without a tier has."""


@dataclass(frozen=True, slots=True)
class Tier:
    """A tier, had from ``threshold`` of the measure on."""

    code: str
    title: str
    threshold: int
    privileges: Privileges = NONE

    def as_json(self) -> dict[str, Any]:
        """As the record stores it."""
        return {"code": self.code, "title": self.title, "from": self.threshold, "privileges": asdict(self.privileges)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(stored["code"], stored["title"], stored["from"], Privileges(**stored["privileges"]))


@dataclass(frozen=True, slots=True)
class Tiers:
    """A brand's tiers, the lowest first. The window is so many months of the brand's calendar, the running one among
    them. Who falls short keeps a tier for ``grace_days`` and to the end of the local month then.
    """

    measure: Measure = Measure.SPEND
    window_months: int = 12
    grace_days: int = GRACE_DAYS
    tiers: tuple[Tier, ...] = ()

    def place(self, code: str | None) -> int:
        """How high a tier stands, from 0; -1 for none, and for one that the brand has no more."""
        return next((place for place, tier in enumerate(self.tiers) if tier.code == code), -1)

    def at(self, place: int) -> str | None:
        """The code of the tier that stands so high."""
        return self.tiers[place].code if place >= 0 else None

    def reached(self, value: int) -> int:
        """How high the tier stands that somebody with so much of the measure has reached."""
        return sum(1 for tier in self.tiers if tier.threshold <= value) - 1

    def named(self, code: str | None) -> Tier | None:
        """The tier of a code, if there is one."""
        place = self.place(code)
        return self.tiers[place] if place >= 0 else None

    def privileges(self, code: str | None) -> Privileges:
        """What somebody of a tier may do."""
        tier = self.named(code)
        return tier.privileges if tier else NONE

    def as_json(self) -> dict[str, Any]:
        """As the record and the audit log keep them."""
        return {
            "measure": self.measure.value, "months": self.window_months, "grace": self.grace_days,
            "tiers": [tier.as_json() for tier in self.tiers],
        }  # fmt: skip

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        tiers: Sequence[Mapping[str, Any]] = stored["tiers"]
        read = tuple(Tier.from_json(each) for each in tiers)
        return cls(Measure(stored["measure"]), stored["months"], stored["grace"], read)
