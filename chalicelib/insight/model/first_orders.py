"""Members by a value of their first order, such as its channel or its pickup point. Pure."""

from collections.abc import Mapping
from datetime import date


def by_first_order(first: Mapping[date, int], seen: Mapping[date, Mapping[str, int]], unknown: str) -> dict[str, int]:
    """Members by a value of their first order, such as its channel. ``first`` maps local days to those whose first
    order it was, ``seen`` to who had orders with which value. Who ordered with two on that day is in both; of whom
    none is known are ``unknown``.
    """
    found: dict[str, int] = {}
    for on, new in first.items():
        left = new
        for value, members in seen.get(on, {}).items():
            if both := new & members:
                found[value] = found.get(value, 0) | both
                left &= ~both
        if left:
            found[unknown] = found.get(unknown, 0) | left
    return found
