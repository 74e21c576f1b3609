"""Classes of members on the console: where they part, how many are of each, their scores, and who is behind them."""

from __future__ import annotations

import pytest

from tests.insight.conftest import figures, new_figures, rolled

__all__ = ["figures", "new_figures", "rolled"]

APRIL = "as_of=2026-04-30"


@pytest.fixture
def analyst(rolled, new_desk):
    """A desk of an analyst at a brand with nine orders in four months."""
    return new_desk(rolled.shop, "analyst")


def rows(page):
    return [[" ".join(cell.get_text(" ").split()) for cell in row.select("th, td")] for row in page.soup.select("tr")]


def test_the_report_says_how_many_are_of_each_class_and_lists_them(analyst):
    # ann ordered on 1 April and dan, who began on 31 March, too; a month before he had not, and she had been quiet.
    page = analyst.get(f"/reports/classes?{APRIL}")
    table = {row[0]: row[1:] for row in rows(page)}
    assert table["Active member"] == ["2", "50.0%", "0", "+2"]
    assert table["Churned member"][0] == "0"
    assert "/reports/classes/chart?" in page.soup.select_one("figure.chart img")["src"]
    assert "below 30" in page.words("details.card")
    members = analyst.get(page.soup.select_one('a[href*="members=active"]')["href"])
    assert members.heading == "Members behind the figure"
    assert "ann" in members.words(".ways")
    assert analyst.get(members.link("Back to the table")).heading.startswith("New, active, dormant, churned")


def test_scores_show_where_they_part_and_who_has_them(analyst):
    page = analyst.get(f"/reports/rfm?{APRIL}")
    assert "4 members with an order" in page.words("main")
    assert "/reports/rfm/chart?" in page.soup.select_one("figure.chart img")["src"]
    link = page.soup.select_one('a[href*="rfm/members"]')
    assert analyst.get(link["href"]).soup.select(".ways li")
    assert analyst.get(f"/reports/rfm?from_on=2026-05-01&{APRIL}").status == 422
    assert "no such figure any more" in analyst.get("/reports/rfm/members?members=9%3A9%3A9").words()
    analyst.language = "zh"
    assert analyst.get(f"/reports/rfm?{APRIL}").heading.startswith("会员评分")


def test_from_a_cell_of_the_cross_table_to_its_members_their_file_and_a_segment(rolled, new_desk, drain):
    desk = new_desk(rolled.shop, "manager")
    page = desk.get(f"/reports/rfm?{APRIL}")
    cell = page.soup.select_one(".heat tbody td a")
    members = desk.get(cell["href"])
    names = [each.get_text(strip=True) for each in members.soup.select(".ways li")]
    assert len(names) == int(cell.get_text(" ").split()[-1]) > 0
    seen = desk.get(members.link("CSV file"))
    assert all(name in seen.text for name in names)
    # What was narrowed to some days is no segment's: its scores are those of all days.
    assert "Make a segment of them" not in members.words()
    assert "Make a segment of them" not in new_desk(rolled.shop, "analyst").get(cell["href"]).words()

    all_days = desk.get(desk.get("/reports/rfm").soup.select_one(".heat tbody td a")["href"])
    scores = all_days.words("main").split("Recency ")[1][0]
    form = desk.get(all_days.link("Make a segment of them"))
    made = desk.send(form, "Save the segment", title="Of a cell")
    assert f"recency score at least {scores}" in made.words() or f"recency score at most {scores}" in made.words()
    assert "being counted" in made.words(".tiles")
    assert made.soup.select_one('meta[http-equiv="refresh"]')
    drain()
    counted = desk.get(made.path)
    assert not counted.soup.select_one('meta[http-equiv="refresh"]')
    assert "being counted" not in counted.words(".tiles")


def test_a_file_has_the_readers_words(analyst):
    seen = analyst.get(f"/reports/classes/file?format=csv&{APRIL}")
    assert "classes.csv" in seen.headers["content-disposition"]
    assert "Class" in seen.text
    assert "rfm.csv" in analyst.get(f"/reports/rfm/file?format=csv&{APRIL}").headers["content-disposition"]


def test_no_orders_are_no_classes(desk):
    assert "Nobody had ordered by then." in desk.get("/reports/classes").words()
    assert "Nobody ordered in these days." in desk.get("/reports/rfm").words()


def test_a_planner_sets_where_the_classes_part(rolled, new_desk):
    planner = new_desk(rolled.shop, "planner")
    page = planner.get("/member-classes")
    refused = planner.send(page, "Save", dormant_days="90")
    assert refused.status == 422
    assert "more than 90" in refused.words()
    done = planner.send(page, "Save", dormant_days="14", churned_days="28")
    assert "It is saved." in done.words()
    analyst = new_desk(rolled.shop, "analyst")
    shown = analyst.get("/member-classes").words("dl")
    assert ("28" in shown, shown.endswith("No")) == (True, True)
    planner.send(planner.get("/member-classes"), "Save", taking_part_counts="true")
    assert analyst.get("/member-classes").words("dl").endswith("Yes")
    assert planner.get("/member-classes").soup.select_one("input[type=checkbox][name=taking_part_counts][checked]")


def test_members_are_listed_by_class(rolled, new_desk):
    desk = new_desk(rolled.shop, "manager")
    assert "Churned member" in desk.get("/members?class=churned").words("table")
    assert "Nobody is of this class" in desk.get("/members?class=new").words()
