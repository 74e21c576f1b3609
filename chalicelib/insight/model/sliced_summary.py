"""A range of days by the values of a dimension, as a summary shows it. Pure. In minor units."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chalicelib.insight.model.figures import Totals
from chalicelib.insight.model.slices import NO_GOODS, UNKNOWN, Slice, merge
from chalicelib.kernel import bits

MOST_ROWS = 1500
"""Rows that are shown; those with the least sales are united in one."""

_OTHERS = "\x1eothers"
NAMES: Mapping[str, str] = {UNKNOWN: "unknown", NO_GOODS: "no_goods", _OTHERS: "others"}
"""How rows are named that are no value."""


@dataclass(frozen=True, slots=True)
class Row:
    """Figures of one value. ``active`` are members who ordered, ``new`` those of them whose first order falls in the
    range, wherever that was.
    """

    value: str
    totals: Totals
    discount_minor: Mapping[str, int]
    active: int
    new: int

    @property
    def is_value(self) -> bool:
        """Whether it stands for one value, and not for what is unknown, no goods, or several."""
        return self.value not in NAMES


def rows(found: Mapping[str, Slice], currency: str, new: int, most: int = MOST_ROWS) -> list[Row]:
    """A row for each value, by sales in this currency, the largest first; beyond ``most`` one for all others. ``new``
    has the range's new members, as bits by ordinal.
    """

    def place(value: str) -> tuple[int, int, str]:
        totals = found[value].totals
        return -totals.sales.get(currency, (0, 0))[1], -totals.orders, value

    ordered = sorted(found, key=place)
    if len(ordered) > most:
        others = merge([((_OTHERS, found[value]) for value in ordered[most - 1 :])])[_OTHERS]
        shown = [*((value, found[value]) for value in ordered[: most - 1]), (_OTHERS, others)]
    else:
        shown = [(value, found[value]) for value in ordered]
    newcomers = bits.as_bytes(new)
    return [
        Row(value, each.totals, each.discount_minor, len(each.ordinals), _among(each.ordinals, newcomers))
        for value, each in shown
    ]


def _among(ordinals: Sequence[int], members: bytes) -> int:
    end = len(members) * 8
    return sum(members[each >> 3] >> (each & 7) & 1 for each in ordinals if each < end)


def not_additive(by: str | None, *, of_goods: bool) -> list[str]:
    """The fields of a summary's rows that do not add up to those of the whole."""
    if by in {"hour", None}:
        return ["aov"] if by else []
    if by in {"day", "week", "month", "weekday"}:
        return ["members", "active_members", "aov"]
    return [*(["orders"] if of_goods else []), "active_members", "new_members", "aov"]
