"""What a chart shows: texts and numbers, made here so that they are the same for whoever looks. Pure.

How it is drawn is another's concern; its table always stands beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple


class Words(NamedTuple):
    """A text in both languages."""

    en: str
    zh: str

    def said(self, locale: str) -> str:
        """In the language of the locale."""
        return self.zh if locale == "zh" else self.en


class Kind(StrEnum):
    """How a chart is drawn: ``dots`` has a row for each series and a circle as large as its value, as for hours and
    weekdays.
    """

    BARS = "bars"
    STACKED = "stacked"
    LINES = "lines"
    DOTS = "dots"


@dataclass(frozen=True, slots=True)
class Series:
    """Numbers under one name, one for each label; None where there is none to be shown."""

    name: Words
    values: Sequence[Decimal | int | None]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart. ``unit`` names what its numbers are; ``running`` are the places of the labels whose numbers are not
    final yet. ``labels`` are texts as they are read, days already in the tenant's zone; in both languages where they
    are words.
    """

    kind: Kind
    title: Words
    unit: Words
    labels: Sequence[str | Words]
    series: Sequence[Series]
    running: frozenset[int] = frozenset()
