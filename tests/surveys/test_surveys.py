"""Surveys written by the team, over HTTP on the engine."""

import pytest

from tests.builders import made

SCORE = {"kind": "score", "text": "Satisfied?", "required": True}
WHERE = {"kind": "choice", "text": "Where?", "options": ["Gate", "Shop"]}
WHY = {"id": "why", "kind": "text", "text": "Why?"}


def written(care, *questions, title="Ours"):
    body = {"title": title, "trigger": "pickup", "questions": list(questions) or [SCORE, WHERE, WHY]}
    return made(care.brand.post("/v1/surveys", body))


def asked(care, token):
    return made(care.store("GET", f"/invitations/{token}"), 200)


def test_a_survey_is_read_back_as_it_was_written(care):
    survey = written(care)
    read = care.brand.get(f"/v1/surveys/{survey['id']}")

    assert read.json == survey
    assert [question["id"] for question in survey["questions"]] == ["q1", "q2", "why"]
    assert (survey["status"], survey["version"], survey["built_in"]) == ("active", 1, False)
    assert read.headers["ETag"] == '"1"'
    assert made(care.brand.get("/v1/surveys"), 200)["items"] == [survey]


def test_the_newest_active_survey_is_sent(care, clock):
    written(care, SCORE, title="Old")
    clock.advance(seconds=1)
    newest = written(care, SCORE, title="New")
    first, second = care.shop.member(), care.shop.member()

    care.collected(first)
    made(care.brand.patch(f"/v1/surveys/{newest['id']}", {"status": "archived"}), 200)
    care.collected(second)

    assert asked(care, care.invitation(first))["title"] == "New"
    assert asked(care, care.invitation(second))["title"] == "Old"


def test_the_answers_are_kept_by_question(care):
    survey = written(care)
    member = care.shop.member()
    care.collected(member)
    answers = [{"question_id": "q1", "value": 2}, {"question_id": "q2", "value": "Gate"},
               {"question_id": "why", "value": "the box was torn 📦"}]  # fmt: skip

    answered = care.answer(care.invitation(member), answers=answers)

    (received,) = made(care.brand.get(f"/v1/surveys/{survey['id']}/invitations"), 200)["items"]
    assert received["answers"] == {"q1": 2, "q2": "Gate", "why": "the box was torn 📦"}
    assert (received["score"], received["complaint_id"]) == (2, answered.json["complaint_id"])
    assert care.complaints()[0]["cause"] == "damaged"


def test_an_invitation_keeps_the_questions_with_which_it_was_sent(care):
    survey = written(care)
    before, after = care.shop.member(), care.shop.member()
    care.collected(before)

    edited = made(care.brand.patch(f"/v1/surveys/{survey['id']}", {"questions": [WHY], "title": "Why"}), 200)
    care.collected(after)

    assert edited["version"] == 2
    assert (asked(care, care.invitation(before))["title"], len(asked(care, care.invitation(before))["questions"])) == (
        "Ours",
        3,
    )
    assert (asked(care, care.invitation(after))["title"], len(asked(care, care.invitation(after))["questions"])) == (
        "Why",
        1,
    )
    assert care.answer(care.invitation(before), score=5).status == 201
    assert care.answer(care.invitation(after), score=5).status == 422
    assert care.answer(care.invitation(after), comment="fine").status == 201


def test_a_brand_that_archives_the_built_in_survey_sends_none(care):
    care.collected(care.shop.member())
    built_in = made(care.brand.get("/v1/surveys"), 200)["items"][0]
    made(care.brand.patch(f"/v1/surveys/{built_in['id']}", {"status": "archived"}), 200)
    member = care.shop.member()

    care.collected(member)

    assert built_in["built_in"]
    assert made(care.store("GET", "/invitations", member), 200)["items"] == []


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_the_built_in_survey_speaks_the_brands_language(new_care, locale):
    care = new_care(locale=locale)
    member = care.shop.member()
    care.collected(member)

    assert ("满意" in asked(care, care.invitation(member))["questions"][0]["text"]) is (locale == "zh")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"trigger": "birthday"}, "/trigger"),
        ({"questions": []}, "/questions"),
        ({"questions": [{"kind": "choice", "text": "Where?", "options": ["Gate"]}]}, "/questions/0/options"),
        ({"questions": [{"kind": "matrix", "text": "Where?"}]}, "/questions/0/kind"),
        ({"questions": [WHY, WHY]}, "/questions/1/id"),
        ({"questions": [{"kind": "text", "text": ""}]}, "/questions/0/text"),
        ({"title": ""}, "/title"),
        ({"mood": 1}, "/mood"),
    ],
)
def test_a_survey_that_makes_no_sense_is_refused_at_its_field(care, change, pointer):
    refused = care.brand.post("/v1/surveys", {"title": "Ours", "trigger": "pickup", "questions": [SCORE], **change})

    assert refused.status == 422
    assert pointer in [error["pointer"] for error in refused.json["errors"]]
    assert made(care.brand.get("/v1/surveys"), 200)["items"] == []


def test_an_edit_of_a_survey_that_has_changed_since_is_refused(care):
    survey = written(care)
    path = f"/v1/surveys/{survey['id']}"
    made(care.brand.patch(path, {"title": "One"}, headers={"If-Match": '"1"'}), 200)

    assert care.brand.patch(path, {"title": "Two"}, headers={"If-Match": '"1"'}).status == 412
    assert care.brand.get(path).json["title"] == "One"


def test_another_tenants_survey_does_not_exist(care, new_care):
    survey, stranger = written(care), new_care()
    path = f"/v1/surveys/{survey['id']}"

    replies = [
        stranger.brand.get(path),
        stranger.brand.patch(path, {"title": "Mine"}),
        stranger.brand.get(f"{path}/invitations"),
        stranger.brand.get(f"{path}/results"),
    ]

    assert [reply.status for reply in replies] == [404] * 4
    assert care.brand.get(path).json == survey


def test_a_survey_without_answers_has_no_figures(care):
    written(care)
    found = care.results()

    assert (found["invited"], found["answered"], found["average"], found["csat"]) == (0, 0, None, None)
    assert "4 or 5" in found["definition"]
