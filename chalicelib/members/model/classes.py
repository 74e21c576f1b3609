"""The class of a member: new, active, dormant or churned, by the days of their orders. Pure.

Nothing is written as members age: the class follows from the first and the last day, and from today.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Self

MOST_DAYS = 3650
"""No threshold is longer: ten years."""


class MemberClass(StrEnum):
    """What a brand calls its members by how they order; exclusive, and every member who has ordered is of one."""

    NEW = "new"
    ACTIVE = "active"
    DORMANT = "dormant"
    CHURNED = "churned"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where the classes part, in local days: a member is new for ``new_days`` from their first order, dormant after
    ``dormant_days`` without one, churned after ``churned_days``. ``taking_part_counts``: whether a day on which they
    answered a survey or checked in counts as one of an order does, once they have ordered.
    """

    new_days: int = 30
    dormant_days: int = 30
    churned_days: int = 90
    taking_part_counts: bool = False

    def as_json(self) -> dict[str, Any]:
        """As the tenant's record stores them."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any] | None) -> Self:
        """As they were stored; those of the platform where the brand has set none."""
        return cls(**(stored or {}))


USUAL = Thresholds()
"""Those of a brand that has set none."""


def class_of(
    first_on: date | None, last_on: date | None, today: date, thresholds: Thresholds = USUAL, *, left: bool = False
) -> MemberClass | None:
    """The class on the local day ``today`` of a member whose first and last days with an order these are; None for one
    who has not ordered. Who has ``left`` is churned at once, whether they have ordered or not.

    With tenure = today - first and r = today - last, in days: new while tenure < ``new_days``; else active while
    r < ``dormant_days``, dormant while r < ``churned_days``, churned from then on.
    """
    if left:
        return MemberClass.CHURNED
    if first_on is None:
        return None
    if (today - first_on).days < thresholds.new_days:
        return MemberClass.NEW
    quiet = (today - (last_on or first_on)).days
    if quiet < thresholds.dormant_days:
        return MemberClass.ACTIVE
    return MemberClass.DORMANT if quiet < thresholds.churned_days else MemberClass.CHURNED
