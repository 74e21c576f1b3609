"""What staff say of a pickup point, and what a campaign keeps of it. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from chalicelib.kernel.unnamed import UNNAMED, Unnamed


@dataclass(frozen=True, slots=True)
class PickupPointDetails:
    """What is ``UNNAMED`` stays as it is, None takes away. A new pickup point has a name and an address."""

    name: str | Unnamed = UNNAMED
    address: str | Unnamed = UNNAMED
    leader_id: str | Unnamed | None = UNNAMED
    opening_hours: str | Unnamed | None = UNNAMED
    commission_bps: int | Unnamed = UNNAMED


@dataclass(frozen=True, slots=True)
class PickupPlace:
    """A pickup point as a campaign keeps it, so that the commission (basis points) stays what was promised
    when the campaign was published.
    """

    id: str
    name: str
    address: str
    opening_hours: str | None = None
    leader_id: str | None = None
    commission_bps: int = 0

    def as_json(self) -> dict[str, Any]:
        """As the campaign's record stores it."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(**{**stored, "commission_bps": stored.get("commission_bps") or 0})
