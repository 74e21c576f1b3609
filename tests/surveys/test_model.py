"""Rules of surveys, without a database."""

import base64
import hmac
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.ids import derived_id
from chalicelib.surveys.errors import AlreadyAnswered, InvitationExpired
from chalicelib.surveys.model.answers import checked_answer
from chalicelib.surveys.model.invitations import Occasion, answer_fault, expiry, invitation_of, token_of
from chalicelib.surveys.model.questions import Kind, Question, Trigger, built_in_questions, checked_questions
from chalicelib.surveys.model.satisfaction import summarise
from tests.keys import Ring

KEYS = Ring(b"secret")
TENANT, OTHER = derived_id("tenant"), derived_id("other")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
QUESTIONS = [
    Question("overall", Kind.SCORE, "Satisfied?", required=True),
    Question("fresh", Kind.SCORE, "Fresh?"),
    Question("where", Kind.CHOICE, "Where?", options=("A", "B")),
    Question("why", Kind.TEXT, "Why?"),
]


def pointers(call):
    with pytest.raises(Invalid) as refused:
        call()
    return [error.pointer for error in refused.value.errors]


def test_a_question_is_stored_and_read_back():
    assert [Question.from_json(question.to_json()) for question in QUESTIONS] == QUESTIONS


@pytest.mark.parametrize("locale", ["zh", "zh-CN", "zh-Hant-TW", "en", "en-GB", "fr"])
def test_the_built_in_survey_asks_one_satisfaction_score(locale):
    (only,) = built_in_questions(locale)

    assert ("满意" in only.text) is locale.startswith("zh")

    assert (only.kind, only.required) == (Kind.SCORE, True)
    assert checked_answer([only], 3, []).score == 3


@pytest.mark.parametrize(
    ("questions", "pointer"),
    [
        ([Question("a", Kind.TEXT, "x"), Question("a", Kind.TEXT, "y")], "/questions/1/id"),
        ([Question("a", Kind.CHOICE, "x", options=("one",))], "/questions/0/options"),
        ([Question("a", Kind.CHOICE, "x", options=("one", "one"))], "/questions/0/options"),
        ([Question("a", Kind.TEXT, "x", options=("one", "two"))], "/questions/0/options"),
    ],
)
def test_questions_that_make_no_survey_are_refused(questions, pointer):
    assert pointers(lambda: checked_questions(questions)) == [pointer]


def test_the_score_may_stand_alone_or_among_the_answers():
    assert checked_answer(QUESTIONS, 4, []).score == 4
    assert checked_answer(QUESTIONS, None, [("overall", 4), ("fresh", 1)]).score == 4
    assert checked_answer(QUESTIONS, 4, [("overall", 4), ("where", "B"), ("why", "好")]).values == {
        "overall": 4, "where": "B", "why": "好",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("score", "values", "pointer"),
    [
        (None, [], "/score"),
        (4, [("overall", 5)], "/score"),
        (4, [("nothing", 1)], "/answers/0/question_id"),
        (4, [("why", "a"), ("why", "b")], "/answers/1/question_id"),
        (4, [("fresh", 6)], "/answers/0/value"),
        (4, [("fresh", 0)], "/answers/0/value"),
        (4, [("fresh", "5")], "/answers/0/value"),
        (4, [("where", "C")], "/answers/0/value"),
        (4, [("why", 5)], "/answers/0/value"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_at_its_place(score, values, pointer):
    assert pointers(lambda: checked_answer(QUESTIONS, score, values)) == [pointer]


def test_a_survey_without_a_score_takes_none():
    plain = [Question("why", Kind.TEXT, "Why?", required=True)]

    assert checked_answer(plain, None, [("why", "because")]).score is None
    assert pointers(lambda: checked_answer(plain, 5, [("why", "because")])) == ["/score"]
    assert pointers(lambda: checked_answer(plain, None, [("why", "")])) == ["/answers"]


def test_an_invitation_takes_one_answer_within_thirty_days():
    ends = expiry(NOON)

    assert answer_fault(False, ends, ends - timedelta(milliseconds=1)) is None
    assert isinstance(answer_fault(False, ends, ends), InvitationExpired)
    assert isinstance(answer_fault(True, ends, NOON), AlreadyAnswered)
    assert ends - NOON == timedelta(days=30)


def test_a_token_opens_its_invitation_in_its_tenant_only():
    invitation = Occasion(Trigger.PICKUP, (derived_id("order"),), derived_id("li"), NOON).invitation_id(TENANT)
    token = token_of(KEYS, TENANT, invitation)

    assert invitation_of(KEYS, TENANT, token) == invitation
    assert invitation_of(KEYS, OTHER, token) is None
    assert invitation_of(Ring(b"another"), TENANT, token) is None
    assert invitation_of(Ring(b"another", b"secret"), TENANT, token) == invitation


@pytest.mark.parametrize("keys", [KEYS, Ring(b"another", b"secret")])
def test_a_token_from_before_keys_had_ids_opens_its_invitation(keys):
    invitation = Occasion(Trigger.PICKUP, (derived_id("order"),), derived_id("li"), NOON).invitation_id(TENANT)
    signed = hmac.digest(b"secret", f"survey-invitation\0{TENANT}/{invitation}".encode(), "sha256")[:18]
    token = invitation + base64.urlsafe_b64encode(signed).decode()

    assert invitation_of(keys, TENANT, token) == invitation
    assert invitation_of(keys, OTHER, token) is None
    assert invitation_of(keys, TENANT, token[:-1] + ("A" if token[-1] != "A" else "B")) is None


@given(st.text(max_size=60))
def test_a_guessed_token_opens_nothing(guess):
    assert invitation_of(KEYS, TENANT, guess) is None
    assert invitation_of(KEYS, TENANT, derived_id("x") + guess) is None


def test_the_figures_follow_their_definition():
    found = summarise(10, 5, {1: 1, 3: 1, 4: 1, 5: 2})

    assert (found.average, found.csat, found.response_rate, found.scored) == ("3.6000", "0.6000", "0.5000", 5)
    assert found.distribution == {"1": 1, "2": 0, "3": 1, "4": 1, "5": 2}


def test_figures_without_answers_are_null_and_not_zero():
    found = summarise(0, 0, {})
    assert (found.average, found.csat, found.response_rate) == (None, None, None)


@given(st.dictionaries(st.integers(1, 5), st.integers(0, 10**6)))
def test_the_average_is_exact_to_four_places(by_score):
    found = summarise(10**7, sum(by_score.values()), by_score)
    if found.average is not None:
        exact = Decimal(sum(s * n for s, n in by_score.items())) / Decimal(sum(by_score.values()))
        assert abs(Decimal(found.average) - exact) <= Decimal("0.00005")
