"""What members ask, suggest and say of goods reaches the brand's programs: what it comes to, and nobody's words."""

from __future__ import annotations

from typing import Any

import pytest

from tests.broadcasts.conftest import Programs
from tests.builders import made
from tests.customer_care import CustomerCare
from tests.reviews.shop import Reviews
from tests.reviews.test_reviews import uploaded

WORDS = "Call Aunt Fang on 13800138000"


@pytest.fixture
def told(care: CustomerCare, programs: Programs) -> Any:
    """What is told of an entity once all has been worked off: its events and its state, without anybody's words."""

    def events(name: str) -> tuple[list[str], Any]:
        care.drain()
        all_told = str(programs.told[care.id])
        assert [each for each in ("Aunt Fang", "13800138000", care.shop.shopper.email) if each in all_told] == []
        types = [each for each in programs.types(care.id) if each.startswith(f"{name}.")]
        (state,) = [state for (_, place, _), (_, state) in programs.states.items() if place == name]
        return types, state

    return events


def test_reviews_are_told_of_until_they_are_deleted(care: CustomerCare, told: Any) -> None:
    reviews = Reviews(care)
    mine = reviews.written(reviews.bought(), rating=2, text=WORDS, photos=[uploaded(reviews)])
    made(reviews.act(mine, "reply", {"text": WORDS}), 200)
    made(reviews.act(mine, "hide", {"reason": WORDS}), 200)

    types, state = told("review")
    assert types == ["review.written", "review.replied", "review.hidden"]
    assert (state["status"], state["rating"], state["text"], state["photos"]) == ("hidden", 2, None, [])
    assert (state["hidden_reason"], state["reply"]["text"], state["reply"]["at"] is None) == (None, None, False)
    assert state["member_id"] == care.shop.shopper.id

    made(reviews.act(mine, "show"), 200)
    made(reviews.put(mine, rating=3, text=WORDS), 200)
    made(reviews.delete(mine), 204)
    types, state = told("review")
    assert types[3:] == ["review.shown", "review.edited", "review.deleted"]
    assert state["status"] == "deleted"


def test_suggestions_are_told_of_with_what_became_of_them(care: CustomerCare, told: Any) -> None:
    headers, body = {"Idempotency-Key": "s"}, {"text": WORDS}
    mine = made(care.store("POST", "/suggestions", care.shop.shopper, json=body, headers=headers))
    path = f"/v1/suggestions/{mine['id']}"
    made(care.brand.patch(path, {"note": WORDS, "value": "high"}), 200)
    wanted = {"plan": WORDS, "done_by": "2030-06-30", "reward": {"points": 5}}
    made(care.brand.post(f"{path}/adopt", wanted), 200)

    types, state = told("suggestion")
    assert types == ["suggestion.opened", "suggestion.decided"]
    assert (state["status"], state["value"], state["reward"]["points"]) == ("adopted", "high", 5)
    assert (state["text"], state["plan"], state["done_by"]) == (None, None, "2030-06-30")
    assert [each["type"] for each in state["history"]] == ["opened", "changed", "note", "adopted"]


def test_enquiries_are_told_of_from_the_question_to_the_end(care: CustomerCare, told: Any) -> None:
    headers, who = {"Idempotency-Key": "e"}, care.shop.shopper
    mine = made(care.store("POST", "/enquiries", who, json={"text": WORDS}, headers=headers))
    care.drain()
    path = f"/v1/enquiries/{mine['id']}"
    made(care.brand.post(f"{path}/messages", {"text": WORDS}, headers=headers))
    made(
        care.store(
            "POST", f"/enquiries/{mine['id']}/messages", who, json={"text": WORDS}, headers={"Idempotency-Key": "m"}
        )
    )
    made(care.brand.post(f"{path}/close", {}), 200)

    types, state = told("enquiry")
    assert types == [f"enquiry.{each}" for each in ("opened", "handed_over", "told", "replied", "closed")]
    assert (state["status"], state["closed_by"], state["text"]) == ("closed", "team", None)
    assert {each["text"] for each in state["messages"]} == {None}
