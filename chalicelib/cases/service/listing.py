"""What narrows the team's lists of cases."""

from collections.abc import Iterable
from datetime import datetime
from functools import reduce
from operator import and_
from typing import Any, Protocol

from chalicelib.cases.records import MemberCase


class Narrowed(Protocol):
    """What a list may be narrowed to, each by the attribute of its name; None narrows nothing."""

    @property
    def overdue(self) -> bool | None:
        """Whether the team is late with them."""


def condition(kind: type[MemberCase], wanted: Narrowed, names: Iterable[str], late: Any) -> Any:
    """The condition of a list by the attributes that are given, and by whether cases are ``late``; None for none."""
    given = [(name, getattr(wanted, name)) for name in names]
    found = [getattr(kind, name) == value for name, value in given if value is not None]
    if wanted.overdue is not None:
        found.append(late if wanted.overdue else ~late)
    return reduce(and_, found) if found else None


def passed(kind: type[MemberCase], now: datetime, *, waiting: bool = True) -> Any:
    """The condition that a due time has passed and was not met; without ``waiting`` one that waits for its member is
    late with its first answer alone.
    """
    unsolved = kind.resolution_due_at <= now
    if not waiting:
        unsolved = kind.waiting_for.does_not_exist() & unsolved
    return kind.first_response_at.does_not_exist() & (kind.first_response_due_at <= now) | unsolved
