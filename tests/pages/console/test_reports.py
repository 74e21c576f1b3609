"""Figures on the console: the summary, retention, the members behind a cell, and both as files."""

from __future__ import annotations

import csv
import io
from urllib.request import urlopen

import openpyxl
import pytest

from chalicelib.pages.console.charts import percents
from chalicelib.pages.console.reports.model.said import shade
from tests.builders import made
from tests.insight.conftest import figures, new_figures, rolled

__all__ = ["figures", "new_figures", "rolled"]

APRIL = "from_on=2026-01-01&to_on=2026-04-30"


@pytest.fixture
def analyst(rolled, new_desk):
    """A desk of an analyst at a brand with nine orders in four months."""
    return new_desk(rolled.shop, "analyst")


def rows(page):
    return [[" ".join(cell.get_text(" ").split()) for cell in row.select("th, td")] for row in page.soup.select("tr")]


def test_the_summary_shows_the_figures_of_the_api(analyst):
    page = analyst.get(f"/reports?by=month&{APRIL}")
    table = {row[0]: row[1:] for row in rows(page)}
    assert table["2026-01"] == ["$23.05", "4", "$5.76", "5", "3", "3"]
    assert [each["alt"].split(" as a chart")[0] for each in page.soup.select("img")][:2] == ["Sales", "Orders"]
    assert "€1.00" in page.words()  # what was sold in another currency stands apart
    assert "Orders of the period." in page.words("details.card")


def test_days_that_run_backwards_are_refused_beside_the_filter(analyst):
    page = analyst.get("/reports?from_on=2026-04-30&to_on=2026-01-01")
    assert page.status == 422
    assert "2026-04-30" in page.words(".refusal")
    assert page.soup.select_one('input[name="from_on"]')["value"] == "2026-04-30"


def test_a_file_is_for_the_reader(analyst):
    seen = analyst.get(f"/reports/file?by=month&format=csv&{APRIL}")
    assert "summary.csv" in seen.headers["content-disposition"]
    table = list(csv.DictReader(io.StringIO(seen.text.removeprefix("\ufeff"))))
    assert table[0]["Group"] == "2026-01"
    assert table[0]["Sales"] == "23.05"


def test_a_workbook_waits_in_the_bucket(analyst):
    seen = analyst.get(f"/reports/file?by=month&format=xlsx&{APRIL}", follow=False)
    assert seen.status == 303
    with urlopen(seen.headers["location"]) as file:  # noqa: S310 - a link of the engine's own
        sheet = openpyxl.load_workbook(io.BytesIO(file.read())).active
    assert sheet.cell(2, 1).value == "2026-01"


def test_each_cell_of_retention_says_whether_it_is_complete_and_who_is_behind_it(analyst):
    page = analyst.get(f"/reports/retention?{APRIL}")
    table = {row[0]: row for row in rows(page)}
    assert table["2026-01"][2:4] == ["100.0% 3/3", "33.3% 1/3"]
    members = analyst.get(page.soup.find("a", string="33.3%")["href"])
    assert members.heading == "Members behind the figure"
    assert "ann" in members.words(".ways")
    assert "bob" not in members.words(".ways")
    assert analyst.get(members.link("Back to the table")).heading.startswith("Who comes back")


def test_days_after_the_first_order_are_periods_too(analyst):
    page = analyst.get(f"/reports/retention?mode=bracket&{APRIL}")
    assert "Days 1-7" in page.words("table")
    assert "must" not in analyst.get(f"/reports/retention?mode=bracket&brackets=x&{APRIL}").words("h1")
    assert analyst.get(f"/reports/retention?mode=bracket&brackets=x&{APRIL}").status == 422


def test_a_cell_that_is_there_no_more_is_said(analyst):
    seen = analyst.get("/reports/retention/members?members=1999-01:7")
    assert "no such figure any more" in seen.words()


def test_no_orders_are_no_figures(desk):
    assert "There are no orders yet." in desk.get("/reports").words()
    assert "There are no orders yet." in desk.get("/reports/retention").words()
    desk.language = "zh"
    assert desk.get("/reports").heading == "销售与订单"


def test_a_planner_sees_no_figures(shop, new_desk):
    planner = new_desk(shop, "planner")
    assert planner.get("/reports").status == 403
    assert "/console/reports" not in planner.get("/menu").text


@pytest.mark.parametrize(("rate", "said", "strength"), [("0", "0.0%", 0), ("0.3333", "33.3%", 4), ("1", "100.0%", 5)])
def test_a_rate_is_said_and_shaded(rate, said, strength):
    assert (percents(rate), shade(rate)) == (said, strength)


def test_why_members_leave_is_shown_with_who_is_behind_each_figure(shop, desk):
    for reason, note in (("prices", "Too dear"), ("prices", None), ("quality", None)):
        body = {"reason": reason} | ({"note": note} if note else {})
        made(shop.caller.call("POST", f"{shop.path}/me/leave", json=body, token=shop.member().token), 200)
    page = desk.get("/reports/leaving")
    assert "Left: 3. Of them back since: 0." in page.words()
    rows = [each.get_text(" ", strip=True) for each in page.soup.select("tbody th")]
    assert rows == ["The prices", "The quality of the goods"]
    assert "Too dear" in page.words("[aria-labelledby=words]")
    behind = desk.get(page.soup.select_one("tbody a[href*=members]")["href"])
    assert len(behind.soup.select("main li")) == 2
    assert "Too dear" in behind.words("main")


def test_where_nobody_left_the_page_says_so(desk):
    assert "Nobody has left in these days." in desk.get("/reports/leaving").words()
    assert desk.get("/reports/leaving?from_on=2026-05-02&to_on=2026-05-01").status == 422
