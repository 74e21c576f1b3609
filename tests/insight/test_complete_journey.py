"""Complete Journey: a year of grocery orders with instants, in New York's days and hours.

The data (84.51°/dunnhumby, a subset of 240 households) hold order lines with UTC instants, with both changes of the
clocks of 2017. The reference figures were computed outside this project.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from chalicelib.insight.activity.model import rows
from chalicelib.insight.model import summary
from chalicelib.insight.model.figures import Activity, Rollup, day_rollup
from chalicelib.insight.model.summary import By, Span
from chalicelib.kernel.clock import parse_instant, zone
from tests.insight.figures import Figures, data_file

COLUMNS = ("order_ref", "member", "ordered_at", "quantity", "amount_minor", "currency")
YEAR = Span(date(2017, 1, 1), date(2017, 12, 31))


def reference() -> Any:
    return json.loads(data_file("completejourney/reference.json").read_text())


def orders() -> Iterator[tuple[str, ...]]:
    """The lines of each basket as one order: the file has them one after another."""
    baskets: dict[str, list[Any]] = {}
    with gzip.open(data_file("completejourney/order_lines.csv.gz"), "rt") as lines:
        for line in csv.DictReader(lines):
            basket = baskets.setdefault(line["order_ref"], [line["member"], line["ordered_at"], 0, 0])
            basket[2] += int(line["quantity"])
            basket[3] += int(line["paid_minor"])
    for order_ref, (member, ordered_at, quantity, paid) in baskets.items():
        yield order_ref, member, ordered_at, str(quantity), str(paid), "USD"


def test_totals_by_local_month_weekday_and_hour_equal_the_reference() -> None:
    expected, days = reference(), rolled_in_memory()

    assert orders_by(days, By.MONTH) == expected["orders_by_month"]
    assert orders_by(days, By.WEEKDAY) == expected["orders_by_weekday_mon0"]
    assert orders_by(days, By.HOUR) == expected["orders_by_hour"]
    months = summary.grouped(days, By.MONTH, YEAR, earlier=0)
    assert {group.name: (group.active or 0).bit_count() for group in months} == expected["active_members_by_month"]
    assert {group.name: group.totals.sales["USD"][1] for group in months} == expected["paid_minor_by_month"]
    total = summary.whole(days, YEAR, earlier=0)
    assert ((total.active or 0).bit_count(), total.totals.orders) == (expected["members"], expected["orders"])
    for on in (date(2017, 3, 12), date(2017, 11, 5)):
        assert days[on].totals.orders == expected[f"orders_on_{on:%Y_%m_%d}_dst_day"]


def test_march_through_the_api_equals_the_reference(figures: Figures) -> None:
    """The spring change of the clocks, through intake, storage, rollup and report."""
    expected = reference()
    march = [row for row in orders() if "2017-03-01T05" <= row[2] < "2017-04-01T04"]
    job = figures.import_orders(march, COLUMNS)
    figures.roll()

    report = figures.report("summary", by="day", from_on="2017-03-01", to_on="2017-03-31")
    assert job["errors_total"] == 0
    assert report["totals"]["orders"] == expected["orders_by_month"]["2017-03"]
    assert report["totals"]["gmv"]["amount_minor"] == expected["paid_minor_by_month"]["2017-03"]
    assert report["totals"]["active_members"] == expected["active_members_by_month"]["2017-03"]
    by_day = {row["group"]: row["orders"] for row in report["rows"]}
    assert by_day["2017-03-12"] == expected["orders_on_2017_03_12_dst_day"]


@pytest.mark.verify
def test_the_year_through_the_api_equals_the_reference(figures: Figures) -> None:
    expected = reference()
    job = figures.import_orders(list(orders()), COLUMNS)
    figures.roll()

    assert (job["imported"], job["errors_total"]) == (expected["orders"], 0)
    for by, key in (("month", "orders_by_month"), ("weekday", "orders_by_weekday_mon0"), ("hour", "orders_by_hour")):
        report = figures.report("summary", by=by, from_on="2017-01-01", to_on="2017-12-31")
        assert {row["group"]: row["orders"] for row in report["rows"]} == expected[key]
    report = figures.report("summary", by="month", from_on="2017-01-01", to_on="2017-12-31")
    assert {row["group"]: row["active_members"] for row in report["rows"]} == expected["active_members_by_month"]
    assert {row["group"]: row["gmv"]["amount_minor"] for row in report["rows"]} == expected["paid_minor_by_month"]
    assert report["totals"]["active_members"] == expected["members"]
    assert_patterns(figures, expected)


def assert_patterns(figures: Figures, expected: Any) -> None:
    """Hours and weekdays as the heat map and the best times have them, and what was ordered by month."""
    year = {"from_on": "2017-01-01", "to_on": "2017-12-31"}
    report = figures.report("heatmap", **year)
    by_hour, by_weekday = Counter[str](), Counter[str]()
    for cell in report["cells"]:
        by_hour[str(cell["hour"])] += cell["orders"]
        by_weekday[str(cell["weekday"])] += cell["orders"]
    assert (dict(by_hour), dict(by_weekday)) == (expected["orders_by_hour"], expected["orders_by_weekday_mon0"])
    assert sum(cell["revenue"]["amount_minor"] for cell in report["cells"]) == expected["paid_minor"]
    assert (report["days"], report["days_unseen"]) == ([52] * 6 + [53], 0)
    assert sum(kind["days"] for kind in report["kinds"]) == 365
    hours = figures.report("best-time", **year)["by_hour"]
    assert {str(each["hour"]): each["orders"] for each in hours} == expected["orders_by_hour"]
    months = figures.report("lifecycle", **year)["rows"]
    assert {row["period"]: row["active"] for row in months} == expected["active_members_by_month"]
    rhythm = figures.report("periodicity", **year)
    assert (rhythm["members_ordering"], rhythm["orders"]) == (expected["members"], expected["orders"])
    assert_members_by_hour(figures, report)


def assert_members_by_hour(figures: Figures, report: Any) -> None:
    """Each cell's members against the file's own instants, and the list behind the fullest cell."""
    there, found = zone("America/New_York"), defaultdict[tuple[int, int], set[str]](set)
    for _, member, ordered_at, *_ in orders():
        local = parse_instant(ordered_at).astimezone(there)
        found[local.weekday(), local.hour].add(member)
    assert {(cell["weekday"], cell["hour"]): cell["members"] for cell in report["cells"] if cell["members"]} == {
        place: len(members) for place, members in found.items()
    }
    (weekday, hour), members = max(found.items(), key=lambda each: len(each[1]))
    named = figures.report("heatmap", members=f"{weekday}:{hour}", from_on="2017-01-01", to_on="2017-12-31")["members"]
    assert {each["external_ref"] for each in named} == members


def rolled_in_memory() -> dict[date, Rollup]:
    """Rows parsed as the import parses them and rolled up by day, without storage."""
    zone_there, now = zone("America/New_York"), parse_instant("2026-01-01T00:00:00Z")
    ordinals: dict[str, int] = {}
    days: dict[date, list[Activity]] = {}
    for given in orders():
        row = rows.parse(given, COLUMNS, zone_there, now)
        assert row.ordered_at is not None
        ordinal = ordinals.setdefault(row.member, len(ordinals))
        hour = row.ordered_at.astimezone(zone_there).hour
        days.setdefault(row.ordered_on, []).append(
            Activity(ordinal, row.amount_minor, row.currency, row.quantity, hour)
        )
    return {on: day_rollup(activities) for on, activities in days.items()}


def orders_by(days: dict[date, Rollup], by: By) -> dict[str, int]:
    return {group.name: group.totals.orders for group in summary.grouped(days, by, YEAR, earlier=0)}
