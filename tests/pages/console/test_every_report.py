"""The page of any report: a form of its query, charts as pictures, its table, its files; and reports by e-mail."""

from __future__ import annotations

import pytest

from chalicelib.insight.reports.catalogue import REPORTS
from chalicelib.pages.console.reports.model.fields import fields_of
from chalicelib.pages.console.reports.model.said import OWN_PAGES
from tests.builders import made
from tests.insight.conftest import figures, new_figures, rolled

__all__ = ["figures", "new_figures", "rolled"]

APRIL = "from_on=2026-01-01&to_on=2026-04-30"


@pytest.fixture
def manager(rolled, new_desk):
    return new_desk(rolled.shop, "manager")


def test_any_report_shows_what_it_takes_its_charts_and_its_table(manager):
    page = manager.get(f"/reports/summary?by=month&compare=previous&{APRIL}")
    fields = [each["name"] for each in page.soup.select("form.filters [name]")]
    assert fields == [each.name for each in fields_of(REPORTS["summary"].query, {})]
    picks = {each["name"]: each.select_one("[selected]") for each in page.soup.select("form.filters select")}
    chosen = {name: picked and picked["value"] for name, picked in picks.items()}
    assert chosen == {"by": "month", "compare": "previous", "exclude": None}
    assert len(page.soup.select("figure.chart img")) == 3
    header = [each.get_text() for each in page.soup.select("table.figures th")]
    assert header[:4] == ["Part", "Group", "From", "To"]
    assert "2026-01" in page.words("table.figures")
    assert "These figures are revision" in page.words("details.card")
    assert "Orders of the period." in page.words("details.card")


def test_its_charts_are_pictures_of_their_own(manager):
    page = manager.get(f"/reports/summary?by=month&{APRIL}")
    source = page.soup.select_one("figure.chart source")["srcset"]
    answer = manager.get(source.partition("/console")[2])
    assert answer.headers["content-type"] == "image/svg+xml"
    assert "style-src 'unsafe-inline'" in answer.headers["content-security-policy"], (
        "black where it is opened by itself"
    )
    assert "script-src" not in answer.headers["content-security-policy"]
    assert 'width="360"' in answer.text


def test_a_report_without_a_screen_of_its_own_has_one(manager):
    for name in REPORTS.keys() - OWN_PAGES.keys():
        page = manager.get(f"/reports/{name}")
        assert page.status == 200, name
        assert REPORTS[name].called.en in page.words("h1")


def test_a_path_is_chosen_by_what_its_steps_are_called(manager):
    page = manager.get("/reports/funnel?steps=view,survey")
    [chosen] = page.soup.select('select[name="steps"] [selected]')
    assert (chosen["value"], chosen.get_text()) == ("view,survey", "view → survey")
    manager.language = "zh"
    said = manager.get("/reports/funnel").soup.select_one('select[name="steps"] [selected]')
    assert said.get_text() == "浏览 → 加购 → 下单 → 评价"


def test_of_what_a_report_is_stays_with_it_and_a_group_buy_is_chosen(manager):
    kept = manager.get("/reports/promotion?id=01M8RT5PFPT6V86A7CAF0M0KFN").soup.select_one('[name="id"]')
    assert (kept["type"], kept["value"]) == ("hidden", "01M8RT5PFPT6V86A7CAF0M0KFN")
    assert manager.get("/reports/campaign").soup.select_one('select[name="id"]')


def test_profit_says_in_words_what_it_comes_to_and_why_it_is_not_known(manager):
    page = manager.get(f"/reports/profit?{APRIL}")
    said = page.words("dl.rows")
    assert "Revenue $" in said
    assert "were sold without a stated cost. At most $" in said
    assert [each["alt"].split(" as a")[0] for each in page.soup.select("figure img")] == ["Costs"], "no empty chart"
    assert "Cost of goods" not in page.words("dl.one"), "columns of nothing are in the file alone"


def test_what_it_refuses_stands_beside_its_form(manager):
    page = manager.get("/reports/tiers?from_on=2026-04-30&to_on=2026-01-01")
    assert page.status == 422
    assert page.soup.select_one(".refusal")
    assert manager.get("/reports/tiers?mode=on").status == 422
    assert manager.get("/reports/no-such-report").status == 404


def test_all_reports_that_somebody_may_read_are_listed(manager):
    page = manager.get("/reports")
    listed = [each.get_text(" ", strip=True) for each in page.soup.select("#all a.way")]
    assert len(listed) == len(REPORTS)
    assert all(each.tells and any(each.tells.en in said for said in listed) for each in REPORTS.values())


def test_all_rows_are_written_into_a_file_that_can_be_cancelled(manager):
    page = manager.get(f"/reports/summary?by=day&{APRIL}")
    job = manager.send(page, "Write all rows into a file, in the background")
    assert "A report as a file" in job.words("h1")
    ended = manager.send(job, "Stop writing it")
    assert "It was cancelled" in ended.words()


def test_a_press_has_the_usual_reviews_sent(manager, rolled):
    page = manager.get("/report-schedules")
    owner = f"owner@{rolled.shop.slug}.example"
    listed = manager.send(page, "Send me these five", reviewers=owner)
    assert len(listed.soup.select("li.card")) == 5
    kept = made(rolled.shop.brand.get("/v1/report-schedules"), 200)["items"]
    assert {each["every"] for each in kept} == {"day", "week", "month", "quarter", "year"}
    paused = manager.send(listed, "Pause")
    assert "It is paused." in paused.words()
    assert "Take up again" in paused.words()
    assert len(manager.send(paused, "Delete").soup.select("li.card")) == 4


def test_a_report_is_sent_to_nobody_but_the_team(manager):
    page = manager.get("/report-schedules?name=classes&parameters=")
    assert page.soup.select_one('select[name="name"] [selected]')["value"] == "classes"
    refused = manager.send(page, "Have it sent", recipients="stranger@elsewhere.example")
    assert refused.status == 422
    assert "is nobody of your team" in refused.words()
