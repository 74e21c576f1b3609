"""Scheduled reports as they are shown over HTTP."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from chalicelib.insight.model.charts import Words
from chalicelib.insight.report_schedules.model.rhythm import Every
from chalicelib.insight.report_schedules.records import ScheduleRecord
from chalicelib.tenants.records import StaffRecord
from chalicelib.web import Contact, Instant, LocalDate, UlidStr, View


class RecipientView(View):
    """Somebody of the team who gets it; without an address once they have left."""

    id: UlidStr
    email: Contact[str]


class ScheduleView(View):
    """A report that comes by e-mail. ``next_at`` is when it comes next, ``last_job_id`` wrote the last that came, of
    ``last_on``; ``why`` says why it is paused, where nobody paused it.
    """

    id: UlidStr
    name: str
    parameters: dict[str, str]
    format: str
    range: Every
    every: Every
    at: str
    weekday: int
    day: int
    recipients: list[RecipientView]
    status: Literal["active", "paused"]
    why: str | None
    next_at: Instant | None
    last_on: LocalDate | None = Field(description="The local day on which it came last.")
    last_job_id: str | None
    created_at: Instant

    @classmethod
    def of(cls, kept: ScheduleRecord, team: Mapping[str, StaffRecord], locale: str) -> "ScheduleView":
        return cls.model_validate(
            {
                **{name: getattr(kept, name) for name in _SAME},
                **kept.stored_rhythm,
                "recipients": [
                    RecipientView(id=each, email=team[each].email if each in team else None) for each in kept.recipients
                ],
                "why": _LEFT.said(locale) if kept.why else None,
                "last_job_id": kept.last_job,
            }
        )


class StandardView(View):
    """The reviews that come now; those that came before stay as they are."""

    items: list[ScheduleView]


_LEFT = Words(
    "a recipient has left the team, or may not read the report any more", "有收件人已离开团队或无权查看该报表"
)
_SAME = ("id", "name", "parameters", "format", "range", "status", "next_at", "last_on", "created_at")
