"""The units that a visitor has chosen in a campaign, as their browser keeps them. Pure."""

import re
from collections.abc import Mapping

MOST_LINES = 100
MOST_UNITS = 9_999
_LINE = re.compile(r"([0-7][0-9A-HJKMNP-TV-Z]{25})\.([1-9][0-9]{0,3})")

Units = dict[str, int]
"""Units by the id of their offer, in the order in which they were chosen."""


def read(cookie: str) -> Units:
    """What a cookie says; nothing of what cannot be read."""
    found = (_LINE.fullmatch(each) for each in cookie.split("-")[:MOST_LINES])
    return {line[1]: int(line[2]) for line in found if line}


def written(units: Mapping[str, int]) -> str:
    """The cookie's value; offers without units are left out."""
    return "-".join(f"{offer_id}.{n}" for offer_id, n in units.items() if n)
