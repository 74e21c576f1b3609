"""A chart as a picture that says what it is: title, unit, days and zone, how final it is, and what is which."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as ET

from chalicelib.insight.model.charts import Chart, Kind
from chalicelib.insight.model.measures import lines, number, width_of
from chalicelib.insight.model.palette import GROUND, INK, QUIET, Look
from chalicelib.insight.reports.plot import FONTS, LABEL, MOST_ROWS, plotted
from chalicelib.insight.reports.report import FormQuery, Report, ReportView
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import NotFound

USUAL = 960
"""How wide a picture is that nobody says anything of, in pixels."""

_TITLE, _EDGE, _SWATCH = 18, 16, 14


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the legend; ``so_far`` is that of numbers that are not final."""

    name: str
    look: Look
    so_far: bool = False


class NoChart(NotFound):
    """The answer of this report has no chart, or none of that number."""

    code, title, title_zh = "no_chart", "There is no such chart", "没有该图表"


def picture(report: Report[Any, Any], view: ReportView, query: FormQuery, locale: str) -> str:
    """The chart of an answer that its query asks for, as SVG. Raises NoChart."""
    charts = report.charts(view) if report.charts else ()
    if not charts:
        raise NoChart(
            f"This answer of the report '{report.name}' has no chart; read it as json, csv or xlsx, or group it by.",
            detail_zh=f"报表“{report.name}”的该结果没有图表，请使用 json、csv 或 xlsx 格式，或选择分组（by）。",
        )
    at = query.chart or 1
    if at > len(charts):
        raise NoChart(
            f"This answer of the report '{report.name}' has {len(charts)} charts, and none is number {at}.",
            detail_zh=f"报表“{report.name}”的该结果有 {len(charts)} 个图表，没有第 {at} 个。",
        )
    return draw(charts[at - 1], view, locale, query.width or USUAL)


def draw(chart: Chart, view: ReportView, locale: str, width: int) -> str:
    """The chart of a report's answer as SVG, without any script, and without anything to be fetched."""
    plot = plotted(chart, locale, width - _EDGE)
    root = ET.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "role": "img", "aria-labelledby": "title told"})
    title, told = chart.title.said(locale), _told(chart, view, locale)
    ET.SubElement(root, "title", {"id": "title"}).text = title
    ET.SubElement(root, "desc", {"id": "told"}).text = told
    ET.SubElement(root, "rect", {"width": "100%", "height": "100%", "fill": GROUND})
    y = float(_EDGE)
    y = _text(root, title, y, width, _TITLE, INK, bold=True)
    y = _text(root, told, y + 2, width, LABEL - 1, QUIET)
    y = _legend(root, list(_entries(chart, locale)), y + 6, width)
    plot.root.set("x", str(_EDGE // 2))
    plot.root.set("y", f"{y:.0f}")
    plot.root.set("width", str(width - _EDGE))
    plot.root.set("height", str(plot.height))
    root.append(plot.root)
    y += plot.height
    if plot.hidden:
        y = _text(root, _cut(plot.hidden, locale), y, width, LABEL - 1, QUIET)
    if all(value is None for each in chart.series for value in each.values):
        nothing = "没有可显示的数据。" if locale == "zh" else "There are no figures to be shown."
        _line(root, nothing, (width - width_of(nothing, LABEL)) / 2, y - plot.height / 2, LABEL, INK)
    height = int(y) + 8
    root.attrib |= {"viewBox": f"0 0 {width} {height}", "width": str(width), "height": str(height)}
    return ET.tostring(root, encoding="unicode")


def _told(chart: Chart, view: ReportView, locale: str) -> str:
    """What the picture says of itself in a line below its title."""
    as_of = view.as_of.astimezone(zone(view.timezone)) if isinstance(view.as_of, datetime) else view.as_of
    final = f"{as_of:%Y-%m-%d}"
    if locale == "zh":
        said = [f"单位：{chart.unit.zh}", f"{view.from_on} 至 {view.to_on}", f"时区：{view.timezone}"]
        said.append(f"数据截至 {final}" + ("" if view.complete else "，尚未完整"))
        return " · ".join([*said, *_largest(chart, "最大圆：")])
    said = [f"Unit: {chart.unit.en}", f"{view.from_on} to {view.to_on}", f"days of {view.timezone}"]
    said.append(f"as of {final}" + ("" if view.complete else ", not complete yet"))
    return " · ".join([*said, *_largest(chart, "largest circle: ")])


def _largest(chart: Chart, name: str) -> list[str]:
    if chart.kind is not Kind.DOTS:
        return []
    values = [Decimal(value) for each in chart.series for value in each.values if value is not None]
    return [f"{name}{number(max(values))}"] if values else []


def _cut(hidden: int, locale: str) -> str:
    if locale == "zh":
        return f"图中仅显示前 {MOST_ROWS} 项，另有 {hidden} 项见表格。"
    return f"The first {MOST_ROWS} are drawn; the table has {hidden} more."


def _entries(chart: Chart, locale: str) -> Iterator[Entry]:
    dots = chart.kind is Kind.DOTS
    if not dots and (len(chart.series) > 1 or chart.running):
        yield from (Entry(each.name.said(locale), Look(at)) for at, each in enumerate(chart.series))
    if chart.running:
        yield Entry("尚未完整" if locale == "zh" else "so far, not final", Look(0), so_far=True)


def _legend(root: Any, entries: list[Entry], y: float, width: int) -> float:
    x: float = _EDGE
    if not entries:
        return y
    for each in entries:
        needed = _SWATCH + 6 + width_of(each.name, LABEL) + 18
        if x > _EDGE and x + needed > width - _EDGE:
            x, y = _EDGE, y + LABEL * 1.6
        style = each.look.so_far if each.so_far else each.look.final
        side = {"width": str(_SWATCH), "height": str(_SWATCH), "style": style}
        ET.SubElement(root, "rect", {"x": f"{x:.1f}", "y": f"{y:.1f}", **side})
        _line(root, each.name, x + _SWATCH + 6, y + _SWATCH - 2, LABEL, INK)
        x += needed
    return y + LABEL * 1.8


def _text(root: Any, text: str, y: float, width: int, size: int, colour: str, *, bold: bool = False) -> float:
    """Writes a text into as many lines as it takes; returns where the next thing may stand."""
    for each in lines(text, size * (1.06 if bold else 1), width - 2 * _EDGE):
        _line(root, each, _EDGE, y + size, size, colour, bold=bold)
        y += size * 1.4
    return y


def _line(root: Any, text: str, x: float, y: float, size: int, colour: str, *, bold: bool = False) -> None:
    written = ET.SubElement(
        root, "text", {"x": f"{x:.1f}", "y": f"{y:.1f}", "fill": colour, "font-size": str(size), "font-family": FONTS}
    )
    if bold:
        written.set("font-weight", "bold")
    written.text = text
