"""What the figures of surveys answer."""

from typing import Literal, Self

from chalicelib.surveys.model.disclosure import FEWEST
from chalicelib.surveys.model.figures import DEFINITIONS, Estimate
from chalicelib.surveys.service.figures import Asked, Changed, Figures, GroupFigures, Source
from chalicelib.surveys.views.surveys import KindName
from chalicelib.web import Instant, UlidStr, View


class EstimateView(View):
    """A figure, and between which bounds the true one lies 95 times in 100; decimals in text with four places. Bounds
    are null where too few answered to tell.
    """

    value: str
    low: str | None
    high: str | None

    @classmethod
    def of(cls, found: Estimate | None) -> Self | None:
        if found is None:
            return None
        low = None if found.low is None else f"{found.low:.4f}"
        return cls(value=f"{found.value:.4f}", low=low, high=None if found.high is None else f"{found.high:.4f}")


class QuestionFiguresView(View):
    """The figures of a question. ``hidden``, with everything else null, where too few answered it to be shown: by them,
    or by a comparison, it could be told what one of them said.
    """

    id: str
    kind: KindName
    text: str
    definition: str
    hidden: bool
    answered: int | None
    counts: dict[str, int] | None
    shares: dict[str, EstimateView] | None
    mean: EstimateView | None
    csat: EstimateView | None
    nps: EstimateView | None

    @classmethod
    def of(cls, asked: Asked) -> Self:
        found, question = asked.counted, asked.question
        named = {"id": question.id, "kind": question.kind.value, "text": question.text,
                 "definition": DEFINITIONS[question.kind]}  # fmt: skip
        if found is None:
            nothing = dict.fromkeys(("answered", "counts", "shares", "mean", "csat", "nps"))
            return cls.model_validate({**named, "hidden": True, **nothing})
        figures = {
            "answered": found.answered,
            "counts": found.counts,
            "shares": {name: EstimateView.of(each) for name, each in found.shares.items()},
            "mean": EstimateView.of(found.mean),
            "csat": EstimateView.of(found.csat),
            "nps": EstimateView.of(found.nps),
        }
        return cls.model_validate({**named, "hidden": False, **figures})


class GroupFiguresView(View):
    """The figures of a group. ``hidden``, with numbers null, where it is too small to be shown, or a comparison with
    another would tell what a few people said.
    """

    value: str
    label: str
    hidden: bool
    invited: int | None
    answered: int | None
    response: EstimateView | None
    questions: list[QuestionFiguresView]

    @classmethod
    def of(cls, found: GroupFigures) -> Self:
        return cls(
            value=found.value, label=found.label, hidden=found.hidden, invited=found.invited, answered=found.answered,
            response=EstimateView.of(found.response),
            questions=[QuestionFiguresView.of(each) for each in found.questions],
        )  # fmt: skip


class WaveView(View):
    """A survey that goes, or went, to a sample of all members."""

    name: str
    sample: int
    began_at: Instant
    ended_at: Instant | None


class WavesView(View):
    """All waves of a survey, oldest first."""

    items: list[WaveView]


class ChangeView(View):
    """How much the figures of a question rose from the ``earlier`` wave to the ``later``; null where one is hidden, or
    the question has none.
    """

    id: str
    text: str
    earlier: str
    later: str
    mean: EstimateView | None
    csat: EstimateView | None
    nps: EstimateView | None

    @classmethod
    def of(cls, found: Changed) -> Self:
        mean, csat, nps = (
            None if each is None else EstimateView.of(Estimate(each.value, each.low, each.high))
            for each in (found.mean, found.csat, found.nps)
        )
        return cls(
            id=found.question.id, text=found.question.text, earlier=found.earlier, later=found.later, mean=mean,
            csat=csat, nps=nps,
        )  # fmt: skip


class FiguresView(View):
    """The figures of a survey over all answers, and by group: those of fewer than ``fewest`` people are not shown. By
    wave, ``changes`` compares the last that is shown with the first.
    """

    survey_id: UlidStr
    source: Literal["invited", "open", "paper"]
    by: str | None
    fewest: int
    everyone: GroupFiguresView
    groups: list[GroupFiguresView]
    changes: list[ChangeView]

    @classmethod
    def of(cls, survey_id: str, source: Source, by: str | None, found: Figures) -> Self:
        return cls(
            survey_id=survey_id, source=source, by=by, fewest=FEWEST, everyone=GroupFiguresView.of(found.everyone),
            groups=[GroupFiguresView.of(each) for each in found.groups],
            changes=[ChangeView.of(each) for each in found.changes],
        )  # fmt: skip
