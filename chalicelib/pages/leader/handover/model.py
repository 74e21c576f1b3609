"""What a scanned text is. Pure."""

import re

from chalicelib.kernel.ids import is_id

_LINK = re.compile(r"(?:[a-z][a-z0-9+.-]*://|www\.)", re.IGNORECASE)


def is_link(text: str) -> bool:
    """Whether it leads to a page, as the codes on posters and in links do."""
    return _LINK.match(text.strip()) is not None


def named_order(text: str) -> str | None:
    """The order that a scanned pickup code names before its colon; None for a code that was typed."""
    named, colon, _ = text.strip().partition(":")
    return named.upper() if colon and is_id(named.upper()) else None
