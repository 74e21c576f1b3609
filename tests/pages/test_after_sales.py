"""Asking on a page to return what was collected, with photos, and following what becomes of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.aftersales.conftest import JPEG, Returns, fetched
from tests.builders import made
from tests.customer_care import CustomerCare
from tests.pages.site import Seen, Visitor
from tests.reversals.shop import Lowered
from tests.uploads import send


@pytest.fixture
def returns(care: CustomerCare) -> Returns:
    """A brand whose orders come back, and are paid back when that is approved."""
    brand = Returns(care)
    brand.pay_on_approval()
    return brand


@pytest.fixture
def shopper(care: CustomerCare, new_visitor: Callable[..., Visitor]) -> Visitor:
    """A browser that the shop's shopper is signed in with."""
    return new_visitor(care.shop).signed_in(care.shop.shopper)


def ask(shopper: Visitor, order: Any, units: Any = 1, **typed: Any) -> Seen:
    """The page after a request was sent."""
    page = shopper.get(f"/orders/{order['id']}/after-sale")
    given = {f"units.{order['lines'][0]['offer_id']}": units, "kind": "return", "reason": "Two are rotten"} | typed
    return shopper.send(page, "Send my request", **given)


def uploaded(shopper: Visitor, order: Any, content: bytes = JPEG, content_type: str = "image/jpeg") -> str:
    """A photo sent as the script of the page does; its id."""
    page = shopper.get(f"/orders/{order['id']}/after-sale")
    token = page.soup.select_one("#ask [name=_csrf]")["value"]
    path = page.soup.select_one(".photos")["data-send"]
    answer = shopper.post(str(path), {"_csrf": token, "content_type": content_type, "size": str(len(content))})
    form = json.loads(answer.text)
    assert send(form, content) == 204
    return str(form["id"])


def test_a_request_is_sent_and_followed_to_the_money(returns: Returns, shopper: Visitor) -> None:
    order = returns.collected()

    page = ask(shopper, order, 2)

    assert page.words(".flash") == "We have your request."
    assert page.heading == "Return waits for an answer"
    assert "Two are rotten" in page.words()
    case = {"id": page.path.rpartition("/")[2]}
    made(returns.decide(case, reason="We are sorry"), 200)
    returns.care.drain()
    page = shopper.get(f"/after-sales/{case['id']}")
    assert page.heading == "Return approved"
    assert "We are sorry" in page.words()
    assert page.words("[aria-labelledby=money] .price") == "CN¥18.00"
    assert page.words("[aria-labelledby=history]").startswith("What happened so far You sent the request.")
    assert "Return approved" in shopper.get("/after-sales").words(".card h2")


def test_who_keeps_a_gift_sees_before_what_that_costs(care: CustomerCare, shopper: Visitor) -> None:
    lowered = Lowered(care)
    order, (pears, cups) = lowered.with_a_gift(), lowered.offers
    page = shopper.get(f"/orders/{order['id']}/after-sale")
    assert "× 1 with this order. If you return what it came with and keep the gift" in page.words(".note")

    typed = {f"units.{pears}": 2, "kind": "return", "reason": "Rotten & old"}
    page = shopper.send(page, "Send my request", **typed)
    assert (page.status, page.heading) == (200, "What you get back")
    assert "The gift stays with you −CN¥30.00 You get back CN¥70.00" in page.words("dl")
    assert "If you bring the gift too, you get back CN¥100.00." in page.words(".note")
    assert not shopper.get("/after-sales").soup.select("main .card")

    again = shopper.send(page, "Change it: I bring the gift too")
    assert (again.status, again.soup.select(".refusal"), again.words("#f-reason")) == (200, [], "Rotten & old")
    both = shopper.send(again, "Send my request", **{f"units.{cups}": 1})
    assert both.words(".flash") == "We have your request."
    shopper.send(both, "Withdraw the request")

    page = shopper.send(shopper.get(f"/orders/{order['id']}/after-sale"), "Send my request", **typed)
    page = shopper.send(page, "Keep the gift, and send my request")
    assert page.words(".flash") == "We have your request."
    made(lowered.decide({"id": page.path.rpartition("/")[2]}), 200)
    shown = shopper.get(page.path).words("[aria-labelledby=money]")
    assert shown.startswith("Money that goes back In all CN¥70.00 Taken off, since the gift stays with you CN¥30.00")


def test_a_form_sent_twice_opens_one_case(returns: Returns, shopper: Visitor) -> None:
    order = returns.collected()
    page = shopper.get(f"/orders/{order['id']}/after-sale")
    typed = {f"units.{order['lines'][0]['offer_id']}": 1, "kind": "return", "reason": "Rotten"}

    first, second = (shopper.send(page, "Send my request", **typed) for _ in range(2))

    assert first.path == second.path
    assert len(shopper.get("/after-sales").soup.select("main .card")) == 1


def test_one_that_was_changed_after_it_was_sent_says_so_and_can_be_sent(returns: Returns, shopper: Visitor) -> None:
    """Back, one unit more: what the first said stays said, and nobody has to know what a key is."""
    order = returns.collected()
    page = shopper.get(f"/orders/{order['id']}/after-sale")
    typed = {f"units.{order['lines'][0]['offer_id']}": 1, "kind": "return"}
    shopper.send(page, "Send my request", **typed, reason="Rotten")

    page = shopper.send(page, "Send my request", **typed, reason="Another is rotten, too")

    assert (page.status, page.words("#f-reason")) == (422, "Another is rotten, too")
    assert page.words(".refusal") == (
        "You have sent this already You have changed it since. What you send now would be a second one."
    )
    assert shopper.send(page, "Send my request").words(".flash") == "We have your request."
    assert len(shopper.get("/after-sales").soup.select("main .card")) == 2


def test_only_what_is_offered_can_be_chosen_and_until_when_is_said(
    returns: Returns, shopper: Visitor, care: CustomerCare
) -> None:
    order = returns.collected()
    page = shopper.get(f"/orders/{order['id']}/after-sale")
    assert [each["value"] for each in page.soup.select("[name=kind]")] == ["return", "exchange"]
    assert all("until" in each.get_text() for each in page.soup.select(".choice"))

    care.clock.advance(days=8)
    page = shopper.get(f"/orders/{order['id']}/after-sale")
    assert [each["value"] for each in page.soup.select("[name=kind]")] == ["exchange"]

    # The form that was open since before is refused, and what was written is still there
    late = ask(shopper, order, kind="return")
    assert late.status == 409
    assert "that ended at" in late.words(".units .fault")
    assert late.soup.select_one("#f-reason").get_text().strip() == "Two are rotten"

    care.clock.advance(days=8)
    page = shopper.get(f"/orders/{order['id']}/after-sale")
    assert page.soup.select_one("#ask") is None
    assert "could be returned or exchanged until" in page.words()


def test_nothing_comes_back_of_what_was_not_collected(care: CustomerCare, shopper: Visitor) -> None:
    (order,) = care.ordered(care.shop.shopper)
    page = shopper.get(f"/orders/{order['id']}/after-sale")
    assert "Nothing from this order has been collected yet." in page.words()
    assert page.soup.select_one("#ask") is None


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"units": 4}, ".units .fault", "Handed over: 3; in other cases: 0. At most 3 can be claimed."),
        ({"units": 0}, "#lines-fault", "Choose at least one."),
        ({"reason": " "}, "#f-reason-fault", ""),
        ({"units": "two"}, ".units .fault", ""),
        ({"kind": "gift"}, "#kind-fault", ""),
        ({"kind": "repair"}, ".units .fault", "There is no repair of this product."),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_the_photos_are_kept(
    returns: Returns, shopper: Visitor, typed: dict[str, Any], field: str, words: str
) -> None:
    order = returns.collected()
    photo = uploaded(shopper, order)

    page = ask(shopper, order, **{"photos.0": photo} | typed)

    assert page.status in (409, 422)
    assert words in page.words(field)
    assert page.soup.select_one('[name="photos.0"]')["value"] == photo
    assert fetched(str(page.soup.select_one(".thumbs img")["src"])) == (200, JPEG)
    if "reason" not in typed:
        assert page.soup.select_one("#f-reason").get_text().strip() == "Two are rotten"
    mended = {f"units.{order['lines'][0]['offer_id']}": 1, "kind": "return", "reason": "Rotten"}
    assert len(shopper.send(page, "Send my request", **mended).soup.select(".thumbs img")) == 1


@pytest.mark.parametrize(
    ("content_type", "size"),
    [("image/svg+xml", 100), ("text/html", 100), ("image/heic", 100), ("image/jpeg", 9 * 1024 * 1024)],
)
def test_no_way_is_given_to_send_what_is_no_picture_or_too_large(
    returns: Returns, shopper: Visitor, content_type: str, size: int
) -> None:
    order = returns.collected()
    token = shopper.get(f"/orders/{order['id']}/after-sale").soup.select_one("#ask [name=_csrf]")["value"]

    answer = shopper.post("/uploads", {"_csrf": token, "content_type": content_type, "size": str(size)})

    assert answer.status == 422
    assert answer.words("main p")


def test_html_that_calls_itself_a_picture_is_refused_beside_the_photos(returns: Returns, shopper: Visitor) -> None:
    order = returns.collected()
    page = ask(shopper, order, **{"photos.0": uploaded(shopper, order, b"<script>alert(1)</script>")})
    assert page.status == 422
    assert page.words(".photos .fault") == "Send a picture: image/jpeg, image/png, image/webp."


def test_somebody_elses_order_and_photo_are_not_there(
    returns: Returns, shopper: Visitor, care: CustomerCare, new_visitor: Callable[..., Visitor]
) -> None:
    stranger = care.shop.member()
    order, others = returns.collected(), returns.collected(member=stranger)
    photo = uploaded(shopper, order)
    other = new_visitor(care.shop).signed_in(stranger)
    assert other.get(f"/orders/{order['id']}/after-sale").status == 404

    page = ask(other, others, **{"photos.0": photo})

    assert page.status == 422
    assert "no such photo" in page.words(".photos .fault")
    assert fetched(str(page.soup.select_one(".thumbs img")["src"]))[0] == 404
    assert ask(shopper, order, **{"photos.0": photo}).words(".flash") == "We have your request."


def test_a_request_is_withdrawn_once_and_can_be_made_again(returns: Returns, shopper: Visitor) -> None:
    order = returns.collected(quantity=1)
    page = ask(shopper, order)
    assert "part of a request already" in shopper.get(f"/orders/{order['id']}/after-sale").words()

    gone = shopper.send(page, "Withdraw the request")

    assert gone.heading == "Return withdrawn"
    assert shopper.send(page, "Withdraw the request").heading == "Return withdrawn"
    assert shopper.get(f"/orders/{order['id']}/after-sale").soup.select_one("#ask")


def test_what_was_decided_meanwhile_cannot_be_withdrawn(returns: Returns, shopper: Visitor) -> None:
    page = ask(shopper, returns.collected())
    made(returns.decide({"id": page.path.rpartition("/")[2]}, outcome="reject", reason="Not ours"), 200)

    refused = shopper.send(page, "Withdraw the request")

    assert refused.status == 409
    assert refused.heading == "Return not accepted"
    assert "Not ours" in refused.words()


def test_another_members_case_is_not_there(
    returns: Returns, shopper: Visitor, care: CustomerCare, new_visitor: Callable[..., Visitor]
) -> None:
    page = ask(shopper, returns.collected())
    other = new_visitor(care.shop).signed_in(care.shop.member())
    assert other.get(page.path).status == 404
    assert "You have not returned or exchanged anything." in other.get("/after-sales").words()


def test_it_is_read_in_chinese(returns: Returns, shopper: Visitor) -> None:
    shopper.language = "zh"
    order = returns.collected()
    assert shopper.get(f"/orders/{order['id']}/after-sale").heading == "申请售后"
    page = shopper.get(f"/orders/{order['id']}/after-sale")
    page = shopper.send(
        page, "提交申请", **{f"units.{order['lines'][0]['offer_id']}": 9, "reason": "烂了", "kind": "return"}
    )
    assert page.words(".units .fault") == "已取 3 件，其中 0 件已在售后中，最多可申请 3 件。"
