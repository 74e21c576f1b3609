"""Answers without an invitation: by links that are open to all, and on paper; kept apart from those of the invited."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib import settings
from tests.builders import made

SURVEY = {
    "title": "Our market", "trigger": "link",
    "questions": [
        {"id": "heard", "kind": "choice", "text": "How did you hear of us?", "options": ["Poster", "Neighbour"]},
        {"id": "why", "kind": "text", "text": "Why?"},
    ],
}  # fmt: skip


@pytest.fixture
def survey(care):
    return made(care.brand.post("/v1/surveys", SURVEY))


def link(care, survey, **fields):
    return made(care.brand.post(f"/v1/surveys/{survey['id']}/links", {"label": "At the gate", **fields}))


def token(made_link):
    return made_link["url"].rpartition("/ask/")[2]


def answer(care, made_link, value="Poster", key="k1", **options):
    body = {"answers": [{"question_id": "heard", "value": value}]}
    path, headers = f"/survey-links/{token(made_link)}/answers", {"Idempotency-Key": key}
    return care.store("POST", path, json=body, headers=headers, **options)


def figures(care, survey, query):
    return made(care.brand.get(f"/v1/surveys/{survey['id']}/figures?{query}"), 200)


def responses(care, survey, source="open"):
    return made(care.brand.get(f"/v1/surveys/{survey['id']}/responses?source={source}"), 200)["items"]


def test_a_link_shows_the_survey_to_anybody_and_takes_their_answers(care, survey):
    gate = link(care, survey)
    shown = made(care.store("GET", f"/survey-links/{token(gate)}"), 200)
    assert (shown["status"], shown["title"], len(shown["questions"])) == ("open", "Our market", 2)

    thanks = made(answer(care, gate))
    assert thanks["status"] == "answered"
    (kept,) = responses(care, survey)
    assert (kept["answers"], kept["link_id"], kept["member_id"]) == ({"heard": "Poster"}, gate["id"], None)


def test_one_request_is_one_answer_however_often_and_at_once_it_is_sent(care, survey):
    gate = link(care, survey)
    with ThreadPoolExecutor(10) as pool:
        found = list(pool.map(lambda _: answer(care, gate).status, range(10)))

    assert set(found) == {201}
    assert len(responses(care, survey)) == 1
    assert made(answer(care, gate, key="k2"))["status"] == "answered"
    assert len(responses(care, survey)) == 2


def test_answers_by_links_and_on_paper_are_counted_apart_from_the_invited(care, survey):
    care.shop.campaign()
    point = made(care.brand.get("/v1/pickup-points"), 200)["items"][0]["id"]
    gate, shop = link(care, survey, pickup_point_id=point), link(care, survey, label="In the shop")
    for number in range(6):
        made(answer(care, gate, key=f"g{number}"))
        made(answer(care, shop, "Neighbour", key=f"s{number}"))
    paper = {"answers": [{"question_id": "heard", "value": "Poster"}], "pickup_point_id": point}
    for key in ("p1", "p1", "p2"):
        made(care.brand.post(f"/v1/surveys/{survey['id']}/paper-answers", paper, headers={"Idempotency-Key": key}))

    invited, opened, on_paper = (figures(care, survey, f"source={each}") for each in ("invited", "open", "paper"))
    assert [each["everyone"]["answered"] for each in (invited, opened, on_paper)] == [0, 12, 2]
    assert opened["everyone"]["questions"][0]["counts"] == {"Poster": 6, "Neighbour": 6}
    by_link = figures(care, survey, "source=open&by=link")["groups"]
    assert {each["label"]: each["answered"] for each in by_link} == {"At the gate": 6, "In the shop": 6}
    assert on_paper["everyone"]["questions"][0]["hidden"]
    assert {each["taken_by"] is not None for each in responses(care, survey, "paper")} == {True}


def test_a_closed_link_and_one_of_an_archived_survey_take_nothing(care, survey):
    gate = link(care, survey)
    path = f"/v1/surveys/{survey['id']}/links/{gate['id']}"
    assert made(care.brand.patch(path, {"status": "closed"}), 200)["status"] == "closed"
    assert answer(care, gate).json["code"] == "link_closed"
    assert made(care.brand.patch(path, {"status": "open"}), 200)["status"] == "open"
    made(care.brand.patch(f"/v1/surveys/{survey['id']}", {"status": "archived"}), 200)

    assert answer(care, gate).status == 409
    assert made(care.store("GET", f"/survey-links/{token(gate)}"), 200)["status"] == "closed"


def test_a_link_cannot_be_guessed_nor_an_invitation_used_as_one(care, survey, new_care):
    gate = link(care, survey)
    assert care.store("GET", f"/survey-links/{token(gate)[:-1]}~").status == 404
    assert new_care().store("GET", f"/survey-links/{token(gate)}").status == 404
    member = care.shop.member()
    care.collected(member)
    assert care.store("GET", f"/survey-links/{care.invitation(member)}").status == 404
    assert care.store("GET", f"/invitations/{token(gate)}").status == 404


def test_from_one_place_only_so_many_answers_an_hour_are_taken(care, survey, monkeypatch):
    monkeypatch.setenv("LIMITS", '{"open_answers_a_source": 2}')
    settings.forget()
    gate = link(care, survey)
    found = [answer(care, gate, key=f"k{number}").status for number in range(3)]
    settings.forget()

    assert found == [201, 201, 429]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"answers": [{"question_id": "heard", "value": "Radio"}]}, "/answers/0/value"),
        ({"answers": []}, "/answers"),
        ({"pickup_point_id": "0" * 26, "answers": [{"question_id": "heard", "value": "Poster"}]}, "/pickup_point_id"),
    ],
)
def test_a_sheet_that_does_not_fit_is_refused_at_its_field(care, survey, body, pointer):
    path, headers = f"/v1/surveys/{survey['id']}/paper-answers", {"Idempotency-Key": "k"}
    refused = care.brand.post(path, body, headers=headers)

    assert refused.status == 422
    assert [each["pointer"] for each in refused.json.get("errors", [])] == ([pointer] if pointer else [])


def test_a_link_to_a_place_that_there_is_not_is_refused(care, survey, new_care):
    path = f"/v1/surveys/{survey['id']}/links"
    for field in ("pickup_point_id", "channel_id"):
        refused = care.brand.post(path, {"label": "x", field: "0" * 26})
        assert [each["pointer"] for each in refused.json["errors"]] == [f"/{field}"]
    assert new_care().brand.post(path, {"label": "x"}).status == 404


def test_other_answers_under_a_key_that_was_used_are_refused_and_not_dropped(care, survey):
    gate = link(care, survey)
    made(answer(care, gate, "Poster"))
    assert answer(care, gate, "Neighbour").status == 422
    path, headers = f"/v1/surveys/{survey['id']}/paper-answers", {"Idempotency-Key": "sheet"}
    sheets = [{"answers": [{"question_id": "heard", "value": value}]} for value in ("Poster", "Neighbour")]
    assert [care.brand.post(path, sheet, headers=headers).status for sheet in sheets] == [201, 422]


def test_an_answer_that_came_before_the_link_closed_is_found_again(care, survey):
    gate = link(care, survey)
    thanks = made(answer(care, gate))
    made(care.brand.patch(f"/v1/surveys/{survey['id']}/links/{gate['id']}", {"status": "closed"}), 200)
    assert made(answer(care, gate)) == thanks
