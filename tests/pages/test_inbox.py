"""A member's inbox: what was told, read with a press, deleted."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.builders import Shop, made
from tests.conftest import Drain
from tests.pages.site import Seen, Visitor


@pytest.fixture
def told(shop: Shop, drain: Drain) -> str:
    """An order that the shopper was told of; its id."""
    order = made(shop.order())
    drain()
    return str(order["id"])


def unread(page: Seen) -> list[str]:
    """The subjects of the messages that wait to be read."""
    return [each.get_text() for each in page.soup.select("button.message strong")]


def opened(visitor: Visitor, page: Seen) -> Seen:
    """The first message that waits, opened with a press."""
    return visitor.send(page, " ".join(page.soup.select_one("button.message").get_text(" ").split()))


@pytest.mark.usefixtures("told")
def test_a_message_is_read_by_a_press_and_not_by_a_look(shopper: Visitor) -> None:
    page = shopper.get("/inbox")
    (subject,) = unread(page)
    address = page.soup.select_one("form:has(button.message)")["action"]
    # Looking at its page, as a browser that fetches ahead does
    assert shopper.get(str(address)).heading == subject
    assert unread(shopper.get("/inbox")) == [subject]

    message = opened(shopper, page)

    assert message.heading == subject
    assert unread(shopper.get("/inbox")) == []
    assert shopper.get("/inbox").link(subject) == address
    assert "You have read everything." in shopper.get("/inbox?unread=true").words()


def test_it_leads_to_what_it_is_about(shopper: Visitor, told: str) -> None:
    message = opened(shopper, shopper.get("/inbox"))
    assert message.link("See what it is about") == shopper.at(f"/orders/{told}")


@pytest.mark.usefixtures("told")
def test_everything_is_marked_as_read_at_once(shopper: Visitor) -> None:
    page = shopper.send(shopper.get("/inbox"), "Mark everything as read")
    assert page.words(".flash") == "Everything is marked as read."
    assert unread(page) == []


@pytest.mark.usefixtures("told")
def test_a_message_is_deleted_once(shopper: Visitor) -> None:
    message = opened(shopper, shopper.get("/inbox"))
    page = shopper.send(message, "Delete this message")

    assert page.words(".flash") == "The message is deleted."
    assert "There are no messages yet." in page.words()
    assert shopper.send(message, "Delete this message").status == 404


@pytest.mark.usefixtures("told")
def test_another_members_message_is_not_there(
    shop: Shop, shopper: Visitor, new_visitor: Callable[..., Visitor], drain: Drain
) -> None:
    address = str(shopper.get("/inbox").soup.select_one("form:has(button.message)")["action"])
    stranger = shop.member()
    made(shop.order(stranger))
    drain()
    other = new_visitor(shop).signed_in(stranger)
    token = {"_csrf": str(other.get("/inbox").soup.select_one("[name=_csrf]")["value"])}

    assert other.get(address).status == 404
    assert other.post(address, token).status == 404
    assert other.post(f"{address}/delete", token).status == 404
    assert len(unread(shopper.get("/inbox"))) == 1


@pytest.mark.usefixtures("told")
def test_whoever_is_not_signed_in_comes_back_after_signing_in(visitor: Visitor) -> None:
    answer = visitor.get("/inbox", follow=False)
    assert answer.headers["location"].endswith(f"/sign-in?next=%2Fs%2F{visitor.slug}%2Finbox")
