"""Hours by weekday, as the API takes and shows them."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Self

from pydantic import ConfigDict, Field

from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.weekly_hours import (
    MOST_SPANS,
    WEEKDAYS,
    Day,
    WeeklyHours,
    day_of,
    minute_of,
    wall_of,
)
from chalicelib.web.fields import Body, View, WallTime


class SpanForm(Body):
    """Hours without a break; ``to`` 00:00 is the midnight at the day's end."""

    from_: WallTime = Field(alias="from")
    to: WallTime


Spans = Annotated[list[SpanForm], Field(max_length=MOST_SPANS)]


def day_hours(spans: Iterable[SpanForm], pointer: str) -> Day:
    """A day's hours. Raises Invalid for spans that end before they begin, or overlap."""
    try:
        return day_of((minute_of(span.from_), minute_of(span.to, ends=True)) for span in spans)
    except ValueError as contradiction:
        raise Invalid.at(
            pointer,
            "Each span ends after it begins, within its day, and none overlaps another; over midnight, use two days.",
            "每段时间须先开始后结束、不跨天，且互不重叠；跨午夜请分为两天填写。",
        ) from contradiction


class WeekForm(Body):
    """Hours by weekday; a day that is left out has none."""

    mon: Spans = []
    tue: Spans = []
    wed: Spans = []
    thu: Spans = []
    fri: Spans = []
    sat: Spans = []
    sun: Spans = []

    def weekly(self, pointer: str) -> WeeklyHours:
        """Raises Invalid for spans that contradict each other."""
        return WeeklyHours(tuple(day_hours(getattr(self, name), f"{pointer}/{name}") for name in WEEKDAYS))


class SpanView(View):
    """Hours without a break; ``to`` 00:00 is the midnight at the day's end."""

    model_config = ConfigDict(serialize_by_alias=True, populate_by_name=True)

    from_: str = Field(alias="from")
    to: str


def spans_view(day: Day) -> list[SpanView]:
    """A day's hours as they are shown."""
    return [SpanView(**{"from": wall_of(begins), "to": wall_of(ends)}) for begins, ends in day]


class WeekView(View):
    """Hours by weekday; a day without any has an empty list."""

    mon: list[SpanView]
    tue: list[SpanView]
    wed: list[SpanView]
    thu: list[SpanView]
    fri: list[SpanView]
    sat: list[SpanView]
    sun: list[SpanView]

    @classmethod
    def of(cls, hours: WeeklyHours) -> Self:
        return cls(**{name: spans_view(day) for name, day in zip(WEEKDAYS, hours.days, strict=True)})

    @property
    def days(self) -> Sequence[list[SpanView]]:
        """From Monday on."""
        return [getattr(self, name) for name in WEEKDAYS]
