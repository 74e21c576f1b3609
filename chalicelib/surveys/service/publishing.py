"""Use cases of figures that are published for good: over which answers they are, and whether they tell of too few.

Figures that the team reads change with each answer, and are theirs. What is published stays as it was, since anybody
may keep it: one over a few answers more would tell what these few said. So each survey keeps over which answers figures
of it were ever published, and takes no further one that isolates fewer than five people beside these.
"""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.db import Transaction
from chalicelib.surveys.errors import PublishedTooOften
from chalicelib.surveys.model.disclosure import FEWEST
from chalicelib.surveys.model.figures import Counted, count
from chalicelib.surveys.model.published import MOST_PUBLISHED, Cut, Given, Release, may_be_published, tells_beside
from chalicelib.surveys.model.questions import Question
from chalicelib.surveys.records import ReleasesRecord
from chalicelib.surveys.service.figures import Received, Source, asked_alike, mask_of, received
from chalicelib.surveys.service.surveys import get_survey


class Answers:
    """The answers of a survey from a source, as figures of them are published. Raises NotFound, TooManyAnswers."""

    def __init__(self, tenant_id: str, survey_id: str, source: Source) -> None:
        self.survey, self.source = get_survey(tenant_id, survey_id), source
        self._invitations, self._answers = received(tenant_id, survey_id, source)
        self._given = [_given(each) for each in self._answers]
        self._alike = asked_alike(self.survey)
        self._within: dict[Cut, int] = {}
        self._to: dict[str, int] = {}
        self._by_value: dict[str, dict[str, int]] = {}

    def question(self, question_id: str) -> Question | None:
        """A question of the survey as it is now."""
        return next((each for each in self.survey.questions if each.id == question_id), None)

    def cut(self, now: datetime, *, wave: str | None = None, since: datetime | None = None) -> Cut:
        """The answers that there are, of a wave or since a time if one is named."""
        return Cut.of(self._given, self.source, wave, since, now)

    def group(self, cut: Cut, question_id: str) -> int:
        """Who of a cut of this source answered a question, as places in a bit mask."""
        if cut not in self._within:
            self._within[cut] = mask_of(cut.holds(each) for each in self._given)
        if question_id not in self._to:
            self._to[question_id] = mask_of(self._has(each, question_id) for each in self._answers)
        return self._within[cut] & self._to[question_id]

    def counted(self, cut: Cut, question: Question) -> Counted | None:
        """The figures of a question over a cut; None where fewer than five answered it."""
        values = [
            each.answers[question.id]
            for each, given in zip(self._answers, self._given, strict=True)
            if cut.holds(given) and self._has(each, question.id)
        ]
        return count(question, values) if len(values) >= FEWEST else None

    def _has(self, each: Received, question_id: str) -> bool:
        return question_id in (each.answers or {}) and self._alike(each, question_id)

    def numbers(self, cut: Cut) -> tuple[int | None, int]:
        """How many were invited, where its source knows, and how many answered."""
        answered = sum(cut.holds(each) for each in self._given)
        if self._invitations is None:
            return None, answered
        return sum(cut.wave is None or each.about.wave == cut.wave for each in self._invitations), answered

    def told(self, releases: Sequence[Release], cut: Cut, question_id: str) -> bool:
        """Whether a question's figures over a cut may be published beside those that were, read before the answers: an
        answer that is in one of these, and not to be seen yet, is waited for.
        """
        seen = {each.id for each in self._given}
        own = [each for each in releases if each.cut.source == self.source]
        if any(not seen.issuperset(each.cut.recent) for each in own):
            return False
        before = [self.group(each.cut, question_id) for each in own if question_id in each.question_ids]
        group = self.group(cut, question_id)
        return may_be_published(group, before) and not any(self._tells(question_id, group, each) for each in before)

    def _tells(self, question_id: str, one: int, other: int) -> bool:
        """Whether figures of two groups, of which one lies within the other, tell of few by what is between them."""
        question, fewer = self.question(question_id), one & other
        if question is None or one == other or fewer not in (one, other) or not fewer:
            return False
        return tells_beside(question, self._of(question, fewer), self._of(question, one | other))

    def _of(self, question: Question, group: int) -> Counted:
        if question.id not in self._by_value:
            found = dict.fromkeys(count(question, ()).counts, 0)
            for place, each in enumerate(self._answers):
                if self._has(each, question.id):
                    value = each.answers[question.id]
                    for name in map(str, value if isinstance(value, list) else [value]):
                        found[name] = found.get(name, 0) | 1 << place
            self._by_value[question.id] = found
        counts = {name: (who & group).bit_count() for name, who in self._by_value[question.id].items()}
        return Counted(group.bit_count(), counts, {})


def _given(answer: Received) -> Given:
    at: datetime = getattr(answer, "answered_at", None) or answer.created_at
    return Given(answer.id, at, answer.about.wave)


def releases_of(tenant_id: str, survey_id: str) -> ReleasesRecord:
    """What was published of a survey, as it is now; of one of which nothing was, a new record."""
    address = ReleasesRecord.address(tenant_id, survey_id)
    return ReleasesRecord.fetch(*address, consistent=True) or ReleasesRecord(*address, rev=0)


def keep_releases(tx: Transaction, record: ReleasesRecord) -> None:
    """Adds to a transaction what is published: it holds only while nothing else is at the same moment. Raises
    PublishedTooOften.
    """
    if len(record.stored_releases) > MOST_PUBLISHED:
        raise PublishedTooOften(
            f"Figures of this survey were published {MOST_PUBLISHED} times, the most that can be looked through for"
            " what they would tell together; write a new survey for the next ones.",
            detail_zh=f"该问卷的结果已公布 {MOST_PUBLISHED} 次，达到上限；请新建问卷后再公布。",
        )
    if record.rev == 0:
        record.rev = 1
        tx.create("releases", record)
    else:
        tx.replace("releases", record)
