"""Which words a text says, in English and Chinese, and does not deny. Pure.

Words are read as people type them: in full width (NFKC), in any case, in traditional characters. English words stand
between boundaries, so that *late* is not found in *chocolate*; one that ends in ``*`` begins other words too. Chinese
has no boundaries between words.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from chalicelib.complaints.model.characters import simplified

_DENIES = (
    "no|not|never|nobody|none|without|neither|nor|cannot|"
    "(?:do|does|did|is|was|are|were|has|have|had|could|would|should|ca|wo)n'?t"
)
_BETWEEN = (
    "a|all|any|anybody|anyone|at|be|became|become|been|did|ever|feel|feeling|felt|find|found|get|gets|getting|got|had|"
    "has|have|h(?:er|im)|in|is|it|look|looked|looks|made|make|makes|me|of|one|our|really|seem|seems|signs?|the|them|there|"
    "us|was|were|yet|you"
)
_DENIED = re.compile(rf"(?<![a-z])(?:{_DENIES})(?:[ ]+(?:{_BETWEEN}))*[ ]+$", re.ASCII)
"""A denial just before a word: *no one was*, *did not get*. Any other word between ends it: *I do not know why my child
got sick* says that the child did. *Never been so sick* denies nothing, so *so* is none of the words between."""

_DENIES_ZH = "没有|并没有|没|并未|未|从未|从没|无|不是|并非|不会|不曾|无人|没人"
_BETWEEN_ZH = "人|出现|发生|发现|任何|再|被|因此|因为|导致|引起|引发|造成|有|什么|明显|过|大家|食物|感到|觉得|是"
_DENIED_ZH = re.compile(rf"(?:{_DENIES_ZH})(?:{_BETWEEN_ZH})*$")
"""The same in Chinese. What only begins like a denial, as 没想到, 不小心 or 没多久, has other characters between."""

_SAYINGS = re.compile(r"\b(?:sick (?:of|and tired|to death)|ill[ -](?:mannered|advised|tempered))\b")
"""What people say without meaning it."""


def plain(text: str) -> str:
    """A text in half width, lower case and simplified characters, with single blanks."""
    folded = simplified(unicodedata.normalize("NFKC", text).casefold())
    return " ".join(folded.replace("’", "'").split())


def says(text: str, english: Sequence[str], chinese: Sequence[str]) -> bool:
    """Whether a :func:`plain` text says one of the words without denying it."""
    spoken = _SAYINGS.sub(" ", text)
    by_language = ((_english(tuple(english)), _DENIED), (_chinese(tuple(chinese)), _DENIED_ZH))
    return any(
        not denied.search(spoken[: found.start()])
        for pattern, denied in by_language
        if pattern is not None
        for found in pattern.finditer(spoken)
    )


@lru_cache(maxsize=512)
def _english(words: tuple[str, ...]) -> re.Pattern[str] | None:
    if not words:
        return None
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(_one, words))})(?!-?\w)", re.ASCII)


def _one(word: str) -> str:
    stem, star, _ = plain(word).partition("*")
    return r"[ -]+".join(map(re.escape, stem.replace("-", " ").split())) + (r"\w*" if star else "")


@lru_cache(maxsize=512)
def _chinese(words: tuple[str, ...]) -> re.Pattern[str] | None:
    return re.compile("|".join(re.escape(plain(word)) for word in words)) if words else None
