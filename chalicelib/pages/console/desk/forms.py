"""What the pages of the desk take, and the API's forms that they fill in."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from chalicelib.kernel.errors import FieldError, Invalid
from chalicelib.kernel.weekly_hours import WEEKDAYS
from chalicelib.pages.console.hours import spans_of
from chalicelib.web import Body, Query, UlidStr

Words = Annotated[str, StringConstraints(max_length=300)]
Lines = Annotated[str, StringConstraints(max_length=40_000)]
_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})[\s:：,，]*(.*)")


class DeskChoice(Query):
    """Whose cases: ``mine``, or all; those that are late; of one kind."""

    whose: Literal["mine", "all"] = "all"
    late: bool = False
    kind: Literal["complaint", "after_sale", "enquiry", "suggestion"] | None = None


class OwnerForm(Body):
    """To whom a case is given."""

    owner: UlidStr


class WithYear(Query):
    """A year whose public holidays are to be added."""

    add: Annotated[int, Field(ge=2020, le=2100)] | None = None


class CalendarPage(Body):
    """The calendar as it is typed: hours by weekday, a line for each holiday and moved workday."""

    hours: dict[str, Words] = {}
    holidays: Lines = ""
    workdays: Lines = ""

    def asked(self) -> dict[str, Any]:
        """As the API takes it. Raises Invalid for what cannot be read."""
        return {
            "weekly": {day: spans_of(self.hours.get(day, ""), f"/hours/{day}") for day in WEEKDAYS},
            "holidays": [{"on": on, "title": rest or "-"} for on, rest in _dated(self.holidays, "/holidays")],
            "workdays": [
                {"on": on, "hours": spans_of(rest, "/workdays")} for on, rest in _dated(self.workdays, "/workdays")
            ],
        }

    def beside(self, refusal: Invalid) -> Invalid:
        """A refusal of the API, with what it says beside the page's fields."""
        refusal.errors = tuple(_beside(each) for each in refusal.errors)
        return refusal


def _beside(error: FieldError) -> FieldError:
    place = error.pointer.strip("/").split("/")
    pointer = error.pointer
    if place[0] == "weekly":
        pointer = f"/hours/{place[1] if len(place) > 1 else 'mon'}"
    elif place[0] in ("holidays", "workdays"):
        pointer = f"/{place[0]}"
    return FieldError(pointer, error.message, error.message_zh)


def _dated(lines: str, pointer: str) -> list[tuple[str, str]]:
    found = []
    for line in filter(None, map(str.strip, lines.splitlines())):
        match = _DATE.fullmatch(line)
        if match is None:
            raise Invalid.at(
                pointer,
                f"“{line[:40]}” does not begin with a date; write it as 2026-10-01.",
                f"“{line[:40]}”须以日期开头，例如 2026-10-01。",
            )
        found.append((match[1], match[2].strip()))
    return found


class TierText(Body):
    """What members of a tier have of their own, as it is typed: per cent of each target, and a tick for each of the
    team who gets their cases first.
    """

    percent: Words = "100"
    staff: dict[str, bool] = {}

    def asked(self, code: str) -> dict[str, Any] | None:
        """As the API takes it; None where it is what everybody has. Raises Invalid for what is no number."""
        first = [staff_id for staff_id, ticked in self.staff.items() if ticked]
        percent = _whole(self.percent or "100", f"/tiers/{code}/percent")
        return {"percent": percent, "staff": first} if first or percent != _EVERYBODY else None


_EVERYBODY = 100


class RulesPage(Body):
    """The targets as they are typed, in hours, by kind, priority and what is promised."""

    complaint: dict[str, dict[str, Words]] = {}
    after_sale: dict[str, dict[str, Words]] = {}
    repair: dict[str, dict[str, Words]] = {}
    enquiry: dict[str, dict[str, Words]] = {}
    suggestion: dict[str, dict[str, Words]] = {}
    warn_percent: Words = "75"
    follow_up_days: Words = "7"
    fallback: Words = ""
    tiers: dict[str, TierText] = {}

    def asked(self) -> dict[str, Any]:
        """As the API takes it. Raises Invalid for what is no number."""
        kinds: Mapping[str, Mapping[str, Mapping[str, str]]] = {
            "complaint": self.complaint, "after_sale": self.after_sale, "repair": self.repair,
            "enquiry": self.enquiry, "suggestion": self.suggestion,
        }  # fmt: skip
        targets = {
            kind: {
                level: {f"{name}_minutes": _minutes(text, f"/{kind}/{level}/{name}") for name, text in both.items()}
                for level, both in levels.items()
            }
            for kind, levels in kinds.items()
        }
        return targets | {
            "warn_percent": _whole(self.warn_percent, "/warn_percent"),
            "follow_up_days": _whole(self.follow_up_days, "/follow_up_days"),
            "fallback": self.fallback or None,
            "tiers": {code: found for code, text in self.tiers.items() if (found := text.asked(code))},
        }

    def beside(self, refusal: Invalid) -> Invalid:
        """A refusal of the API, with what it says beside the page's fields."""
        refusal.errors = tuple(
            FieldError(_field(each.pointer), each.message, each.message_zh) for each in refusal.errors
        )
        return refusal


def _field(pointer: str) -> str:
    place = pointer.removesuffix("_minutes")
    return f"{place}/resolution" if place.count("/") == 2 else place


def _minutes(text: str, pointer: str) -> int:
    try:
        minutes = Decimal(text.strip().replace(",", ".")) * 60
        whole = int(minutes)
    except (InvalidOperation, OverflowError, ValueError):
        whole, minutes = 0, Decimal(1)
    if whole < 1 or whole != minutes:
        raise Invalid.at(
            pointer,
            "Type hours that come to whole minutes, such as 4 or 0.5.",
            "请填写小时数，须为整分钟，例如 4 或 0.5。",
        )
    return whole


def _whole(text: str, pointer: str) -> int:
    if not re.fullmatch(r"[0-9]{1,3}", text.strip()):
        raise Invalid.at(pointer, "Type a whole number.", "请填写整数。")
    return int(text)
