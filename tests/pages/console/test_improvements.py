"""The team writes down what is to become better, and tells members of it."""

from __future__ import annotations

from collections.abc import Callable

from tests.builders import made
from tests.customer_care import CustomerCare
from tests.pages.site import Desk, Visitor


def test_from_the_survey_to_what_members_read(
    care: CustomerCare, new_desk: Callable[..., Desk], new_visitor: Callable[..., Visitor]
) -> None:
    desk, visitor = new_desk(care.shop), new_visitor(care.shop)
    assert "Nothing is told here yet." in visitor.get("/you-said").words()
    members = [care.shop.member() for _ in range(5)]
    care.collected(*members)
    for member in members:
        made(care.answer(care.invitation(member), score=2))

    page = desk.get(desk.get("/improvements").link("Write one down"))
    page = desk.get(page.link("How was your order?"))
    page = desk.send(page, "Write it down", title="Shorter waiting", due_on="2037-03-01")
    assert page.heading == "Shorter waiting to be done"
    assert "0 (0…43), n = 5" in page.words("dl")

    refused = desk.send(page, "Mark it as done")
    assert refused.status == 422
    page = desk.send(refused, "Mark it as done", done_text="Two helpers at noon")
    page = desk.send(page, "Tell members in the shop")
    assert "told in the shop" in desk.get("/improvements").words()
    early = desk.send(page, "Measure it anew")
    assert "Fewer than five have answered" in early.words()

    told = visitor.get(visitor.get("").link("You said, we did"))
    assert "Two helpers at noon" in told.words("article")
