"""What the pages of the desk show beyond the API's views."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib.cases.views import CalendarView, CaseRulesView, DeskEntryView, PublicHolidaysView
from chalicelib.kernel.weekly_hours import WEEKDAYS
from chalicelib.pages.console.due import Due, due
from chalicelib.pages.console.hours import hours_text
from chalicelib.pages.console.said import AFTER_SALE, COMPLAINT, ENQUIRY, SUGGESTION, State
from chalicelib.pages.shell import N_

ABOUT: Mapping[str, str] = {
    "quality": N_("Quality of goods"),
    "shortage": N_("Missing goods"),
    "pickup": N_("Pickup"),
    "payment": N_("Payment"),
    "service": N_("Service"),
    "other": N_("Something else"),
    "return": N_("Return"),
    "exchange": N_("Exchange"),
    "repair": N_("Repair"),
    "order": N_("About an order"),
    "product": N_("About a product"),
    "account": N_("About the account"),
}

ACTS: Mapping[str, str] = {
    "answer": N_("answer"),
    "decide": N_("decide"),
    "assess": N_("assess"),
    "solution": N_("solution"),
    "follow_up": N_("ask after it"),
}

KINDS: Mapping[str, str] = {
    "complaint": N_("Complaint"),
    "after_sale": N_("After-sale"),
    "enquiry": N_("Enquiry"),
    "suggestion": N_("Suggestion"),
}

LEVELS = ("p1", "p2", "p3", "p4")

COUNTED: Mapping[str, str] = {
    "complaint": N_("Complaints"),
    "after_sale": N_("Returns and exchanges"),
    "repair": N_("Repairs"),
    "enquiry": N_("Enquiries"),
    "suggestion": N_("Suggestions"),
}


_STATES: Mapping[str, Mapping[str, State]] = {
    "complaint": COMPLAINT,
    "enquiry": ENQUIRY,
    "after_sale": AFTER_SALE,
    "suggestion": SUGGESTION,
}
_PLACES: Mapping[str, str] = {
    "complaint": "complaints", "enquiry": "enquiries", "after_sale": "after-sales", "suggestion": "suggestions",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """An open case in the list. ``soon`` says that its owner was, or is about to be, warned."""

    it: DeskEntryView
    due: Due
    soon: bool

    @property
    def act(self) -> str:
        """What its owner has to do next, in words."""
        if self.it.kind == "suggestion":
            return ACTS["assess" if self.it.act == "answer" else "decide"]
        decides = self.it.kind == "after_sale" and self.it.act == "answer"
        return ACTS["decide" if decides else self.it.act]

    @property
    def state(self) -> State:
        return _STATES[self.it.kind][self.it.status]

    @property
    def to(self) -> str:
        """Where the case is, within the console."""
        return f"/{_PLACES[self.it.kind]}/{self.it.id}"


def rows(entries: Iterable[DeskEntryView], now: datetime, zone: ZoneInfo) -> list[Row]:
    """In the order in which they came."""
    return [
        Row(each, due(each.due_at, now, zone), each.warn_at is not None and each.warn_at <= now) for each in entries
    ]


@dataclass(frozen=True, slots=True)
class Typed:
    """The calendar as its fields have it: hours by weekday, and a line for each holiday and moved workday."""

    hours: Mapping[str, str]
    holidays: str
    workdays: str


def typed(calendar: CalendarView, more: PublicHolidaysView | None) -> Typed:
    """What the fields begin with; ``more`` are public holidays that are to be added, moved workdays with Monday's
    hours or, before there are any, those of common working days.
    """
    hours: dict[str, str] = {day: hours_text(spans) for day, spans in zip(WEEKDAYS, calendar.weekly.days, strict=True)}
    holidays = {each.on: each.title for each in calendar.holidays}
    workdays = {each.on: hours_text(each.hours) for each in calendar.workdays}
    if more is not None:
        holidays = {each.on: each.title for each in more.holidays} | holidays
        usual = "" if calendar.standard else hours["mon"]
        workdays = dict.fromkeys(more.workdays, usual or "09:00-18:00") | workdays
    return Typed(
        hours,
        "\n".join(f"{on} {title}" for on, title in sorted(holidays.items())),
        "\n".join(f"{on} {spans}" for on, spans in sorted(workdays.items())),
    )


def hours_of(minutes: int) -> str:
    """Minutes as hours that are typed: 480 is 8, 30 is 0.5."""
    return f"{minutes / 60:.2f}".rstrip("0").rstrip(".")


def targets_typed(rules: CaseRulesView) -> dict[str, str]:
    """The targets as their fields have them, by the fields' names."""
    return {
        f"{kind}.{level}.{name}": hours_of(getattr(getattr(getattr(rules, kind), level), f"{name}_minutes"))
        for kind in COUNTED
        for level in LEVELS
        for name in ("first_response", "resolution")
    }
