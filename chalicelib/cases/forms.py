"""What the API takes of the business calendar, the targets, and the desk."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from chalicelib.cases.model.calendar import MOST_DATES, Hours
from chalicelib.cases.model.clocks import MOST_TARGET, Kind, Priority, Rules, Target, TierRule
from chalicelib.kernel.errors import Invalid, InvalidField
from chalicelib.loyalty.tiers.forms import TierCode
from chalicelib.web import Body, LocalDate, OneLine, Query, Spans, UlidStr, WeekForm, day_hours

KindName = Literal["complaint", "after_sale", "enquiry", "suggestion"]
PriorityName = Literal["p1", "p2", "p3", "p4"]
HolidayTitle = Annotated[str, StringConstraints(min_length=1, max_length=60), OneLine]

MOST_TIERS = 20
_OFFICE = [{"from": "09:00", "to": "12:00"}, {"from": "13:00", "to": "18:00"}]


class HolidayForm(Body):
    """A day on which nobody works."""

    on: LocalDate
    title: HolidayTitle


class WorkdayForm(Body):
    """A day that is worked by these hours, whatever its weekday and the holidays say."""

    on: LocalDate
    hours: Annotated[Spans, Field(min_length=1)]


class CalendarForm(Body):
    """All of the business calendar, in the brand's time zone; what is left out is empty."""

    EXAMPLES = {
        "weekdays, with a moved workday": {
            "weekly": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), _OFFICE),
            "holidays": [{"on": "2026-10-01", "title": "国庆节"}],
            "workdays": [{"on": "2026-10-10", "hours": _OFFICE}],
        },
    }

    weekly: WeekForm
    holidays: Annotated[list[HolidayForm], Field(max_length=MOST_DATES)] = []
    workdays: Annotated[list[WorkdayForm], Field(max_length=MOST_DATES)] = []

    def wanted(self) -> Hours:
        """Raises Invalid for hours that contradict each other, and for a day that is named twice."""
        _once("holidays", [each.on for each in self.holidays])
        _once("workdays", [each.on for each in self.workdays])
        free = {each.on for each in self.holidays}
        for index, each in enumerate(self.workdays):
            if each.on in free:
                raise Invalid.at(
                    f"/workdays/{index}/on",
                    f"{each.on} is among the holidays as well; keep it in one of the two lists.",
                    f"{each.on} 同时列为节假日，请只保留一处。",
                )
        return Hours(
            self.weekly.weekly("/weekly"),
            {each.on: each.title for each in self.holidays},
            {each.on: day_hours(each.hours, f"/workdays/{at}/hours") for at, each in enumerate(self.workdays)},
        )


def _once(name: str, days: list[date]) -> None:
    for index, day in enumerate(days):
        if day in days[:index]:
            raise Invalid.at(f"/{name}/{index}/on", f"{day} is named twice; name it once.", f"{day} 重复，请只填一次。")


Minutes = Annotated[int, Field(ge=1, le=MOST_TARGET)]


class TargetForm(Body):
    """Working minutes to the first response, and to the resolution."""

    first_response_minutes: Minutes
    resolution_minutes: Minutes

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.resolution_minutes < self.first_response_minutes:
            raise InvalidField(
                "the resolution has at least the time of the first response", "处理时限不得短于首次响应时限"
            )
        return self


class TargetsForm(Body):
    """By priority; what is left out is as standard."""

    p1: TargetForm | None = None
    p2: TargetForm | None = None
    p3: TargetForm | None = None
    p4: TargetForm | None = None

    def targets(self) -> dict[Priority, Target]:
        """Those that are set."""
        given = {each: getattr(self, each.value) for each in Priority}
        return {
            each: Target(form.first_response_minutes, form.resolution_minutes)
            for each, form in given.items()
            if form is not None
        }


class TierRuleForm(Body):
    """What members of a tier have of their own: so many ``percent`` of each target, and the ``staff`` ids of those who
    get their cases first, if any of them is on duty.
    """

    percent: Annotated[int, Field(ge=10, le=200)] = 100
    staff: Annotated[list[UlidStr], Field(max_length=20)] = []

    def rule(self) -> TierRule:
        return TierRule(self.percent, tuple(dict.fromkeys(self.staff)))


class CaseRulesForm(Body):
    """All of the rules; what is left out becomes as standard. ``warn_percent`` is the share of a target at which the
    owner is warned, ``follow_up_days`` after how many days a case that waits for its member is brought up again,
    ``fallback`` the staff id of who gets what nobody on duty can take; ``tiers`` what members of a tier have of their
    own, by its code: a case is due by the tier that its member had when it was opened, if tiers had rules then.
    """

    EXAMPLES = {
        "serious complaints are answered within half an hour": {
            "complaint": {"p1": {"first_response_minutes": 30, "resolution_minutes": 240}},
            "warn_percent": 80,
        },
    }

    complaint: TargetsForm = TargetsForm()
    after_sale: TargetsForm = TargetsForm()
    repair: TargetsForm = TargetsForm()
    enquiry: TargetsForm = TargetsForm()
    suggestion: TargetsForm = TargetsForm()
    warn_percent: Annotated[int, Field(ge=1, le=99)] = 75
    follow_up_days: Annotated[int, Field(ge=1, le=60)] = 7
    fallback: UlidStr | None = None
    tiers: Annotated[dict[TierCode, TierRuleForm], Field(max_length=MOST_TIERS)] = {}

    def rules(self) -> Rules:
        """As they are kept."""
        forms: dict[Kind, TargetsForm] = {kind: getattr(self, kind.value) for kind in Kind}
        targets = {kind: found for kind, form in forms.items() if (found := form.targets())}
        tiers = {code: form.rule() for code, form in self.tiers.items()}
        return Rules(targets, self.warn_percent, self.follow_up_days, self.fallback, tiers)


class DeskQuery(Query):
    """``owner`` is a staff id. Overdue: at or after the time by which its owner had to act."""

    owner: UlidStr | None = None
    kind: KindName | None = None
    overdue: bool | None = None


class HolidayQuery(Query):
    """Of which country (ISO 3166), in which year."""

    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] = "CN"
    year: Annotated[int, Field(ge=2020, le=2100)]
