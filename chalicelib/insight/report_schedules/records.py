"""Scheduled reports, with their keys."""

from datetime import datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from pynamodb.attributes import UnicodeAttribute

from chalicelib.db import DateAttribute, InstantAttribute, JsonAttribute, TenantRecord, key
from chalicelib.db.attributes import optional
from chalicelib.insight.report_schedules.model.rhythm import Every, Occurrence, Rhythm, following

ACTIVE, PAUSED = "active", "paused"
DUE, QUEUE = "report_schedule.due", "imports"
RETRIED_AFTER = timedelta(minutes=15)


class ScheduleRecord(TenantRecord):
    """A report with its parameters, and when it goes to whom. ``recipients`` are ids of the staff; ``range`` is the
    period that it is of. ``next_on`` is the local day of the time that it is awaited for, at ``next_at``; while the
    figures of that are not final, it is asked for again at ``retry_at``. ``last_job`` wrote its last file. ``why``
    names why it is paused where nobody paused it.
    """

    id = UnicodeAttribute()
    name = UnicodeAttribute()
    parameters = JsonAttribute()
    format = UnicodeAttribute()
    range = UnicodeAttribute()
    stored_rhythm = JsonAttribute(attr_name="rhythm")
    recipients = JsonAttribute()
    locale = UnicodeAttribute()
    status = UnicodeAttribute()
    why = UnicodeAttribute(null=True)
    next_on = optional(DateAttribute(null=True))
    next_at = optional(InstantAttribute(null=True))
    retry_at = optional(InstantAttribute(null=True))
    last_on = optional(DateAttribute(null=True))
    last_job = UnicodeAttribute(null=True)
    created_at = InstantAttribute()
    created_by = UnicodeAttribute()

    @staticmethod
    def address(tenant_id: str, schedule_id: str) -> tuple[str, str]:
        """The key of a schedule."""
        return key(tenant_id, "report-schedule", schedule_id), "report-schedule"

    @property
    def unit(self) -> Every:
        """The period that it is of."""
        return cast("Every", self.range)

    @property
    def rhythm(self) -> Rhythm:
        """When it comes."""
        return Rhythm(**self.stored_rhythm)

    @property
    def awaited(self) -> Occurrence | None:
        """The time that it is awaited for."""
        return Occurrence(self.next_on, self.next_at) if self.next_on and self.next_at else None

    def plan(self, tz: ZoneInfo, after: datetime) -> None:
        """Awaits the first time after an instant; none while it is paused."""
        coming = following(self.rhythm, tz, after) if self.status == ACTIVE else None
        self.next_on, self.next_at = (coming.on, coming.at) if coming else (None, None)
        self.retry_at = None

    def pause(self, why: str) -> None:
        """Sends nothing any more, for a reason that its owner reads."""
        self.status, self.why = PAUSED, why
        self.next_on = self.next_at = self.retry_at = None

    def arrange(self) -> None:
        self.gsi1pk, self.gsi1sk = schedule_list(self.tenant_id), f"{self.created_at:%Y%m%d%H%M%S%f}#{self.id}"
        self.schedule(self.retry_at or self.next_at, DUE, QUEUE)


def schedule_list(tenant_id: str) -> str:
    """The gsi1 partition of a tenant's schedules, by creation."""
    return key(tenant_id, "report-schedules")
