"""What the API takes of surveys."""

from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from chalicelib.kernel.unset import UNSET
from chalicelib.surveys.model.figures import DETRACTOR_TO
from chalicelib.surveys.model.questions import Branch, Kind, Question
from chalicelib.surveys.model.sending import MOST_AFTER_DAYS, MOST_QUIET_DAYS, Every, Plan
from chalicelib.surveys.service.links import Given
from chalicelib.surveys.service.surveys import SurveyChanges
from chalicelib.web import Body, EmailText, Harmless, OneLine, PhoneText, Query, ShortText, Title, UlidStr

QuestionId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,40}$")]
Words = Annotated[str, StringConstraints(max_length=2000), Harmless]
Score = Annotated[int, Field(ge=1, le=5)]


KindName = Literal["score", "nps", "choice", "multiple", "text"]
TriggerName = Literal["pickup", "campaign_end", "complaint_closed", "joined", "periodic", "link"]
EveryName = Literal["week", "month", "quarter"]
AfterDays = Annotated[int, Field(ge=0, le=MOST_AFTER_DAYS)]
Sample = Annotated[int, Field(ge=1, le=100)]
Limit = Annotated[int, Field(ge=0, le=10)]
LowNps = Annotated[int, Field(ge=0, le=DETRACTOR_TO)]


class BranchForm(Body):
    """Where the survey goes on: at question ``to``, which comes later, or with null at its end. It holds for an answer
    with one of the ``options``, or a number from ``at_least`` to ``at_most``; without any of these always.
    """

    to: QuestionId | None
    options: Annotated[list[Title], Field(max_length=20)] = []
    at_least: Limit | None = None
    at_most: Limit | None = None

    def branch(self) -> Branch:
        return Branch(self.to, tuple(self.options), self.at_least, self.at_most)


class NewQuestion(Body):
    """A question: ``score`` is answered by 1 to 5, ``nps`` by 0 to 10 (how likely one is to recommend), ``choice`` by
    one of the ``options``, ``multiple`` by any of them, ``text`` in words. Without an id it is named by its place: q1,
    q2, … The first of its ``branches`` that holds says where the survey goes on; without one the next question follows.
    """

    id: QuestionId | None = None
    kind: KindName
    text: ShortText
    required: bool = False
    options: Annotated[list[Title], Field(max_length=20)] = []
    branches: Annotated[list[BranchForm], Field(max_length=20)] = []


Questions = Annotated[list[NewQuestion], Field(min_length=1, max_length=30)]


class NewSurvey(Body):
    """A survey and what sends it: an order that was picked up, a campaign that ended, a complaint that was closed, or
    somebody who joined, each ``after_days`` days later; or, ``periodic``, ``every`` so often to ``sample`` per cent of
    the members, at 10:00 in the brand's time zone. One of a ``link`` is answered by links and on paper alone.

    A score of 1 or 2 opens a complaint, and so does the answer to the first ``nps`` question if it is ``low_nps`` or
    less; null is none.
    """

    EXAMPLES = {
        "after each pickup": {
            "title": "How was it?", "trigger": "pickup",
            "questions": [
                {"id": "overall", "kind": "score", "text": "How satisfied are you?", "required": True,
                 "branches": [{"at_most": 3, "to": "why"}, {"to": None}]},
                {"id": "why", "kind": "multiple", "text": "What was not right?", "options": ["Quality", "Waiting"]},
            ],
        },
        "each quarter, to a tenth": {
            "title": "Would you recommend us?", "trigger": "periodic", "every": "quarter", "sample": 10,
            "questions": [{"kind": "nps", "text": "How likely are you to recommend us?", "required": True}],
        },
    }  # fmt: skip

    title: Title
    trigger: TriggerName
    after_days: AfterDays = 0
    every: EveryName | None = None
    sample: Sample = 100
    low_nps: LowNps | None = DETRACTOR_TO
    questions: Questions

    def asked(self) -> list[Question]:
        return _questions(self.questions)

    def plan(self) -> Plan:
        return Plan(self.after_days, Every(self.every) if self.every else None, self.sample)


class SurveyEdit(Body):
    """What is absent stays; ``questions`` replaces all of them, for invitations from now on. ``low_nps`` of null has no
    recommendation open a complaint.
    """

    title: Title | None = None
    status: Literal["active", "archived"] | None = None
    after_days: AfterDays | None = None
    every: EveryName | None = None
    sample: Sample | None = None
    low_nps: LowNps | None = None
    questions: Questions | None = None

    def changes(self) -> SurveyChanges:
        return SurveyChanges(
            title=self.title,
            status=self.status,
            questions=None if self.questions is None else _questions(self.questions),
            after_days=self.after_days,
            every=Every(self.every) if self.every else None,
            sample=self.sample,
            low_nps=self.low_nps if "low_nps" in self.model_fields_set else UNSET,
        )


class SurveyRulesForm(Body):
    """So many days somebody who was asked is not asked again; 0 asks each time. A survey about a closed complaint does
    not wait for them.
    """

    quiet_days: Annotated[int, Field(ge=0, le=MOST_QUIET_DAYS)]


class FiguresQuery(Query):
    """How the answers are broken down; nothing gives those of all only. Answers of who was invited, by links open to
    all, and on paper are kept apart: ``source`` says which.
    """

    by: (
        Literal["campaign", "pickup_point", "leader", "product", "month", "segment", "wave", "link", "channel"] | None
    ) = None
    source: Literal["invited", "open", "paper"] = "invited"


class GivenAnswer(Body):
    """The answer to one question: a number for a score, several options of a multiple choice, else a text."""

    question_id: QuestionId
    value: Annotated[int, Field(ge=-(10**9), le=10**9)] | Words | Annotated[list[Title], Field(max_length=20)]


class NewAnswers(Body):
    """``score`` is the satisfaction: the value of the survey's first score question, wherever it is given."""

    score: Score | None = None
    answers: Annotated[list[GivenAnswer], Field(max_length=30)] = []
    comment: Words | None = None

    def given(self, key: str) -> Given:
        """As it is taken without an invitation; ``key`` is the Idempotency-Key."""
        return Given(self.score, [(each.question_id, each.value) for each in self.answers], self.comment, key)


class OpenAnswers(NewAnswers):
    """Answers by a link that is open to all. By a ``phone`` or an ``email`` the team can get in touch with who is not
    satisfied: where it is a member's, their answer opens a complaint.
    """

    phone: PhoneText | None = None
    email: EmailText | None = None

    def given(self, key: str) -> Given:
        return replace(super().given(key), phone=self.phone, email=self.email)


class NewWave(Body):
    """A wave: what it is called, such as before a campaign, and to how many per cent of all members it goes."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=60), OneLine]
    sample: Sample = 100


class NewLink(Body):
    """A link that is open to all: where it hangs, in words, and the pickup point or channel that it is for."""

    label: Title
    pickup_point_id: UlidStr | None = None
    channel_id: UlidStr | None = None


class LinkEdit(Body):
    """Whether the link takes answers."""

    status: Literal["open", "closed"]


class PaperAnswers(OpenAnswers):
    """Answers that were given on paper or by word of mouth, keyed in by the team, and at which pickup point; with the
    phone or e-mail that stands on the sheet.
    """

    pickup_point_id: UlidStr | None = None


class ResponsesQuery(Query):
    """Which answers: those by links open to all, or on paper; of all, or only of those who are not satisfied."""

    source: Literal["open", "paper"] = "open"
    low: bool = False


def _questions(given: list[NewQuestion]) -> list[Question]:
    return [
        Question(
            asked.id or f"q{number}",
            Kind(asked.kind),
            asked.text,
            asked.required,
            tuple(asked.options),
            tuple(each.branch() for each in asked.branches),
        )
        for number, asked in enumerate(given, 1)
    ]
