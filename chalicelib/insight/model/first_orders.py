"""Members by a value of their first order, such as its channel or its pickup point. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date

from chalicelib.insight.model import bitmaps
from chalicelib.insight.model.slices import UNKNOWN, Slices


def by_first_order(first: Mapping[date, int], divided: Iterable[tuple[date, Slices]]) -> dict[str, int]:
    """Value to members, as bits. ``first`` maps local days to those whose first order it was, ``divided`` are days by
    value. Who ordered with two values on that day is in both; of whom none is known are UNKNOWN.
    """
    found: dict[str, int] = {}
    known = 0
    for on, slices in divided:
        new = first.get(on, 0)
        for value, each in slices.items():
            if value != UNKNOWN and new and (both := new & bitmaps.of(each.ordinals)):
                found[value] = found.get(value, 0) | both
                known |= both
    unknown = bitmaps.union(first.values()) & ~known
    return {**dict(sorted(found.items())), **({UNKNOWN: unknown} if unknown else {})}
