"""What happens when a scheduled report is due: its file is begun, once, however often the message comes."""

from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from chalicelib.db import Transaction, change
from chalicelib.insight.model.summary import Span
from chalicelib.insight.report_jobs.service.starting import prepared
from chalicelib.insight.report_schedules.model.rhythm import Occurrence, latest
from chalicelib.insight.report_schedules.records import ACTIVE, RETRIED_AFTER, ScheduleRecord
from chalicelib.insight.report_schedules.service import asked, recipients
from chalicelib.insight.reports.catalogue import named
from chalicelib.insight.reports.service.window import horizon
from chalicelib.jobs.records import JobRecord
from chalicelib.kernel.clock import zone
from chalicelib.tenants.service.brand import get_tenant

WAITS = timedelta(hours=6)
"""So long a report waits for its figures to be final; then it comes, and says that they are not."""

LEFT = "recipient_left"


def send(tenant_id: str, schedule_id: str, now: datetime) -> None:
    """Begins the file of the report that is due, and plans the next. The two are one write, so a message that comes
    twice, or a worker that dies, begins none twice and leaves none out; of several that nobody sent in time, the last
    one comes. Figures that are not final yet are waited for. Somebody who may not get it any more pauses all of it.
    """
    tz = zone(get_tenant(tenant_id).timezone)

    def decide(kept: ScheduleRecord | None, tx: Transaction) -> None:
        if kept is None or kept.status != ACTIVE or kept.awaited is None or kept.due_at > now:
            return
        if not recipients.all_may(tenant_id, kept.recipients, named(kept.name)):
            kept.pause(LEFT)
        else:
            _advance(kept, latest(kept.rhythm, tz, kept.awaited, now), tz, now, tx)
        tx.replace("schedule", kept)

    change(partial(ScheduleRecord.fetch, *ScheduleRecord.address(tenant_id, schedule_id), consistent=True), decide)


def _advance(kept: ScheduleRecord, come: Occurrence, tz: ZoneInfo, now: datetime, tx: Transaction) -> None:
    span = asked.period(kept.tenant_id, kept.unit, come.on)
    final = horizon(kept.tenant_id, tz, now, span.to_on, consistent=True).window.completes(span.to_on)
    if not final and now < come.at + WAITS:
        kept.next_on, kept.next_at, kept.retry_at = come.on, come.at, now + RETRIED_AFTER
        return
    job = _job(kept, come, span, now)
    kept.last_on, kept.last_job = come.on, job.id
    kept.plan(tz, now)
    tx.create("job", job)


def _job(kept: ScheduleRecord, come: Occurrence, span: Span, now: datetime) -> JobRecord:
    """The job of its file, which says of people what everybody of the team may read."""
    report = named(kept.name)
    wanted = asked.filled(report, kept.parameters, span)
    by = f"report-schedule:{kept.id}"
    job = prepared(kept.tenant_id, report, wanted, kept.format, kept.locale, by, now, contacts=False)
    days = {"from_on": span.from_on.isoformat(), "to_on": span.to_on.isoformat()}
    job.params = {**job.params, "schedule": {"id": kept.id, "recipients": kept.recipients, "every": kept.range, **days}}
    return job
