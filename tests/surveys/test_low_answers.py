"""A low score or recommendation opens a complaint: once, with the answer, of whoever is known to have given it."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib import settings
from tests.builders import made

SURVEY = {
    "title": "Our market", "trigger": "link",
    "questions": [
        {"id": "overall", "kind": "score", "text": "Satisfied?"},
        {"id": "likely", "kind": "nps", "text": "Would you recommend us?"},
        {"id": "why", "kind": "text", "text": "Why?"},
    ],
}  # fmt: skip


@pytest.fixture
def survey(care):
    return made(care.brand.post("/v1/surveys", SURVEY))


@pytest.fixture
def gate(care, survey):
    made_link = made(care.brand.post(f"/v1/surveys/{survey['id']}/links", {"label": "At the gate"}))
    return made_link["url"].rpartition("/ask/")[2]


def said(**values):
    return {"answers": [{"question_id": name, "value": value} for name, value in values.items()]}


def answer(care, gate, key="k", **body):
    return care.store("POST", f"/survey-links/{gate}/answers", json=body, headers={"Idempotency-Key": key})


def sheet(care, survey, key="k", **body):
    headers = {"Idempotency-Key": key}
    return care.brand.post(f"/v1/surveys/{survey['id']}/paper-answers", body, headers=headers)


def responses(care, survey, query=""):
    return made(care.brand.get(f"/v1/surveys/{survey['id']}/responses{query}"), 200)["items"]


def test_a_detractor_who_was_invited_complains_with_their_answer(care):
    asked = {**SURVEY, "trigger": "pickup"}
    made(care.brand.post("/v1/surveys", asked))
    member = care.shop.member()
    care.collected(member)
    thanks = made(care.answer(care.invitation(member), **said(likely=6, why="Waited an hour")))

    (complaint,) = care.complaints()
    assert thanks["complaint_id"] == complaint["id"]
    assert (complaint["score"], complaint["recommends"], complaint["text"]) == (None, 6, "Waited an hour")
    assert (complaint["member_id"], complaint["source"]) == (member.id, None)


@pytest.mark.parametrize(("low_nps", "given", "complaints"), [(6, 7, 0), (3, 3, 1), (3, 4, 0), (None, 0, 0)])
def test_the_survey_says_from_which_recommendation_on_it_is_a_complaint(care, low_nps, given, complaints):
    survey = made(care.brand.post("/v1/surveys", {**SURVEY, "trigger": "pickup"}))
    assert survey["low_nps"] == 6
    changed = made(care.brand.patch(f"/v1/surveys/{survey['id']}", {"low_nps": low_nps}), 200)
    assert changed["low_nps"] == low_nps
    assert made(care.brand.patch(f"/v1/surveys/{survey['id']}", {"title": "Ours"}), 200)["low_nps"] == low_nps
    member = care.shop.member()
    care.collected(member)
    made(care.answer(care.invitation(member), **said(likely=given)))

    assert len(care.complaints()) == complaints


def test_who_leaves_a_phone_or_mail_of_a_member_complains_and_is_not_told_whose_it_is(care, survey, gate):
    member = care.shop.member("li@people.example")
    known = made(answer(care, gate, **said(overall=1, why="Rotten"), email="Li@people.example"))
    stranger = made(answer(care, gate, key="k2", **said(overall=1), email="nobody@people.example"))
    assert known.keys() == stranger.keys()

    (complaint,) = care.complaints()
    assert (complaint["member_id"], complaint["source"], complaint["text"]) == (member.id, "survey_open", "Rotten")
    assert [each["by"] for each in complaint["history"]] == ["system"]
    low = {each["email"]: each["complaint_id"] for each in responses(care, survey, "?low=true")}
    assert low == {"li@people.example": complaint["id"], "nobody@people.example": None}
    assert complaint["response_id"] in {each["id"] for each in responses(care, survey)}


def test_who_leaves_nothing_is_counted_and_noted_as_not_satisfied(care, survey, gate):
    made(answer(care, gate, **said(likely=2)))
    made(answer(care, gate, key="k2", **said(likely=9)))

    assert care.complaints() == []
    (low,) = responses(care, survey, "?low=true")
    assert (low["low"], low["complaint_id"], low["answers"]) == (True, None, {"likely": 2})


def test_a_low_answer_on_paper_opens_the_complaint_of_whose_phone_stands_on_it(care, survey):
    member = care.shop.member("li@people.example")
    kept = made(sheet(care, survey, **said(overall=2), email="li@people.example"))

    (complaint,) = care.complaints()
    assert (kept["complaint_id"], complaint["source"], complaint["text"]) == (complaint["id"], "survey_paper", "2/5")
    assert complaint["member_id"] == member.id
    assert complaint["history"][0]["by"] == kept["taken_by"]


def test_an_answer_sent_many_times_at_once_complains_once(care, survey, gate):
    care.shop.member("li@people.example")
    with ThreadPoolExecutor(10) as pool:
        found = list(
            pool.map(lambda _: answer(care, gate, **said(overall=1), email="li@people.example").status, range(10))
        )
    for _ in range(2):
        made(sheet(care, survey, **said(overall=1), email="li@people.example"))

    assert set(found) == {201}
    assert len(care.complaints()) == 2
    assert len(responses(care, survey)) == 1


def test_what_is_no_phone_or_mail_is_refused_at_its_field(care, gate):
    refused = answer(care, gate, **said(overall=1), email="li", phone="12")
    assert {each["pointer"] for each in refused.json["errors"]} == {"/email", "/phone"}


def test_a_network_is_limited_by_each_brand_for_itself(care, survey, gate, new_care, monkeypatch):
    monkeypatch.setenv("LIMITS", '{"open_answers_a_source": 1}')
    settings.forget()
    other = new_care()
    theirs = made(other.brand.post("/v1/surveys", SURVEY))
    link = made(other.brand.post(f"/v1/surveys/{theirs['id']}/links", {"label": "Gate"}))["url"].rpartition("/ask/")[2]
    found = [answer(care, gate, key=f"k{n}", **said(overall=5)).status for n in range(2)]
    found.append(answer(other, link, **said(overall=5)).status)
    settings.forget()

    assert found == [201, 429, 201]


def test_strangers_who_type_a_members_mail_open_one_complaint_a_day_in_their_name(care, survey, gate):
    member = care.shop.member("li@people.example")
    thanks = [
        made(answer(care, gate, key=f"k{n}", **said(overall=1, why=f"No {n}"), email="li@people.example"))
        for n in range(3)
    ]
    assert all(each.keys() == thanks[0].keys() for each in thanks)

    (complaint,) = care.complaints()
    assert (complaint["member_id"], complaint["text"]) == (member.id, "No 0")
    low = responses(care, survey, "?low=true")
    assert [each["complaint_id"] for each in low] == [complaint["id"]] * 3
    care.clock.advance(days=1)
    made(answer(care, gate, key="k9", **said(overall=1), email="li@people.example"))
    made(answer(care, gate, key="k9", **said(overall=1), email="li@people.example"))
    assert len(care.complaints()) == 2


def test_strangers_at_the_same_moment_open_one_complaint_and_all_are_heard(care, survey, gate):
    care.shop.member("li@people.example")
    with ThreadPoolExecutor(8) as pool:
        found = list(
            pool.map(lambda n: answer(care, gate, key=f"k{n}", **said(overall=1), email="li@people.example").status,
                     range(8))
        )  # fmt: skip

    assert set(found) == {201}
    assert (len(care.complaints()), len(responses(care, survey))) == (1, 8)
