"""A survey on its page, from the link in the message to the thanks."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from infra.local.engine import Engine
from tests.builders import made
from tests.customer_care import CustomerCare
from tests.letters import news
from tests.pages.site import Visitor

FULL = {
    "title": "Your order",
    "trigger": "pickup",
    "questions": [
        {"kind": "score", "text": "How fresh was it?", "required": True},
        {"kind": "choice", "text": "Who handed it over?", "options": ["Ada", "Bo <b>"], "required": True},
        {"kind": "text", "text": "What else should we offer?"},
    ],
}


@pytest.fixture
def visitor(care: CustomerCare, new_visitor: Callable[..., Visitor]) -> Visitor:
    """A browser at the shop that nobody is signed in with."""
    return new_visitor(care.shop)


@pytest.fixture
def link(care: CustomerCare) -> str:
    """The page of an invitation that waits for its answer."""
    member = care.shop.member()
    care.collected(member)
    return f"/surveys/{care.invitation(member)}"


@pytest.fixture
def full_link(care: CustomerCare) -> str:
    """The same, of a survey with questions of every kind."""
    made(care.brand.post("/v1/surveys", FULL))
    member = care.shop.member()
    care.collected(member)
    return f"/surveys/{care.invitation(member)}"


@pytest.mark.usefixtures("noon")
def test_the_link_in_the_message_leads_to_the_page(care: CustomerCare, visitor: Visitor, engine: Engine) -> None:
    care.collected(care.shop.member("li@people.example"))
    (mail,) = [mail for mail in news(engine) if mail["to"] == "li@people.example"]
    _, _, path = mail["text"].partition(f"/s/{care.shop.slug}")

    assert visitor.get(path.split()[0]).heading == "How was your order?"


def test_the_built_in_survey_is_read_in_the_readers_language_and_a_brands_own_as_it_was_written(
    visitor: Visitor, link: str, full_link: str
) -> None:
    visitor.language = "zh"
    built_in, own = visitor.get(link), visitor.get(full_link)

    assert (built_in.heading, own.heading) == ("取货满意度", "Your order")
    assert "您对这次团购满意吗？" in built_in.words("legend")
    assert "How fresh was it?" in own.words()


def test_it_takes_one_answer_without_signing_in_and_says_thank_you(
    care: CustomerCare, visitor: Visitor, link: str
) -> None:
    page = visitor.get(link)
    first = visitor.send(page, "Send my answer", **{"answers.q-score": "5", "comment": "很好"})
    # A double tap, and somebody who goes back and answers once more
    again = visitor.send(page, "Send my answer", **{"answers.q-score": "1"})

    assert first.heading == again.heading == visitor.get(link).heading == "Thank you!"
    assert (care.results()["answered"], care.results()["average"]) == (1, "5.0000")
    assert care.complaints() == []


def test_whoever_is_not_satisfied_is_told_that_somebody_sees_to_it(
    care: CustomerCare, visitor: Visitor, link: str
) -> None:
    page = visitor.send(visitor.get(link), "Send my answer", **{"answers.q-score": "2"})

    (complaint,) = care.complaints()
    assert "Somebody of our team takes care of it" in page.words()
    assert page.link("See what becomes of it").endswith(f"/complaints/{complaint['id']}")


def test_opening_it_as_a_mail_scanner_does_changes_nothing(care: CustomerCare, visitor: Visitor, link: str) -> None:
    for _ in range(3):
        assert visitor.get(link).status == 200
    assert care.results()["answered"] == 0


def test_what_is_missing_is_said_and_what_was_written_is_kept(
    care: CustomerCare, visitor: Visitor, full_link: str
) -> None:
    page = visitor.get(full_link)
    page = visitor.send(page, "Send my answer", **{"answers.q-q3": "Figs", "comment": "Good", "answers.q-q2": "Cy"})

    assert page.status == 422
    assert [each.get_text() for each in page.soup.select(".question .fault")] == [
        "The question “How fresh was it?” needs an answer.",
        "Choose one of: Ada, Bo <b>.",
    ]
    assert page.soup.select_one('[name="answers.q-q3"]').get_text().strip() == "Figs"
    assert page.soup.select_one('[name="comment"]').get_text().strip() == "Good"
    assert care.results()["answered"] == 0

    done = visitor.send(page, "Send my answer", **{"answers.q-q1": "4", "answers.q-q2": "Bo <b>"})
    assert done.heading == "Thank you!"
    (answered,) = [each for each in received(care) if each["status"] == "answered"]
    assert answered["answers"] == {"q1": 4, "q2": "Bo <b>", "q3": "Figs"}


@pytest.mark.parametrize("typed", ["0", "6", "4.5", "-1", "５", "five"])
def test_a_score_that_is_none_is_refused_beside_its_question(visitor: Visitor, link: str, typed: str) -> None:
    page = visitor.send(visitor.get(link), "Send my answer", **{"answers.q-score": typed})
    assert page.status == 422
    assert page.words(".question .fault") == "A score is a whole number from 1 to 5."


def test_one_that_has_ended_says_so(care: CustomerCare, visitor: Visitor, link: str) -> None:
    page = visitor.get(link)
    care.clock.advance(days=30)

    assert visitor.get(link).heading == "This survey has ended"
    refused = visitor.send(page, "Send my answer", **{"answers.q-score": "5"})
    assert (refused.status, refused.heading) == (409, "This survey has ended")
    assert care.results()["answered"] == 0


def test_a_guessed_link_leads_nowhere(visitor: Visitor, link: str) -> None:
    assert visitor.get(link[:-1] + ("A" if link[-1] != "A" else "B")).status == 404
    assert visitor.get("/surveys/x").status == 404


def test_it_is_read_in_chinese(care: CustomerCare, new_visitor: Callable[..., Visitor], link: str) -> None:
    page = new_visitor(care.shop, language="zh").get(link)
    assert page.soup.select_one("html")["lang"] == "zh-CN"
    assert page.words(".stay button") == "提交"


def received(care: CustomerCare) -> list[dict[str, object]]:
    """A survey's invitations with their answers."""
    found: list[dict[str, object]] = made(care.brand.get(f"/v1/surveys/{care.survey_id()}/invitations"), 200)["items"]
    return found
