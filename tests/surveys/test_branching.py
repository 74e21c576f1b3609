"""Which questions somebody is asked, by what they answered before; without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.errors import Invalid
from chalicelib.surveys.model.answers import checked_answer
from chalicelib.surveys.model.questions import Branch, Kind, Question, checked_questions, path, step

OVERALL = Question(
    "overall", Kind.SCORE, "Satisfied?", required=True, branches=(Branch("wrong", at_most=2), Branch("likely"))
)
WRONG = Question("wrong", Kind.MULTIPLE, "What?", options=("Late", "Torn", "Else"), branches=(
    Branch("else", options=("Else",)), Branch("likely"),
))  # fmt: skip
ELSE = Question("else", Kind.TEXT, "What else?", required=True)
LIKELY = Question("likely", Kind.NPS, "Recommend?", required=True, branches=(Branch(None, at_least=9),))
MISSING = Question("missing", Kind.TEXT, "What is missing?")
SURVEY = [OVERALL, WRONG, ELSE, LIKELY, MISSING]


def ids(questions):
    return [question.id for question in questions]


def pointers(call):
    with pytest.raises(Invalid) as refused:
        call()
    return [error.pointer for error in refused.value.errors]


def test_questions_with_branches_are_stored_and_read_back():
    assert [Question.from_json(question.to_json()) for question in SURVEY] == SURVEY
    assert checked_questions(SURVEY) == SURVEY


@pytest.mark.parametrize(
    ("values", "asked"),
    [
        ({}, ["overall", "likely", "missing"]),
        ({"overall": 5, "likely": 10}, ["overall", "likely"]),
        ({"overall": 5, "likely": 0}, ["overall", "likely", "missing"]),
        ({"overall": 2, "wrong": ["Late"], "likely": 9}, ["overall", "wrong", "likely"]),
        ({"overall": 1, "wrong": ["Late", "Else"], "likely": 8}, ["overall", "wrong", "else", "likely", "missing"]),
        ({"overall": 1}, ["overall", "wrong", "likely", "missing"]),
    ],
)
def test_the_answers_lead_through_the_survey(values, asked):
    assert ids(path(SURVEY, values)) == asked


def test_what_is_asked_next_ends_with_the_question_that_decides_how_it_goes_on():
    assert ids(step(SURVEY, {}, None)) == ["overall"]
    assert ids(step(SURVEY, {"overall": 5}, "overall")) == ["likely"]
    assert ids(step(SURVEY, {"overall": 1}, "overall")) == ["wrong"]
    assert ids(step(SURVEY, {"overall": 1, "wrong": ["Else"]}, "wrong")) == ["else", "likely"]
    assert ids(step(SURVEY, {"overall": 5, "likely": 3}, "likely")) == ["missing"]
    assert step(SURVEY, {"overall": 5, "likely": 9}, "likely") == []
    assert step(SURVEY, {"overall": 5}, "wrong") == []
    assert ids(step([ELSE, MISSING], {}, None)) == ["else", "missing"]


@pytest.mark.parametrize(
    ("values", "pointer"),
    [
        ([("overall", 5), ("wrong", ["Late"]), ("likely", 9)], "/answers/1/question_id"),
        ([("overall", 5), ("likely", 9), ("missing", "x")], "/answers/2/question_id"),
        ([("overall", 1), ("wrong", ["Else"]), ("likely", 9)], "/answers"),
        ([("overall", 1), ("wrong", ["Late", "Late"]), ("likely", 9)], "/answers/1/value"),
        ([("overall", 1), ("wrong", "Late"), ("likely", 9)], "/answers/1/value"),
        ([("overall", 5), ("likely", 11)], "/answers/1/value"),
        ([("overall", 5)], "/answers"),
    ],
)
def test_only_what_was_asked_can_be_answered_and_what_has_to_be_is(values, pointer):
    assert pointers(lambda: checked_answer(SURVEY, None, values)) == [pointer]


def test_a_score_that_stands_alone_leads_on_too_and_nought_is_an_answer():
    answer = checked_answer(SURVEY, 2, [("wrong", ["Torn"]), ("likely", 0), ("missing", "")])

    assert answer.values == {"overall": 2, "wrong": ["Torn"], "likely": 0}
    assert answer.opens_complaint


def test_what_was_left_empty_counts_as_no_answer():
    assert checked_answer(SURVEY, 1, [("wrong", []), ("likely", 9)]).values == {"overall": 1, "likely": 9}


@pytest.mark.parametrize(
    ("branches", "pointer"),
    [
        ((Branch("likely", options=("Late",)), Branch("overall")), "/questions/1/branches/1/to"),
        ((Branch("wrong"),), "/questions/1/branches/0/to"),
        ((Branch("nowhere"),), "/questions/1/branches/0/to"),
        ((Branch("else", options=("Other",)),), "/questions/1/branches/0/options"),
        ((Branch("else", options=("Else",), at_least=1),), "/questions/1/branches/0/options"),
        ((Branch("else", at_least=1),), "/questions/1/branches/0/at_least"),
        ((Branch("else", at_most=1),), "/questions/1/branches/0/at_most"),
        ((Branch("else"), Branch(None, options=("Else",))), "/questions/1/branches/0"),
        ((Branch("likely"),), "/questions/2"),
        ((Branch(None),), "/questions/2"),
    ],
)
def test_branches_that_lead_back_or_nowhere_are_refused(branches, pointer):
    survey = [OVERALL, Question("wrong", Kind.MULTIPLE, "What?", options=("Late", "Else"), branches=branches),
              ELSE, LIKELY, MISSING]  # fmt: skip
    assert pointers(lambda: checked_questions(survey)) == [pointer]


@pytest.mark.parametrize(("least", "most"), [(0, None), (None, 6), (4, 2)])
def test_limits_are_within_what_can_be_answered(least, most):
    score = Question("a", Kind.SCORE, "?", branches=(Branch(None, at_least=least, at_most=most),))
    assert pointers(lambda: checked_questions([score, MISSING]))[0].startswith("/questions/0/branches/0/at_")


_VALUES = st.dictionaries(
    st.sampled_from(["overall", "wrong", "else", "likely", "missing"]),
    st.one_of(st.integers(0, 10), st.sampled_from(["Late", "x"]), st.lists(st.sampled_from(["Late", "Torn", "Else"]))),
)


@given(_VALUES)
def test_step_by_step_exactly_the_path_is_asked(values):
    seen, asked = None, []
    while shown := step(SURVEY, values, seen):
        asked += shown
        seen = shown[-1].id
    assert asked == path(SURVEY, values)
    assert len(set(ids(asked))) == len(asked)
