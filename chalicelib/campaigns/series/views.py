"""What the API shows of recurring campaigns."""

from datetime import date, datetime
from typing import Any

from chalicelib.campaigns.series.forms import DAYS, Weekday
from chalicelib.campaigns.series.model.recurrence import Every, Rule, upcoming
from chalicelib.campaigns.series.records import ACTIVE, SeriesRecord
from chalicelib.kernel.wall_time import Fold, OnGap
from chalicelib.web import Instant, LocalDate, View

SHOWN_AHEAD = 5


class RuleView(View):
    every: Every
    interval: int
    weekdays: list[Weekday]
    month_day: int | None
    opens: str
    open_minutes: int
    starts_on: LocalDate
    ends_on: LocalDate | None
    on_gap: OnGap
    fold: Fold | None

    @classmethod
    def of(cls, rule: Rule) -> "RuleView":
        plain = ("every", "interval", "month_day", "opens", "open_minutes", "on_gap", "fold")
        return cls(
            **{name: getattr(rule, name) for name in plain},
            weekdays=[DAYS[day] for day in rule.weekdays],
            starts_on=date.fromisoformat(rule.starts_on),
            ends_on=date.fromisoformat(rule.ends_on) if rule.ends_on else None,
        )


class OccurrenceView(View):
    """A campaign to be: the brand's local day it belongs to, and its window."""

    on: LocalDate
    opens_at: Instant
    closes_at: Instant


class SeriesEntry(View):
    """What happened: ``made``, ``missed`` (its whole window went by first), ``failed`` or ``not_published`` with the
    refusal's code and detail, or a change by staff.
    """

    type: str
    at: Instant
    by: str
    on: LocalDate | None = None
    campaign_id: str | None = None
    code: str | None = None
    detail: str | None = None


class SeriesView(View):
    """A recurring campaign. ``upcoming`` are its next openings of which no campaign is made yet; the first one's is
    made at ``next_campaign_at``.
    """

    id: str
    title: str
    status: str
    timezone: str
    rule: RuleView
    hours_ahead: int
    arrives_after_days: int | None
    publish: bool
    template: dict[str, Any]
    made: int
    next_campaign_at: Instant | None
    upcoming: list[OccurrenceView]
    history: list[SeriesEntry]
    created_at: Instant
    updated_at: Instant

    @classmethod
    def of(cls, series: SeriesRecord, now: datetime) -> "SeriesView":
        plain = ("id", "title", "status", "timezone", "publish", "template", "history", "created_at", "updated_at")
        ahead = upcoming(series.rule, series.zone, now, SHOWN_AHEAD, series.made_on) if series.status == ACTIVE else []
        return cls(
            **{name: getattr(series, name) for name in plain},
            rule=RuleView.of(series.rule),
            hours_ahead=int(series.hours_ahead),
            arrives_after_days=None if series.arrives_after_days is None else int(series.arrives_after_days),
            made=int(series.made),
            next_campaign_at=series.due_at,
            upcoming=[OccurrenceView.model_validate(each) for each in ahead],
        )
