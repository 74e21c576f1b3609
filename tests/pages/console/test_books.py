"""The books at the console: all money in words, what was booked, and settling a group buy."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.pages.console.books.model import ACCOUNTS, cause_said, said
from chalicelib.settlement.books.model import accounts as chart
from tests.builders import Member, Shop, made
from tests.conftest import Clock, Drain, Sweep
from tests.pages.site import Desk

New = Callable[..., Desk]


@pytest.fixture
def leader(shop: Shop) -> Member:
    return shop.member()


@pytest.fixture
def sold(shop: Shop, leader: Member, clock: Clock, drain: Drain, sweep: Sweep) -> dict[str, Any]:
    """Two units at ¥9.00, paid in cash and handed over by the leader, who earns 7.5 %; the supplier is owed ¥8.00."""
    supplier = made(shop.brand.post("/v1/suppliers", {"name": "Orchard"}))["id"]
    terms = {"cost": shop.money(400), "main": True}
    made(shop.brand.put(f"/v1/suppliers/{supplier}/skus/{shop.sku_id}", terms), 200)
    point = shop.pickup_point(leader_id=leader.id, commission_bps=750)
    campaign = shop.campaign(pickup_point_ids=[point["id"]], closes_in=timedelta(hours=1))
    order = made(shop.order(campaign=campaign, quantity=2))
    clock.advance(hours=2)
    sweep()
    shop.arrived(campaign["id"])
    handed = {"code": order["pickup_code"], "pickup_point_id": point["id"]}
    made(shop.caller.call("POST", f"/v1/orders/{order['id']}/pickup", json=handed, token=leader.token), 200)
    drain()
    return {"campaign": campaign, "order": order, "point": point["id"]}


def test_before_anything_is_booked_it_is_said_how_the_books_fill(desk: Desk) -> None:
    page = desk.get("/books")
    assert "Customers have paid CN¥0.00 in all." in page.words()
    assert "Nothing has been booked yet." in page.words()
    assert "Nothing was booked here." in desk.get("/books/journals").words()
    assert "There are none of these." in desk.get("/books/campaigns").words()


def test_all_money_is_said_in_words_and_every_account_leads_to_what_moved_it(
    sold: dict[str, Any], leader: Member, desk: Desk
) -> None:
    page = desk.get("/books")
    assert "Customers have paid CN¥18.00 in all. Of it CN¥18.00 is yours" in page.words()
    assert "It adds up to the last cent." in page.words()
    journals = desk.get(page.link("Commission of leaders"))
    assert "An order was handed over" in journals.words()
    assert journals.link("See the order") == f"/console/orders/{sold['order']['id']}"
    assert journals.link("See the group buy") == f"/console/books/campaigns/{sold['campaign']['id']}"
    assert f"/console/statements/leaders/{leader.id}" in page.text


def test_journals_are_narrowed_to_days_and_an_impossible_period_is_explained(
    sold: dict[str, Any], desk: Desk, clock: Clock
) -> None:
    tomorrow = (clock.now() + timedelta(days=2)).date().isoformat()
    assert "Nothing was booked here." in desk.get(f"/books/journals?from_on={tomorrow}").words()
    page = desk.get("/books/journals?from_on=2026-06-30&to_on=2026-06-01")
    assert "A period ends on or after the day it begins" in page.words(".refusal")
    assert page.soup.select_one("[name=from_on]")["value"] == "2026-06-30"  # type: ignore[index]


def test_the_books_are_handed_out_as_tables(sold: dict[str, Any], desk: Desk) -> None:
    for path in ("/books?format=csv", "/books/journals?format=csv"):
        table = desk.get(path)
        assert table.headers["content-type"].startswith("text/csv")
        assert "commission_expense" in table.text
    assert desk.get("/books/journals?format=xlsx", follow=False).status == 303


def test_a_list_of_journals_goes_on(sold: dict[str, Any], leader: Member, shop: Shop, desk: Desk) -> None:
    for n in range(20):
        cash = {"leader_id": leader.id, "pickup_point_id": sold["point"], "amount": shop.money(1)}
        assert shop.brand.post("/v1/ledger/cash", cash, headers={"Idempotency-Key": f"in-{n}"}).status < 300
    page = desk.get("/books/journals")
    assert "An order was handed over" not in page.words()
    assert "An order was handed over" in desk.get(page.link("Show more")).words()


def test_what_is_outstanding_is_said_and_a_group_buy_is_settled_after_it(
    sold: dict[str, Any], shop: Shop, new_desk: New, clock: Clock, sweep: Sweep
) -> None:
    path = f"/books/campaigns/{sold['campaign']['id']}"
    desk = new_desk(shop)
    page = desk.get(path)
    assert "¥1.35 of commission may still change" in page.words()
    refused = desk.send(page, "Settle it")
    assert refused.status == 409
    assert "The campaign cannot be settled yet" in refused.words(".refusal")

    clock.advance(days=20)
    sweep()
    desk = new_desk(shop)
    assert sold["campaign"]["title"] in desk.get("/books/campaigns").words()
    done = desk.send(desk.get(path), "Settle it")
    assert done.words(".flash") == "The group buy is settled."
    assert sold["campaign"]["title"] in desk.get("/books/campaigns?status=settled").words()


def test_each_role_sees_what_it_may_do(sold: dict[str, Any], shop: Shop, new_desk: New) -> None:
    path = f"/books/campaigns/{sold['campaign']['id']}"
    assert "Settle it" in new_desk(shop, "manager").get(path).words()
    assert "Settle it" not in new_desk(shop, "analyst").get(path).words()
    assert new_desk(shop, "service").get("/books").status == 403


def test_the_pages_speak_chinese(sold: dict[str, Any], desk: Desk) -> None:
    desk.language = "zh"
    assert "顾客共支付 ¥18.00" in desk.get("/books").words()
    assert "订单交付" in desk.get("/books/journals").words()
    assert "尚未结清" in desk.get(f"/books/campaigns/{sold['campaign']['id']}").words()


# --- Rules


def test_every_account_of_the_chart_has_a_name() -> None:
    named = {
        value for name, value in vars(chart).items() if name[0].isupper() and name.isupper() and isinstance(value, str)
    }
    assert named - {chart.NO_LEADER} <= set(ACCOUNTS)


def test_an_account_says_whose_it_is() -> None:
    assert (said("clearing:wechat").detail, said("clearing:other").detail) == ("WeChat Pay", "other")
    assert said("cash:store:point").party == ""
    leaders = [said(each) for each in ("cash:L:point", "commission_payable:L", "commission_frozen:L")]
    assert {(each.party, each.party_id) for each in leaders} == {("leaders", "L")}
    assert (said("supplier_payable:S").party, said("supplier_payable:S").party_id) == ("suppliers", "S")
    assert cause_said("handover:01J") != cause_said("of a later version:01J")
