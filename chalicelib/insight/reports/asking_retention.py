"""What the retention report may be asked, and what makes no sense together."""

import re
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from chalicelib.insight.model.cohorts import Mode
from chalicelib.insight.model.elapsed import Elapsed
from chalicelib.insight.model.member_groups import GroupBy
from chalicelib.insight.model.periods import Unit
from chalicelib.insight.reports.behind import BehindQuery
from chalicelib.insight.reports.report import RangeQuery
from chalicelib.insight.reports.service.retention import Question
from chalicelib.kernel.errors import Invalid
from chalicelib.web import CommaList, UlidStr

_BRACKET = re.compile(r"([0-9]{1,4})-([0-9]{1,4})")
_DAY = re.compile(r"[0-9]{1,4}")
_MOST_SPANS = 50
_MOST_DAYS = 3660
_PERIODS_OF_DAYS = 90
_USUAL_DAYS = ("1", "7", "14", "30", "60", "90")
_USUAL_WIDTH = 30

_DAY_MODES = {Mode.ON_DAY, Mode.ON_OR_AFTER_DAY, Mode.WITHIN_DAYS}
_ROLLING = {Mode.ROLLING, Mode.ROLLING_OR_AFTER}


class RetentionQuery(RangeQuery, BehindQuery):
    """Which members make a cohort, and what counts as coming back."""

    unit: Literal["day", "week", "month"] = "month"
    mode: Literal[
        "on", "on_or_after", "bracket", "on_day_n", "on_or_after_day_n", "within_n_days", "rolling",
        "rolling_on_or_after",
    ] = "on"  # fmt: skip
    periods: Annotated[int | None, Field(ge=0, le=4000, description="Periods after the first, at most")] = None
    brackets: Annotated[CommaList, Field(description="Days after the first order, such as 1-3,4-7")] = []
    days: Annotated[CommaList, Field(description="Days n after the first order, such as 1,7,30")] = []
    window_days: int | None = Field(default=None, ge=1, le=366, description="Days in a rolling window; 30 by default")
    figure: Literal["members", "revenue"] = "members"
    group_by: Literal["tier", "class", "segment", "channel", "pickup_point"] | None = None
    segment_id: UlidStr | None = Field(default=None, description="The segment to group by; all of them by default")
    group: Annotated[str | None, StringConstraints(max_length=60)] = Field(
        default=None, description="The group whose cell members names"
    )
    members: Annotated[str | None, StringConstraints(max_length=60)] = None


def question(query: RetentionQuery) -> Question:
    """What is asked. Raises Invalid for parameters that do not belong together."""
    unit, mode = Unit(query.unit), Mode(query.mode)
    _check_together(query, mode)
    return Question(
        unit,
        mode,
        query.from_on,
        query.to_on,
        _PERIODS_OF_DAYS if query.periods is None and unit is Unit.DAY and mode.by_period else query.periods,
        _spans(query, mode),
        query.window_days or _USUAL_WIDTH,
        query.figure == "revenue",
        GroupBy(query.group_by) if query.group_by else None,
        query.segment_id,
    )


def _check_together(query: RetentionQuery, mode: Mode) -> None:
    if (mode is Mode.BRACKET) != bool(query.brackets):
        raise Invalid.at(
            "?brackets",
            "mode=bracket and brackets belong together, such as brackets=1-3,4-7.",
            "mode=bracket 与 brackets 须同时使用，例如 brackets=1-3,4-7。",
        )
    if query.days and mode not in _DAY_MODES:
        raise Invalid.at("?days", "Days are counted in the modes of day n alone.", "仅“第 n 天”类算法使用天数。")
    if query.window_days is not None and mode not in _ROLLING:
        raise Invalid.at("?window_days", "Rolling windows alone have a width.", "仅滚动窗口算法使用窗口宽度。")
    if query.figure == "revenue" and mode is not Mode.ON:
        raise Invalid.at(
            "?figure",
            "Revenue is of the periods themselves; ask for it with mode=on.",
            "收入按周期本身统计，请使用 mode=on。",
        )
    if query.segment_id and query.group_by != "segment":
        raise Invalid.at(
            "?segment_id",
            "A segment is named where members are grouped by segment.",
            "仅在按人群分组时可指定人群。",
        )
    if query.group is not None and (query.group_by is None or query.members is None):
        raise Invalid.at(
            "?group",
            "A group says whose cell is meant; name the cell too, and what members are grouped by.",
            "分组用于指定单元格所属的组；请同时填写单元格与分组方式。",
        )


def _spans(query: RetentionQuery, mode: Mode) -> Sequence[Elapsed]:
    if mode in _DAY_MODES:
        spans = [_day(text, mode) for text in dict.fromkeys(query.days or _USUAL_DAYS)]
    else:
        spans = [_bracket(text) for text in dict.fromkeys(query.brackets)]
    if len(spans) > _MOST_SPANS:
        field = "?brackets" if mode is Mode.BRACKET else "?days"
        raise Invalid.at(field, f"At most {_MOST_SPANS} are taken at once.", f"一次最多 {_MOST_SPANS} 个。")
    return spans


def _bracket(text: str) -> Elapsed:
    part = _BRACKET.fullmatch(text)
    if part is None or int(part[1]) > int(part[2]) or int(part[2]) > _MOST_DAYS:
        raise Invalid.at(
            "?brackets",
            f"'{text[:40]}' is no bracket; write days as low-high, such as 1-3.",
            f"“{text[:40]}”不是区间，请按“起-止”填写天数，例如 1-3。",
        )
    return Elapsed.bracket(int(part[1]), int(part[2]))


def _day(text: str, mode: Mode) -> Elapsed:
    if _DAY.fullmatch(text) is None or not 1 <= int(text) <= _MOST_DAYS:
        raise Invalid.at(
            "?days",
            f"'{text[:40]}' is no day; write numbers from 1 to {_MOST_DAYS}, such as 1,7,30.",
            f"“{text[:40]}”不是有效天数，请填写 1 至 {_MOST_DAYS} 的数字，例如 1,7,30。",
        )
    return Elapsed.day(int(text), mode)
