"""What the API shows of the business calendar, the targets, and the desk."""

from collections.abc import Mapping
from datetime import date
from typing import Literal, Self

from chalicelib.cases.forms import KindName, PriorityName
from chalicelib.cases.model.calendar import Calendar
from chalicelib.cases.model.clocks import Kind, Priority, Rules, Target
from chalicelib.cases.model.public_holidays import PublicHolidays
from chalicelib.cases.records import CaseEntry
from chalicelib.web import Instant, LocalDate, SpanView, UlidStr, View, WeekView, spans_view


class HolidayView(View):
    """A day on which nobody works."""

    on: LocalDate
    title: str


class WorkdayView(View):
    """A day that is worked by these hours, whatever its weekday says."""

    on: LocalDate
    hours: list[SpanView]


class CalendarView(View):
    """The business calendar by which cases become due, in the brand's time zone. ``standard`` says that the brand has
    set none and is served round the clock.
    """

    standard: bool
    timezone: str
    weekly: WeekView
    holidays: list[HolidayView]
    workdays: list[WorkdayView]

    @classmethod
    def of(cls, calendar: Calendar, revision: int) -> Self:
        hours = calendar.hours
        return cls(
            standard=revision == 0,
            timezone=calendar.tz.key,
            weekly=WeekView.of(hours.weekly),
            holidays=_holidays(hours.holidays),
            workdays=[WorkdayView(on=on, hours=spans_view(day)) for on, day in sorted(hours.workdays.items())],
        )


def _holidays(days: Mapping[date, str]) -> list[HolidayView]:
    return [HolidayView(on=on, title=title) for on, title in sorted(days.items())]


class PublicHolidaysView(View):
    """Free days, and days that are worked for them, as the government announced them."""

    holidays: list[HolidayView]
    workdays: list[LocalDate]

    @classmethod
    def of(cls, found: PublicHolidays) -> Self:
        return cls(holidays=_holidays(found.holidays), workdays=list(found.workdays))


class TargetView(View):
    """Working minutes to the first response, and to the resolution."""

    first_response_minutes: int
    resolution_minutes: int

    @classmethod
    def of(cls, target: Target) -> Self:
        return cls(first_response_minutes=target.first_response, resolution_minutes=target.resolution)


class TargetsView(View):
    p1: TargetView
    p2: TargetView
    p3: TargetView
    p4: TargetView

    @classmethod
    def of(cls, rules: Rules, kind: Kind) -> Self:
        return cls(**{each.value: TargetView.of(rules.target(kind, each)) for each in Priority})


class TierRuleView(View):
    """What members of a tier have of their own: per cent of each target, and the staff ids of who gets their cases
    first.
    """

    percent: int
    staff: list[UlidStr]


class CaseRulesView(View):
    """The targets in force. Of after-sales the first response is the decision, and the resolution counts from there;
    what is mended has a resolution of its own. A suggestion is assessed first, and its resolution is the decision.
    """

    complaint: TargetsView
    after_sale: TargetsView
    repair: TargetsView
    enquiry: TargetsView
    suggestion: TargetsView
    warn_percent: int
    follow_up_days: int
    fallback: UlidStr | None
    tiers: dict[str, TierRuleView]

    @classmethod
    def of(cls, rules: Rules) -> Self:
        return cls(
            **{kind.value: TargetsView.of(rules, kind) for kind in Kind},
            warn_percent=rules.warn_percent, follow_up_days=rules.follow_up_days, fallback=rules.fallback,
            tiers={
                code: TierRuleView(percent=rule.percent, staff=list(rule.staff)) for code, rule in rules.tiers.items()
            },
        )  # fmt: skip


class DeskEntryView(View):
    """An open complaint, after-sale, enquiry or suggestion. ``about`` is a complaint's category, the kind of after-sale
    or an enquiry's topic; ``due_at`` is when its owner has to act next: to ``answer`` (an after-sale: to decide; a
    suggestion: to assess), to come to a ``solution``, or to ``follow_up`` a member for whom it waits. From ``warn_at``
    on that is near.
    """

    id: UlidStr
    kind: KindName
    status: str
    about: str
    subject: str | None
    priority: PriorityName
    owner: UlidStr
    member_id: UlidStr
    order_id: UlidStr | None
    waiting_for: Literal["member"] | None
    act: Literal["answer", "solution", "follow_up"]
    due_at: Instant
    warn_at: Instant | None
    opened_at: Instant

    @classmethod
    def of(cls, entry: CaseEntry) -> Self:
        names = [name for name in cls.model_fields if name not in ("due_at", "warn_at")]
        given = {name: getattr(entry, name) for name in names}
        return cls(**given, due_at=entry.act_at, warn_at=entry.warn_at)
