"""Which answers a figure is over that is published for good, and how the answers to a question are shown then. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from chalicelib.kernel.clock import parse_instant, sortable
from chalicelib.surveys.model.disclosure import FEWEST, tells_of_few
from chalicelib.surveys.model.figures import (
    CONTENT_FROM,
    DETRACTOR_TO,
    PROMOTER_FROM,
    Counted,
    Estimate,
    mean,
    share,
)
from chalicelib.surveys.model.questions import NUMBERS, Kind, Question

LANDED_AFTER = timedelta(minutes=10)
"""An answer that was on its way when figures were counted has landed by then."""
MOST_RECENT = 150
MOST_PUBLISHED = 60
"""How many figures of one survey are published at most, over different answers."""


@dataclass(frozen=True, slots=True)
class Given:
    """An answer, as far as it counts where it belongs."""

    id: str
    at: datetime
    wave: str | None


@dataclass(frozen=True, slots=True)
class Cut:
    """Which answers from a source a figure is over: of a ``wave`` or of all, given from ``since`` to ``until``, both
    included, and of those later the ``recent`` ones, by their ids. An answer that landed after the figures were counted
    is in none of them, whenever it was given.
    """

    source: str
    wave: str | None
    since: datetime | None
    until: datetime
    recent: tuple[str, ...] = ()

    @classmethod
    def of(cls, answers: Iterable[Given], source: str, wave: str | None, since: datetime | None, now: datetime) -> Self:
        """The answers that there are; of more than 150 in the last ten minutes none of these."""
        landed = now - LANDED_AFTER
        recent = tuple(each.id for each in answers if each.at > landed and (since is None or each.at >= since)
                       and (wave is None or each.wave == wave))  # fmt: skip
        return cls(source, wave, since, landed, recent if len(recent) <= MOST_RECENT else ())

    def holds(self, answer: Given) -> bool:
        """Whether an answer from its source is among them."""
        if (self.wave is not None and answer.wave != self.wave) or (self.since is not None and answer.at < self.since):
            return False
        return answer.at <= self.until or answer.id in self.recent

    def as_json(self) -> dict[str, Any]:
        """The stored form."""
        since = None if self.since is None else sortable(self.since)
        return {
            "source": self.source, "wave": self.wave, "since": since, "until": sortable(self.until),
            "recent": list(self.recent),
        }  # fmt: skip

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Self:
        since = None if raw["since"] is None else parse_instant(raw["since"])
        return cls(raw["source"], raw["wave"], since, parse_instant(raw["until"]), tuple(raw["recent"]))


@dataclass(frozen=True, slots=True)
class Release:
    """That figures of some questions were published over the answers of a cut."""

    cut: Cut
    question_ids: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The stored form."""
        return {"cut": self.cut.as_json(), "questions": list(self.question_ids)}

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Self:
        return cls(Cut.from_json(raw["cut"]), tuple(raw["questions"]))


def may_be_published(group: int, before: Sequence[int]) -> bool:
    """Whether figures of a group may be published for good beside those of groups before: it has five people, and
    nothing that is worked out of all of them is of fewer.
    """
    return group.bit_count() >= FEWEST and (group in before or not tells_of_few([*before, group]))


@dataclass(frozen=True, slots=True)
class Bar:
    """How many gave one of these answers: at least five, or nobody. None of a choice among others that one to four
    people made.
    """

    names: tuple[str, ...]
    answered: int | None
    share: Estimate | None


def bars(question: Question, counted: Counted) -> list[Bar]:
    """How the answers to a question are distributed, in its order, without telling what one to four people answered:
    neighbouring numbers, or the seldom chosen options, are told together then. Recommendations are told as promoters
    (9 and 10), detractors (0 to 6) and those between.
    """
    if question.kind is Kind.MULTIPLE:
        return [_seldom_hidden(name, number, counted.answered) for name, number in counted.counts.items()]
    if question.kind is Kind.CHOICE:
        cells = _seldom_together([((name,), number) for name, number in counted.counts.items()])
    else:
        cells = _neighbours_together(_numbers(question.kind, counted.counts))
    return [Bar(names, number, share(number, counted.answered)) for names, number in cells]


MEAN_PLACES = 1
"""To how many places a mean is published."""

NPS_PARTS = 3


def csat_beside(told: Sequence[Bar], counted: Counted) -> Estimate | None:
    """The share of who is satisfied, where no bar holds satisfied and others: else it would tell of fewer than five
    people, by what the bars leave out.
    """
    apart = all(len({int(name) >= CONTENT_FROM for name in bar.names}) == 1 for bar in told)
    return counted.csat if apart else None


def nps_beside(told: Sequence[Bar], counted: Counted) -> Estimate | None:
    """The net promoter score, where promoters, detractors and those between are told apart."""
    return counted.nps if len(told) == NPS_PARTS else None


def mean_beside(told: Sequence[Bar], counted: Counted) -> Estimate | None:
    """The mean of numbers, where it leaves open whether one to four people gave more, or less, than another within a
    bar. Its bounds would tell with it how often each number was given: they are left out beside bars of several.
    """
    if _are_single(told):
        return mean({int(name): number for name, number in counted.counts.items() if number})
    return Estimate(_total(counted) / counted.answered, None, None) if _is_mean_told(told, counted) else None


def _are_single(told: Sequence[Bar]) -> bool:
    return all(len(bar.names) == 1 for bar in told)


def _total(counted: Counted) -> int:
    return sum(int(name) * number for name, number in counted.counts.items())


def _is_mean_told(told: Sequence[Bar], counted: Counted) -> bool:
    if _are_single(told):
        return True
    spans = [(int(bar.names[0]), int(bar.names[-1]), bar.answered or 0) for bar in told]
    lowest, highest = _sums(_total(counted), counted.answered)
    least, most = sum(first * people for first, _, people in spans), sum(last * people for _, last, people in spans)
    for first, last, people in spans:
        within = lowest - (most - last * people), highest - (least - first * people)
        if any(_tells_of_few(people, *within, first, middle, last) for middle in range(first, last)):
            return False
    return True


def is_told(question: Question, counted: Counted, option: str | None) -> bool:
    """Whether a question's one figure, of a choice that of an ``option``, is among those that its bars let be told."""
    told = bars(question, counted)
    if question.kind is Kind.SCORE:
        return csat_beside(told, counted) is not None
    if question.kind is Kind.NPS:
        return nps_beside(told, counted) is not None
    return any(bar.names == (option,) and bar.answered is not None for bar in told)


def tells_beside(question: Question, fewer: Counted, more: Counted) -> bool:
    """Whether the bars or means of a group and of a larger one around it tell, of who is in the larger one alone, what
    one to four people answered.
    """
    one, other = bars(question, fewer), bars(question, more)
    if question.kind is Kind.MULTIPLE:
        pairs = [(mine.answered, theirs.answered) for mine, theirs in zip(one, other, strict=False)]
        return any(_is_few(most - least) for least, most in pairs if least is not None and most is not None)
    further = {name: number - fewer.counts.get(name, 0) for name, number in more.counts.items()}
    between = [Bar(names, number, None) for names, number in _joined([*one, *other], further)]
    if any(_is_few(bar.answered or 0) for bar in between):
        return True
    answered = more.answered - fewer.answered
    if question.kind not in NUMBERS or not answered:
        return False
    if not (_is_mean_told(one, fewer) and _is_mean_told(other, more)):
        return False
    return not _is_mean_told(between, Counted(answered, further, {}))


def _joined(told: Sequence[Bar], numbers: Mapping[str, int]) -> list[tuple[tuple[str, ...], int]]:
    """The finest cells that all of these bars can be added up to, with how many are in each."""
    cells: list[tuple[str, ...]] = []
    for bar in told:
        apart = [cell for cell in cells if not set(cell) & set(bar.names)]
        touching = {name for cell in cells if cell not in apart for name in cell} | set(bar.names)
        cells = [*apart, tuple(name for name in numbers if name in touching)]
    return [(cell, sum(numbers[name] for name in cell)) for cell in cells]


def _sums(total: int, people: int) -> tuple[int, int]:
    """The lowest and the highest total that is published as the same mean."""
    said = f"{total / people:.{MEAN_PLACES}f}"
    lowest = highest = total
    while f"{(lowest - 1) / people:.{MEAN_PLACES}f}" == said:
        lowest -= 1
    while f"{(highest + 1) / people:.{MEAN_PLACES}f}" == said:
        highest += 1
    return lowest, highest


def _tells_of_few(people: int, least: int, most: int, first: int, middle: int, last: int) -> bool:
    """Whether of people whose numbers, from the first to the last, sum up to something from ``least`` to ``most`` it is
    certain that one to four gave up to the middle, or that one to four gave more.
    """
    fewest = max(0, -((most - people * (middle + 1)) // (middle + 1 - first)))
    fullest = min(people, (people * last - least) // (last - middle))
    return (fewest >= 1 and fullest < FEWEST) or (fullest < people and people - fewest < FEWEST)


_Cell = tuple[tuple[str, ...], int]


def _seldom_hidden(name: str, number: int, answered: int) -> Bar:
    if _is_few(number):
        return Bar((name,), None, None)
    return Bar((name,), number, share(number, answered))


def _numbers(kind: Kind, counts: Mapping[str, int]) -> list[_Cell]:
    lowest, highest = NUMBERS[kind]
    ends = [DETRACTOR_TO, PROMOTER_FROM - 1, highest] if kind is Kind.NPS else list(range(lowest, highest + 1))
    cells: list[_Cell] = []
    for end in ends:
        names = tuple(str(number) for number in range(lowest, end + 1))
        cells.append((names, sum(counts.get(name, 0) for name in names)))
        lowest = end + 1
    return cells


def _neighbours_together(cells: Sequence[_Cell]) -> list[_Cell]:
    """Each cell of few people with the one above it, the uppermost with the one below."""
    found: list[_Cell] = []
    for cell in cells:
        few = found.pop() if found and _is_few(found[-1][1]) else ((), 0)
        found.append(_both(few, cell))
    while len(found) > 1 and _is_few(found[-1][1]):
        above = found.pop()
        found.append(_both(found.pop(), above))
    return found


def _both(one: _Cell, other: _Cell) -> _Cell:
    return (*one[0], *other[0]), one[1] + other[1]


def _seldom_together(cells: Sequence[_Cell]) -> list[_Cell]:
    """The cells of few people as one, with the next larger where they are few together; it stands last."""
    few = [cell for cell in cells if _is_few(cell[1])]
    kept = [cell for cell in cells if not _is_few(cell[1])]
    while few and sum(number for _, number in few) < FEWEST and any(number for _, number in kept):
        smallest = min((cell for cell in kept if cell[1]), key=lambda cell: cell[1])
        kept.remove(smallest)
        few.append(smallest)
    if few:
        names = tuple(name for cell in cells if cell in few for name in cell[0])
        kept.append((names, sum(number for _, number in few)))
    return kept


def _is_few(number: int) -> bool:
    return 0 < number < FEWEST
