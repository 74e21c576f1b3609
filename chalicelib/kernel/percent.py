"""Rates in per cent, exact: basis points inside (``900`` is 9 %), decimal text outside (``"9"``, ``"5.5"``)."""

import re

_TEXT = r"(?:100(?:\.0{1,2})?|[0-9]{1,2}(?:\.[0-9]{1,2})?)"
PERCENT = rf"^{_TEXT}$"
"""What a rate is written like: from 0 to 100, with two decimals at most."""


def read_percent(text: str) -> int | None:
    """Basis points of a rate in per cent; None for what is none."""
    if re.fullmatch(_TEXT, text, re.ASCII) is None:
        return None
    whole, _, part = text.partition(".")
    return int(whole) * 100 + int(part.ljust(2, "0") or 0)


def percent_text(bps: int) -> str:
    """A rate in per cent, without zeros at its end."""
    whole, part = divmod(bps, 100)
    return f"{whole}.{part:02d}".rstrip("0").removesuffix(".") if part else str(whole)


def rate_text(bps: float | None) -> str | None:
    """A stored rate as the API writes it; nothing where none is set."""
    return None if bps is None else percent_text(int(bps))
