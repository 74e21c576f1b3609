"""What an order holds of a promotion, and what it wants more of. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from chalicelib.promotions.model.budget import Share
from chalicelib.promotions.model.promotion import Promotion


@dataclass(frozen=True, slots=True)
class Held:
    """What an order holds of a promotion: shares of its budget, and whether it counts among its member's uses."""

    shares: tuple[Share, ...] = ()
    by_member: bool = False

    @property
    def minor(self) -> int:
        """What of the budget it holds, in minor units."""
        return sum(share.minor for share in self.shares)

    def as_json(self) -> list[Any]:
        """As the order stores it."""
        return [[share.as_json() for share in self.shares], int(self.by_member)]

    @classmethod
    def from_json(cls, stored: Sequence[Any]) -> Self:
        shares, by_member = stored
        return cls(tuple(map(Share.from_json, shares)), bool(by_member))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an order wants of a promotion beyond what it holds: an amount in minor units, uses, one of its member's."""

    promotion: Promotion
    minor: int
    uses: int
    by_member: bool

    @classmethod
    def of(cls, promotion: Promotion, minor: int, held: Held) -> Self:
        """Of a promotion that takes off so much in all."""
        more = max(0, minor - held.minor) if promotion.budgeted else 0
        uses = int(promotion.counted and not any(share.uses for share in held.shares))
        return cls(promotion, more, uses, promotion.per_member is not None and not held.by_member)


NOTHING = Held()
