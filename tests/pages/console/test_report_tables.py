"""A report's table as its page shows it: amounts and rates as people write them, and nothing that says nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.insight.reports.data_quality import ExampleView
from chalicelib.insight.reports.report import FRAME, ReportView
from chalicelib.kernel.ids import new_id
from chalicelib.pages.console.reports.views import table as shown
from chalicelib.pages.console.reports.views.table import Table
from chalicelib.pages.shell.saying import Saying
from chalicelib.web import TRUTHS, Csv, columns

VIEW = ReportView(
    report="any", timezone="Asia/Shanghai", from_on=date(2017, 1, 1), to_on=date(2017, 2, 28),
    as_of=date(2017, 2, 28), complete=True, pending_days=0, revision=3,
)  # fmt: skip
NOW = datetime(2017, 3, 1, tzinfo=UTC)
MADE_OF = ["definition", 1, "Asia/Shanghai", date(2017, 2, 28), 3]
GROUPS = columns(
    group=("Group", "分组"), title=("Title", "名称"), from_on=("From", "起始日"), orders=("Orders", "订单"),
    gmv_minor=("Sales", "销售额"), share=("Share", "占比"), mean=("Mean", "均值"), currency=("Currency", "币种"),
    complete=("Complete", "已完整", TRUTHS),
)  # fmt: skip


def table(*rows: list[Any], header: Any = GROUPS, language: Any = "en") -> Table:
    made = Csv("any.csv", (*header, *FRAME), [[*each, *MADE_OF] for each in rows])
    return Table.of(VIEW, made, [{"orders": "2017-01"}], Saying(language, ZoneInfo("Asia/Shanghai")))


def texts(found: Table) -> list[list[str]]:
    return [[each.text for each in row.cells] for row in found.rows]


JANUARY = ["2017-01", None, date(2017, 1, 1), 1200, 123456, Decimal("0.3333"), Decimal("6.452781"), "CNY", "true"]
FEBRUARY = ["2017-02", None, date(2017, 2, 1), 0, None, Decimal(0), None, "CNY", "false"]


def test_amounts_rates_and_means_are_as_people_write_them():
    found = table(JANUARY, FEBRUARY)
    assert [each.text for each in found.header] == ["Group", "Orders", "Sales", "Share", "Mean"]
    assert texts(found) == [["2017-01", "1,200", "CN¥1,234.56", "33.3%", "6.45"], ["2017-02", "0", "–", "0.0%", "–"]]
    assert table(JANUARY, FEBRUARY, language="zh").rows[0].cells[2].text == "¥1,234.56"


def test_who_is_behind_a_figure_is_led_to_and_what_is_not_final_is_told():
    found = table(JANUARY, FEBRUARY)
    assert [each.members for each in found.rows[0].cells] == [None, "2017-01", None, None, None]
    assert [each.running for each in found.rows] == [False, True]
    assert [each.running for each in table(FEBRUARY, FEBRUARY).rows] == [False, False], "the page says it once"


def test_a_title_stands_for_an_id_and_days_where_the_group_does_not_say_them():
    named = [new_id(NOW), "Pears", date(2017, 1, 5), *JANUARY[3:]]
    nameless = ["unknown", None, date(2017, 1, 6), *JANUARY[3:]]
    assert [each[:2] for each in texts(table(named, nameless))] == [["Pears", "2017-01-05"], ["unknown", "2017-01-06"]]


def test_of_a_wide_table_what_is_nothing_in_every_row_is_left_out():
    names = {f"count{at}": (f"Count {at}", f"数 {at}") for at in range(14)}
    found = table([*range(14)], [0] * 14, header=columns(**names))
    assert (len(found.header), found.left_out) == (13, 1)
    assert table([*range(14)], header=columns(**names)).left_out == 1
    assert table(JANUARY, FEBRUARY).left_out == 0


def test_rows_of_nothing_are_empty_but_for_places():
    steps = columns(place=("Place", "序号"), members=("Reached", "到达"))
    assert table([1, 0], [2, 0], header=steps).empty
    assert not table([1, 0], [2, 1], header=steps).empty
    assert not table(header=steps).empty


def test_examples_are_named_and_lead_to_what_they_are():
    member, order = new_id(NOW), new_id(NOW)

    def example(kind: Any, id_: str, name: str | None = None) -> shown.Link:
        return shown._example(ExampleView(kind=kind, id=id_, member_id=None, name=name, external_ref=None, like=None))

    assert example("member", member, "Ann") == shown.Link("Ann", f"/members/{member}")
    assert example("member", member).text == f"…{member[-6:]}"
    assert example("order", order).to == f"/orders/{order}"
    assert example("order", "cs00001") == shown.Link("cs00001")
    assert example("day", "2017-01-01") == shown.Link("2017-01-01")
