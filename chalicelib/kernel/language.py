"""Languages that people name, and the two that texts come in."""

import re
from typing import Literal

Language = Literal["zh", "en"]
LONGEST_TAG = 35
"""Longer tags than this are not to be expected (RFC 5646, section 4.4.1)."""

TAG = (
    r"^([A-Za-z]{2,3}(-[A-Za-z]{3}){0,3}|[A-Za-z]{4,8})"  # language, with its extensions
    r"(-[A-Za-z]{4})?"  # script
    r"(-([A-Za-z]{2}|[0-9]{3}))?"  # region
    r"(-([A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*"  # variants
    r"(-[0-9A-WY-Za-wy-z](-[A-Za-z0-9]{2,8})+)*"  # extensions
    r"(-[xX](-[A-Za-z0-9]{1,8})+)?$"  # private use
)
"""The shape of a language tag by BCP 47 (RFC 5646, section 2.1, without what it keeps for old tags only).

Whether there is such a language is not asked: texts come in the nearest of two, so no registry is needed."""

_TAG = re.compile(TAG)


def is_tag(text: str) -> bool:
    """Whether the text has the form of a language tag, such as ``zh-CN``, ``en-GB`` or ``zh-Hant-TW``."""
    return len(text) <= LONGEST_TAG and "\n" not in text and _TAG.match(text) is not None


def preferred(header: str | None) -> Language:
    """The better liked of ours by an Accept-Language header (RFC 9110), English when neither is named."""
    return named(header) or "en"


def named(header: str | None) -> Language | None:
    """The better liked of ours by an Accept-Language header (RFC 9110), None when neither is named."""
    best: Language | None = None
    quality = 0.0
    for part in (header or "")[:200].split(","):
        tag, _, weight = part.strip().partition(";q=")
        try:
            liked = float(weight) if weight else 1.0
        except ValueError:
            continue
        if tag[:2].lower() in {"zh", "en"} and liked > quality:
            best, quality = nearest(tag[:2]), liked
    return best


def nearest(tag: str) -> Language:
    """The language of ours that is nearest to a tag: Chinese to all of ``zh``, else English."""
    return "zh" if tag.partition("-")[0].lower() == "zh" else "en"
