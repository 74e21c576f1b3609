"""What staff say of a pickup point. Pure."""

from dataclasses import dataclass

from chalicelib.kernel.unnamed import UNNAMED, Unnamed


@dataclass(frozen=True, slots=True)
class PickupPointDetails:
    """What is ``UNNAMED`` stays as it is, None takes away. A new pickup point has a name and an address."""

    name: str | Unnamed = UNNAMED
    address: str | Unnamed = UNNAMED
    leader_id: str | Unnamed | None = UNNAMED
    opening_hours: str | Unnamed | None = UNNAMED
    commission_bps: int | Unnamed = UNNAMED
