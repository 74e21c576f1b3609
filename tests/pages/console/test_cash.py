"""Cash at the console: refunds that are paid out, and what leaders hand in."""

from __future__ import annotations

import pytest

from chalicelib.pages.console.cash.model import Held, by_leader, held
from tests.builders import made
from tests.orders.test_cash_refunds import leader, owed

__all__ = ["leader", "owed"]


def test_what_a_leader_has_is_the_cash_and_what_was_advanced():
    balances = [("bank", 5), ("cash:A:X", 900), ("cash:A:X:advanced", -300), ("cash:store:X", 40), ("cash:B:Y", 0)]
    found = held(balances)
    assert found == [Held("A", "X", 600), Held(None, "X", 40)]
    assert by_leader([*found, Held("A", "Y", 5)]) == {"A": 605}


def test_nothing_to_pay_out_is_said(desk):
    assert "Nothing is to be paid out in cash." in desk.get("/cash-refunds").words(".empty")
    assert "Nobody has cash to hand in." in desk.get("/cash").words(".empty")


def test_refunds_in_cash_are_listed_and_noted_as_paid_out(shop, owed, desk):
    page = desk.get("/cash-refunds")
    assert len(page.soup.select("tbody tr")) == 3
    page = desk.get(f"/cash-refunds?pickup_point_id={owed[0]['pickup_point_id']}")
    assert len(page.soup.select("tbody tr")) == 2

    page = desk.send(page, "I have paid out CN¥9.00 in cash")

    assert page.words(".flash") == "It is noted that the money was paid out."
    assert len(page.soup.select("tbody tr")) == 1
    assert len(made(shop.brand.get("/v1/cash-refunds"), 200)["items"]) == 2


def test_a_leader_hands_in_what_they_have_and_not_more(shop, owed, leader, drain, desk):
    drain()
    page = desk.get("/cash")
    (row,) = [each for each in page.soup.select("tbody tr") if each.select_one("form")]
    assert "CN¥54.00" in row.get_text()

    page = desk.send(page, "Note it", amount="60")
    assert page.status == 409
    page = desk.send(page, "Note it", amount="much")
    assert page.words(".fault") == "Write an amount such as 12.50."
    assert page.soup.select_one('input[name="amount"]')["value"] == "much"
    page = desk.send(page, "Note it", amount="50")

    assert page.words(".flash") == "It is noted that the cash was handed in."
    assert "CN¥4.00" in page.words("table")


def test_an_analyst_reads_cash_without_names_and_notes_nothing(new_desk, shop, owed, desk, leader, drain):
    named = {"profile": {"name": "Ada Lovelace"}}
    made(shop.caller.call("PATCH", f"{shop.path}/me", json=named, token=leader.token), 200)
    drain()
    assert "Ada Lovelace" in desk.get("/cash").text
    analyst = new_desk(shop, "analyst")
    page = analyst.get("/cash")
    assert "Ada Lovelace" not in page.text
    assert not page.soup.select('main form[method="post"]')
    assert not analyst.get("/cash-refunds").soup.select('main form[method="post"]')


def test_service_pays_out_and_does_not_see_the_books(new_desk, shop):
    service = new_desk(shop, "service")
    assert service.get("/cash-refunds").status == 200
    assert "To be handed in" not in service.get("/cash-refunds").text
    assert service.get("/cash").status == 403


@pytest.mark.parametrize(("path", "heading"), [("/cash-refunds", "待付现金退款"), ("/cash", "待上交现金")])
def test_the_pages_of_cash_speak_chinese(new_desk, shop, path, heading):
    assert new_desk(shop, language="zh").get(path).words("h1").startswith(heading)
