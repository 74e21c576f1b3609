"""The running day: what a brand sees of it before midnight."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.db import metered, put_many, tenant_scope
from chalicelib.insight.activity.service.dirty_days import mark_dirty
from chalicelib.insight.model.periods import Unit, number
from chalicelib.insight.records import ActivityRecord
from chalicelib.insight.reports.service.summary import summarise
from chalicelib.insight.reports.service.today import today
from chalicelib.insight.rollups.service.days import roll_month
from tests.builders import made
from tests.insight.figures import Figures

NOON = datetime(2028, 6, 15, 4, tzinfo=UTC)  # Thursday, 12:00 in Shanghai
TODAY, LAST_THURSDAY = date(2028, 6, 15), date(2028, 6, 8)


@pytest.fixture
def open_figures(new_figures: Callable[..., Figures], clock: Any) -> Figures:
    """A brand in Shanghai at noon of a Thursday."""
    clock.set(NOON)
    return new_figures(timezone="Asia/Shanghai", currency="CNY")


def recorded(figures: Figures, on: date, *orders: tuple[int, int, str], zone_hours: int = 8) -> None:
    """Orders of that day as they are recorded: the member's ordinal, the amount at 1 unit, the local time or ``""``."""
    records = []
    for n, (ordinal, amount, time) in enumerate(orders):
        local = datetime.fromisoformat(f"{on}T{time or '00:00'}")
        records.append(
            ActivityRecord(
                *ActivityRecord.of_order(figures.shop.tenant_id, on, f"{on}-{n}"),
                ordinal=ordinal,
                amount_minor=amount,
                currency="CNY",
                quantity=1,
                hour=local.hour if time else -1,
                at=(local - timedelta(hours=zone_hours)).replace(tzinfo=UTC) if time else None,
            )
        )
    with tenant_scope(figures.shop.tenant_id):
        put_many(records)
        mark_dirty(figures.shop.tenant_id, [on])


def rolled(figures: Figures, on: date) -> None:
    with tenant_scope(figures.shop.tenant_id):
        roll_month(figures.shop.tenant_id, number(on, Unit.MONTH), [on])


def test_a_quiet_day_is_zero_and_not_without_data(open_figures: Figures) -> None:
    report = open_figures.report("today")
    zero = {"members": 0, "active_members": 0, "new_members": 0, "orders": 0, "quantity": 0, "aov": None, "sales": []}
    assert report["totals"] == zero | {"gmv": open_figures.shop.money(0)}
    assert report["last_week"] == {"on": "2028-06-08"} | zero | {"gmv": open_figures.shop.money(0)}
    assert (report["complete"], report["as_of"][:16], report["timezone"]) == (
        False,
        "2028-06-15T04:00",
        "Asia/Shanghai",
    )
    assert (report["from_on"], report["to_on"], report["pending_days"]) == ("2028-06-15", "2028-06-15", 0)
    assert {each["name"] for each in report["definitions"]} >= {"today", "orders", "gmv", "new_members"}


def test_an_order_counts_the_same_day_and_no_more_once_it_is_cancelled(
    open_figures: Figures, drain: Callable[[], None]
) -> None:
    shop = open_figures.shop
    kept, gone = made(shop.order(quantity=2)), made(shop.order())
    drain()
    totals = open_figures.report("today")["totals"]
    assert (totals["orders"], totals["quantity"], totals["gmv"]) == (2, 3, shop.money(2_700))
    assert (totals["members"], totals["active_members"], totals["new_members"]) == (1, 1, 1)
    made(shop.caller.call("POST", f"{shop.path}/orders/{gone['id']}/cancel", token=shop.shopper.token), 200)
    drain()
    totals = open_figures.report("today")["totals"]
    assert (totals["orders"], totals["gmv"], totals["aov"]) == (1, shop.money(1_800), shop.money(1_800))
    assert kept["totals"]["total"] == totals["gmv"]


@pytest.mark.parametrize("minutes", [1, 719])
def test_it_is_what_the_days_rollup_would_say_at_that_moment(open_figures: Figures, minutes: int, clock: Any) -> None:
    # Given members of earlier months, of this month, of yesterday whose night is still to come, and new ones
    for on, orders in {
        date(2028, 4, 30): [(0, 100, "09:00")],
        date(2028, 6, 1): [(1, 200, "09:00")],
        TODAY - timedelta(days=1): [(2, 300, "23:59")],
    }.items():
        recorded(open_figures, on, *orders)
        if on.month < 6 or on.day == 1:
            rolled(open_figures, on)
    recorded(open_figures, TODAY, (0, 1_000, "00:00"), (2, 2_000, "08:30"), (7, 3_000, "08:30"), (7, 1, ""))
    now = NOON - timedelta(hours=12) + timedelta(minutes=minutes)
    clock.set(now)
    with tenant_scope(open_figures.shop.tenant_id):
        running = today(open_figures.shop.tenant_id, now).running

    # Then after a rollup of both days the summary says the same
    for on in (TODAY - timedelta(days=1), TODAY):
        rolled(open_figures, on)
    with tenant_scope(open_figures.shop.tenant_id):
        total = summarise(open_figures.shop.tenant_id, TODAY, TODAY, None, now).total
    names = ("totals", "active", "new", "ever")
    assert [getattr(running, name) for name in names] == [getattr(total, name) for name in names]
    assert (running.totals.orders, running.new, running.ever) == (4, 1 << 7, 0b10000111)


@pytest.mark.parametrize("on", [TODAY, date(2028, 7, 1)], ids=["amid a month", "on the first of a month"])
def test_whose_only_order_came_to_nothing_after_its_night_is_new_with_the_next(open_figures: Figures, on: date) -> None:
    """Of yesterday's three, rolled up in the night, the last two were short this morning; one of them orders again."""
    yesterday, tenant_id = on - timedelta(days=1), open_figures.shop.tenant_id
    recorded(open_figures, yesterday, (0, 100, "08:00"), (1, 100, "09:00"), (2, 100, "10:00"))
    rolled(open_figures, yesterday)
    with tenant_scope(tenant_id):
        for order in list(ActivityRecord.of_day(tenant_id, yesterday))[1:]:
            order.voided = 1
            put_many([order])
        mark_dirty(tenant_id, [yesterday])
    recorded(open_figures, on, (1, 100, "11:00"))
    now = datetime(on.year, on.month, on.day, 4, tzinfo=UTC)
    with tenant_scope(tenant_id):
        running = today(tenant_id, now).running
    assert (running.new, running.ever) == (0b010, 0b011)


def test_last_week_counts_up_to_the_same_time_of_the_day(open_figures: Figures, clock: Any) -> None:
    recorded(
        open_figures, LAST_THURSDAY, (0, 100, "00:00"), (1, 200, "11:59"), (2, 400, "12:00"), (3, 800, ""),
        (4, 1_600, "23:59"),
    )  # fmt: skip
    rolled(open_figures, LAST_THURSDAY)
    clock.stand(NOON - timedelta(seconds=30))
    week = open_figures.report("today")["last_week"]
    assert (week["orders"], week["gmv"]["amount_minor"], week["new_members"]) == (2, 300, 2)
    assert open_figures.report("today")["untimed_orders"] == 1
    clock.advance(seconds=31)
    assert open_figures.report("today")["last_week"]["orders"] == 3
    assert "percent" not in str(open_figures.report("today"))


def test_the_day_ends_at_the_brands_midnight_also_when_clocks_change(
    new_figures: Callable[..., Figures], clock: Any
) -> None:
    """New York puts its clocks back on Sunday, 5 November 2028: the day has 25 hours, and ends at 05:00 UTC."""
    clock.stand(datetime(2028, 11, 6, 4, 59, 59, tzinfo=UTC))
    figures = new_figures(timezone="America/New_York", currency="USD")
    sunday = date(2028, 11, 5)
    recorded(figures, sunday, (0, 100, "00:00"), zone_hours=4)
    recorded(figures, sunday - timedelta(days=7), (0, 100, "23:59"), (1, 100, "23:58"), zone_hours=4)
    report = figures.report("today")
    assert (report["from_on"], report["totals"]["orders"], report["last_week"]["orders"]) == ("2028-11-05", 1, 2)
    clock.advance(seconds=1)
    report = figures.report("today")
    assert (report["from_on"], report["totals"]["orders"], report["pending_days"]) == ("2028-11-06", 0, 2)


@pytest.mark.parametrize("orders", [1, 3_000])
def test_it_reads_the_orders_of_two_days_and_no_history(open_figures: Figures, orders: int) -> None:
    """The brand, the months, the marks, whose history is another's, the days of the month, once for both Thursdays,
    today, last Thursday."""
    many = [(n % 50, 100, "08:00") for n in range(orders)]
    recorded(open_figures, TODAY, *many)
    recorded(open_figures, LAST_THURSDAY, *many)
    rolled(open_figures, LAST_THURSDAY)
    with tenant_scope(open_figures.shop.tenant_id), metered() as meter:
        found = today(open_figures.shop.tenant_id, NOON)
    assert (found.running.totals.orders, found.last_week.totals.orders) == (orders, orders)
    assert meter.reads == 7
    assert meter.items_read <= 2 * orders + 8


def test_it_is_a_table_too_and_takes_no_range(open_figures: Figures) -> None:
    recorded(open_figures, TODAY, (0, 100, "08:00"))
    rows = list(csv.DictReader(io.StringIO(open_figures.ask("today", format="csv").text)))
    assert [(row["part"], row["on"], row["orders"], row["complete"]) for row in rows] == [
        ("today", "2028-06-15", "1", "false"),
        ("last_week", "2028-06-08", "0", "false"),
    ]
    refused = open_figures.ask("today", from_on="2028-06-01")
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "?from_on")


def test_another_brand_sees_its_own_day(open_figures: Figures, new_figures: Callable[..., Figures]) -> None:
    recorded(open_figures, TODAY, (0, 100, "08:00"))
    assert new_figures(timezone="Asia/Shanghai", currency="CNY").report("today")["totals"]["orders"] == 0
