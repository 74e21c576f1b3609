"""What the API takes of scheduled reports."""

from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.insight.report_jobs.forms import Parameters, ReportName
from chalicelib.insight.report_jobs.model import FileFormat
from chalicelib.insight.report_schedules.model.rhythm import Every
from chalicelib.web import Body, EmailText, WallTime

Recipients = Annotated[
    list[EmailText],
    Field(min_length=1, max_length=20, description="E-mails of people of your team who may read the report."),
]
Weekday = Annotated[int, Field(ge=0, le=6, description="For every week: 0 is Monday.")]
Day = Annotated[int, Field(ge=1, le=31, description="Of the first month of the period; its last where it is shorter.")]


class NewSchedule(Body):
    """A report that comes by e-mail: of the last whole ``range`` before the day on which it comes, every ``every`` at a
    time of the brand's wall clock.
    """

    EXAMPLES = {
        "last month's sales": {
            "name": "summary", "parameters": {"by": "day", "compare": "previous"}, "every": "month", "at": "08:00",
            "recipients": ["owner@example.com"],
        }
    }  # fmt: skip

    name: ReportName
    parameters: Parameters = {}
    format: FileFormat = "xlsx"
    range: Every | None = Field(default=None, description="By default as long as it is between two of them.")
    every: Every
    at: WallTime
    weekday: Weekday = 0
    day: Day = 1
    recipients: Recipients


class ScheduleChanges(Body):
    """Fields of a scheduled report; what is left out stays. What it would have sent while it was paused is not made up
    for.
    """

    parameters: Parameters = {}
    format: FileFormat = "xlsx"
    range: Every = "day"
    every: Every = "day"
    at: WallTime = "08:00"
    weekday: Weekday = 0
    day: Day = 1
    recipients: Recipients = Field(default_factory=list)
    status: Literal["active", "paused"] = "active"

    def changes(self) -> dict[str, Any]:
        """The fields that were sent."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class StandardSchedules(Body):
    """Who gets the reviews of the last day, week, month, quarter and year."""

    EXAMPLES = {"me": {"recipients": ["owner@example.com"]}}

    recipients: Recipients
