"""Complaining on a page, and following what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.builders import made
from tests.customer_care import CustomerCare
from tests.pages.site import Seen, Visitor
from tests.pictures import jpeg
from tests.uploads import send

JPEG = jpeg()


@pytest.fixture
def shopper(care: CustomerCare, new_visitor: Callable[..., Visitor]) -> Visitor:
    """A browser that the shop's shopper is signed in with."""
    return new_visitor(care.shop).signed_in(care.shop.shopper)


@pytest.fixture
def order(care: CustomerCare) -> Any:
    """An order of the shopper."""
    return made(care.shop.order())


def complain(shopper: Visitor, order: Any, **typed: Any) -> Seen:
    """The page after a complaint was sent."""
    page = shopper.get(f"/orders/{order['id']}/complaint")
    return shopper.send(page, "Send my complaint", **{"about": "quality", "text": "The figs were mouldy"} | typed)


def test_a_complaint_is_sent_and_followed_to_its_outcome(care: CustomerCare, shopper: Visitor, order: Any) -> None:
    page = complain(shopper, order)

    assert page.words(".flash") == "We have your complaint."
    assert page.heading == "Your complaint waits for an answer"
    assert "Somebody of the team of" in page.words()
    assert "You hear from us by" in page.words()
    (complaint,) = care.complaints()
    assert (complaint["category"], complaint["order_id"]) == ("quality", order["id"])

    made(care.brand.patch(f"/v1/complaints/{complaint['id']}", {"status": "in_progress", "note": "Call Bo"}), 200)
    page = shopper.get(page.path)
    assert "It is to be settled by" in page.words()
    assert "Call Bo" not in page.text
    made(care.brand.post(f"/v1/complaints/{complaint['id']}/resolve", {"outcome": "New figs", "remedy": "¥5"}), 200)
    page = shopper.get(page.path)
    assert page.words("[aria-labelledby=outcome]") == "What came of it New figs To make it good: ¥5"
    assert "The goods are not good answered" in shopper.get("/complaints").words("main .card")


def test_a_form_sent_twice_opens_one_complaint_and_never_swallows_other_words(
    care: CustomerCare, shopper: Visitor, order: Any
) -> None:
    page = shopper.get(f"/orders/{order['id']}/complaint")
    first, second = (shopper.send(page, "Send my complaint", about="pickup", text="Closed") for _ in range(2))
    other = shopper.send(page, "Send my complaint", about="pickup", text="Closed, and nobody answered")

    assert first.path == second.path
    assert other.status == 422
    assert other.soup.select_one("#f-text").get_text().strip() == "Closed, and nobody answered"
    assert len(care.complaints()) == 1
    assert "What you send now would be a second one." in other.words(".refusal")
    shopper.send(other, "Send my complaint")
    assert len(care.complaints()) == 2


@pytest.mark.parametrize(("first", "then"), [("service", "leader"), ("leader", "service"), ("quality", "pickup")])
def test_another_choice_under_the_same_words_is_not_swallowed_either(
    care: CustomerCare, shopper: Visitor, order: Any, first: str, then: str
) -> None:
    """What is about the leader keeps their commission back: to say that it has arrived would be untrue."""
    page = shopper.get(f"/orders/{order['id']}/complaint")
    shopper.send(page, "Send my complaint", about=first, text="Nobody was there")

    other = shopper.send(page, "Send my complaint", about=then, text="Nobody was there")

    assert other.status == 422
    assert len(care.complaints()) == 1


def test_one_about_the_leader_names_the_leader_as_its_cause(care: CustomerCare, shopper: Visitor, order: Any) -> None:
    complain(shopper, order, about="leader")
    (complaint,) = care.complaints()
    assert (complaint["category"], complaint["cause"]) == ("service", "leader")


def test_one_that_waits_too_long_says_sorry(care: CustomerCare, shopper: Visitor, order: Any) -> None:
    page = complain(shopper, order)
    care.clock.advance(days=3)
    care.sweep()
    care.drain()
    page = shopper.get(page.path)
    assert "are sorry" in page.words(".note")
    assert "given to somebody above" in page.words("[aria-labelledby=history]")


@pytest.mark.parametrize(("typed", "field"), [({"text": " "}, "#f-text-fault"), ({"about": "weather"}, "#about-fault")])
def test_what_is_wrong_stands_beside_its_field_and_the_rest_is_kept(
    care: CustomerCare, shopper: Visitor, order: Any, typed: dict[str, str], field: str
) -> None:
    page = complain(shopper, order, **typed)
    assert page.status == 422
    assert page.words(field)
    assert ("The figs were mouldy" in page.words("#f-text")) == ("text" not in typed)
    assert care.complaints() == []


def test_another_members_order_and_complaint_are_not_there(
    care: CustomerCare, shopper: Visitor, order: Any, new_visitor: Callable[..., Visitor]
) -> None:
    page = complain(shopper, order)
    stranger = care.shop.member()
    own = made(care.shop.order(stranger))
    other = new_visitor(care.shop).signed_in(stranger)
    token = str(other.get(f"/orders/{own['id']}/complaint").soup.select_one("[name=_csrf]")["value"])

    assert other.get(page.path).status == 404
    assert other.get(f"/orders/{order['id']}/complaint").status == 404
    assert other.post(f"/orders/{order['id']}/complaint", {"_csrf": token, "text": "Mine now"}).status == 404
    assert len(care.complaints()) == 1


def test_it_is_read_in_chinese(shopper: Visitor, order: Any) -> None:
    shopper.language = "zh"
    assert shopper.get(f"/orders/{order['id']}/complaint").heading == "投诉与反馈"
    assert "您还没有投诉" in shopper.get("/complaints").words()


def test_a_question_is_answered_on_the_page_and_a_settled_matter_taken_up_again(
    care: CustomerCare, shopper: Visitor, order: Any
) -> None:
    page = complain(shopper, order)
    (complaint,) = care.complaints()
    path = f"/v1/complaints/{complaint['id']}"
    made(care.brand.post(f"{path}/messages", {"text": "Which figs?"}, headers={"Idempotency-Key": "q"}))
    page = shopper.get(page.path)
    assert "wait for your answer" in page.words(".note")
    assert "We asked you: Which figs?" in page.words()

    page = shopper.send(page, "Send", text="The black ones")
    assert page.words(".flash") == "We have your message."
    assert "You wrote: The black ones" in page.words()
    assert made(care.brand.get(path), 200)["waiting_for"] is None

    made(care.brand.post(f"{path}/resolve", {"outcome": "New figs"}), 200)
    page = shopper.send(shopper.get(page.path), "Send", text="They did not come")
    assert "It was opened again." in page.words()
    made(care.brand.post(f"{path}/resolve", {"outcome": "New figs"}), 200)
    care.clock.advance(days=15)
    assert "Write to us about it" not in shopper.get(page.path).words()


def test_the_answer_is_accepted_or_comes_back_with_what_is_missing(
    care: CustomerCare, shopper: Visitor, order: Any
) -> None:
    page = complain(shopper, order)
    (complaint,) = care.complaints()
    resolve = f"/v1/complaints/{complaint['id']}/resolve"
    made(care.brand.post(resolve, {"outcome": "Sorry", "remedy": {"kind": "points", "points": 20}}), 200)

    page = shopper.get(page.path)
    assert "To make it good: points 20 done" in page.words("[aria-labelledby=outcome]")
    page = shopper.send(page, "It is not settled", verdict="rejected", comment="The figs are still mouldy")
    assert page.words(".flash") == "We look at it again."
    assert "You said that it is not settled: The figs are still mouldy" in page.words("[aria-labelledby=history]")
    assert not page.soup.select("[name=verdict]")

    made(care.brand.post(resolve, {"outcome": "New figs"}), 200)
    page = shopper.send(shopper.get(page.path), "Yes, it is settled", verdict="accepted")
    assert "We are glad" in page.words(".flash")
    assert "You said that it is settled." in page.words()
    assert (care.complaints()[0]["status"], care.complaints()[0]["verdict"]["verdict"]) == ("resolved", "accepted")


def test_photos_stand_beside_what_was_said(care: CustomerCare, shopper: Visitor, order: Any) -> None:
    body = {"content_type": "image/jpeg", "size": len(JPEG)}
    forms = [made(care.store("POST", "/uploads", care.shop.shopper, json=body)) for _ in range(2)]
    for form in forms:
        assert send(form, JPEG) == 204
    page = complain(shopper, order, **{"photos.0": forms[0]["id"]})
    assert len(page.soup.select("[aria-labelledby=said] img")) == 1
    page = shopper.send(page, "Send", text="And here", **{"photos.0": forms[1]["id"]})
    assert len(page.soup.select("[aria-labelledby=history] img")) == 1

    again = shopper.get(f"/orders/{order['id']}/complaint")
    refused = shopper.send(again, "Send my complaint", about="quality", text="x", **{"photos.0": order["id"]})
    assert "no such photo" in refused.words(".photos .fault")


def test_what_exactly_is_wrong_is_chosen_in_words(care: CustomerCare, shopper: Visitor, order: Any) -> None:
    made(care.brand.put("/v1/complaint-causes/late", {"paused": True}), 200)
    page = shopper.get(f"/orders/{order['id']}/complaint")
    groups = {each["label"]: each.get_text(" ", strip=True) for each in page.soup.select("#f-cause optgroup")}
    assert "Spoiled or past its date" in groups["The goods are not good"]
    assert "Too late" not in groups["Collecting them did not work"]
    assert "leader" not in groups["How I was treated"], "that is chosen above"

    page = complain(shopper, order, about="quality", cause="refund_late")

    (complaint,) = care.complaints()
    assert (complaint["category"], complaint["cause"]) == ("payment", "refund_late")
    assert "Something with the money · The refund has not come" in page.words()
    complain(shopper, order, about="leader", cause="rude", text="Rude")
    assert care.complaints()[0]["cause"] == "leader", "the commission waits, whatever else is chosen"


def test_a_verdict_from_a_page_that_is_old_is_refused_and_shows_the_newer_answer(
    care: CustomerCare, shopper: Visitor, order: Any
) -> None:
    page = complain(shopper, order)
    (complaint,) = care.complaints()
    path = f"/v1/complaints/{complaint['id']}"
    made(care.brand.post(f"{path}/resolve", {"outcome": "New figs"}), 200)
    old = shopper.get(page.path)
    made(care.brand.post(f"{path}/reopen", {"reason": "There is more"}), 200)
    made(care.brand.post(f"{path}/resolve", {"outcome": "And a coupon"}), 200)

    refused = shopper.send(old, "It is not settled", comment="No figs")

    assert refused.status == 409
    assert "There is a newer answer" in refused.words(".refusal")
    assert "And a coupon" in refused.words("[aria-labelledby=outcome]")
    assert made(care.brand.get(path), 200)["status"] == "resolved"
    assert shopper.send(refused, "Yes, it is settled").words(".flash").startswith("Thank you")
