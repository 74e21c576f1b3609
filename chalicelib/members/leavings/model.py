"""Whether somebody who left is back. Pure."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum


class CameBack(StrEnum):
    """How somebody came back: by their own word, with an order, or by a word of the team."""

    SELF = "self"
    ORDER = "order"
    STAFF = "staff"


def came_back(
    left_at: datetime,
    left_on: date,
    *,
    joined_on: date | None,
    ordered_on: date | None,
    agreed_at: Iterable[datetime],
) -> CameBack | None:
    """How somebody came back after a leaving that was noted of them under another record: by an order or by joining on
    that local day or later, or by agreeing to something since that instant. None where they did nothing of these.
    """
    if ordered_on is not None and ordered_on >= left_on:
        return CameBack.ORDER
    if (joined_on is not None and joined_on >= left_on) or any(at > left_at for at in agreed_at):
        return CameBack.SELF
    return None
