"""What came of a survey's questions, over any group of answers. Pure.

Shares and means come with the interval that holds the true one 95 times in 100: Wilson's of a share, Student's of a
mean. The net promoter score is the share of promoters (9 and 10) less that of detractors (0 to 6), F. F. Reichheld,
Harvard Business Review, December 2003; it is the mean of 1, 0 and -1, and its interval is the mean's.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from chalicelib.surveys.model.questions import NUMBERS, Kind, Question, Value
from chalicelib.trials.differences import (
    Difference,
    Sample,
    Share,
    difference_of_means,
    difference_of_shares,
    student,
    wilson,
)

PROMOTER_FROM, DETRACTOR_TO, CONTENT_FROM = 9, 6, 4

DEFINITIONS: Mapping[Kind, str] = {
    Kind.SCORE: "mean of the scores; csat = scores of 4 and 5, divided by all scores",
    Kind.NPS: "nps = share of 9 and 10 less share of 0 to 6",
    Kind.CHOICE: "share = answers with the option, divided by answers to the question",
    Kind.MULTIPLE: "share = answers with the option among others, divided by answers to the question",
    Kind.TEXT: "answers in words are counted here, and read one by one",
}


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and the interval that it lies in: None where too few answered to tell."""

    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Counted:
    """What was answered to a question: by how many, how often each option or number, and what follows from that."""

    answered: int
    counts: Mapping[str, int]
    shares: Mapping[str, Estimate]
    mean: Estimate | None = None
    csat: Estimate | None = None
    nps: Estimate | None = None


def count(question: Question, values: Iterable[Value]) -> Counted:
    """The figures of one question over the answers that were given to it."""
    given = [value for value in values if _fits(question, value)]
    often: Counter[str] = Counter()
    for value in given:
        often.update(str(each) for each in (value if isinstance(value, list) else [value]))
    if question.kind is Kind.TEXT or not given:
        return Counted(len(given), dict.fromkeys(_named(question), 0), {})
    counts = {name: often.pop(name, 0) for name in _named(question)} | dict(sorted(often.items()))
    return counted(question, len(given), counts)


def counted(question: Question, answered: int, counts: Mapping[str, int]) -> Counted:
    """The figures that follow from how often each option or number was given, by ``answered`` people, at least one."""
    numbers = {int(name): number for name, number in counts.items()} if question.kind in NUMBERS else {}
    shares = {name: share(number, answered) for name, number in counts.items()}
    if question.kind is Kind.SCORE:
        content = sum(number for value, number in numbers.items() if value >= CONTENT_FROM)
        return Counted(answered, counts, shares, mean(numbers), csat=share(content, answered))
    if question.kind is Kind.NPS:
        return Counted(answered, counts, shares, nps=mean(_net(numbers)))
    return Counted(answered, counts, shares)


def _fits(question: Question, value: Value) -> bool:
    """Whether it answers the question as it is asked now: an earlier version may have asked it otherwise."""
    if question.kind in NUMBERS:
        lowest, highest = NUMBERS[question.kind]
        return isinstance(value, int) and lowest <= value <= highest
    return isinstance(value, list if question.kind is Kind.MULTIPLE else str)


def share(part: int, whole: int) -> Estimate:
    """A share of at least one, with Wilson's interval."""
    low, high = wilson(Share(part, whole))
    return Estimate(part / whole, max(low, 0.0), min(high, 1.0))


def change_of(
    question: Question, before: Counted | None, after: Counted | None
) -> tuple[Difference | None, Difference | None, Difference | None]:
    """How much higher the mean, the csat and the net promoter score are after than before: differences of means by
    Welch, of shares by Newcombe. None where the question has no such figure, or too few answered to tell.
    """
    if before is None or after is None or question.kind not in NUMBERS or not (before.answered and after.answered):
        return None, None, None
    one, other = ({int(name): often for name, often in each.counts.items()} for each in (after, before))
    if question.kind is Kind.NPS:
        return None, None, difference_of_means(_sample(_net(one)), _sample(_net(other)))
    content = difference_of_shares(_content(one), _content(other))
    return difference_of_means(_sample(one), _sample(other)), content, None


def _content(numbers: Mapping[int, int]) -> Share:
    return Share(sum(often for value, often in numbers.items() if value >= CONTENT_FROM), sum(numbers.values()))


def _sample(numbers: Mapping[int, int]) -> Sample:
    return Sample(
        sum(numbers.values()),
        sum(value * often for value, often in numbers.items()),
        sum(value * value * often for value, often in numbers.items()),
    )


def mean(numbers: Mapping[int, int]) -> Estimate:
    """The mean of (value, how often), of at least one, with Student's interval."""
    sample = _sample(numbers)
    low, high = student(sample) or (None, None)
    return Estimate(sample.mean, low, high)


def _net(numbers: Mapping[int, int]) -> dict[int, int]:
    found = {1: 0, 0: 0, -1: 0}
    for value, often in numbers.items():
        found[1 if value >= PROMOTER_FROM else -1 if value <= DETRACTOR_TO else 0] += often
    return found


def _named(question: Question) -> Sequence[str]:
    if question.kind in NUMBERS:
        lowest, highest = NUMBERS[question.kind]
        return [str(number) for number in range(lowest, highest + 1)]
    return question.options
