"""Which entry of a FAQ answers a question, and how sure that is. Pure.

The confidence is absolute, not a rank: how much of what was asked the entry speaks of, and how much of the entry's own
question was asked. Both are sums of inverse document frequencies, so that a word which no entry has weighs most, and
what many have little::

    idf(t)     = ln(1 + (N - n(t) + 0.5) / (n(t) + 0.5))
    coverage   = sum of idf(t) * field(t) over the terms asked / sum of idf(t) over the terms asked
    aim        = the greatest share, by idf, of the entry's question that was asked
    confidence = coverage * (0.75 + 0.25 * aim)

N is the number of entries, n(t) of those that have the term; field is 1 for a term of the question or the tags, 0.5 for
one that only the answer has. The idf is that of BM25 in its form that is never negative (Robertson and Zaragoza, "The
Probabilistic Relevance Framework: BM25 and Beyond", 2009; the form of Apache Lucene's BM25Similarity). Term frequency
and length, which BM25 adds for ranking long texts, say nothing of a question of ten words.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

from chalicelib.enquiries.model.words import locale_of, terms, weight

ANSWER_COUNTS = 0.5
_BASE, _AIMED = 0.75, 0.25

CLOSE = 0.9
"""Where another entry comes this near to the best, the question could mean either: a person answers."""

DEFAULT_THRESHOLD = 0.6


@dataclass(frozen=True, slots=True)
class Entry:
    """A question with its answer, as it is searched."""

    id: str
    locale: str
    question: str
    answer: str
    tags: Sequence[str] = ()
    rev: int = 1


@dataclass(frozen=True, slots=True)
class Match:
    """The entry that speaks most of a question. ``confidence`` is from 0 to 1; ``rival`` the next one's."""

    entry: Entry
    confidence: float
    rival: float = 0.0

    def sure(self, threshold: float) -> bool:
        """Whether it is sent without a person: it reaches the threshold, and no other entry is as likely."""
        return self.confidence >= threshold and self.rival < CLOSE * self.confidence


@dataclass(frozen=True, slots=True)
class _Indexed:
    entry: Entry
    question: frozenset[str]
    near: frozenset[str]
    answer: frozenset[str]


class Index:
    """A FAQ made ready to be searched."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._by_locale: dict[str, list[_Indexed]] = {}
        for each in entries:
            asked = terms(each.question)
            near = asked.union(*(terms(tag) for tag in each.tags))
            indexed = _Indexed(each, asked, near, terms(each.answer))
            self._by_locale.setdefault(each.locale, []).append(indexed)
        self._idf = {locale: _frequencies(found) for locale, found in self._by_locale.items()}

    def best(self, question: str) -> Match | None:
        """The entry that speaks most of it, among those in its language; None where none speaks of it at all."""
        locale, asked = locale_of(question), terms(question)
        entries = self._by_locale.get(locale, [])
        if not asked or not entries:
            return None
        known, most = self._idf[locale], log(1 + (len(entries) + 0.5) / 0.5)
        worth = {term: known.get(term, most) * weight(term) for term in asked}
        scored = sorted(((_confidence(worth, each, known), each) for each in entries), key=lambda pair: -pair[0])
        (first, best), rivals = scored[0], scored[1:]
        if first <= 0:
            return None
        return Match(best.entry, min(1.0, first), rivals[0][0] if rivals else 0.0)


def _frequencies(entries: Sequence[_Indexed]) -> Mapping[str, float]:
    total = len(entries)
    have = Counter(term for each in entries for term in each.near | each.answer)
    return {term: log(1 + (total - count + 0.5) / (count + 0.5)) for term, count in have.items()}


def _confidence(worth: Mapping[str, float], entry: _Indexed, known: Mapping[str, float]) -> float:
    total = sum(worth.values())
    spoken = sum(
        value * (1.0 if term in entry.near else ANSWER_COUNTS if term in entry.answer else 0.0)
        for term, value in worth.items()
    )
    whole = sum(known[term] * weight(term) for term in entry.question)
    asked = sum(known[term] * weight(term) for term in entry.question if term in worth)
    return spoken / total * (_BASE + _AIMED * (asked / whole if whole else 0.0))
