"""Charts as pictures: what they say, that nothing of them runs or is fetched, that their parts can be told apart."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import combinations, pairwise
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from chalicelib.insight.model.charts import Chart, Kind, Series, Words
from chalicelib.insight.model.measures import cut_to, every, lines, marks, number, width_of
from chalicelib.insight.model.palette import BY_LIGHTNESS, GROUND, Look
from chalicelib.insight.reports.catalogue import REPORTS
from chalicelib.insight.reports.picture import draw
from chalicelib.insight.reports.plot import MOST_ROWS
from chalicelib.insight.reports.report import ReportView
from tests.insight.figures import APRIL, Figures

VIEW = ReportView(
    report="summary", timezone="Pacific/Apia", from_on=date(2017, 1, 1), to_on=date(2017, 1, 31),
    as_of=date(2017, 1, 30), complete=False, pending_days=0, revision=3,
)  # fmt: skip
SVG = "{http://www.w3.org/2000/svg}"


def chart(kind: Kind, labels: list[Any], *values: list[Any], running: frozenset[int] = frozenset()) -> Chart:
    series = [Series(Words(f"part {at}", f"部分 {at}"), each) for at, each in enumerate(values)]
    return Chart(kind, Words("Sales by day", "每日销售额"), Words("USD", "美元"), labels, series, running)


def drawn(of: Chart, locale: str = "en", width: int = 960) -> tuple[ET.Element, list[str]]:
    """The picture, and all that is written in it."""
    root = ET.fromstring(draw(of, VIEW, locale, width))  # noqa: S314 - our own
    return root, ["".join(each.itertext()) for each in root.iter(f"{SVG}text")]


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("width", [320, 960])
def test_nothing_in_a_picture_runs_or_is_fetched(kind: Kind, width: int) -> None:
    text = draw(chart(kind, ["1", "2", "3"], [1, None, 3], [2, 2, Decimal("2.5")]), VIEW, "en", width)
    for forbidden in ("<script", "href", "//fonts", "xml-stylesheet", "@import", "onload", "javascript"):
        assert forbidden not in text.lower()
    assert text.count("http") == text.count("http://www.w3.org/")
    assert text.count("url(") == text.count("url(#")


@pytest.mark.parametrize(("locale", "said"), [
    ("en", ["Sales by day", "Unit: USD", "2017-01-01 to 2017-01-31", "days of Pacific/Apia", "not complete yet"]),
    ("zh", ["每日销售额", "单位：美元", "2017-01-01 至 2017-01-31", "时区：Pacific/Apia", "尚未完整"]),
])  # fmt: skip
def test_it_says_what_it_is_of(locale: str, said: list[str]) -> None:
    root, texts = drawn(chart(Kind.BARS, ["2017-01-30", "2017-01-31"], [1, 2], running=frozenset({1})), locale)
    for each in said:
        assert each in " ".join(texts)
    assert root.get("role") == "img"
    assert root.find(f"{SVG}title") is not None
    assert any(each in texts for each in ("so far, not final", "尚未完整"))


def test_bars_that_are_not_final_look_different() -> None:
    root, _ = drawn(chart(Kind.STACKED, ["a", "b", "c"], [1, 2, 5], [3, 4, 6], running=frozenset({1})))
    bars = [each.get("style") for each in root.iter(f"{SVG}rect") if "rect reactive" in each.get("class", "")]
    assert len(bars) == 6
    assert [("so-far" in str(each)) for each in bars] == [False, True, False] * 2


def test_the_part_of_a_line_that_is_not_final_is_dashed() -> None:
    text = draw(chart(Kind.LINES, ["1", "2", "3"], [1, 2, 3], running=frozenset({2})), VIEW, "en", 960)
    assert "stroke-dasharray:7,5" in text.replace(" ", "")


def test_labels_of_a_long_series_do_not_touch() -> None:
    labels = [f"2017-{at // 28 + 1:02}-{at % 28 + 1:02}" for at in range(330)]
    for width in (320, 960):
        _, texts = drawn(chart(Kind.BARS, labels, list(range(330))), width=width)
        shown = [each for each in texts if each in labels]
        assert len(shown) > 1
        assert sum(width_of(each, 14) for each in shown) < width


def test_words_stand_beside_their_bars_and_none_is_left_out_unsaid() -> None:
    names: list[Any] = [Words(f"The reason of number {at}", f"第 {at} 个原因") for at in range(MOST_ROWS + 3)]
    _, texts = drawn(chart(Kind.BARS, names, [1] * len(names)), "en")
    assert sum(each.startswith("The reason") for each in texts) == MOST_ROWS
    assert any("the table has 3 more" in each for each in texts)


def test_bands_are_all_named_though_there_is_little_room() -> None:
    bands = ["1-3", "4-7", "8-14", "15-30", "31-60", "61-90", "91-180", "181+"]
    _, texts = drawn(chart(Kind.BARS, bands, [*range(8)]), width=320)
    assert sorted(each for each in texts if each in bands) == sorted(bands)


def test_one_or_two_bars_lie() -> None:
    for labels in (["2027-12"], ["a", "b"]):
        root, _ = drawn(chart(Kind.BARS, labels, [5] * len(labels)))
        bars = [each for each in root.iter(f"{SVG}rect") if "reactive" in each.get("class", "")]
        assert len(bars) == len(labels)
        assert all(float(each.get("height", 0)) < 60 for each in bars)


def test_a_picture_of_nothing_says_so() -> None:
    _, texts = drawn(chart(Kind.BARS, [], []))
    assert "There are no figures to be shown." in texts


def test_parts_differ_without_hue_and_stand_out_from_their_ground() -> None:
    light = [_luminance(each) for each in BY_LIGHTNESS]
    assert all((lighter + 0.05) / (darker + 0.05) > 1.3 for darker, lighter in pairwise(light))
    assert all((_luminance(GROUND) + 0.05) / (each + 0.05) >= 3 for each in light)
    looks = [(Look(at).colour, Look(at).textured) for at in range(2 * len(BY_LIGHTNESS))]
    assert all(one != other for one, other in combinations(looks, 2))


@pytest.mark.parametrize(("values", "expected"), [
    (["0", "7"], ["0", "2", "4", "6", "8"]), (["1", "2"], ["0", "1", "2"]),
    (["-3", "12"], ["-5", "0", "5", "10", "15"]),
    (["0.2", "0.9"], ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]), (["0"], ["0", "1"]),
])  # fmt: skip
def test_axes_are_marked_with_round_numbers(values: list[str], expected: list[str]) -> None:
    assert [str(each) for each in marks([Decimal(each) for each in values], 6)] == expected


def test_texts_are_measured_and_broken_as_they_are_wide() -> None:
    assert width_of("销售", 10) > width_of("ab", 10)
    assert lines("one two three", 10, 50) == ["one two", "three"]
    assert "".join(lines("每日销售额按星期统计", 10, 45)) == "每日销售额按星期统计"
    assert lines("时区：上海", 10, 25) == ["时区：", "上海"], "a mark that ends something begins no line"
    assert lines("单位：元 · 尚未完整", 10, 60) == ["单位：元", "尚未完整"], "parts are kept whole"
    assert cut_to("A very long name", 10, 50).endswith("…")
    assert every(["2017-01-01"] * 100, 14, 800) > 1
    assert (number(Decimal("1200.50")), number(Decimal(100))) == ("1,200.5", "100")


def test_a_report_of_an_instant_says_the_day_of_the_brand() -> None:
    view = VIEW.model_construct(**{**VIEW.model_dump(), "as_of": datetime(2017, 1, 30, 12, tzinfo=UTC)})
    assert "as of 2017-01-31" in draw(chart(Kind.BARS, ["1"], [1]), view, "en", 960)


class TestAnswers:
    def test_reports_draw_their_charts_in_the_language_asked_for(self, rolled: Figures) -> None:
        for name in ("summary", "classes", "rfm", "leaving", "service-rates", "growth", "points", "tiers"):
            assert REPORTS[name].charts, name
            query = {"by": "month", **APRIL} if name == "summary" else {}
            answer = rolled.ask(name, format="svg", headers={"Accept-Language": "zh"}, **query)
            if name in ("growth", "tiers"):  # nothing to be drawn here
                continue
            assert (answer.status, answer.headers["content-type"]) == (200, "image/svg+xml")
            assert "单位：" in answer.text

    def test_a_chart_beside_the_days_before(self, rolled: Figures) -> None:
        asked = {"by": "month", "compare": "previous", "from_on": "2026-03-01", **APRIL, "format": "svg", "chart": 2}
        text = rolled.ask("summary", **asked).text
        assert ">Orders<" in text
        assert ">these days<" in text
        assert ">before<" in text

    @pytest.mark.parametrize(
        ("name", "query"), [("today", {}), ("summary", {}), ("summary", {"by": "day", "chart": 9})]
    )
    def test_what_has_no_chart_says_so(self, rolled: Figures, name: str, query: dict[str, Any]) -> None:
        refused = rolled.ask(name, format="svg", **query)
        assert (refused.status, refused.json["code"]) == (404, "no_chart")

    def test_a_width_out_of_range_is_named(self, rolled: Figures) -> None:
        refused = rolled.ask("summary", format="svg", by="day", width=20)
        assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "?width")


def test_the_summary_beside_the_days_before(rolled: Figures) -> None:
    report = rolled.report("summary", from_on="2026-03-01", to_on="2026-03-31", compare="previous")
    compared = report["compared"]
    changes = {each["name"]: each for each in compared["changes"]}
    assert (compared["before_from_on"], compared["before_to_on"]) == ("2026-02-01", "2026-02-28")
    assert compared["fair"]
    assert (changes["orders"]["difference"], changes["orders"]["percent"]) == (1, "100.0")
    assert (changes["gmv"]["amount"]["amount_minor"], changes["gmv"]["percent"]) == (
        200,
        None,
    )  # it was euros
    text = rolled.ask("summary", from_on="2026-03-01", to_on="2026-03-31", compare="previous", format="csv").text
    header, *lines = [line.split(",") for line in text.splitlines()]
    places = [header.index(name) for name in ("part", "group", "from_on", "to_on")]
    assert [[line[at] for at in places] for line in lines] == [
        ["now", "total", "2026-03-01", "2026-03-31"], ["before", "total", "2026-02-01", "2026-02-28"],
    ]  # fmt: skip


def test_a_period_that_runs_is_compared_by_its_complete_days_alone(rolled: Figures) -> None:
    """It is 10 January 2028; the eighth is the last complete day."""
    compared = rolled.report("summary", from_on="2028-01-01", to_on="2028-01-31", compare="previous")["compared"]
    assert (compared["to_on"] < "2028-01-10", compared["before_from_on"]) == (True, "2027-12-01")
    days = [date.fromisoformat(compared[name]) for name in ("from_on", "to_on", "before_from_on", "before_to_on")]
    assert days[1] - days[0] == days[3] - days[2]
    assert compared["fair"]


def _luminance(colour: str) -> float:
    """Of a colour (WCAG 2.2, relative luminance)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
