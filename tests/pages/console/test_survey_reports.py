"""The team looks at what a survey came to, publishes it, and takes it back; neighbours read it in their language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.builders import made
from tests.customer_care import CustomerCare
from tests.pages.site import Desk, Visitor

SURVEY = {
    "title": "Our market", "trigger": "link",
    "questions": [
        {"id": "overall", "kind": "score", "text": "Satisfied?"},
        {"id": "heard", "kind": "choice", "text": "How did you hear of us?",
         "options": ["Poster", "Neighbour", "Radio"]},
        {"id": "likely", "kind": "nps", "text": "Would you recommend us?"},
        {"id": "why", "kind": "text", "text": "Why?"},
    ],
}  # fmt: skip


@pytest.fixture
def survey(care: CustomerCare) -> Any:
    """A survey whose sheets are keyed in: seven were content, three heard of it on the radio."""
    survey = made(care.brand.post("/v1/surveys", SURVEY))
    for number in range(12):
        heard = "Poster" if number < 9 else "Radio"
        answers = [
            {"question_id": "overall", "value": 5 if number < 7 else 3},
            {"question_id": "heard", "value": heard},
        ]
        sheet, headers = {"answers": answers}, {"Idempotency-Key": f"sheet-{number}"}
        made(care.brand.post(f"/v1/surveys/{survey['id']}/paper-answers", sheet, headers=headers))
    return survey


def test_a_survey_goes_from_the_preview_into_the_shop_and_out_of_it(
    care: CustomerCare, survey: Any, new_desk: Callable[..., Desk], new_visitor: Callable[..., Visitor]
) -> None:
    desk, visitor = new_desk(care.shop), new_visitor(care.shop)
    page = desk.get(desk.get(f"/surveys/{survey['id']}").link("Tell neighbours what it came to"))
    assert "Why?" not in page.words("form")
    typed = {"texts.zh.title": "大家怎么说", "texts.zh.text": "谢谢大家。"}
    refused = desk.send(page, "Look at it first")
    assert refused.status == 422
    page = desk.send(refused, "Look at it first", **typed)

    assert page.heading == "大家怎么说 not published"
    assert "4.2 of 5 on average" in page.words()
    assert "Poster · Radio" in page.words()
    assert "Fewer than five answered this question" in page.words()
    assert "大家怎么说" not in visitor.get("/you-said").words()

    page = desk.send(page, "Publish it in the shop")
    assert page.heading == "大家怎么说 told of in the shop"
    shown = visitor.get(visitor.get("/you-said").link("大家怎么说"))
    assert shown.heading == "大家怎么说"
    assert "12 people answered" in shown.words()
    assert "5 / 5 58 % (7)" in shown.words("ul.published")
    visitor.language = "zh"
    assert "共 12 人回答" in visitor.get(visitor.get("/survey-reports").link("大家怎么说")).words()

    page = desk.send(page, "Take it out of the shop")
    assert page.heading == "大家怎么说 out of the shop again"
    assert visitor.get("/survey-reports").soup.find("a", string="大家怎么说") is None
    page = desk.send(page, "Save", **{"texts.en.title": "What you said", "texts.en.text": "Thank you."})
    assert page.heading == "What you said out of the shop again"
    assert "published a report of a survey" in desk.get("/audit").words()


def test_what_tells_of_too_few_is_not_published(care: CustomerCare, survey: Any, new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(care.shop)
    typed = {"texts.en.title": "Of a poster", "texts.en.text": "Thank you.", "take.q-overall": "false",
             "take.q-heard": "false"}  # fmt: skip
    page = desk.send(desk.get(f"/survey-reports/new?survey={survey['id']}"), "Look at it first", **typed)
    page = desk.send(page, "Publish it in the shop")

    assert page.status == 409
    assert "Fewer than five have answered any of the questions" in page.words()
