"""The team writes surveys, and reads what came of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.builders import made
from tests.customer_care import CustomerCare
from tests.pages.site import Desk

WRITTEN = {
    "title": "How was it?",
    "questions__0__text": "How satisfied are you?",
    "questions__0__kind": "score",
    "questions__2__text": "What should we offer?",
    "questions__2__kind": "choice",
    "questions__2__options": "Fruit\nBread\n",
}


@pytest.fixture
def desk(care: CustomerCare, new_desk: Callable[..., Desk]) -> Desk:
    """A browser at the console of a shop whose members collect what they ordered."""
    return new_desk(care.shop)


def test_a_survey_is_written_and_is_the_one_that_is_sent(care: CustomerCare, desk: Desk) -> None:
    empty = desk.get("/surveys")
    page = desk.send(desk.get(empty.link("Write a survey")), "Send it from now on", **WRITTEN)

    assert page.heading == "How was it? In use"
    (stored,) = made(care.brand.get("/v1/surveys"), 200)["items"]
    assert [(each["kind"], each["options"]) for each in stored["questions"]] == [
        ("score", []), ("choice", ["Fruit", "Bread"]),
    ]  # fmt: skip
    assert desk.get("/surveys").words("tbody .badge") == "Sent after each pickup"


def test_a_fault_stands_beside_its_question_with_the_input(desk: Desk) -> None:
    one_option = WRITTEN | {"questions__2__options": "Fruit"}

    page = desk.send(desk.get("/surveys/new?places=5"), "Send it from now on", **one_option)

    assert page.status == 422
    assert page.words("#f-questions-2-options-fault") == "A choice needs at least two different options."
    assert page.soup.select_one("#f-questions-0-text")["value"] == "How satisfied are you?"
    page = desk.send(page, "Send it from now on", questions__2__options="Fruit\nBread", title="")
    assert page.soup.select_one("#f-title-fault")


def test_there_is_room_for_more_questions(desk: Desk) -> None:
    page = desk.get("/surveys/new")
    more = desk.get(page.link("Room for more questions"))
    assert [len(each.soup.select("form fieldset")) for each in (page, more)] == [4, 8]


def test_figures_and_answers_are_read(care: CustomerCare, desk: Desk) -> None:
    members = [care.shop.member() for _ in range(2)]
    care.collected(*members)
    for member, score in zip(members, (5, 2), strict=True):
        made(care.answer(care.invitation(member), score=score, comment=f"I give {score}"))
    page = desk.get(f"/surveys/{care.survey_id()}")

    assert page.words(".tile strong") == "50 %"
    bars = [each["value"] for each in page.soup.select(".bars progress")]
    assert bars == ["50", "0", "0", "50", "0"]
    answers = desk.get(page.link("Read the answers"))
    assert "I give 5" in answers.words()
    assert answers.link("Complaint")


def test_a_survey_is_changed_archived_and_taken_back(care: CustomerCare, desk: Desk) -> None:
    page = desk.send(desk.get("/surveys/new"), "Send it from now on", **WRITTEN)
    page = desk.send(desk.get(page.link("Change the survey")), "Save", questions__2__text="", questions__1__text="Why?",
                     questions__1__kind="text")  # fmt: skip
    assert "It is saved." in page.words(".flash")
    (stored,) = made(care.brand.get("/v1/surveys"), 200)["items"]
    assert [each["text"] for each in stored["questions"]] == ["How satisfied are you?", "Why?"]

    page = desk.send(page, "Put it into the archive")
    assert page.heading == "How was it? Archived"
    page = desk.send(page, "Send it again")
    assert page.words(".flash") == "The survey is in use again."


def test_a_role_that_reads_writes_nothing(care: CustomerCare, desk: Desk, new_desk: Any) -> None:
    page = desk.send(desk.get("/surveys/new"), "Send it from now on", **WRITTEN)
    analyst = new_desk(care.shop, "analyst")
    assert not analyst.get(page.path).soup.select("main form")
    assert analyst.get("/surveys/new").status == 403
    assert new_desk(care.shop, "editor").get("/surveys").status == 403
    assert new_desk(care.shop, language="zh").get("/surveys").heading == "问卷"
