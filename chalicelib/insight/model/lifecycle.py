"""How the members who order change from one period to the next: new, retained, resurrected, lost. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.insight.model import cohorts


class Change(StrEnum):
    """What a member who ordered in a period, or the one before, is in it."""

    ACTIVE = "active"
    NEW = "new"
    RETAINED = "retained"
    RESURRECTED = "resurrected"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Row:
    """A period and who was what in it, as bits."""

    period: int
    members: Mapping[Change, int]

    def count(self, change: Change) -> int:
        return self.members[change].bit_count()


def lifecycle(active: Mapping[int, int], first: int, last: int, earlier: int) -> Sequence[Row]:
    """One row a period from the first to the last, those without orders among them. ``active`` are the members active
    in each, and in the one before the first; ``earlier`` all who ordered before the first. Active is new, retained and
    resurrected together; lost are those active the period before and not in this one.
    """
    inside = {period: members for period, members in active.items() if period >= first}
    new = cohorts.newcomers(inside, earlier)
    rows = []
    for period in range(first, last + 1):
        now, before, fresh = active.get(period, 0), active.get(period - 1, 0), new.get(period, 0)
        members = {
            Change.ACTIVE: now,
            Change.NEW: fresh,
            Change.RETAINED: now & before,
            Change.RESURRECTED: now & ~before & ~fresh,
            Change.LOST: before & ~now,
        }
        rows.append(Row(period, members))
    return rows
