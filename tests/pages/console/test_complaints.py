"""The team works on complaints: what is pressing first, what is done about it, what the member is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.builders import made
from tests.customer_care import CustomerCare
from tests.pages.site import Desk

ALLERGY = "My daughter is allergic to nuts and got sick from the cake"


@pytest.fixture
def desk(care: CustomerCare, new_desk: Callable[..., Desk]) -> Desk:
    """A browser at the console of the shop that is complained to."""
    return new_desk(care.shop)


def complained(care: CustomerCare, text: str = "The apples were bruised", **fields: Any) -> Any:
    """A complaint of the shopper."""
    return made(care.store("POST", "/complaints", care.shop.shopper, json={"text": text, **fields}))


def rows(page: Any) -> list[str]:
    """The rows of the list, as they are read."""
    return [" ".join(each.get_text(" ").split()) for each in page.soup.select("table.data tbody tr")]


def test_what_is_due_first_stands_first_with_its_clock(care: CustomerCare, desk: Desk) -> None:
    pressing = complained(care, ALLERGY)
    complained(care, "The bag was torn", category="other")
    assert pressing["urgency"] == "critical"

    first, second = rows(desk.get("/complaints"))

    assert ALLERGY[:40] in first
    assert "Critical" in first
    assert "answer in" in first
    assert "bag was torn" in second
    care.clock.advance(hours=2)
    late = desk.get("/complaints?overdue=true")
    assert [ALLERGY[:40] in each for each in rows(late)] == [True]
    assert late.words(".badge.bad") == "1 hour late"


def test_a_complaint_is_judged_given_to_a_colleague_and_noted(care: CustomerCare, desk: Desk) -> None:
    colleague = care.hire("service")
    complaint = complained(care)

    page = desk.get(f"/complaints/{complaint['id']}")
    page = desk.send(
        page, "Save", urgency="high", importance="normal", owner=colleague, note="Called, nobody answered",
        status="in_progress",
    )  # fmt: skip

    assert page.words(".flash") == "It is saved."
    assert "Note: Called, nobody answered" in page.words("[aria-labelledby=history]")
    stored = made(care.brand.get(f"/v1/complaints/{complaint['id']}"), 200)
    assert (stored["urgency"], stored["owner"], stored["status"]) == ("high", colleague, "in_progress")
    assert "In work" in page.heading


def test_it_is_resolved_with_what_the_member_reads(care: CustomerCare, desk: Desk) -> None:
    complaint = complained(care)
    page = desk.get(f"/complaints/{complaint['id']}")

    page = desk.send(page, "Resolve it and tell the member", outcome="Ten new apples", remedy="An apology")

    assert "The member is told" in page.words(".flash")
    assert "Ten new apples" in page.words("[aria-labelledby=outcome]")
    own = made(care.store("GET", f"/complaints/{complaint['id']}", care.shop.shopper), 200)
    assert (own["status"], own["outcome"], own["remedy"]) == ("resolved", "Ten new apples", "An apology")
    assert not page.soup.select("form [name=outcome]")


def test_what_is_refused_stands_beside_its_field_with_the_input(care: CustomerCare, desk: Desk) -> None:
    complaint = complained(care)
    page = desk.get(f"/complaints/{complaint['id']}")

    page = desk.send(page, "Resolve it and tell the member", outcome="", remedy="A coupon")

    assert page.status == 422
    assert page.soup.select_one("#f-outcome-fault")
    assert page.soup.select_one("#f-remedy")["value"] == "A coupon"


def test_who_was_slower_is_told_and_can_send_it_again(care: CustomerCare, desk: Desk, new_desk: Any) -> None:
    complaint = complained(care)
    mine = desk.get(f"/complaints/{complaint['id']}")
    colleague = new_desk(care.shop, "service")
    colleague.send(colleague.get(f"/complaints/{complaint['id']}"), "Save", urgency="high")

    page = desk.send(mine, "Save", note="I take this one")

    assert page.status == 412
    assert "Kim changed this at" in page.words(".refusal")
    assert page.words("#f-note") == "I take this one"
    assert desk.send(page, "Save").words(".flash") == "It is saved."


def test_a_list_is_narrowed_and_says_when_nothing_fits(care: CustomerCare, desk: Desk) -> None:
    assert "No complaints." in desk.get("/complaints").words(".empty")
    complaint = complained(care)
    assert len(rows(desk.get(f"/complaints?member_id={care.shop.shopper.id}&status=open"))) == 1
    assert len(rows(desk.get(f"/complaints?owner={complaint['owner']}&urgency="))) == 1
    assert "No complaint fits." in desk.get("/complaints?status=resolved").words(".empty")
    assert rows(desk.get(f"/complaints?member_id={care.shop.member().id}")) == []


def test_only_who_works_on_complaints_sees_them(care: CustomerCare, new_desk: Any) -> None:
    assert new_desk(care.shop, "analyst").get("/complaints").status == 403
    analyst = new_desk(care.shop, "analyst").get("")
    assert "Complaints" not in analyst.words("nav.side")
    service = new_desk(care.shop, "service", language="zh")
    assert service.get("/complaints").heading == "投诉"
