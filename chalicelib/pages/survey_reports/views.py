"""What is said of the figures of a report."""

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from chalicelib.improvements.views import ReportFigureView, ReportQuestionView, ReportWordsView
from chalicelib.pages.shell import N_
from chalicelib.pages.shell.words import said

HIDDEN: Mapping[str, str] = {
    "too_few": N_("Fewer than five answered this question, so nothing of it is shown."),
    "comparison": N_(
        "This is not shown: compared with figures that were published before, it would tell what a few people said."
    ),
}
SOURCES: Mapping[str, str] = {
    "invited": N_("Answers of members who were asked"),
    "open": N_("Answers by links open to all"),
    "paper": N_("Answers on paper"),
}


def in_language(texts: Mapping[Any, ReportWordsView], language: str) -> ReportWordsView:
    """The words in the reader's language, or those that there are."""
    return texts.get(language) or next(iter(texts.values()))


def percent(rate: str) -> str:
    """A share such as ``0.83`` as ``83 %``."""
    return f"{_whole(rate)} %"


def between(figure: ReportFigureView) -> tuple[str, str] | None:
    """The bounds of a share in whole per cent; none where too few answered to tell."""
    return None if figure.low is None or figure.high is None else (_whole(figure.low), _whole(figure.high))


def net(rate: str) -> str:
    """A net promoter score such as ``-0.25`` as ``-25``."""
    whole = (Decimal(rate) * 100).quantize(Decimal(1), ROUND_HALF_EVEN)
    return f"{whole:+}" if whole else "0"


_MEANT: Mapping[tuple[str, str], str] = {
    ("0", "6"): N_("rather not"),
    ("7", "8"): N_("perhaps"),
    ("9", "10"): N_("surely"),
}


def named(question: ReportQuestionView, names: list[str]) -> str:
    """What a bar is called: numbers by the first and the last of them, options by all."""
    if question.kind == "score":
        return f"{_span(names)} / 5"
    if question.kind == "nps":
        meant = _MEANT.get((names[0], names[-1]))
        return f"{said(meant)} ({_span(names)})" if meant else _span(names)
    return " · ".join(names)


def _span(numbers: list[str]) -> str:
    return numbers[0] if len(numbers) == 1 else f"{numbers[0]}–{numbers[-1]}"


def _whole(rate: str) -> str:
    return str((Decimal(rate) * 100).quantize(Decimal(1), ROUND_HALF_EVEN))
