"""The rules of what keeps an order's commission from becoming payable. Pure.

Instants are UTC.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from chalicelib.kernel.clock import instant, parse_instant

MOST_FOR_A_COMPLAINT = timedelta(days=60)
"""So long a complaint that names the leader keeps the commission back, and no longer: nobody waits for ever."""


class HeldFor(StrEnum):
    """What the commission waits for."""

    AFTER_SALE = "after_sale"
    COMPLAINT = "complaint"


@dataclass(frozen=True, slots=True)
class Held:
    """A case that has not ended, since it was opened."""

    what: HeldFor
    since: datetime

    @property
    def until(self) -> datetime | None:
        """When it keeps nothing back any more, even if it has not ended; None where only its end counts."""
        return self.since + MOST_FOR_A_COMPLAINT if self.what is HeldFor.COMPLAINT else None

    def stands(self, now: datetime) -> bool:
        """Whether it still keeps the commission back."""
        return self.until is None or now < self.until

    def as_json(self) -> list[str]:
        return [self.what.value, instant(self.since)]

    @classmethod
    def from_json(cls, stored: Sequence[Any]) -> Self:
        return cls(HeldFor(stored[0]), parse_instant(stored[1]))


def looks_again_at(held: Iterable[Held]) -> datetime | None:
    """When commission that is kept back is looked at again although nothing has ended; None while that is of no use."""
    ends = [each.until for each in held]
    known = [each for each in ends if each is not None]
    return max(known) if known and len(known) == len(ends) else None
