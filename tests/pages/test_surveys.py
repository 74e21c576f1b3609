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
    assert care.results()["answered"] == 1
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


BRANCHED = {
    "title": "Your order",
    "trigger": "pickup",
    "questions": [
        {
            "id": "overall", "kind": "score", "text": "How was it?", "required": True,
            "branches": [{"at_most": 3, "to": "wrong"}, {"to": "likely"}],
        },
        {"id": "wrong", "kind": "multiple", "text": "What was wrong?", "options": ["Late", "Torn <b>", "Cold"]},
        {"id": "likely", "kind": "nps", "text": "Would you recommend us?", "branches": [{"at_least": 9, "to": None}]},
        {"id": "missing", "kind": "text", "text": "What is missing?", "required": True},
    ],
}  # fmt: skip


@pytest.fixture
def branched_link(care: CustomerCare) -> str:
    """A survey whose answers lead on."""
    made(care.brand.post("/v1/surveys", BRANCHED))
    member = care.shop.member()
    care.collected(member)
    return f"/surveys/{care.invitation(member)}"


def test_the_page_asks_what_the_answers_lead_to_and_nothing_is_taken_before_the_end(
    care: CustomerCare, visitor: Visitor, branched_link: str
) -> None:
    first = visitor.get(branched_link)
    assert first.words("legend") == "How was it?"
    nothing = visitor.send(first, "Go on")
    assert (nothing.status, len(nothing.soup.select(".question .fault"))) == (422, 1)

    second = visitor.send(first, "Go on", **{"answers.q-overall": "3"})
    assert "What was wrong?" in second.words("legend")
    assert "Would you recommend us?" in second.words()
    third = visitor.send(
        second, "Go on",
        **{"answers.q-wrong.1": "Torn <b>", "answers.q-wrong.2": "Cold", "answers.q-likely": "4", "comment": "Alas"},
    )  # fmt: skip
    assert "What is missing?" in third.words()
    assert third.soup.select_one('[name="comment"]').get_text().strip() == "Alas"
    refused = visitor.send(third, "Send my answer")
    assert (refused.status, care.results()["answered"]) == (422, 0)
    done = visitor.send(refused, "Send my answer", **{"answers.q-missing": "Figs"})

    assert done.heading == "Thank you!"
    (answered,) = [each for each in received(care) if each["status"] == "answered"]
    assert answered["answers"] == {"overall": 3, "wrong": ["Torn <b>", "Cold"], "likely": 4, "missing": "Figs"}
    assert answered["comment"] == "Alas"


def test_whoever_is_content_is_asked_less(care: CustomerCare, visitor: Visitor, branched_link: str) -> None:
    second = visitor.send(visitor.get(branched_link), "Go on", **{"answers.q-overall": "5"})
    assert "What was wrong?" not in second.words()
    assert visitor.send(second, "Go on", **{"answers.q-likely": "10"}).heading == "Thank you!"
    (answered,) = [each for each in received(care) if each["status"] == "answered"]
    assert answered["answers"] == {"overall": 5, "likely": 10}


def test_who_goes_back_and_answers_otherwise_is_led_otherwise(
    care: CustomerCare, visitor: Visitor, branched_link: str
) -> None:
    first = visitor.get(branched_link)
    visitor.send(first, "Go on", **{"answers.q-overall": "1"})
    second = visitor.send(first, "Go on", **{"answers.q-overall": "5"})
    assert "What was wrong?" not in second.words()


def test_answers_to_what_was_never_asked_are_refused(care: CustomerCare, visitor: Visitor, branched_link: str) -> None:
    second = visitor.send(visitor.get(branched_link), "Go on", **{"answers.q-overall": "5"})
    forged = visitor.send(second, "Go on", **{"answers.q-likely": "10", "answers.q-wrong.0": "Late"})

    assert (forged.status, care.results()["answered"]) == (422, 0)


def test_a_survey_that_is_open_to_all_is_answered_by_whoever_scans_its_code(
    care: CustomerCare, visitor: Visitor
) -> None:
    survey = made(care.brand.post("/v1/surveys", FULL | {"trigger": "link"}))
    link = made(care.brand.post(f"/v1/surveys/{survey['id']}/links", {"label": "Poster"}))
    path = f"/ask/{link['url'].rpartition('/ask/')[2]}"

    refused = visitor.send(visitor.get(path), "Send my answer", **{"answers.q-q1": "4"})
    assert refused.status == 422
    done = visitor.send(refused, "Send my answer", **{"answers.q-q2": "Ada"})

    assert done.heading == "Thank you!"
    (kept,) = made(care.brand.get(f"/v1/surveys/{survey['id']}/responses"), 200)["items"]
    assert kept["answers"] == {"q1": 4, "q2": "Ada"}
    made(care.brand.patch(f"/v1/surveys/{survey['id']}/links/{link['id']}", {"status": "closed"}), 200)
    assert visitor.get(path).heading == "This survey has ended"
    assert visitor.get("/ask/x").status == 404


def test_who_answers_openly_is_asked_for_a_contact_and_told_what_is_done_without(
    care: CustomerCare, visitor: Visitor
) -> None:
    survey = made(care.brand.post("/v1/surveys", {**FULL, "trigger": "link"}))
    link = made(care.brand.post(f"/v1/surveys/{survey['id']}/links", {"label": "Gate"}))["url"]
    path = f"/ask/{link.rpartition('/ask/')[2]}"
    care.shop.member("li@people.example")
    page = visitor.get(path)
    assert "Without it we read and count your answer too, but cannot reply." in page.words("form")
    given = {"answers.q-q1": "1", "answers.q-q2": "Ada"}
    refused = visitor.send(page, "Send my answer", **given, contact="li@")
    assert refused.soup.select_one("#f-contact-fault")
    assert visitor.send(refused, "Send my answer", contact="li@people.example").heading == "Thank you!"

    (complaint,) = care.complaints()
    assert (complaint["score"], complaint["source"]) == (1, "survey_open")
