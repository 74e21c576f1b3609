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
    assert desk.get("/surveys").words("tbody .badge") == "Being sent"


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
    members = [care.shop.member() for _ in range(6)]
    care.collected(*members)
    for member, score in zip(members, (5, 2, 5, 2, 5, 2), strict=True):
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


def test_a_survey_with_branches_is_written_shown_and_changed(care: CustomerCare, desk: Desk) -> None:
    branched = WRITTEN | {
        "trigger": "complaint_closed",
        "after_days": "2",
        "questions__0__branches__1__when": "at_most",
        "questions__0__branches__1__value": "3",
        "questions__0__branches__1__to": "3",
        "questions__0__branches__2__when": "always",
        "questions__0__branches__2__to": "end",
    }
    page = desk.send(desk.get("/surveys/new"), "Send it from now on", **branched)

    (stored,) = made(care.brand.get("/v1/surveys"), 200)["items"]
    assert (stored["trigger"], stored["after_days"]) == ("complaint_closed", 2)
    assert stored["questions"][0]["branches"] == [
        {"to": "q2", "options": [], "at_least": None, "at_most": 3},
        {"to": None, "options": [], "at_least": None, "at_most": None},
    ]
    assert "After a complaint was closed · 2 days later" in page.words()
    assert "The number is at most 3 → Question 2" in page.words()
    assert "Always → end" in page.words()

    form = desk.get(page.link("Change the survey"))
    assert form.soup.select_one("#f-questions-0-branches-0-to")["value"] == "2"
    desk.send(form, "Save", questions__0__branches__1__when="")
    (changed,) = made(care.brand.get("/v1/surveys"), 200)["items"]
    assert [each["to"] for each in changed["questions"][0]["branches"]] == ["q2"]


def test_a_branch_that_leads_back_is_refused_beside_it(desk: Desk) -> None:
    back = WRITTEN | {
        "questions__2__branches__1__when": "options",
        "questions__2__branches__1__value": "Bread",
        "questions__2__branches__1__to": "1",
    }
    page = desk.send(desk.get("/surveys/new"), "Send it from now on", **back)

    assert page.status == 422
    assert "A survey goes forward only" in page.words("fieldset .fault")
    assert page.soup.select_one("#f-questions-2-branches-1-to")["value"] == "1"


def test_a_periodic_survey_says_how_often_and_to_how_many(care: CustomerCare, desk: Desk) -> None:
    form = desk.get("/surveys/new")
    refused = desk.send(form, "Send it from now on", **WRITTEN, trigger="periodic")
    assert refused.soup.select_one("#f-every-fault")

    page = desk.send(refused, "Send it from now on", **WRITTEN, trigger="periodic", every="month", sample="20")
    assert "On the first of each month · to 20% of the members" in page.words()
    (stored,) = made(care.brand.get("/v1/surveys"), 200)["items"]
    assert (stored["every"], stored["sample"], stored["after_days"]) == ("month", 20, 0)


def test_the_rules_of_asking_are_set_and_read(care: CustomerCare, desk: Desk) -> None:
    page = desk.get(desk.get("/surveys").link("How often members are asked"))
    wrong = desk.send(page, "Save", quiet_days="91")
    assert wrong.soup.select_one("#f-quiet_days-fault")
    done = desk.send(wrong, "Save", quiet_days="14")

    assert "The rules are kept." in done.words(".flash")
    assert made(care.brand.get("/v1/survey-rules"), 200) == {"quiet_days": 14}


def test_figures_of_questions_are_read_of_all_and_broken_down_and_small_groups_are_not(
    care: CustomerCare, desk: Desk
) -> None:
    made(care.brand.put("/v1/survey-rules", {"quiet_days": 0}), 200)
    members = [care.shop.member() for _ in range(6)]
    care.collected(*members)
    for member, score in zip(members, (5, 5, 4, 3, 1), strict=False):
        made(care.answer(care.invitation(member), score=score))

    page = desk.get(desk.get(f"/surveys/{care.survey_id()}").link("Figures of each question"))
    assert "5 answers · on average 3.6 (1.5–5.7) of 5 · satisfied: 60 % (23–88 %)" in page.words()
    assert "answered by 83 % (44–97 %)" in page.words()
    by_campaign = desk.get(page.link("By campaign"))
    assert "5 answers" in by_campaign.words("details summary")

    care.collected(members[5])
    last = made(care.store("GET", "/invitations", members[5]), 200)["items"][0]["token"]
    made(care.answer(last, score=1))
    hidden = desk.get(f"/surveys/{care.survey_id()}/figures?by=campaign")
    assert [each.get_text().endswith("too few to be shown") for each in hidden.soup.select("details summary")] == [
        True
    ] * 2


def test_a_survey_is_seen_as_members_do(care: CustomerCare, desk: Desk) -> None:
    page = desk.send(desk.get("/surveys/new"), "Send it from now on", **WRITTEN)
    seen = desk.get(page.link("See it as members do"))
    assert [each.get_text(" ", strip=True) for each in seen.soup.select("legend")] == [
        "1. How satisfied are you? optional", "2. What should we offer? optional",
    ]  # fmt: skip
    assert not seen.soup.select("main form")


def test_a_link_open_to_all_is_made_drawn_and_closed(care: CustomerCare, desk: Desk) -> None:
    survey = desk.send(desk.get("/surveys/new"), "Send it from now on", **WRITTEN)
    page = desk.get(survey.link("Links open to all"))
    assert "There is no link yet." in page.words()
    page = desk.send(page, "Make the link", label="At the gate")

    assert page.words("article h2") == "At the gate"
    code = desk.get(page.soup.select_one("article img")["src"].removeprefix("/console"))
    assert code.headers["content-type"].startswith("image/svg+xml")
    page = desk.send(page, "Take no more answers")
    assert "Takes no answers" in page.words("article h2")
    assert not page.soup.select("article img")


def test_sheets_are_keyed_in_one_after_the_other(care: CustomerCare, desk: Desk) -> None:
    survey = desk.send(desk.get("/surveys/new"), "Send it from now on", **WRITTEN)
    page = desk.get(survey.link("Key in answers on paper"))
    wrong = desk.send(page, "Keep it, and the next sheet", **{"answers.q-q1": "9"})
    assert (wrong.status, wrong.words(".question .fault")) == (422, "A score is a whole number from 1 to 5.")
    for score in ("4", "2"):
        page = desk.send(page, "Keep it, and the next sheet", **{"answers.q-q1": score, "comment": "Neat"})
        assert "The sheet is kept." in page.words(".flash")

    (stored,) = made(care.brand.get("/v1/surveys"), 200)["items"]
    kept = made(care.brand.get(f"/v1/surveys/{stored['id']}/responses?source=paper"), 200)["items"]
    assert [each["score"] for each in kept] == [2, 4]
    assert care.complaints() == []


def test_a_survey_is_sent_to_a_sample_in_waves(care: CustomerCare, desk: Desk) -> None:
    care.shop.member()
    survey = desk.send(desk.get("/surveys/new"), "Send it from now on", **WRITTEN)
    page = desk.get(survey.link("Send it to a sample, before and after"))
    wrong = desk.send(page, "Send it now", name="Before", sample="0")
    assert wrong.soup.select_one("#f-sample-fault")
    page = desk.send(wrong, "Send it now", sample="100")
    care.drain()

    page = desk.get(page.path.removeprefix("/console"))
    assert [each.get_text() for each in page.soup.select("tbody td")][:2] == ["Before", "100 %"]
    assert "gone out" in page.words("tbody")
    assert desk.get(page.link("Compare them")).status == 200


LIKELY = {"title": "Ours", "trigger": "link", "questions": [{"id": "q1", "kind": "nps", "text": "Recommend us?"}]}


def test_a_low_answer_on_paper_is_a_complaint_with_the_answer_or_told_apart(care: CustomerCare, desk: Desk) -> None:
    care.shop.member("li@people.example")
    survey = made(care.brand.post("/v1/surveys", LIKELY))
    page = desk.get(f"/surveys/{survey['id']}/paper")
    refused = desk.send(page, "Keep it, and the next sheet", **{"answers.q-q1": "2", "contact": "12"})
    assert refused.soup.select_one("#f-contact-fault")
    page = desk.send(refused, "Keep it, and the next sheet", contact="li@people.example")
    desk.send(page, "Keep it, and the next sheet", **{"answers.q-q1": "1"})
    desk.send(page, "Keep it, and the next sheet", **{"answers.q-q1": "9"})

    low = desk.get(f"/surveys/{survey['id']}/answers?source=paper&low=1")
    assert len(low.soup.select("article")) == 2
    assert "They left no phone or e-mail, so no complaint could be opened." in low.words()
    (opened,) = care.complaints()
    assert low.soup.select_one(f'article a[href$="/complaints/{opened["id"]}"]')
    complaint = desk.get(f"/complaints/{opened['id']}")
    assert complaint.words("section[aria-labelledby=survey] dl") == "Recommend us? 2"
    assert "By a survey on paper" in complaint.words()


def test_the_survey_says_which_recommendation_opens_a_complaint(care: CustomerCare, desk: Desk) -> None:
    survey = made(care.brand.post("/v1/surveys", LIKELY))
    page = desk.get(f"/surveys/{survey['id']}")
    assert "A recommendation of 6 or less opens a complaint." in page.words()
    page = desk.send(desk.get(page.link("Change the survey")), "Save", low_nps="0")
    assert "A recommendation of 0 or less opens a complaint." in page.words()
    page = desk.send(desk.get(page.link("Change the survey")), "Save", low_nps="never")
    assert "opens a complaint." not in page.words()
