"""The classes of a brand's members as of any day, from the bitmaps of their days. Pure.

Nothing is kept for a class, and nobody is looked at one by one: each class is made of unions of days.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Protocol

from chalicelib.insight.model import bitmaps
from chalicelib.members.model.classes import MemberClass, Thresholds


class Days(Protocol):
    """Local days and who did something on them, as bits by ordinal."""

    def members_between(self, from_on: date, to_on: date) -> int:
        """Everyone on the days from one to the other, both included."""

    def members_before(self, on: date) -> int:
        """Everyone on the days before."""


def classes_on(
    on: date, thresholds: Thresholds, ordered: Days, took_part: Days | None = None, left: int = 0
) -> dict[MemberClass, int]:
    """Who is of which class on a local day, by the days of orders up to and including it. The same as
    ``members.model.classes.class_of`` says of each member: with ``took_part``, the days of taking part count as days of
    orders do, once they have ordered; who has ``left`` by then is churned.
    """

    def within(days: int) -> int:
        since = on - timedelta(days=days - 1)
        found = ordered.members_between(since, on)
        return found if took_part is None else found | took_part.members_between(since, on)

    ever = ordered.members_before(on + timedelta(days=1)) & ~left
    no_longer_new = ordered.members_before(on - timedelta(days=thresholds.new_days - 1)) & ~left
    active = no_longer_new & within(thresholds.dormant_days)
    not_churned = no_longer_new & within(thresholds.churned_days)
    return {
        MemberClass.NEW: ever & ~no_longer_new,
        MemberClass.ACTIVE: active,
        MemberClass.DORMANT: not_churned & ~active,
        MemberClass.CHURNED: no_longer_new & ~not_churned | left,
    }


def crossings(before: Mapping[MemberClass, int], after: Mapping[MemberClass, int]) -> dict[MemberClass, int]:
    """Who is of a class now and was of another before."""
    were = bitmaps.union(before.values())
    return {each: bits & were & ~before[each] for each, bits in after.items()}
