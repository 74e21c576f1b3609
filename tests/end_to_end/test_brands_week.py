"""A brand's week over HTTP, and every figure of every party held against the sheet that was worked out by hand.

The story and the figures are in `brands_week.md`, what people do in `brands_week.py`, and what the product says to whom
in `figures_shown.py`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import tenant_scope
from chalicelib.orders.records import OrderRecord
from infra.local.engine import Engine
from tests.builders import Shop
from tests.conftest import Served
from tests.end_to_end.brands_week import Week
from tests.end_to_end.figures_shown import Shown
from tests.end_to_end.sheet import Sheet
from tests.end_to_end.steps import nothing_left_behind, pay
from tests.invariants.checks_money import check_money
from tests.invariants.snapshot import Snapshot

SHEET = Path(__file__).with_name("brands_week.md")


@pytest.fixture
def sheet() -> Sheet:
    return Sheet.of(SHEET)


def test_a_brands_week_comes_to_what_the_sheet_says(
    served_shop: Shop, server: Served, engine: Engine, sheet: Sheet
) -> None:
    week = Week(served_shop, server)
    shown = Shown(week)
    week.until("Monday", "06:00")
    week.prepare()
    week.plan()
    monday_is_ordered(week, shown)
    tuesday_brings_the_goods(week, shown)
    what_tuesday_noon_leaves_to_do(week, shown)
    tuesdays_campaign_misses_its_target(week, shown)
    wednesday_is_ordered(week, shown)
    the_first_statements_are_paid(week, shown)
    wednesdays_goods_are_collected_but_for_one_jar(week, shown)
    the_week_is_closed(week, shown)
    different = sheet.differences(shown.tables)
    assert not different, "\n".join(different)
    nothing_left_behind(server)
    the_books_say_what_is_shown(week, engine)


# --- the week ---------------------------------------------------------------------------------------------------------


def monday_is_ordered(week: Week, shown: Shown) -> None:
    week.opens("Monday")
    week.order("An", "Monday", "North", "test", PEAR=3, JAM=2)
    week.order("Bo", "Monday", "North", "test", PEAR=3)
    week.order("Chen", "Monday", "South", "pickup", PLUM=2)
    week.order("Du", "Monday", "South", "test", JAM=4, PLUM=1)
    week.order("Er", "Monday", "North", "test", PEAR=1)
    week.until("Monday", "18:00")
    shown.at_six("Monday")
    shown.proof("Monday, 18:00")
    week.until("Monday", "20:01")
    assert week.status("Monday") == "locked"
    shown.purchase_list("Monday")


def tuesday_brings_the_goods(week: Week, shown: Shown) -> None:
    """Seven pears were bought: four came, one never will, two quinces came instead."""
    week.opens("Tuesday")
    week.advance("Monday", "purchasing")
    pears = {
        "sku_id": week.skus["PEAR"], "received": 4, "short": 1,
        "substitute": {"sku_id": week.skus["QUINCE"], "quantity": 2},
    }  # fmt: skip
    week.receive("Monday", "Orchard", pears, {"sku_id": week.skus["PLUM"], "received": 3})
    week.receive("Monday", "Kitchen", {"sku_id": week.skus["JAM"], "received": 1})
    week.advance("Monday", "at_pickup")
    shown.points("Monday")
    week.until("Tuesday", "12:00")
    week.collect("An, Monday", "Bo, Monday", "Chen, Monday", "Du, Monday")
    assert week.status("Monday") == "completed"


def what_tuesday_noon_leaves_to_do(week: Week, shown: Shown) -> None:
    """A return, a repair, and 2.00 in cash for the long wait."""
    week.comes_back(week.ask_for("return", "An, Monday", "JAM"))
    week.comes_back(week.ask_for("repair", "Du, Monday", "JAM"))
    week.give("Chen, Monday", 200, "For the long wait")
    shown.cash_to_pay_out("when Chen was promised 2.00")
    week.pays_back_in_cash("Chen, Monday")
    shown.cash_to_pay_out("when Wei had paid it")


def tuesdays_campaign_misses_its_target(week: Week, shown: Shown) -> None:
    week.order("Bo", "Tuesday", "North", "test", PEAR=1)
    week.order("Fay", "Tuesday", "South", "pickup", PLUM=1)
    week.until("Tuesday", "18:00")
    shown.at_six("Tuesday")
    week.until("Tuesday", "20:01")
    assert week.status("Tuesday") == "refunded"
    shown.commission("Commission on Tuesday night")
    shown.leaders("Tuesday night")
    shown.proof("Tuesday night")


def wednesday_is_ordered(week: Week, shown: Shown) -> None:
    """An pays in the last minute, of which no message comes: the deadline asks, and the order stands."""
    week.opens("Wednesday")
    late = week.place("An", "Wednesday", "North", "test", PEAR=2)
    week.until("Wednesday", "08:15")
    pay(week.shop, week.server, week.people["An"], late, silently=True)
    assert week.mine("An, Wednesday")["status"] == "held"
    week.until("Wednesday", "08:20")
    assert week.mine("An, Wednesday")["status"] == "placed"
    week.order("Bo", "Wednesday", "North", "pickup", PLUM=3)
    week.order("Gu", "Wednesday", "South", "test", JAM=1)
    week.until("Wednesday", "18:00")
    shown.at_six("Wednesday")
    shown.proof("Wednesday, 18:00")
    week.until("Wednesday", "20:01")
    assert week.status("Wednesday") == "locked"
    assert [each["on"] for each in week.made_by_the_series()] == [str(week.on(day)) for day in week.campaigns]
    shown.purchase_list("Wednesday")
    week.hand_in("Wei", 1_200)


def the_first_statements_are_paid(week: Week, shown: Shown) -> None:
    """On Thursday noon the goods of Tuesday noon cannot come back any more, and their commission becomes payable."""
    week.until("Thursday", "20:00")
    shown.leaders("Thursday night")
    shown.proof("Thursday night")
    week.until("Friday", "00:10")
    week.freeze("first", "Monday", "Thursday")
    shown.statements("First statements, when they are drawn up", "first")
    shown.lines("Lines of the first statements", "first")
    week.pay_out("first", Lin=750, Wei=220, Orchard=5_000, Kitchen=900)
    shown.statements("First statements, when they are paid", "first")


def wednesdays_goods_are_collected_but_for_one_jar(week: Week, shown: Shown) -> None:
    week.until("Friday", "09:00")
    week.advance("Wednesday", "at_pickup", everything_arrived=True)
    shown.points("Wednesday")
    week.until("Friday", "12:00")
    week.collect("An, Wednesday", "Bo, Wednesday")
    week.until("Saturday", "10:00")
    week.hand_in("Lin", 2_000)
    week.until("Sunday", "09:01")
    assert week.mine("Gu, Wednesday")["status"] == "refunded"
    assert week.status("Wednesday") == "completed"
    week.until("Sunday", "12:01")


def the_week_is_closed(week: Week, shown: Shown) -> None:
    week.until("next Monday", "00:10")
    week.freeze("second", "Friday", "Sunday")
    shown.statements("Second statements", "second")
    shown.lines("Lines of the second statements", "second")
    week.freeze("again", "Monday", "Thursday")
    shown.statements("First statements, drawn up again", "again")
    week.settle("Monday")
    week.settle("Wednesday")
    week.until("next Monday", "02:00")
    shown.orders()
    shown.goods()
    shown.commission("Commission at the end")
    shown.leaders("the end")
    shown.money()
    shown.reports()


def the_books_say_what_is_shown(week: Week, engine: Engine) -> None:
    """Commission became payable when it might, and each order's money is booked as it is shown."""
    tenant_id, stored = week.shop.tenant_id, Snapshot(engine)
    orders = [stored.fetch(OrderRecord, *OrderRecord.address(tenant_id, each["id"])) for each in week.orders.values()]
    found = [
        stored.fetch(CampaignRecord, *CampaignRecord.address(tenant_id, each["id"])) for each in week.campaigns.values()
    ]
    with tenant_scope(tenant_id):
        check_money(stored, tenant_id, [each for each in orders if each], {each.id: each for each in found if each})


# --- the sheet itself -------------------------------------------------------------------------------------------------

TABLE = """
## Cash

| who | amount | how |
|---|---|---|
| Lin | 24.00 | 3 x 8 |
| Wei | 16.00 | |
"""


@pytest.mark.parametrize(
    "found",
    [
        {"Cash": [("Lin", "24.00")]},
        {"Cash": [("Lin", "24.00"), ("Wei", "16.01")]},
        {"Cash": [("Lin", "24.00"), ("Wei", "16.00"), ("Wei", "16.00")]},
        {"Cash": [("Lin", "24.00"), ("Wei", "16.00")], "Card": [("Lin", "1.00")]},
        {"Card": [("Lin", "24.00"), ("Wei", "16.00")]},
    ],
)
def test_what_differs_from_a_sheet_is_found(found: dict[str, list[tuple[str, str]]]) -> None:
    assert Sheet(TABLE).differences(found)
    assert Sheet(TABLE).differences({"Cash": [("Wei", "16.00"), ("Lin", "24.00")]}) == []
