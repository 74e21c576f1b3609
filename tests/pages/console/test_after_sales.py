"""The team decides what members ask to return, takes goods back, pays back, and closes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.aftersales.conftest import Returns
from tests.builders import made
from tests.customer_care import CustomerCare
from tests.pages.site import Desk, Seen, fields
from tests.reversals.shop import Lowered


@pytest.fixture
def returns(care: CustomerCare) -> Returns:
    """A brand whose orders come back."""
    return Returns(care)


@pytest.fixture
def desk(care: CustomerCare, new_desk: Callable[..., Desk]) -> Desk:
    """A browser at the console of that brand."""
    return new_desk(care.shop)


def decided(desk: Desk, case: Any, **typed: Any) -> Seen:
    """The page after an approval was looked at and confirmed."""
    page = desk.send(desk.get(f"/after-sales/{case['id']}"), "Approve it …", **typed)
    return desk.send(page, "Yes, do it")


def test_a_case_is_shown_with_what_a_decision_may_pay_back(returns: Returns, desk: Desk) -> None:
    case = returns.opened(returns.collected(), 2)

    page = desk.get(f"/after-sales/{case['id']}")

    assert page.heading == "Return To be decided"
    assert "Bruised" in page.words("[aria-labelledby=asked]")
    assert page.words(".price") == "CN¥18.00"
    row = desk.get("/after-sales").words("table.data tbody tr")
    assert "Return" in row
    assert "To be decided" in row


def test_what_a_decision_does_is_shown_before_it_is_done(returns: Returns, desk: Desk) -> None:
    returns.pay_on_approval()
    order = returns.collected()
    case = returns.opened(order, 2)

    page = desk.get(f"/after-sales/{case['id']}")
    page = desk.send(page, "Approve it …", reason="Sorry")

    assert page.heading == "Is this right?"
    assert "CN¥18.00 goes back to the member. At once." in page.words()
    assert returns.case(case)["status"] == "requested"
    page = desk.send(page, "Yes, do it")
    assert page.words(".flash") == "It is approved, and the member is told."
    assert page.words("[aria-labelledby=decided] .price") == "CN¥18.00"
    assert returns.refunds(order) == [1800]


def test_going_back_from_the_look_keeps_what_was_typed(returns: Returns, desk: Desk) -> None:
    case = returns.opened(returns.collected(), 2)
    units = f"units.{case['lines'][0]['offer_id']}"
    typed = {"back": "units", units: 1, "goods": "not_needed", "pays": "on_approval", "reason": "Sorry & thanks"}
    page = desk.send(desk.get(f"/after-sales/{case['id']}"), "Approve it …", **typed)

    page = desk.send(page, "Back")

    assert (page.status, page.heading) == (200, "Return To be decided")
    assert not page.soup.select(".refusal")
    kept = fields(page.form("Approve it …"))
    assert {name: kept[name] for name in typed} == {name: str(value) for name, value in typed.items()}
    assert "At once." in desk.send(page, "Approve it …").words()
    assert returns.case(case)["status"] == "requested"


def test_an_amount_or_some_units_go_back(returns: Returns, desk: Desk) -> None:
    order = returns.collected()
    one, two = returns.opened(order, 1), returns.opened(order, 2)
    decided(desk, one, back="amount", amount="4.50", goods="not_needed")
    offer = two["lines"][0]["offer_id"]
    page = desk.get(f"/after-sales/{two['id']}")
    units = {f"units.{offer}": 1}
    page = desk.send(page, "Approve it …", back="units", pays="on_approval", **units)
    assert "CN¥9.00 goes back to the member. At once." in page.words()
    desk.send(page, "Yes, do it")
    assert sorted(returns.refunds(order)) == [450, 900]


def test_what_is_kept_back_for_a_gift_is_shown_before_it_is_decided(
    care: CustomerCare, new_desk: Callable[..., Desk]
) -> None:
    lowered = Lowered(care)
    order, desk = lowered.with_a_gift(), new_desk(care.shop)
    case = made(lowered.ask(order, lines=lowered.lines(2)))
    page = desk.get(f"/after-sales/{case['id']}")
    assert "a gift came with them, and stays with the member −CN¥30.00 All units come to CN¥70.00" in page.words()

    some = desk.send(page, "Approve it …", back="units", **{f"units.{lowered.offers[0]}": 1})
    assert "CN¥35.00 goes back to the member. At once. CN¥15.00 is kept back" in some.words()
    page = desk.send(page, "Approve it …")
    assert "CN¥70.00 goes back to the member. At once. CN¥30.00 is kept back" in page.words()
    page = desk.send(page, "Yes, do it")
    assert "stays with the member CN¥30.00" in page.words("[aria-labelledby=decided]")
    assert lowered.refunds(order) == [7_000]


def test_a_rejection_needs_a_reason_that_stands_beside_its_field(returns: Returns, desk: Desk) -> None:
    case = returns.opened(returns.collected())

    page = desk.send(desk.get(f"/after-sales/{case['id']}"), "Reject it …", reason="")

    assert (page.status, page.words("#f-reason-fault")) == (422, "Say why: the member reads it.")
    page = desk.send(page, "Reject it …", reason="Another product")
    page = desk.send(page, "Yes, do it")
    assert page.heading == "Return Rejected"
    assert returns.case(case)["decision"]["reason"] == "Another product"


@pytest.mark.parametrize("typed", ["", "0", "-1", "1.234", "many"])
def test_an_amount_that_is_none_is_refused_with_the_input_kept(returns: Returns, desk: Desk, typed: str) -> None:
    case = returns.opened(returns.collected())
    page = desk.get(f"/after-sales/{case['id']}")

    page = desk.send(page, "Approve it …", back="amount", amount=typed)

    assert page.status == 422
    assert page.words("#f-amount-fault") == "Type an amount above zero, such as 12.50."
    assert page.soup.select_one("#f-amount")["value"] == typed


def test_more_than_there_is_is_refused_beside_the_amount(returns: Returns, desk: Desk) -> None:
    case = returns.opened(returns.collected())
    page = desk.get(f"/after-sales/{case['id']}")
    page = desk.send(page, "Approve it …", back="amount", amount="999")

    page = desk.send(page, "Yes, do it")

    assert page.status in (409, 422)
    assert page.soup.select_one(".fault, .refusal")
    assert returns.case(case)["status"] == "requested"


def test_goods_come_back_and_the_case_is_closed(returns: Returns, desk: Desk) -> None:
    order = returns.collected()
    case = returns.opened(order, 2)
    decided(desk, case, pays="on_receipt")
    offer = case["lines"][0]["offer_id"]

    page = desk.get(f"/after-sales/{case['id']}")
    assert "paid back to the member at once" in page.words(".note")
    page = desk.send(page, "Book what came back", **{f"shelf.{offer}": 3})
    assert page.status == 409
    assert page.soup.select_one(".each .fault")
    assert page.soup.select_one(f"[name='shelf.{offer}']")["value"] == "3"
    page = desk.send(page, "Book what came back", **{f"shelf.{offer}": 1, f"off.{offer}": 1})
    assert page.words(".flash") == "The goods are booked."
    assert returns.refunds(order) == [1800]

    page = desk.send(page, "Close the case", done="All paid back")
    assert page.heading == "Return Closed"
    assert returns.case(case)["history"][-1]["text"] == "All paid back"


def test_a_case_is_handed_on(returns: Returns, desk: Desk) -> None:
    colleague = returns.care.hire("service")
    case = returns.opened(returns.collected())
    page = desk.get(f"/after-sales/{case['id']}")

    page = desk.send(page, "Save", owner=colleague)

    assert page.words(".flash") == "It is saved."
    assert returns.case(case)["owner"] == colleague


def test_lists_are_narrowed_and_roles_kept(returns: Returns, desk: Desk, new_desk: Any) -> None:
    assert "No requests." in desk.get("/after-sales").words(".empty")
    returns.opened(returns.collected())
    mine = f"/after-sales?member_id={returns.shop.shopper.id}"
    assert len(desk.get(mine).soup.select("tbody tr")) == 1
    assert "No request fits." in desk.get(f"{mine}&kind=repair").words(".empty")
    returns.care.clock.advance(days=3)
    late = new_desk(returns.shop).get("/after-sales?overdue=true")
    assert late.soup.select_one("tbody .badge.bad")
    assert new_desk(returns.shop, "planner").get("/after-sales").status == 403
    assert new_desk(returns.shop, language="zh").get("/after-sales").heading == "售后"


def test_the_api_lists_one_members_cases_and_complaints(returns: Returns) -> None:
    care, other = returns.care, returns.shop.member()
    case = returns.opened(returns.collected())
    complaint = made(care.store("POST", "/complaints", other, json={"text": "Rude"}))
    for path, who, found in (
        ("/v1/after-sales", returns.shop.shopper, [case["id"]]),
        ("/v1/after-sales", other, []),
        ("/v1/complaints", other, [complaint["id"]]),
        ("/v1/complaints", returns.shop.shopper, []),
    ):
        items = made(care.brand.get(f"{path}?member_id={who.id}"), 200)["items"]
        assert [each["id"] for each in items] == found, (path, who)
    resolved = made(care.brand.get(f"/v1/complaints?member_id={other.id}&status=resolved"), 200)["items"]
    assert resolved == []
