"""What members said is not good, what was done, and how it is since."""

from datetime import timedelta

import pytest

from chalicelib.kernel import clock
from tests.builders import made
from tests.letters import news


@pytest.fixture
def owner(care):
    return made(care.brand.get("/v1/staff"), 200)["items"][0]["id"]


def said(care, *scores):
    """So many collect an order, and answer the survey after it."""
    members = [care.shop.member() for _ in scores]
    care.collected(*members)
    for member, score in zip(members, scores, strict=True):
        made(care.answer(care.invitation(member), score=score))


def written(care, staff_id, **fields):
    body = {
        "title": "Shorter waiting", "survey_id": care.survey_id(), "question_id": "score", "owner": staff_id,
        "due_on": f"{clock.now() + timedelta(days=3):%Y-%m-%d}", **fields,
    }  # fmt: skip
    return care.brand.post("/v1/improvements", body)


def test_an_improvement_goes_from_the_figure_before_to_the_one_since_and_into_the_shop(care, owner):
    said(care, 1, 2, 2, 3, 3)
    task = made(written(care, owner, plan="Two helpers at noon"))
    path = f"/v1/improvements/{task['id']}"
    assert (task["status"], task["before"]["value"], task["before"]["answered"]) == ("open", "0.0000", 5)

    assert care.brand.patch(path, {"published": True}).json["code"] == "not_done"
    assert care.brand.patch(path, {"status": "done"}).json["errors"][0]["pointer"] == "/done_text"
    assert care.brand.post(f"{path}/measure").json["code"] == "not_done"
    made(care.brand.patch(path, {"status": "done", "done_text": "Two helpers", "published": True}), 200)
    assert care.brand.post(f"{path}/measure").json["code"] == "too_few_answers"
    (shown,) = made(care.store("GET", "/improvements"), 200)["items"]
    assert (shown["title"], shown["done_text"], shown["after"]) == ("Shorter waiting", "Two helpers", None)

    care.clock.advance(hours=1)
    said(care, 5, 4, 5, 5, 4)
    measured = made(care.brand.post(f"{path}/measure"), 200)

    assert (measured["before"]["value"], measured["after"]["value"]) == ("0.0000", "1.0000")
    (shown,) = made(care.store("GET", "/improvements"), 200)["items"]
    assert (shown["before"]["value"], shown["after"]["answered"]) == ("0.0000", 5)


def test_what_is_taken_up_again_is_told_no_more_and_measured_anew(care, owner):
    said(care, 5)
    task = made(written(care, owner))
    path = f"/v1/improvements/{task['id']}"
    made(care.brand.patch(path, {"status": "done", "done_text": "Done", "published": True}), 200)
    again = made(care.brand.patch(path, {"status": "open"}), 200)

    assert (again["published"], again["done_at"], task["before"]) == (False, None, None)
    assert made(care.store("GET", "/improvements"), 200)["items"] == []


def test_its_owner_is_reminded_on_the_day_once(care, owner, engine):
    said(care, 5)
    made(written(care, owner))
    for _ in range(5):
        care.clock.advance(days=1)
        care.sweep()

    assert len([mail for mail in news(engine) if "Shorter waiting" in mail["subject"]]) == 1


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"question_id": "nothing"}, "/question_id"),
        ({"option": "x"}, "/option"),
        ({"survey_id": "0" * 26}, "/survey_id"),
        ({"owner": "0" * 26}, "/owner"),
        ({"due_on": "2026-01-01"}, "/due_on"),
    ],
)
def test_what_cannot_be_followed_is_refused_at_its_field(care, owner, fields, pointer):
    said(care, 5)
    refused = written(care, owner, **fields)
    assert [each["pointer"] for each in refused.json["errors"]] == [pointer]


def test_another_brands_improvement_does_not_exist(care, owner, new_care):
    said(care, 5)
    task = made(written(care, owner))
    other = new_care()
    assert other.brand.get(f"/v1/improvements/{task['id']}").status == 404
    assert made(other.brand.get("/v1/improvements"), 200)["items"] == []
