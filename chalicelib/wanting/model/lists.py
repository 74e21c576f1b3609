"""What a member's lists hold, and how much. Pure."""

import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self


class Kind(StrEnum):
    """The lists that a member has."""

    FAVOURITES = "favourites"
    WAITING = "waiting"
    REMINDERS = "reminders"


MOST: Mapping[Kind, int] = {Kind.FAVOURITES: 200, Kind.WAITING: 50, Kind.REMINDERS: 100}
"""Entries of each list, at most: each list is one record, read and written as a whole."""

MOST_UNITS = 1_000
"""Units that a member waits for where the brand has set no limit for each: a slip of the finger buys no warehouse."""

PARTS = 4
"""Into so many records what is wanted is counted, by who wants it: a rush on one product meets on none of them."""


def part_of(member_id: str) -> int:
    """The part in which what a member wants is counted."""
    return zlib.crc32(member_id.encode()) % PARTS


def most_units(per_member_limit: int | None) -> int:
    """For how many units one may wait: as many as each may have. What the offer had says nothing of what is wanted."""
    return MOST_UNITS if per_member_limit is None else per_member_limit


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry: since when (an instant that sorts, in UTC); of a waiting one also in which campaign, for how many
    units, and of which products.
    """

    since: str
    campaign_id: str = ""
    quantity: int = 0
    product_ids: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As it is stored: what says something."""
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        told = dict(stored)
        return cls(
            **{**told, "product_ids": tuple(told.get("product_ids", ())), "quantity": int(told.get("quantity", 0))}
        )

    def earlier(self, other: "Kept | None") -> "Kept":
        """Of two entries for the same thing the one that came first."""
        return self if other is None or self.since <= other.since else other
