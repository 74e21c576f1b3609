"""What shoppers type of prices. Pure."""

import re

_AMOUNT = re.compile(r"([0-9]{1,9})(?:[.]([0-9]{1,3}))?")


def minor_of(typed: str, digits: int) -> int | None:
    """An amount in minor units of a currency with so many ``digits`` after the point: ``12.5`` of two is 1250. None for
    what is none, or has more digits than the currency.
    """
    found = _AMOUNT.fullmatch(typed.strip())
    if found is None or len(found[2] or "") > digits:
        return None
    return int(found[1] + (found[2] or "").ljust(digits, "0"))
