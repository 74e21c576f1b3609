"""What one of the team was told, read and deleted, and how they want to be told."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chalicelib.kernel import clock
from chalicelib.web.tokens import issue
from tests.builders import made
from tests.customer_care import CustomerCare
from tests.pages.site import Desk


@pytest.fixture
def told(care: CustomerCare) -> str:
    """The id of a complaint that became the owner's, of which they were told."""
    complaint = made(care.store("POST", "/complaints", care.shop.shopper, json={"text": "The eggs were broken"}))
    care.drain()
    return str(complaint["id"])


@pytest.fixture
def desk(care: CustomerCare, new_desk: Callable[..., Desk]) -> Desk:
    """The owner's browser at the console."""
    owner = made(care.brand.get("/v1/staff"), 200)["items"][0]
    return new_desk(care.shop).with_token(token_of(care, owner["id"]))


def token_of(care: CustomerCare, staff_id: str) -> str:
    """What somebody of the team has after signing in."""
    return issue("staff", care.id, care.shop.slug, staff_id, frozenset({"owner"}), clock.now(), 3600)


def test_nothing_was_told_yet(desk: Desk) -> None:
    assert "There are no messages yet." in desk.get("/inbox").words(".empty")


def test_a_message_is_read_leads_to_what_it_is_about_and_is_deleted(told: str, desk: Desk) -> None:
    page = desk.get("/inbox?unread=true")
    told_before = int(page.words(".chips .badge"))
    button = " ".join(page.soup.select_one("button.message").get_text(" ").split())

    page = desk.send(page, button)

    assert page.link("See what it is about").endswith(f"/console/complaints/{told}")
    left = desk.get("/inbox?unread=true")
    assert int(left.words(".chips .badge")) == told_before - 1
    page = desk.send(page, "Delete this message")
    assert page.words(".flash") == "The message is deleted."
    assert len(page.soup.select(".message")) == told_before - 1


def test_everything_is_marked_as_read(told: str, desk: Desk) -> None:
    page = desk.send(desk.get("/inbox"), "Mark everything as read")
    assert not page.soup.select(".badge.warn")
    assert page.words(".chips .badge") == "0"
    assert "You have read everything." in desk.get("/inbox?unread=true").words(".empty")


def test_to_look_at_a_message_does_not_read_it(told: str, desk: Desk) -> None:
    page = desk.get("/inbox")
    before = page.words(".chips .badge")
    action = str(page.soup.select_one("form:has(button.message)")["action"])
    assert desk.get(action).status == 200
    assert desk.get("/inbox").words(".chips .badge") == before


def test_preferences_are_kept_and_refusals_stand_beside_their_fields(desk: Desk) -> None:
    page = desk.get("/inbox/preferences")
    typed = {"quiet_hours__from": "20:00", "quiet_hours__to": "20:00", "categories__service__digest__every": "daily"}
    page = desk.send(page, "Save", **typed, timezone="Asia/Tokyo")
    assert page.status == 422
    assert page.soup.select_one("#f-timezone")["value"] == "Asia/Tokyo"
    assert page.soup.select(".fault")

    page = desk.send(page, "Save", quiet_hours__to="07:00", categories__service__digest__at="09:00")

    assert page.words(".flash") == "It is saved."
    assert page.soup.select_one("#f-quiet_hours-to")["value"] == "07:00"
    assert page.soup.select_one("#f-categories-service-digest-at")["value"] == "09:00"


def test_the_inbox_is_everybodys_of_the_team_in_their_language(
    care: CustomerCare, new_desk: Callable[..., Desk]
) -> None:
    assert new_desk(care.shop, "technical", language="zh").get("/inbox").heading == "我的消息"
