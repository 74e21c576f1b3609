"""What staff say of a pickup point, and what a campaign keeps of it. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from chalicelib.kernel.unset import UNSET, Unset


@dataclass(frozen=True, slots=True)
class PickupPointDetails:
    """What is ``UNSET`` stays as it is, None takes away. A new pickup point has a name and an address."""

    name: str | Unset = UNSET
    address: str | Unset = UNSET
    leader_id: str | Unset | None = UNSET
    opening_hours: str | Unset | None = UNSET
    commission_bps: int | Unset = UNSET


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
