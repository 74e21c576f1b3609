"""How a deadline waits for the word of a payment provider. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from chalicelib.kernel.clock import parse_instant, sortable

_FIRST_PAUSE, _MOST_PAUSE = timedelta(minutes=1), timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Wait:
    """That what was due at ``deadline`` waits ``since`` then for a provider's word, and is looked at again at
    ``until``, after so many looks in vain.
    """

    deadline: datetime
    since: datetime
    until: datetime
    looks: int = 1

    def is_of(self, deadline: datetime | None) -> bool:
        """Whether it is this deadline that waits, and not one before it."""
        return deadline is not None and sortable(deadline) == sortable(self.deadline)

    def as_json(self) -> list[Any]:
        """As a record stores it."""
        return [sortable(self.deadline), sortable(self.since), sortable(self.until), self.looks]

    @classmethod
    def from_json(cls, stored: Sequence[Any]) -> Self:
        deadline, since, until, looks = stored
        return cls(parse_instant(deadline), parse_instant(since), parse_instant(until), int(looks))


def postponed(deadline: datetime, wait: Wait | None, now: datetime) -> Wait:
    """How a deadline waits after another look in vain: a minute at first, then twice as long, a quarter of an hour at
    most.
    """
    if wait is None or not wait.is_of(deadline):
        return Wait(deadline, now, now + _FIRST_PAUSE)
    pause = min(_FIRST_PAUSE * (1 << min(wait.looks, 10)), _MOST_PAUSE)
    return Wait(deadline, wait.since, now + pause, wait.looks + 1)
