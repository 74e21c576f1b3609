"""A FAQ of a group-buying shop, and questions of members with the entry that answers each, or with none.

``fit`` is the set by which words and threshold were chosen. ``held`` was written apart, and nothing was changed
after it had been asked; it says what to expect of questions that nobody has seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from time import process_time

from chalicelib.enquiries.model.matching import DEFAULT_THRESHOLD, Entry, Index
from infra.bench.figure import Figure, at_most, exactly, told
from infra.package import ROOT

_SETS = ROOT / "tests" / "enquiries"
_TIMES = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the key of the entry that answers it, None where none does."""

    text: str
    answered_by: str | None


@dataclass(frozen=True, slots=True)
class Result:
    """How a set was answered: of those that have an answer so many right, wrong, or handed to a person; and of those
    that have none the ones that were answered all the same.
    """

    answerable: int
    right: int
    wrong: Sequence[str]
    handed_over: int
    unanswerable: int
    confident_wrong: Sequence[str]


def figures() -> Iterator[Figure]:
    """Lines of the table about automatic answers."""
    begun = process_time()
    index = Index(entries())
    made = process_time() - begun
    for which, said in (("fit", "chosen by"), ("held", "seen by nobody before")):
        found = result(which, index=index)
        right = f"{found.right} of {found.answerable}, {len(found.wrong)} wrong"
        over = f"{100 * found.handed_over / found.answerable:.0f} %"
        yield told(f"questions answered rightly from the FAQ, {said}", right, f"threshold {DEFAULT_THRESHOLD}")
        yield told(f"of these handed to a person, {said}", over)
        yield exactly(
            f"questions without an answer that were answered, {said}", 0, len(found.confident_wrong),
            how=f"of {found.unanswerable}",
        )  # fmt: skip
    questions = [each.text for each in asked("fit")]
    begun = process_time()
    for _ in range(_TIMES):
        for text in questions:
            index.best(text)
    spent = (process_time() - begun) / (_TIMES * len(questions)) * 1000
    yield at_most("a question looked up in a FAQ of 54", 5, spent, "CPU-ms", digits=2)
    yield told("that FAQ made ready, once for each of its states", f"{made * 1000:.0f} CPU-ms", "dictionary included")


def entries() -> list[Entry]:
    """The FAQ; an entry's id is its key, the same in both languages."""
    return [
        Entry(name, locale, question, answer, tuple(tag.strip() for tag in tags.split(",")))
        for name, locale, tags, question, answer in _lines("faq.tsv")
    ]


def asked(which: str) -> list[Asked]:
    """The questions of a set."""
    return [Asked(text, None if key == "-" else key) for of, key, text in _lines("faq_set.tsv") if of == which]


def result(which: str, threshold: float = DEFAULT_THRESHOLD, index: Index | None = None) -> Result:
    """Asks a set."""
    index = index or Index(entries())
    answers = [(each, index.best(each.text)) for each in asked(which)]
    sure = [(each, match.entry.id if match and match.sure(threshold) else None) for each, match in answers]
    with_answer = [(each, given) for each, given in sure if each.answered_by]
    without = [(each, given) for each, given in sure if not each.answered_by]
    return Result(
        len(with_answer),
        sum(given == each.answered_by for each, given in with_answer),
        [each.text for each, given in with_answer if given not in (None, each.answered_by)],
        sum(given is None for _, given in with_answer),
        len(without),
        [each.text for each, given in without if given is not None],
    )


def _lines(name: str) -> Iterable[list[str]]:
    return (line.split("\t") for line in (_SETS / name).read_text().splitlines())
