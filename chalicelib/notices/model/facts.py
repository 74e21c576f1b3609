"""What a notice tells, as values with a meaning: how they travel in a message, and how they are said. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.kernel.clock import parse_instant, sortable
from chalicelib.kernel.language import Language
from chalicelib.kernel.money import Money
from chalicelib.notices.model.places import said_zone

Listed = tuple[str, ...]
"""Several things, with the comma of the reader's language between them."""


@dataclass(frozen=True, slots=True)
class InWords:
    """Something that has a name in each language, such as the category of a complaint."""

    en: str
    zh: str


Fact = str | int | Money | datetime | date | Listed | InWords
"""Instants are UTC and said in the reader's zone; a date is a day of the brand's."""

_WEEKDAYS: Mapping[Language, str] = {"en": "Mon Tue Wed Thu Fri Sat Sun", "zh": "周一 周二 周三 周四 周五 周六 周日"}
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def said(fact: Fact, language: Language, tz: ZoneInfo, home: ZoneInfo | None = None) -> str:
    """A fact as people of the language write it, in the reader's zone.

    ``home`` is the brand's zone: where its clocks show another time than the reader's, it is said whose time it is.
    """
    match fact:
        case Money():
            return fact.said(language)
        case InWords():
            return fact.zh if language == "zh" else fact.en
        case tuple():
            return ("，" if language == "zh" else ", ").join(fact)
        case datetime():
            return _instant(fact, language, tz, home)
        case date():
            return _day(fact, language)
    return str(fact)


def _instant(moment: datetime, language: Language, tz: ZoneInfo, home: ZoneInfo | None) -> str:
    local = moment.astimezone(tz)
    shown = f"{_day(local.date(), language)}{'' if language == 'zh' else ', '}{local:%H:%M}"
    if home is None or moment.astimezone(home).utcoffset() == local.utcoffset():
        return shown
    whose = said_zone(tz, moment, language)
    return f"{shown}（{whose}）" if language == "zh" else f"{shown} ({whose})"


def _day(on: date, language: Language) -> str:
    weekday = _WEEKDAYS[language].split()[on.weekday()]
    if language == "zh":
        return f"{on.year}年{on.month}月{on.day}日（{weekday}）"
    return f"{weekday} {on.day} {_MONTHS[on.month - 1]} {on.year}"


def as_json(fact: Fact) -> Any:
    """As a message carries it."""
    match fact:
        case Money():
            return {"money": [fact.amount_minor, fact.currency]}
        case InWords():
            return {"en": fact.en, "zh": fact.zh}
        case tuple():
            return list(fact)
        case datetime():
            return {"at": sortable(fact)}
        case date():
            return {"on": fact.isoformat()}
    return fact


def from_json(carried: Any) -> Fact:
    """The fact that :func:`as_json` wrote."""
    match carried:
        case {"money": [amount_minor, currency]}:
            return Money(amount_minor, currency)
        case {"en": str(en), "zh": str(zh)}:
            return InWords(en, zh)
        case {"at": at}:
            return parse_instant(at)
        case {"on": on}:
            return date.fromisoformat(on)
        case list():
            return tuple(carried)
        case str() | int():
            return carried
    raise ValueError(f"no fact: {carried!r}")
