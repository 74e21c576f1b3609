"""The lowest price at which a margin is left over the cost. Pure. Amounts are minor units."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

WHOLE_BPS = 10_000


@dataclass(frozen=True, slots=True)
class Floor:
    """So much over the cost: a share of it in basis points, or an amount. One of them is given."""

    percent_bps: int | None = None
    over_minor: int | None = None

    def minor(self, cost_minor: int | None) -> int:
        """The lowest price of a unit, a share rounded up to a minor unit; 0, which is no floor, without a cost."""
        if cost_minor is None:
            return 0
        if self.percent_bps is not None:
            return cost_minor + -(-cost_minor * self.percent_bps // WHOLE_BPS)
        return cost_minor + (self.over_minor or 0)

    def as_json(self) -> dict[str, Any]:
        said = {"percent": self.percent_bps, "over": self.over_minor}
        return {name: value for name, value in said.items() if value is not None}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(stored.get("percent"), stored.get("over"))


def floor_of(own: Floor | None, default: Floor | None, cost_minor: int | None) -> int:
    """The lowest price by the product's own floor, else by the brand's; 0 where there is neither, or no cost."""
    floor = own or default
    return floor.minor(cost_minor) if floor else 0


def margin_bps(price_minor: int, cost_minor: int | None) -> int | None:
    """What is left of a price, as a share of it in basis points, rounded half up; None without a cost or price."""
    if cost_minor is None or price_minor <= 0:
        return None
    return (2 * (price_minor - cost_minor) * WHOLE_BPS + price_minor) // (2 * price_minor)
