"""Text from outside: what no file or message can hold, what cannot be seen, and where it may be cut. Pure."""

import re
from functools import cache
from typing import Any

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_OFF_THE_LINE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Default_Ignorable_Code_Point and Bidi_Control (Unicode 17, DerivedCoreProperties.txt and PropList.txt)."""

_SCRIPT = "[\t\n\r]*".join("script")
_HANDLERS = (
    "abort|animation|auxclick|before|blur|can|change|click|close|context|copy|cut|dblclick|drag|drop|end|error|focus|"
    "hash|input|invalid|key|load|message|mouse|online|page|paste|pause|play|pointer|pop|progress|reset|resize|scroll|"
    "search|select|show|storage|submit|toggle|touch|transition|unload|wheel"
)
_MARKUP = re.compile(
    rf"<[a-z/!?][^<>]{{0,40}}>?|(?:j[\t\n\r]*a[\t\n\r]*v[\t\n\r]*a|vb)[\t\n\r]*{_SCRIPT}\s*:"
    rf"|data\s*:\s*text/html|\bon(?:{_HANDLERS})[a-z]*\s*=",
    re.IGNORECASE | re.ASCII,
)
"""What a reader of HTML takes for a tag, a comment or a declaration (WHATWG, 13.2.5.6), links that run a program, and
attributes that do. Browsers drop tabs and line breaks within a link.
"""

_PLAIN = re.compile("[ -~\u4e00-\u9fff]*")
"""ASCII and Chinese: between any two of these a text may be cut."""

_SEEN = r"""
  (?<=\p{CCC=9}) [\u200c\u200d]
| (?<=[\p{JT=L}\p{JT=D}]\p{JT=T}*) \u200c (?=\p{JT=T}*[\p{JT=R}\p{JT=D}])
| (?<=\p{ExtPict}[\ufe0f\p{Emoji_Modifier}]?) \u200d (?=\p{ExtPict})
| (?<=\p{Emoji}) [\ufe0e\ufe0f]
| (?<=\p{Han}) [\ufe00-\ufe02\U000e0100-\U000e01ef]
| (?<=\p{Mongolian}) [\u180b-\u180d\u180f]
| (?<=\U0001f3f4) [\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6} \U000e007f
"""
"""Where such a character changes what is seen, and stays: joiners in Indic scripts and non-joiners in Persian (RFC
5892, appendices A.1 and A.2), emoji of several (UTS #51: ZWJ sequences, presentation, flags of regions), variants of
Han and Mongolian letters."""


def forbidden(text: str) -> str:
    """The first character that XML 1.0 (section 2.2) does not allow, such as U+0000, U+FFFE or half a surrogate pair;
    empty where there is none.

    Mail, the messages of AWS and workbooks are XML or take what it takes: text with such a character reaches nobody.
    """
    found = _NOT_IN_XML.search(text)
    return found[0] if found else ""


def off_the_line(text: str) -> str:
    """The first tab, line break or other control character, for texts of one line; empty where there is none."""
    found = _OFF_THE_LINE.search(text)
    return found[0] if found else ""


def harmless(text: str) -> str:
    """The text without what cannot be seen and only misleads: marks that turn the direction of reading, characters of
    no width, tags. Where they shape what is seen, as in emoji and in Persian, they stay.
    """
    if not _UNSEEN.search(text):
        return text
    seen: str = _compiled(rf"(?P<seen>{_SEEN})|[\p{{DI}}\p{{Bidi_Control}}]").sub(r"\g<seen>", text)
    return seen


def marked_up(text: str) -> list[tuple[int, str]]:
    """Where a text that is to be plain reads as markup or script, and as which; empty where it is plain, as ``5 < 6``
    and ``<3`` are. Positions are counted from 0.
    """
    return [(found.start(), found[0]) for found in _MARKUP.finditer(text)]


def cut(text: str, graphemes: int) -> str:
    """The first so many characters as people count them, extended grapheme clusters (UAX #29): a family of emoji, a
    flag, a letter with its accents are one.
    """
    if _PLAIN.fullmatch(text[: graphemes + 1]):
        return text[:graphemes]
    found = _compiled(rf"\X{{0,{graphemes}}}").match(text)
    return found[0] if found else ""


def fit(text: str, most_bytes: int) -> str:
    """As many whole characters from the beginning as so many bytes of UTF-8 hold."""
    kept = text.encode()[:most_bytes].decode(errors="ignore")
    if kept == text or _PLAIN.fullmatch(text[: len(kept) + 1]):
        return kept
    ends = [found.end() for found in _compiled(r"\X").finditer(text[: len(kept) + 1]) if found.end() <= len(kept)]
    return kept[: ends[-1]] if ends else ""


@cache
def _compiled(pattern: str) -> Any:
    # Imported here because few texts need it: 60 ms of start-up that the others need not pay.
    import regex  # type: ignore[import-untyped]

    return regex.compile(pattern, regex.VERBOSE | regex.VERSION1)
