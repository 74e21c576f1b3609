"""Which notices stand in an inbox, and up to where one is read. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.notices.model.catalogue import notice_of
from chalicelib.notices.model.notices import WITH_CODES, Category

KEPT = timedelta(days=366)
"""A year, and the day that a leap year has more."""

MOST_COUNTED = 99
"""How many unread messages are counted; beyond it there are more, whatever their number."""


@dataclass(frozen=True, slots=True)
class ReadMark:
    """Everything up to an entry, itself included, was read at once, and when; ids sort by time."""

    up_to: str
    at: datetime

    def covers(self, entry_id: str) -> bool:
        return entry_id <= self.up_to


@dataclass(frozen=True, slots=True)
class Unread:
    """How many messages wait to be read; with ``more`` there are more than that."""

    count: int
    more: bool


def belongs_in_inbox(template: str) -> bool:
    """Whether a notice is kept to be read later: all but codes and what is told to addresses beside them, since these
    open what an inbox is behind.

    Raises UnknownTemplate.
    """
    telling = notice_of(template).telling
    of_an_address = telling.category is Category.ACCESS and telling.audience == "member"
    return template not in WITH_CODES and not of_an_address
