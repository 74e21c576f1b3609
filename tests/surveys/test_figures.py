"""What came of a survey: figures equal a recount, intervals those of scipy 1.17.1, small groups are hidden."""

from collections import Counter
from datetime import timedelta

import pytest

from chalicelib.db import tenant_scope
from chalicelib.surveys.model.figures import count, mean, share
from chalicelib.surveys.model.questions import Kind, Question
from chalicelib.surveys.records import InvitationRecord
from tests.builders import made

# Wilson's interval by scipy: part, whole, low, high.
SHARES = [
    (0, 5, 0.0, 0.43448246478317476),
    (5, 5, 0.5655175352168251, 1.0),
    (1, 7, 0.02567962434474358, 0.5131278292743189),
    (8, 10, 0.4901624715366418, 0.9433178485456248),
    (31, 250, 0.08874849146643427, 0.17063174975414008),
    (1200, 80000, 0.014180685994150097, 0.015865889457579822),
    (3, 6, 0.18761630648265054, 0.8123836935173494),
]
# Student's interval by scipy: values, low, high.
MEANS = [
    ([5, 5, 4, 1, 2], 1.1444053337009596, 5.65559466629904),
    ([1, 2], -4.853102368087347, 7.853102368087347),
    ([0, 1, -1, 1, 1, 0, 0, -1, 1, 1], -0.2889337415864866, 0.8889337415864866),
    ([3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4], 3.1037045729128714, 3.805386336178038),
]


@pytest.mark.parametrize(("part", "whole", "low", "high"), SHARES)
def test_the_interval_of_a_share_is_wilsons(part, whole, low, high):
    found = share(part, whole)
    assert found.value == part / whole
    assert (found.low, found.high) == (pytest.approx(low, abs=1e-9), pytest.approx(high, abs=1e-9))


@pytest.mark.parametrize(("values", "low", "high"), MEANS)
def test_the_interval_of_a_mean_is_students(values, low, high):
    found = mean(Counter(values))
    assert found.value == sum(values) / len(values)
    assert (found.low, found.high) == (pytest.approx(low, abs=1e-9), pytest.approx(high, abs=1e-9))


def test_the_net_promoter_score_is_the_mean_of_promoters_and_detractors():
    nps = Question("q", Kind.NPS, "?")
    values = [10, 9, 9, 8, 7, 6, 0, 10]
    found = count(nps, values)

    net = mean(Counter([1, 1, 1, 0, 0, -1, -1, 1]))
    assert found.nps == net
    assert (found.nps.value, found.counts["10"], found.counts["3"]) == (0.25, 2, 0)


def test_one_answer_has_no_interval_of_its_mean_and_none_has_no_figures():
    score = Question("q", Kind.SCORE, "?")
    assert (count(score, [4]).mean.low, count(score, [4]).csat.low) == (None, pytest.approx(0.20654931, abs=1e-7))
    assert count(score, []).shares == {}


def test_what_an_earlier_version_asked_otherwise_is_left_out_and_an_option_taken_out_still_counts():
    assert count(Question("q", Kind.SCORE, "?"), ["Late", 5, 7]).answered == 1
    found = count(Question("q", Kind.MULTIPLE, "?", options=("Late", "Torn")), [["Late", "Cold"], ["Late"]])
    assert found.counts == {"Late": 2, "Torn": 0, "Cold": 1}
    assert found.shares["Late"].value == 1


SURVEY = {
    "title": "Of a campaign", "trigger": "campaign_end",
    "questions": [
        {"id": "overall", "kind": "score", "text": "Satisfied?", "branches": [{"at_least": 4, "to": None}]},
        {"id": "wrong", "kind": "multiple", "text": "What?", "options": ["Late", "Torn"]},
    ],
}  # fmt: skip


def figures(care, survey, by=""):
    return made(care.brand.get(f"/v1/surveys/{survey['id']}/figures{f'?by={by}' if by else ''}"), 200)


def answered(care, campaign, answers):
    """So many members order in a campaign, and answer the survey after it."""
    members = [care.shop.member() for _ in answers]
    for member in members:
        made(care.shop.order(member, campaign=campaign))
    care.clock.advance(hours=2)
    care.sweep(times=2)
    for member, (score, wrong) in zip(members, answers, strict=True):
        given = [{"question_id": "overall", "value": score}] if score else []
        given += [{"question_id": "wrong", "value": wrong}] if wrong else []
        if given:
            made(care.answer(care.invitation(member), answers=given))


@pytest.fixture
def survey(care):
    """Answers after two campaigns: eleven to one, four to the other, two members who did not answer."""
    survey = made(care.brand.post("/v1/surveys", SURVEY))
    first = care.shop.campaign(closes_in=timedelta(hours=1), title="First")
    answered(care, first, [(5, None)] * 6 + [(1, ["Late"])] * 4 + [(2, ["Late", "Torn"])] + [(None, None)] * 2)
    second = care.shop.campaign(closes_in=timedelta(hours=1), title="Second")
    answered(care, second, [(4, None)] * 4)
    return survey


def test_figures_of_all_equal_a_recount(care, survey):
    found = figures(care, survey)["everyone"]
    with tenant_scope(care.id):
        kept = list(InvitationRecord.every(InvitationRecord.of_survey(care.id, survey["id"]), index="gsi1"))

    scores = [each.answers["overall"] for each in kept if each.answers]
    overall, wrong = found["questions"]
    assert (found["invited"], found["answered"]) == (len(kept), len(scores)) == (17, 15)
    assert {int(score): n for score, n in overall["counts"].items() if n} == Counter(scores)
    assert overall["mean"]["value"] == f"{sum(scores) / 15:.4f}"
    assert (overall["csat"]["value"], overall["nps"]) == ("0.6667", None)
    assert (wrong["answered"], wrong["counts"]) == (5, {"Late": 5, "Torn": 1})
    assert found["response"]["value"] == f"{15 / 17:.4f}"


def test_small_groups_are_hidden_and_what_would_tell_of_them(care, survey):
    found = figures(care, survey, "campaign")

    # The four of the second campaign are few; the first is all but these four.
    assert [(each["label"], each["hidden"], each["answered"]) for each in found["groups"]] == [
        ("First", True, None), ("Second", True, None),
    ]  # fmt: skip
    assert not found["everyone"]["hidden"]
    assert all(question["hidden"] and question["counts"] is None for question in found["groups"][0]["questions"])


def test_groups_that_are_large_enough_are_shown_and_their_questions_where_enough_answered(care, survey):
    third = care.shop.campaign(closes_in=timedelta(hours=1), title="Third")
    answered(care, third, [(3, ["Torn"])] * 2 + [(5, None)] * 4)

    found = {each["label"]: each for each in figures(care, survey, "campaign")["groups"]}

    assert {label: each["answered"] for label, each in found.items()} == {"First": 11, "Second": None, "Third": None}
    overall, wrong = found["First"]["questions"]
    assert overall["counts"]["5"] == 6
    # Seven answered what was wrong: beside the five of the first campaign two would be left.
    assert wrong["hidden"]
    assert found["First"]["invited"] == 13


def test_every_breakdown_adds_up_to_what_it_is_about(care, survey, new_care):
    for by, least in (("pickup_point", 1), ("leader", 0), ("product", 1), ("month", 1), ("segment", 0)):
        groups = figures(care, survey, by)["groups"]
        shown = [each["answered"] for each in groups if not each["hidden"]]
        assert (by, shown in ([], [15]), len(groups) >= least) == (by, True, True)
    assert care.brand.get(f"/v1/surveys/{survey['id']}/figures?by=mood").status == 422
    assert new_care().brand.get(f"/v1/surveys/{survey['id']}/figures").status == 404
