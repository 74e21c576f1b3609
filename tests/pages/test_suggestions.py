"""Suggesting on pages, and what the team decides at the console."""

from __future__ import annotations

from collections.abc import Callable

from tests.builders import made
from tests.customer_care import CustomerCare
from tests.pages.site import Visitor
from tests.suggestions.test_suggestions import COUPON


def test_a_suggestion_is_sent_decided_and_followed(
    care: CustomerCare, new_visitor: Callable[..., Visitor], new_desk: Callable[..., Visitor]
) -> None:
    shopper, desk = new_visitor(care.shop).signed_in(care.shop.shopper), new_desk(care.shop, "service")

    page = shopper.send(shopper.get("/suggestions"), "Send my suggestion", text="Use <paper> bags")
    assert page.words(".flash") == "Thank you! We have your suggestion."
    assert page.heading == "Your suggestion we look at it"
    follows = page.path
    assert "Suggestion" in desk.get("/console/desk?kind=suggestion").words("table")
    page = desk.get("/console/suggestions?status=open")
    page = desk.get(page.link("Use <paper> bags"))
    page = desk.send(page, "Save", value="high", note="Cheap")
    assert page.words(".flash") == "It is saved."
    assert "Cheap" in page.words()
    refused = desk.send(page, "Adopt it, and tell them", plan="Paper", done_by="2030-06-30", points="many")
    assert (refused.status, bool(refused.words("#f-points-fault"))) == (422, True)
    page = desk.send(page, "Adopt it, and tell them", plan="Paper from June on", done_by="2030-06-30", points="50")
    assert page.words(".flash") == "It is adopted. Whoever suggested it is told."
    assert "Paper from June on" in shopper.get(follows).words()
    assert "by Sun 30 Jun 2030" in new_visitor(care.shop).get("/adopted-suggestions").words(".card")
    page = desk.send(page, "Say that it is done")
    assert page.words(".flash") == "It is done. Whoever suggested it is told."
    assert "done" in new_visitor(care.shop).get("/adopted-suggestions").words(".card")


def test_it_is_adopted_with_a_coupon_of_those_that_are_given(
    care: CustomerCare, new_desk: Callable[..., Visitor]
) -> None:
    batches = [made(care.brand.post("/v1/coupon-batches", COUPON | {"title": each})) for each in ("Thanks", "Over")]
    made(care.brand.patch(f"/v1/coupon-batches/{batches[1]['id']}", {"status": "paused"}), 200)
    headers = {"Idempotency-Key": "s"}
    sent = care.store("POST", "/suggestions", care.shop.shopper, json={"text": "Paper bags"}, headers=headers)
    desk = new_desk(care.shop, "service")

    page = desk.get(f"/console/suggestions/{made(sent)['id']}")
    assert page.words("#f-coupon_batch_id") == "– Thanks"
    said, coupon = {"plan": "Paper", "done_by": "2030-06-30"}, {"coupon_batch_id": batches[0]["id"]}
    refused = desk.send(page, "Adopt it, and tell them", **said, **coupon, points="5")
    assert (refused.status, bool(refused.words("#f-coupon_batch_id-fault"))) == (422, True)
    page = desk.send(page, "Adopt it, and tell them", **said, **coupon)
    assert "Coupon for it Thanks" in page.words("dl")
    care.drain()
    assert len(made(care.store("GET", "/me/coupons", care.shop.shopper), 200)["items"]) == 1


def test_similar_ones_are_made_one_and_declined_together(care: CustomerCare, new_desk: Callable[..., Visitor]) -> None:
    desk, ids = new_desk(care.shop, "manager"), []
    for n, text in enumerate(("Use paper bags", "Please use bags of paper")):
        headers = {"Idempotency-Key": f"s-{n}"}
        sent = care.store("POST", "/suggestions", care.shop.shopper, json={"text": text}, headers=headers)
        ids.append(made(sent)["id"])

    page = desk.send(desk.get(f"/console/suggestions/{ids[1]}"), "Make them one")
    assert "It is one with another suggestion" in page.words(".note")
    page = desk.get(page.link("See the other"))
    page = desk.send(page, "Decline it, and tell them why", reason="It tears")
    care.drain()
    own = made(care.store("GET", f"/suggestions/{ids[1]}", care.shop.shopper), 200)
    assert (own["status"], own["reason"]) == ("declined", "It tears")


def test_what_was_said_on_the_phone_is_noted(care: CustomerCare, new_desk: Callable[..., Visitor]) -> None:
    desk = new_desk(care.shop, "service")
    page = desk.get(f"/console/suggestions?member_id={care.shop.shopper.id}")

    page = desk.send(page, "Note it", text="Open until eight", source="on the phone")
    assert page.words(".flash") == "It is noted, as the member's."
    assert "on the phone" in page.words()
