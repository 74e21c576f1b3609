"""Every report of the catalogue: its page, its fields, and its forms, all of which carry the same numbers."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.request import urlopen

import openpyxl
import pytest

from chalicelib.insight.model.charts import Chart
from chalicelib.insight.reports.catalogue import REPORTS
from chalicelib.insight.reports.picture import draw
from chalicelib.insight.reports.report import FRAME, Report
from chalicelib.kernel import clock as product_clock
from chalicelib.kernel.clock import zone
from chalicelib.pages.console.reports.model.fields import NOT_TYPED, fields_of
from chalicelib.pages.console.reports.model.said import OWN_PAGES
from chalicelib.pages.console.reports.model.wording import LABELS
from chalicelib.web import for_reader
from chalicelib.web.tables import Csv, csv_text
from infra.assets import united
from tests.builders import made
from tests.insight.conftest import figures, new_figures, rolled

__all__ = ["figures", "new_figures", "rolled"]

OF_ONE_THING = {name for name, each in REPORTS.items() if "id" in each.query.model_fields}
"""Reports that say nothing before it is said of which promotion, say."""

MADE_OF = [str(each) for each in FRAME]
ASKED = REPORTS.keys() - OF_ONE_THING
_BY_CHANCE = re.compile("chart-[0-9a-f-]{36}")


class Answer(NamedTuple):
    """A report's answer as JSON has it, and what it is drawn and written from."""

    report: Report[Any, Any]
    view: Any

    @property
    def table(self) -> Csv:
        return self.report.table(self.view)

    @property
    def charts(self) -> Sequence[Chart]:
        return self.report.charts(self.view) if self.report.charts else ()


@pytest.fixture
def manager(rolled, new_desk):
    return new_desk(rolled.shop, "manager")


@pytest.fixture
def read(rolled, clock):
    clock.stand(product_clock.now())  # what is as of an instant is as of the same in each answer

    def answer(name: str, **query: Any) -> Answer:
        report = REPORTS[name]
        return Answer(report, report.answer.model_validate(rolled.report(name, **query)))

    return answer


def test_every_report_is_named_and_told_in_both_languages():
    for name, report in REPORTS.items():
        assert report.title, name
        assert report.tells, name
        assert len({*report.title, *report.tells}) == 4, name


def test_every_field_and_choice_is_worded_in_both_languages():
    words = united()
    for name, report in REPORTS.items():
        for field in fields_of(report.query, {}):
            assert field.name in LABELS, f"{name} has a field without a label"
            said = [field.label, *(text for _, text in field.choices), *([field.unchosen] if field.unchosen else [])]
            assert [each for each in said if not words.get(each)] == [], f"{name}: {field.name}"


def test_a_field_that_two_reports_have_takes_the_same_in_both():
    """One query takes the fields of all, so that one which differed would refuse what another report takes."""
    taken: dict[str, Any] = {}
    for name, report in REPORTS.items():
        for field, its in report.query.model_fields.items():
            said = repr((its.annotation, its.metadata))
            assert taken.setdefault(field, said) == said, f"{name}: {field}"


def test_every_report_has_a_page_with_its_form_charts_table_and_files(manager, read):
    for name in REPORTS.keys() - OWN_PAGES.keys():
        page, answer = manager.get(f"/reports/{name}"), read(name)
        assert page.status == 200, name
        assert answer.report.called.en in page.words("h1"), name
        fields = [each["name"] for each in page.soup.select("form.filters [name]")]
        assert set(fields) == answer.report.query.model_fields.keys() - NOT_TYPED, name
        if page.soup.select_one("main .empty"):
            assert not page.soup.select("figure, table"), name
            assert not any(value for chart in answer.charts for each in chart.series for value in each.values), name
            continue
        rows = page.soup.select("table.figures tbody tr") or page.soup.select("dl.one")
        assert len(page.soup.select("figure.chart img")) == len(answer.charts), name
        assert len(rows) == len(list(answer.table.rows)[:200]), name
        taken = page.words("#take + p")
        assert "Excel file" in taken, name
        assert ("Picture (SVG)" in taken) == bool(answer.charts), name


def test_a_report_of_one_thing_asks_for_it(manager):
    assert {"promotion", "coupon-batch"} <= OF_ONE_THING
    for name in OF_ONE_THING:
        page = manager.get(f"/reports/{name}")
        assert page.status == 422, name
        assert page.soup.select_one(".refusal"), name


def test_json_csv_and_workbook_have_the_same_numbers(rolled, read):
    for name in ASKED:
        answer = read(name)
        assert rolled.ask(name, format="csv").text == csv_text(answer.table), name
        seen = for_reader(answer.table, "en", zone(answer.view.timezone))
        moved = rolled.ask(name, {"accept-language": "en"}, format="xlsx")
        with urlopen(moved.headers["location"]) as file:  # noqa: S310 - a link of the engine's own
            first, *rest = openpyxl.load_workbook(io.BytesIO(file.read())).active.iter_rows(values_only=True)
        assert [*first] == [str(each) for each in seen.header], name
        assert [[_plain(cell) for cell in row] for row in rest] == [[_plain(cell) for cell in row] for row in seen.rows]


def test_a_chart_is_drawn_of_the_numbers_of_the_answer(rolled, read):
    drawn = 0
    for name in ASKED:
        answer = read(name)
        for at, chart in enumerate(answer.charts, 1):
            picture = rolled.ask(name, {"accept-language": "en"}, format="svg", chart=at).text
            assert _BY_CHANCE.sub("", picture) == _BY_CHANCE.sub("", draw(chart, answer.view, "en", 960)), name
            drawn += 1
    assert drawn >= len(ASKED)


def test_every_row_of_a_file_says_what_it_is_made_of(manager, read):
    for name in REPORTS.keys() - OF_ONE_THING - OWN_PAGES.keys():
        text = manager.get(f"/reports/{name}/file?format=csv").text
        assert text.startswith("\ufeff"), name
        header, *rows = csv.reader(io.StringIO(text[1:]))
        titles = [each.en for each in FRAME]
        places = [next(at for at, found in enumerate(header) if found.startswith(title)) for title in titles]
        assert all(row[at] for row in rows for at in places), name
        assert [str(each) for each in read(name).table.header if str(each) in MADE_OF] == MADE_OF, name


def test_a_figure_leads_to_the_members_behind_it(manager, read):
    found = 0
    for name in (each for each in REPORTS if REPORTS[each].behind and each not in OWN_PAGES):
        links = manager.get(f"/reports/{name}").soup.select("table.figures a.tap")
        rows = REPORTS[name].behind(read(name).view)
        assert len(rows) <= len(list(read(name).table.rows)), name
        for link in links[:2]:
            page = manager.get(link["href"].partition("/console")[2])
            assert page.status == 200, link["href"]
            many = int(link.get_text().replace(",", ""))
            listed = page.soup.select("ul.ways li")
            assert 0 < len(listed) <= min(many, 50), link["href"]
            assert link.get_text(strip=True) in page.words("dl.rows"), link["href"]
            found += 1
    assert found >= 6


def test_members_are_listed_page_by_page_for_a_page_and_in_a_file(manager, monkeypatch):
    from chalicelib.pages.console.reports.routes import every

    monkeypatch.setattr(every, "_MEMBERS_AT_ONCE", 1)
    page = manager.get("/reports/distribution?measure=occasions&bin_width=100")
    link = page.soup.select_one("dl.one a.tap")
    listed = manager.get(link["href"].partition("/console")[2])
    further = next(each for each in listed.soup.select("a.button") if each.get_text() == "Show more")
    second = manager.get("/reports/distribution/members" + further["href"][further["href"].index("?") :])
    assert second.status == 200
    assert listed.words("ul.ways") != second.words("ul.ways")
    back = next(each for each in second.soup.select("a.button") if each.get_text() == "Back to the table")
    assert "members=" not in back["href"]
    assert "cursor=" not in back["href"]


def test_a_figure_that_is_not_there_is_refused_by_name(manager):
    page = manager.get("/reports/lifecycle/members?members=1997-03:gone")
    assert page.status == 422
    assert "1997-03:gone" in page.words(".refusal")


def test_no_names_are_shown_to_who_sees_no_contacts(rolled, new_desk, manager):
    named = {"kind": "members", "csv": "member,name\nann,Zhou Min\n"}
    made(rolled.shop.brand.post("/v1/imports", named), 202)
    rolled.work_off()
    link = manager.get("/reports/distribution?measure=occasions&bin_width=100").soup.select_one("dl.one a.tap")["href"]
    path = link.partition("/console")[2]
    assert "Zhou Min" in manager.get(path).words("ul.ways")
    analyst = new_desk(rolled.shop, "analyst").get(path)
    assert analyst.status == 200
    assert "Zhou Min" not in analyst.words()


def test_a_choice_with_a_usual_value_shows_it_and_no_empty_one():
    funnel = {each.name: each for each in fields_of(REPORTS["funnel"].query, {})}
    assert (funnel["order"].value, funnel["order"].unchosen) == ("ordered", "")
    assert (funnel["window_hours"].usual, funnel["window_hours"].value) == ("168", "")
    assert funnel["steps"].usual == "view,cart,order,review"
    assert funnel["split"].unchosen


def _plain(cell: Any) -> str:
    """A cell as text, a number without what it says of its precision."""
    if cell is None or cell == "":
        return ""
    try:
        return f"{float(cell):.6f}"
    except (TypeError, ValueError):
        return str(cell)[:10] if hasattr(cell, "isoformat") else str(cell)
