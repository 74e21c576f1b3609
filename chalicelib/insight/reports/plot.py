"""The plot of a chart, drawn by pygal, without what it would let a browser run or fetch."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from chalicelib.insight.model.charts import Chart, Kind, Series, Words
from chalicelib.insight.model.measures import cut_to, every, marks, number, width_of
from chalicelib.insight.model.palette import GROUND, INK, RULE, Look

FONTS = "system-ui, 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans SC', sans-serif"
LABEL = 14
"""The size of labels, in the picture's own unit, a pixel of the screen that it was asked for."""

_ROW = 30
_HEIGHT = 300
MOST_ROWS = 40
"""Of words side by side; the table beside the chart has all of them."""

_FEW = 2
"""Labels, of which bars that stand would be as wide as high."""

_SIDE = 0.4
"""Of the width, at most, for words that stand left of a plot."""

_BY_PYGAL = 0.6
"""As wide as pygal takes each letter to be, of its size."""

_TIME = re.compile(r"[0-9WQH:/.,\- –—+]+")
_BAND = re.compile(r"[0-9]{1,3}(-[0-9]{1,3}|\+)")
"""Such as 8-14: of bands, unlike of days, nobody can guess what is left out."""


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot as an element of SVG, and how high it is; of ``hidden`` labels nothing is drawn."""

    root: Any
    height: int
    hidden: int = 0


def plotted(chart: Chart, locale: str, width: int) -> Plot:
    """Draws the plot of a chart, so many pixels wide."""
    labels = [each.said(locale) if isinstance(each, Words) else each for each in chart.labels]
    if chart.kind is Kind.DOTS:
        return _dots(chart, labels, locale, width)
    bars = chart.kind in (Kind.BARS, Kind.STACKED)
    if bars and (len(labels) <= _FEW or (_are_words(labels) and not _fit(labels, width))):
        return _rows(chart, labels, width)
    return _columns(chart, labels, width)


def _columns(chart: Chart, labels: Sequence[str], width: int) -> Plot:
    """Bars or lines above their labels, of which as many are shown as there is room for."""
    import pygal  # type: ignore[import-untyped]

    kinds = {Kind.BARS: pygal.Bar, Kind.STACKED: pygal.StackedBar, Kind.LINES: pygal.Line}
    graph = kinds[chart.kind](**_settings(chart, width, _HEIGHT), allow_interruptions=True, dots_size=3)
    _mark(graph, chart, most=6)
    graph.x_labels = labels
    graph.x_labels_major_every = every(labels, LABEL, width - 110)
    graph.show_minor_x_labels = False
    if chart.kind is Kind.LINES:
        for at, each in enumerate(chart.series):
            _add_line(graph, each, Look(at), chart)
        return Plot(_harmless(graph), _HEIGHT)
    return Plot(_with_bars(graph, chart, range(len(labels))), _HEIGHT)


def _rows(chart: Chart, labels: Sequence[str], width: int) -> Plot:
    """Bars beside their labels, which are words: the first label on top."""
    import pygal

    shown = list(range(min(len(labels), MOST_ROWS)))[::-1]
    names = [cut_to(labels[at], LABEL, width * _SIDE) for at in shown]
    bars = len(chart.series) if chart.kind is Kind.BARS else 1
    height = 60 + len(shown) * (_ROW + 14 * (bars - 1))
    kind = pygal.HorizontalBar if chart.kind is Kind.BARS else pygal.HorizontalStackedBar
    graph = kind(**_settings(chart, width, height), margin_left=_beside(names))
    _mark(graph, chart, most=3 if width < 600 else 6)
    graph.x_labels = names
    return Plot(_with_bars(graph, chart, shown), height, len(labels) - len(shown))


def _dots(chart: Chart, labels: Sequence[str], locale: str, width: int) -> Plot:
    """A row of circles for each series."""
    import pygal

    names = [cut_to(each.name.said(locale), LABEL, width * _SIDE) for each in chart.series]
    height = 60 + len(names) * _ROW
    graph = pygal.Dot(**_settings(chart, width, height), margin_left=_beside(names))
    graph.x_labels, graph.y_labels = labels, names
    graph.x_labels_major_every = every(labels, LABEL, width * 0.75)
    graph.show_minor_x_labels = False
    for each in chart.series:
        graph.add("", [_drawn(value, at in chart.running, Look(0)) for at, value in enumerate(each.values)])
    return Plot(_harmless(graph), height)


def _settings(chart: Chart, width: int, height: int) -> dict[str, Any]:
    from pygal.style import Style  # type: ignore[import-untyped]

    looks = [Look(at) for at in range(max(1, len(chart.series)))]
    pieces = 2 if chart.kind is Kind.LINES and chart.running else 1
    style = Style(
        background=GROUND, plot_background=GROUND, foreground=INK, foreground_strong=INK, foreground_subtle=RULE,
        guide_stroke_color=RULE, guide_stroke_dasharray="none", opacity="1", opacity_hover="1", transition="none",
        font_family=FONTS, label_font_size=LABEL, major_label_font_size=LABEL,
        major_guide_stroke_color=RULE, major_guide_stroke_dasharray="none", stroke_width="2.5", stroke_opacity="1",
        colors=tuple(each.colour for each in looks for _ in range(pieces)),
    )  # fmt: skip
    return {
        "width": width, "height": height, "style": style, "js": (), "show_legend": False, "print_values": False,
        "margin": 8, "spacing": 6, "truncate_label": -1, "no_data_text": "", "margin_right": 2 * LABEL,
        "defs": [each for look in looks for each in look.patterns],
    }  # fmt: skip


def _mark(graph: Any, chart: Chart, *, most: int) -> None:
    """Marks the axis of the numbers, as texts made here."""
    found = marks(_sums(chart), most)
    graph.y_labels = [{"label": number(each), "value": float(each)} for each in found]
    graph.range = (float(found[0]), float(found[-1]))


def _sums(chart: Chart) -> list[Decimal]:
    """What is as high as anything in the chart: each number, or those that stand on each other together."""
    values = [[Decimal(value) for value in each.values if value is not None] for each in chart.series]
    if chart.kind is not Kind.STACKED:
        return [value for each in values for value in each] or [Decimal(0)]
    heights = zip(*(each.values for each in chart.series), strict=True)
    return [sum((Decimal(value or 0) for value in each), Decimal(0)) for each in heights] or [Decimal(0)]


def _with_bars(graph: Any, chart: Chart, places: Sequence[int]) -> Any:
    """The drawing with the bars of these places, each as its number is: final or not. What stands on each other has a
    bar for every place; beside each other, there is none where there is no number.
    """
    for each in chart.series:
        values = [_number(each.values[place]) for place in places]
        graph.add("", [value or 0 for value in values] if chart.kind is Kind.STACKED else values)
    root = _harmless(graph)
    for at, each in enumerate(chart.series):
        drawn = [place for place in places if chart.kind is Kind.STACKED or each.values[place] is not None]
        bars = root.findall(f".//g[@class='series serie-{at} color-{at}']//rect")
        for place, bar in zip(drawn, bars, strict=True):
            bar.set("style", Look(at).so_far if place in chart.running else Look(at).final)
    return root


def _add_line(graph: Any, series: Series, look: Look, chart: Chart) -> None:
    """A line, and in dashes with hollow dots those parts of it that lead to a number that is not final."""
    running, values = chart.running, series.values
    dashes = "1,4" if look.textured else ""
    final = [None if at in running else _number(value) for at, value in enumerate(values)]
    points = [_point(value, look, hollow=False) for value in final]
    graph.add("", points, stroke_style={"dasharray": dashes})
    if running:
        near = [at in running or at + 1 in running for at in range(len(values))]
        rest = [_number(value) if near[at] else None for at, value in enumerate(values)]
        points = [_point(value, look, hollow=at in running) for at, value in enumerate(rest)]
        graph.add("", points, stroke_style={"dasharray": "7,5"})


def _point(value: float | None, look: Look, *, hollow: bool) -> Any:
    if value is None:
        return None
    fill = GROUND if hollow else look.colour
    return {"value": value, "node": {"style": f"fill:{fill};stroke:{look.colour};stroke-width:2;stroke-dasharray:none"}}


def _drawn(value: Decimal | int | None, running: bool, look: Look) -> Any:
    if value is None:
        return None
    style = look.so_far if running else look.final
    return {"value": float(value), "node": {"style": style}}


def _number(value: Decimal | int | None) -> float | None:
    return None if value is None else float(value)


def _are_words(labels: Sequence[str]) -> bool:
    """Whether leaving some of them out would leave out what nobody can guess."""
    return any(not _TIME.fullmatch(each) or _BAND.fullmatch(each) for each in labels)


def _fit(labels: Sequence[str], width: int) -> bool:
    return every(labels, LABEL, width - 110) == 1


def _beside(names: Sequence[str]) -> int:
    """What is missing of the room that pygal leaves for names, where it takes each letter to be as wide as the next."""
    needed = max((width_of(each, LABEL) for each in names), default=0)
    given = max((len(each) for each in names), default=0) * LABEL * _BY_PYGAL
    return 8 + max(0, int(needed - given))


def _harmless(graph: Any) -> Any:
    """The drawing as a tree without scripts, without what a script would need, and without what names its maker."""
    root = graph.render_tree()
    for parent in list(root.iter()):
        for child in [each for each in parent if _needless(each)]:
            parent.remove(child)
    return root


def _needless(node: Any) -> bool:
    comment = not isinstance(node.tag, str)
    return comment or node.tag in ("script", "title", "desc") or "tooltip" in node.get("class", "").split()
