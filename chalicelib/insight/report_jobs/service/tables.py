"""How an answer reads in a file: its rows for a person, and what each of them is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.insight.reports.catalogue import named
from chalicelib.insight.reports.report import ReportView
from chalicelib.kernel.clock import zone
from chalicelib.web import TRUTHS, Csv, columns, for_reader

_MADE_OF = columns(
    timezone=("Time zone", "时区"), as_of=("As of", "数据截至"), revision=("Revision", "修订号"),
    report_complete=("Report complete", "报表已完整", TRUTHS),
)  # fmt: skip
_ABOUT = {
    "report": ("Report", "报表"), "parameters": ("Parameters", "参数"), "from_on": ("From", "起始日"),
    "to_on": ("To", "截止日"), "timezone": ("Time zone", "时区"), "as_of": ("As of", "数据截至"),
    "complete": ("Complete", "已完整"), "pending_days": ("Days to be counted again", "待重新汇总天数"),
    "revision": ("Revision", "修订号"), "rows": ("Rows", "行数"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of a file, under their header. ``listed`` where they are the members behind a figure."""

    header: Sequence[str]
    rows: Sequence[Any]
    listed: bool


def part_of(view: ReportView, name: str, form: str, locale: str) -> Part:
    """What a page of the answer has for a file of that form."""
    members = getattr(view, "members", None)
    if form == "json":
        return Part((), [each.model_dump(mode="json") for each in members or ()], members is not None)
    table = for_reader(_made_of(view, named(name).table(view)), locale, zone(view.timezone))
    return Part([str(each) for each in table.header], list(table.rows), members is not None)


def _made_of(view: ReportView, table: Csv) -> Csv:
    """The table with the columns that say what it is made of, as far as it has not got them."""
    known = {str(each) for each in table.header}
    more = [each for each in _MADE_OF if each.name not in known]
    values = {
        "timezone": view.timezone, "as_of": view.as_of, "revision": view.revision,
        "report_complete": str(view.complete).lower(),
    }  # fmt: skip
    cells = [values[each.name] for each in more]
    return Csv(table.filename, (*table.header, *more), [[*row, *cells] for row in table.rows])


def about(view: ReportView, parameters: Mapping[str, str], rows: int, locale: str) -> list[list[str]]:
    """What a workbook says of itself on a sheet of its own."""
    chinese = locale == "zh"
    asked = ", ".join(f"{name}={value}" for name, value in sorted(parameters.items()))
    values = {**view.model_dump(mode="json", include=set(_ABOUT)), "parameters": asked, "rows": rows}
    values["complete"] = TRUTHS[str(view.complete).lower()][chinese]
    if isinstance(view.as_of, datetime):
        values["as_of"] = f"{view.as_of.astimezone(zone(view.timezone)):%Y-%m-%d %H:%M}"
    return [[titles[chinese], str(values[name])] for name, titles in _ABOUT.items()]
