"""Groups of members: what they are grouped by, and who is in them. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class GroupBy(StrEnum):
    """What members are grouped by."""

    TIER = "tier"
    CLASS = "class"
    SEGMENT = "segment"
    CHANNEL = "channel"
    PICKUP_POINT = "pickup_point"

    @property
    def overlapping(self) -> bool:
        """Whether a member may be in several groups."""
        return self not in {GroupBy.TIER, GroupBy.CLASS}


@dataclass(frozen=True, slots=True)
class MemberGroup:
    """Some members, as bits; ``title`` is what the brand calls the group, where it has named it. ``counting`` says that
    who is in it is being decided again.
    """

    value: str
    title: str | None
    members: int
    counting: bool = False
