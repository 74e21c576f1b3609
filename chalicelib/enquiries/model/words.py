"""What a question is about, as terms that can be compared: its content words in English and Chinese. Pure.

Chinese is divided by jieba's dictionary and statistics (the library rjieba), English words lose their endings by
Snowball's English stemmer (Porter, https://snowballstem.org/algorithms/english/stemmer.html). Words of a group-buying
shop that mean one thing are one term in both languages, so that *refund 多久到账* is understood.

Both libraries are imported at the first question: they are needed by who answers, and by nobody else.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from chalicelib.complaints.model.words import plain
from chalicelib.enquiries.model.lexicon import ASKS, MEANINGS, PARTS_OF_LONGER, SAY_NOTHING

_HAN = re.compile(r"[㐀-鿿]+")
_LATIN = re.compile(r"[a-z][a-z']*|[0-9]+")
_ASKING_WEIGHT = 0.4


def locale_of(text: str) -> str:
    """``zh`` for what has a Chinese character in it, else ``en``."""
    return "zh" if _HAN.search(plain(text)) else "en"


def terms(text: str) -> frozenset[str]:
    """The content terms of a text: meanings, as ``=refund``, and stems of all other words that say something."""
    said = plain(text)
    found, rest = set[str](), said
    for meaning, pattern in _patterns():
        if pattern.search(rest if meaning in PARTS_OF_LONGER else said):
            found.add(f"={meaning}")
        rest = pattern.sub(" ; ", rest)
    found.update(_words(rest))
    return frozenset(found)


def weight(term: str) -> float:
    """How much a term can decide: asking words decide less than what is asked about."""
    return _ASKING_WEIGHT if term.removeprefix("=") in ASKS else 1.0


def _words(text: str) -> Iterator[str]:
    for each in _LATIN.findall(text):
        if each not in SAY_NOTHING and len(each) > 1:
            yield _stem(each.removesuffix("'s"))
    for run in _HAN.findall(text):
        for each in _cut(run):
            if each not in SAY_NOTHING:
                yield each


@lru_cache(maxsize=1)
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    return [(meaning, _pattern(words)) for meaning, words in MEANINGS.items()]


def _pattern(words: str) -> re.Pattern[str]:
    """English alternatives between boundaries, Chinese ones anywhere."""
    english = [each for each in _alternatives(words) if not _HAN.search(each)]
    chinese = [each for each in _alternatives(words) if _HAN.search(each)]
    bounded = [rf"(?<![a-z0-9])(?:{'|'.join(english)})(?![a-z0-9])"] if english else []
    return re.compile("|".join([*chinese, *bounded]))


def _alternatives(words: str) -> list[str]:
    """The alternatives of a pattern at its outer level."""
    found, depth = [""], 0
    for character in words:
        depth += (character == "(") - (character == ")")
        if character == "|" and not depth:
            found.append("")
        else:
            found[-1] += character
    return found


@lru_cache(maxsize=8192)
def _stem(word: str) -> str:
    return str(_stemmer().stemWord(word))


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    # Imported here: 36 languages come with it, for who answers alone. It has no types of its own.
    import snowballstemmer  # type: ignore[import-untyped]

    return snowballstemmer.stemmer("english")


def _cut(run: str) -> list[str]:
    import rjieba  # its dictionary takes 80 ms and 30 MB: for who answers alone

    return list(rjieba.cut(run))
