"""What the API takes of recurring campaigns."""

from typing import Literal

from pydantic import Field, model_validator

from chalicelib.campaigns.drafting.model.checks import MAX_WAIT
from chalicelib.campaigns.forms.campaigns import CampaignFields
from chalicelib.campaigns.forms.examples import SERIES
from chalicelib.campaigns.series.model.edit import SeriesEdit
from chalicelib.campaigns.series.model.recurrence import Every, Rule
from chalicelib.kernel.errors import InvalidField
from chalicelib.kernel.unset import UNSET
from chalicelib.kernel.wall_time import Fold, OnGap
from chalicelib.web import Body, LocalDate, Title, WallTime

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
DAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MAX_OPEN_MINUTES = 60 * 24 * 60
MAX_HOURS_AHEAD = 30 * 24
_OF_SERIES = frozenset({"hours_ahead", "arrives_after_days", "publish", "status"})


class RuleFields(Body):
    """When the campaigns open and close, on the brand's own wall clock, also across daylight-saving changes.

    A close is ``open_minutes`` after the opening on that clock. Should the rule ever meet a time that clocks skip,
    ``on_gap`` must be ``forward``: where they skip from 01:00 to 02:00, an opening at 01:30 for 60 minutes opens at
    02:30 and closes at 03:30, and a close alone that is skipped comes as long after the opening as was meant. One that
    they show twice needs ``fold``.
    """

    every: Every
    interval: int = Field(default=1, ge=1, le=52)
    weekdays: list[Weekday] = Field(default=[], max_length=7, description="For every week; else the day of starts_on.")
    month_day: int | None = Field(
        default=None, ge=1, le=31, description="For every month; the last day where a month is shorter."
    )
    opens: WallTime
    open_minutes: int = Field(ge=1, le=MAX_OPEN_MINUTES, examples=[720])
    starts_on: LocalDate
    ends_on: LocalDate | None = None
    on_gap: OnGap = "refuse"
    fold: Fold | None = None

    @model_validator(mode="after")
    def _fits(self) -> "RuleFields":
        if self.weekdays and self.every != "week":
            raise InvalidField("weekdays are for every week only; leave them out", "星期仅用于每周重复，请去掉")
        if self.month_day is not None and self.every != "month":
            raise InvalidField(
                "a day of the month is for every month only; leave it out", "每月几日仅用于每月重复，请去掉"
            )
        return self

    def to_rule(self) -> Rule:
        return Rule(
            self.every,
            self.opens,
            self.open_minutes,
            self.starts_on.isoformat(),
            self.ends_on.isoformat() if self.ends_on else None,
            self.interval,
            tuple(sorted({DAYS.index(day) for day in self.weekdays})),
            self.month_day,
            self.on_gap,
            self.fold,
        )


class SeriesFields(CampaignFields):
    """The fields of the campaigns that a series makes, and how far ahead it makes each."""

    hours_ahead: int = Field(
        default=24, ge=1, le=MAX_HOURS_AHEAD, description="So long before its opening a campaign is made."
    )
    arrives_after_days: int | None = Field(
        default=None, ge=0, le=MAX_WAIT.days,
        description="So many days after the day of its close a campaign's goods are expected at the pickup points.",
    )  # fmt: skip
    publish: bool = Field(default=True, description="Announce each campaign when it is made; else it stays a draft.")


class NewSeries(SeriesFields):
    """A recurring campaign; what a campaign needs to be published it needs from the beginning."""

    EXAMPLES = SERIES

    title: Title
    rule: RuleFields


class SeriesChanges(SeriesFields):
    """Fields of a series; what is left out stays. They hold for the campaigns still to be made."""

    rule: RuleFields | None = None
    status: Literal["active", "paused"] = "active"

    def changes(self) -> SeriesEdit:
        """The fields that were sent."""
        sent = {name: getattr(self, name) for name in self.model_fields_set & _OF_SERIES}
        rule = UNSET if self.rule is None else self.rule.to_rule()
        return SeriesEdit(self.terms(), rule=rule, **sent)
