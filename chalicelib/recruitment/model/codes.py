"""Invite codes: how long they are, how they are read, and whether they let somebody in. Pure."""

import re
from datetime import datetime
from typing import Literal

from chalicelib.kernel.typed_codes import read_code

Length = Literal["long", "short"]
LENGTHS: dict[Length, int] = {"long": 23, "short": 8}
"""Signs of five random bits: 115 bits, which nobody guesses, and 40, which people can read out; guesses are counted."""

SHORTEST, LONGEST = 4, 30
"""Letters and digits of a code that a brand chooses."""

_CHOSEN = re.compile(r"[A-Z0-9]+(?:-[A-Z0-9]+)*")

Status = Literal["active", "used_up", "expired", "revoked"]


def folded(typed: str) -> str:
    """What a code is known by, however it was typed."""
    return read_code(typed)[:64]


def chosen(typed: str) -> str | None:
    """A code that the brand chose, as it is shown: in capitals, in its own groups. None for one that is too short or
    long, or has something else than letters and digits of the Latin alphabet, so that it can stand in a link.
    """
    shown = "-".join(typed.upper().replace("-", " ").split())
    fits = SHORTEST <= len(shown.replace("-", "")) <= LONGEST and len(shown) <= 40
    return shown if fits and _CHOSEN.fullmatch(shown) else None


def status(uses: int, most: int | None, until_at: datetime | None, now: datetime, *, revoked: bool) -> Status:
    """What a code is at ``now``: it lets people in while it is ``active``."""
    if revoked:
        return "revoked"
    if until_at is not None and now >= until_at:
        return "expired"
    return "used_up" if most is not None and uses >= most else "active"
