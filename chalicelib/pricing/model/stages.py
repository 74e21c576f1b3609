"""In which stage of its life a product is, by the units that were sold of it each week. Pure, and exact.

The stages and what divides them follow Polli and Cook, "Validity of the Product Life Cycle", Journal of Business 42
(1969), 385-400: growth and decline are changes of sales that exceed their own scatter, maturity what lies between, and
introduction the time before a trend can be told. Where they take yearly sales, a group buy has weeks: the trend is the
least-squares line through the last eight, and its scatter the standard error of its slope.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from chalicelib.kernel.percent import percent_text
from chalicelib.pricing.model.rules import Words

TREND_WEEKS = 8
"""So many complete weeks make a trend; with fewer since the first sale it is still being introduced."""

AVERAGE_WEEKS = 4
"""Sales of a group buy come in campaigns: levels are those of four weeks together."""

LEAST_TREND_BPS = 200
"""A change of less than 2 % of the average a week is none, however steady."""

HALF_BPS = 5_000
WEEKS_LOOKED_AT = 52


class Stage(StrEnum):
    """Of a product's life."""

    INTRODUCTION = "introduction"
    GROWTH = "growth"
    MATURITY = "maturity"
    DECLINE = "decline"


IN_WORDS: Mapping[Stage, Words] = {
    Stage.INTRODUCTION: Words("introduction", "导入期"),
    Stage.GROWTH: Words("growth", "成长期"),
    Stage.MATURITY: Words("maturity", "成熟期"),
    Stage.DECLINE: Words("decline", "衰退期"),
}


@dataclass(frozen=True, slots=True)
class Week:
    """The units of a local week, which begins on a day."""

    begins_on: date
    units: int


@dataclass(frozen=True, slots=True)
class Suggested:
    """A stage and what it rests on: the complete ``weeks`` since the first sale, the ``slope`` of the last eight in
    units a week, that slope as a share of their average (``trend_bps``), and the last four weeks as a share of the best
    four (``of_peak_bps``). What too few weeks do not give is None; so is the stage of what was never sold.
    """

    stage: Stage | None
    weeks: int
    slope: Fraction | None
    trend_bps: int | None
    of_peak_bps: int | None
    reason: Words


def suggest(weeks: Sequence[Week]) -> Suggested:
    """The stage by complete weeks, the oldest first and without gaps; what comes before the first sale is left out."""
    first = next((n for n, week in enumerate(weeks) if week.units > 0), None)
    if first is None:
        words = Words("Nothing has been sold in a complete week yet.", "尚无完整一周的销量。")
        return Suggested(None, 0, None, None, None, words)
    units = [max(0, week.units) for week in weeks[first:]]
    if len(units) < TREND_WEEKS:
        words = Words(
            f"It has been sold for {len(units)} of the {TREND_WEEKS} weeks that show a trend.",
            f"上市 {len(units)} 周，满 {TREND_WEEKS} 周后才能判断趋势。",
        )
        return Suggested(Stage.INTRODUCTION, len(units), None, None, None, words)
    return _by_trend(units)


def _by_trend(units: Sequence[int]) -> Suggested:
    last = units[-TREND_WEEKS:]
    slope, is_clear = _line(last)
    average = Fraction(sum(last), len(last))
    trend = _bps(slope / average) if average else 0
    levels = [sum(units[n : n + AVERAGE_WEEKS]) for n in range(len(units) - AVERAGE_WEEKS + 1)]
    of_peak = _bps(Fraction(levels[-1], max(levels)))
    if is_clear and trend >= LEAST_TREND_BPS:
        stage = Stage.GROWTH
    elif (is_clear and trend <= -LEAST_TREND_BPS) or of_peak <= HALF_BPS:
        stage = Stage.DECLINE
    else:
        stage = Stage.MATURITY
    return Suggested(stage, len(units), slope, trend, of_peak, _reason(stage, trend, of_peak, is_clear=is_clear))


def _line(units: Sequence[int]) -> tuple[Fraction, bool]:
    """The slope of the least-squares line, and whether it is at least twice its standard error from level."""
    count = len(units)
    middle, average = Fraction(count - 1, 2), Fraction(sum(units), count)
    spread = sum((n - middle) ** 2 for n in range(count))
    slope = sum(((n - middle) * (each - average) for n, each in enumerate(units)), Fraction(0)) / spread
    errors = sum(((each - average - slope * (n - middle)) ** 2 for n, each in enumerate(units)), Fraction(0))
    return slope, slope != 0 and slope**2 * spread * (count - 2) >= 4 * errors


def _reason(stage: Stage, trend: int, of_peak: int, *, is_clear: bool) -> Words:
    peak = Words(
        f"the last {AVERAGE_WEEKS} weeks sold {percent_text(of_peak)}% of the best {AVERAGE_WEEKS}",
        f"近 {AVERAGE_WEEKS} 周销量为最好 {AVERAGE_WEEKS} 周的 {percent_text(of_peak)}%",
    )
    change = f"{percent_text(abs(trend))}%"
    if stage is Stage.MATURITY and not is_clear:
        said = Words("Sales go up and down without a clear trend", "销量有起伏，无明显趋势")
    elif stage is Stage.MATURITY:
        said = Words(f"Sales change by {change} a week only", f"每周变化仅 {change}")
    elif stage is Stage.DECLINE and is_clear and trend < 0:
        said = Words(f"Sales fall by {change} of their average a week", f"销量每周下降均值的 {change}")
    elif stage is Stage.DECLINE:
        said = Words("Sales do not recover", "销量没有明显回升")
    else:
        said = Words(f"Sales rise by {change} of their average a week", f"销量每周上升均值的 {change}")
    return Words(f"{said.en}; {peak.en}.", f"{said.zh}；{peak.zh}。")


def _bps(share: Fraction) -> int:
    """In basis points, rounded half up."""
    return int((2 * share * 10_000 + 1) // 2)


def week_of(day: date, begins: int) -> date:
    """The first day of the week that a day is in; weeks begin on ``begins``, 0 for Monday to 6 for Sunday."""
    return day - timedelta(days=(day.weekday() - begins) % 7)


def weeks_before(days: Mapping[date, int], today: date, begins: int, count: int = WEEKS_LOOKED_AT) -> list[Week]:
    """The last complete weeks before the one that ``today`` is in, the oldest first, from the units of each day."""
    running = week_of(today, begins)
    starts = [running - timedelta(weeks=n) for n in range(count, 0, -1)]
    sums = dict.fromkeys(starts, 0)
    for day, units in days.items():
        start = week_of(day, begins)
        if start in sums:
            sums[start] += units
    return [Week(start, units) for start, units in sums.items()]
