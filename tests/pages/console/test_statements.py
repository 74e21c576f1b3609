"""Statements at the console: whom there is, what they are owed, frozen, and paid."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from chalicelib.pages.console.statements.model import last_month, leads_to
from chalicelib.settlement.books.model.movements import Movement
from tests.builders import Member, Shop, made
from tests.conftest import Clock, Drain, Sweep
from tests.pages.site import Desk, Seen

New = Callable[..., Desk]


@pytest.fixture
def leader(shop: Shop) -> Member:
    return shop.member()


@pytest.fixture
def orchard(shop: Shop, leader: Member, clock: Clock, drain: Drain, sweep: Sweep) -> str:
    """A supplier that is owed ¥8.00 for two units, which a leader has handed over; three days have passed since."""
    supplier = str(made(shop.brand.post("/v1/suppliers", {"name": "Orchard"}))["id"])
    terms = {"cost": shop.money(400), "main": True}
    made(shop.brand.put(f"/v1/suppliers/{supplier}/skus/{shop.sku_id}", terms), 200)
    point = shop.pickup_point(name="East gate", leader_id=leader.id, commission_bps=750)
    campaign = shop.campaign(pickup_point_ids=[point["id"]], closes_in=timedelta(hours=1))
    order = made(shop.order(campaign=campaign, quantity=2))
    clock.advance(hours=2)
    sweep()
    shop.arrived(campaign["id"])
    handed = {"code": order["pickup_code"], "pickup_point_id": point["id"]}
    made(shop.caller.call("POST", f"/v1/orders/{order['id']}/pickup", json=handed, token=leader.token), 200)
    drain()
    clock.advance(days=3)
    return supplier


def over(desk: Desk, clock: Clock, party: str, of: str) -> Seen:
    """The account of the ten days that ended yesterday."""
    today = clock.now().date()
    span = f"from_on={today - timedelta(days=11)}&to_on={today - timedelta(days=1)}"
    return desk.get(f"/statements/{party}/{of}?{span}")


def test_leaders_and_suppliers_are_found_and_where_there_are_none_it_is_said_what_to_do(
    shop: Shop, new_desk: New
) -> None:
    desk = new_desk(shop)
    assert "No pickup point has a leader yet." in desk.get("/statements").words()
    assert "There are no suppliers yet." in desk.get("/statements?party=supplier").words()
    leader = shop.member()
    shop.pickup_point(name="East gate", leader_id=leader.id)
    shop.pickup_point(name="West gate", leader_id=leader.id)
    assert desk.get("/statements").link("Leader of West gate · East gate") == f"/console/statements/leaders/{leader.id}"


def test_a_supplier_is_looked_at_frozen_and_paid(orchard: str, clock: Clock, desk: Desk) -> None:
    assert desk.get("/statements?party=supplier").link("Orchard") == f"/console/statements/suppliers/{orchard}"
    page = over(desk, clock, "suppliers", orchard)
    assert page.heading == "Orchard"
    assert "Goods received" in page.words("table")
    frozen = desk.send(page, "Freeze the statement")
    assert frozen.words(".flash") == "The statement is frozen. It stays as it is."
    assert frozen.soup.select_one("#f-amount")["value"] == "8.00"  # type: ignore[index]

    for amount, status, fault in (
        ("eight", 422, "Type an amount such as 12.50."),
        ("8.005", 422, "Type an amount such as 12.50."),
        ("0", 422, "the amount must be above zero"),
    ):
        refused = desk.send(frozen, "Note the payment", amount=amount)
        assert (refused.status, refused.words("#f-amount-fault").lower()) == (status, fault.lower())
        assert refused.soup.select_one("#f-amount")["value"] == amount  # type: ignore[index]
    above = desk.send(frozen, "Note the payment", amount="8.01")
    assert (above.status, "At most CN¥8.00 is left" in above.words(".refusal")) == (409, True)

    paid = desk.send(frozen, "Note the payment", amount="5")
    assert paid.words(".flash") == "The payment is noted."
    assert "¥3.00 is left to pay." in paid.words()
    again = desk.send(frozen, "Note the payment", amount="5")  # the same press of the button, sent twice
    assert "¥3.00 is left to pay." in again.words()
    done = desk.send(paid, "Note the payment", amount="3.00")
    assert "Nothing is left to pay." in done.words()
    assert "Nothing to pay" in over(desk, clock, "suppliers", orchard).words()


def test_a_leader_who_has_cash_is_to_hand_it_in(orchard: str, leader: Member, clock: Clock, desk: Desk) -> None:
    page = over(desk, clock, "leaders", leader.id)
    assert "they are to hand in CN¥18.00" in page.words()
    assert page.soup.select_one("td a[href^='/console/orders/']")


def test_who_a_leader_is_is_not_shown_to_whose_work_needs_no_contact_with_people(
    orchard: str, leader: Member, shop: Shop, clock: Clock, new_desk: New
) -> None:
    assert leader.email in over(new_desk(shop, "manager"), clock, "leaders", leader.id).words()
    seen = over(new_desk(shop, "analyst"), clock, "leaders", leader.id)
    assert seen.status == 200
    assert leader.email not in seen.text


def test_days_that_are_not_over_or_not_possible_are_not_frozen(orchard: str, clock: Clock, desk: Desk) -> None:
    path, today = f"/statements/suppliers/{orchard}", clock.now().date()
    ahead = f"from_on={today - timedelta(days=5)}&to_on={today + timedelta(days=2)}"
    page = desk.get(f"{path}?{ahead}")
    assert "These days are not over yet" in page.words()
    assert "Freeze the statement" not in page.words()
    page = desk.get(f"{path}?from_on=2026-06-30&to_on=2026-06-01")
    assert "A period ends on or after the day it begins" in page.words(".refusal")
    fields = {"party": "supplier", "party_id": orchard, "from_on": str(today), "to_on": str(today + timedelta(days=2))}
    open_form = over(desk, clock, "suppliers", orchard)
    refused = desk.send(open_form, "Freeze the statement", **fields)
    assert refused.status == 409
    assert "The period is not over" in refused.words(".refusal")


def test_a_statement_is_handed_out_as_a_table(orchard: str, clock: Clock, desk: Desk) -> None:
    page = over(desk, clock, "suppliers", orchard)
    assert "Goods received" in desk.get(page.link("As a table (CSV)")).text
    frozen = desk.send(page, "Freeze the statement")
    assert "Goods received" in desk.get(frozen.link("As a table (CSV)")).text
    assert desk.get(frozen.link("As a workbook (Excel)"), follow=False).status == 303


def test_each_role_sees_what_it_may_do(orchard: str, shop: Shop, clock: Clock, new_desk: New) -> None:
    analyst = new_desk(shop, "analyst")
    assert "Freeze the statement" not in over(analyst, clock, "suppliers", orchard).words()
    manager = new_desk(shop, "manager")
    frozen = manager.send(over(manager, clock, "suppliers", orchard), "Freeze the statement")
    assert "Note the payment" in frozen.words()
    assert "¥8.00 is left to pay." in analyst.get(frozen.path).words()
    assert "Note the payment" not in analyst.get(frozen.path).words()
    assert new_desk(shop, "planner").get("/statements").status == 403


def test_the_pages_speak_chinese(orchard: str, clock: Clock, desk: Desk) -> None:
    desk.language = "zh"
    page = over(desk, clock, "suppliers", orchard)
    assert "收到货物" in page.words()
    assert "生成对账单" in page.words()
    assert "还需支付 ¥8.00" in desk.send(page, "生成对账单").words()


# --- Rules


def test_the_month_before_begins_and_ends_on_its_own_days() -> None:
    assert last_month(date(2026, 3, 31)) == (date(2026, 2, 1), date(2026, 2, 28))
    assert last_month(date(2026, 1, 1)) == (date(2025, 12, 1), date(2025, 12, 31))


def test_a_line_leads_to_what_it_was_booked_for() -> None:
    assert leads_to(Movement.HANDED_OVER, "01J") == "/orders/01J"
    assert leads_to(Movement.PAID, "01J") == "/statements/01J"
    assert leads_to(Movement.GOODS_RECEIVED, "01J") == leads_to(Movement.CASH_HANDED_IN, "01J") == ""
