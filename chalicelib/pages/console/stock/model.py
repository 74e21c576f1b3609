"""Which goods run out first. Pure."""

from collections.abc import Iterable
from typing import Protocol, TypeVar


class Flow(Protocol):
    """What a period did to a SKU's stock, in units."""

    @property
    def sold(self) -> int: ...

    @property
    def closing(self) -> int: ...

    @property
    def code(self) -> str: ...


F = TypeVar("F", bound=Flow)

FEW_DAYS = 7
"""What lasts no longer than this is marked."""


def lasts(flow: Flow, days: int) -> int | None:
    """For how many whole days what is left would last, if it went on leaving as it did over so many days. None where
    nothing left the shelf.
    """
    return max(0, flow.closing) * days // flow.sold if flow.sold > 0 else None


def scarcest_first(flows: Iterable[F], days: int) -> list[tuple[F, int | None]]:
    """Those that run out first, each with how long it lasts; then those that did not move, by their codes."""
    found = [(each, lasts(each, days)) for each in flows]
    return sorted(found, key=lambda each: (each[1] is None, each[1] or 0, each[0].code))
