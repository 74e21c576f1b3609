"""Asking the store on its pages: the FAQ for everybody, a question of one's own, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.builders import made
from tests.customer_care import CustomerCare
from tests.pages.site import Seen, Visitor

KNOWN = "Can somebody else collect my order for me?"


@pytest.fixture
def shopper(care: CustomerCare, new_visitor: Callable[..., Visitor]) -> Visitor:
    """A browser that the shop's shopper is signed in with."""
    return new_visitor(care.shop).signed_in(care.shop.shopper)


def know(care: CustomerCare, question: str = KNOWN, locale: str = "en", **more: Any) -> Any:
    entry = {"question": question, "answer": "Yes, whoever shows the code.", "locale": locale, "tags": ["friend"]}
    return made(care.brand.post("/v1/faq", entry | more, headers={"Idempotency-Key": str(hash(question))}))


def ask(shopper: Visitor, text: str, about: str = "") -> Seen:
    """The page after a question was sent."""
    return shopper.send(shopper.get(f"/enquiries/new{about}"), "Send my question", text=text)


def test_everybody_reads_the_faq_in_their_language_and_searches_it(
    care: CustomerCare, new_visitor: Callable[..., Visitor]
) -> None:
    anybody = new_visitor(care.shop)
    assert "Nothing is answered here yet" in anybody.get("/help").words()
    know(care)
    know(care, "可以代取吗？", "zh")
    know(care, "Draft?", published=False)

    page = anybody.get("/help")
    assert page.words("main summary") == KNOWN
    assert anybody.get("/help?q=friend+CODE").words("main summary") == KNOWN
    assert "Nothing here fits" in anybody.get("/help?q=parking").words()
    assert page.link("Ask us").endswith("/enquiries/new")


def test_a_question_is_asked_answered_from_the_faq_and_closed_by_yes(care: CustomerCare, shopper: Visitor) -> None:
    know(care)
    page = ask(shopper, "Could a friend collect my order?")
    assert page.words(".flash") == "We have your question."
    assert "We look whether we can answer this at once" in page.words()
    care.drain()

    page = shopper.get(page.path)
    assert "Answered automatically" in page.words("main")
    assert f"From our answers to: {KNOWN}" in page.words("main")
    page = shopper.send(page, "Yes, thank you")
    assert page.words(".flash") == "Good to hear. The question is closed."
    assert "is closed" in shopper.get("/enquiries").words("main .card")


def test_a_no_brings_a_person_and_the_team_answers(care: CustomerCare, shopper: Visitor) -> None:
    know(care)
    page = ask(shopper, "Could a friend collect my order?")
    care.drain()
    page = shopper.send(shopper.get(page.path), "No, I want to ask a person")
    assert "Somebody of the team answers by" in page.words("main")
    (enquiry,) = made(care.brand.get("/v1/enquiries?status=open"), 200)["items"]
    words = {"text": "Yes, of course."}
    made(care.brand.post(f"/v1/enquiries/{enquiry['id']}/messages", words, headers={"Idempotency-Key": "1"}))

    page = shopper.get(page.path)
    assert "Yes, of course." in page.words("main")
    page = shopper.send(page, "Send", text="Thank you!")
    assert page.words(".flash") == "We have your message."
    page = shopper.send(page, "I need no more, close it")
    assert "is closed" in page.words("main .badge")
    assert "It is opened again if you write." in page.words()


def test_a_question_about_an_order_or_a_product_says_so(care: CustomerCare, shopper: Visitor) -> None:
    order = made(care.shop.order())
    page = shopper.get(f"/orders/{order['id']}")
    assert page.link("Ask about this order").endswith(f"/enquiries/new?order={order['id']}")
    asked = ask(shopper, "Is it heavy?", f"?order={order['id']}")
    assert asked.link("Back to the order").endswith(order["id"])
    (product,) = made(care.brand.get("/v1/products"), 200)["items"]
    page = shopper.get(f"/products/{product['id']}")
    assert page.link("Ask about this product").endswith(f"/enquiries/new?product={product['id']}")
    asked = ask(shopper, "Is it new?", f"?product={product['id']}")
    assert asked.link("Back to the product").endswith(product["id"])

    found = made(care.brand.get("/v1/enquiries"), 200)["items"]
    assert {(each["topic"], each["order_id"], each["product_id"]) for each in found} == {
        ("order", order["id"], None), ("product", None, product["id"]),
    }  # fmt: skip


def test_a_form_sent_twice_asks_once(care: CustomerCare, shopper: Visitor) -> None:
    page = shopper.get("/enquiries/new")
    first, second = (shopper.send(page, "Send my question", text="Is it new?") for _ in range(2))

    assert first.path == second.path
    assert "You have sent this already" in shopper.send(page, "Send my question", text="Else?").words()


def test_who_asks_too_much_keeps_their_words(care: CustomerCare, shopper: Visitor) -> None:
    for n in range(20):
        ask(shopper, f"Question {n}?")
    page = ask(shopper, "One more?")

    assert "You have many open enquiries" in page.words(".refusal")
    assert "One more?" in page.text
