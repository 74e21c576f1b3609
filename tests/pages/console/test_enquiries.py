"""Enquiries, the FAQ, canned replies and rules at the console."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.builders import made
from tests.customer_care import CustomerCare
from tests.pages.site import Desk


@pytest.fixture
def desk(care: CustomerCare, new_desk: Callable[..., Desk]) -> Desk:
    return new_desk(care.shop)


def asked(care: CustomerCare, text: str = "Is the honey organic?", **more: Any) -> Any:
    headers = {"Idempotency-Key": str(hash(text))}
    return made(care.store("POST", "/enquiries", care.shop.shopper, json={"text": text, **more}, headers=headers))


def test_the_list_narrows_and_counts(care: CustomerCare, desk: Desk) -> None:
    assert "Nobody has asked anything yet" in desk.get("/enquiries").words()
    asked(care)
    care.drain()
    page = desk.get("/enquiries")

    assert "Is the honey organic?" in page.words("main table")
    assert "Came to a person 1" in page.words("[aria-labelledby=rates]")
    assert "No enquiry fits" in desk.get("/enquiries?status=closed").words()
    assert "Is the honey organic?" in desk.get("/desk?kind=enquiry").words("main table")


def test_one_is_answered_with_a_canned_reply_beside_what_is_known(care: CustomerCare, desk: Desk) -> None:
    order = made(care.shop.order())
    enquiry = asked(care, order_id=order["id"])
    care.drain()
    page = desk.get("/canned-replies")
    page = desk.send(page, "Save", **{"replies.0.title": "Thanks", "replies.0.en": "Thank you, order {order}."})
    assert page.words(".flash") == "The replies are saved."

    page = desk.get(f"/enquiries/{enquiry['id']}?reply=0")
    assert f"Thank you, order {order['id'][-6:]}." in page.text
    assert "Pickup point" in page.words("[aria-labelledby=facts]")
    assert "A person is needed: no answer is sure enough" in page.words("[aria-labelledby=talk]")
    page = desk.send(page, "Send", text="Yes, it is.", means="waits")
    assert "The team answered: Yes, it is." in page.words("[aria-labelledby=talk]")
    assert "closes by itself" in page.words(".due")
    page = desk.send(page, "Save", note="Asks often", topic="product")
    assert "Note: Asks often" in page.words("[aria-labelledby=talk]")
    page = desk.send(page, "Close it without another word")
    assert "Closed" in page.words("h1")


def test_what_is_known_of_a_product_stands_beside_the_question(care: CustomerCare, desk: Desk) -> None:
    made(care.shop.order())
    (product,) = made(care.brand.get("/v1/products"), 200)["items"]
    made(care.brand.patch(f"/v1/products/{product['id']}", {"origin": "Hill Farm", "cautions": "Keep it cool"}), 200)
    enquiry = asked(care, product_id=product["id"])

    known = desk.get(f"/enquiries/{enquiry['id']}").words("[aria-labelledby=facts]")
    assert product["title"] in known
    assert "Origin Hill Farm" in known
    assert "Please beware Keep it cool" in known
    assert "Price" in known


def test_the_faq_is_written_changed_and_deleted(care: CustomerCare, desk: Desk) -> None:
    page = desk.get("/faq/new")
    page = desk.send(
        page, "Add it", question="怎么取货？", answer="凭取货码。", tags="提货，自提, 自提", locale="zh",
        published="true",
    )  # fmt: skip
    assert "怎么取货？" in page.words("main table")
    (entry,) = made(care.brand.get("/v1/faq"), 200)["items"]
    assert (entry["tags"], entry["published"]) == (["提货", "自提"], True)
    page = desk.send(desk.get(f"/faq/{entry['id']}"), "Save", answer="出示取货码。", position="first")
    assert "Type a whole number." in page.words()
    page = desk.send(desk.get(f"/faq/{entry['id']}"), "Save", answer="出示取货码。", position="3")
    assert made(care.brand.get(f"/v1/faq/{entry['id']}"), 200)["answer"] == "出示取货码。"
    desk.send(desk.get(f"/faq/{entry['id']}"), "Delete this question")
    assert "There are no questions yet" in desk.get("/faq").words()


def test_the_rules_are_set_in_percent(care: CustomerCare, desk: Desk) -> None:
    page = desk.get("/enquiry-rules")
    page = desk.send(page, "Save", answers="false", threshold="75", close_after_days="5")

    assert page.words(".flash") == "The rules are saved."
    found = made(care.brand.get("/v1/enquiry-rules"), 200)
    assert found == {"answers": False, "threshold": 0.75, "close_after_days": 5}
    assert desk.send(page, "Save", threshold="5").status == 422


def test_targets_of_enquiries_are_set_with_the_others(care: CustomerCare, desk: Desk) -> None:
    page = desk.send(desk.get("/case-rules"), "Save", **{"enquiry.p3.first_response": "2"})

    assert page.status == 200
    assert made(care.brand.get("/v1/case-rules"), 200)["enquiry"]["p3"]["first_response_minutes"] == 120
