"""Use cases of scheduled reports: set one up, change, pause, end it. ``sending`` sends them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.db import Page, Refused, Transaction, change, check_revision
from chalicelib.insight.report_schedules.errors import TooManySchedules
from chalicelib.insight.report_schedules.model import standard
from chalicelib.insight.report_schedules.model.rhythm import Every, Rhythm
from chalicelib.insight.report_schedules.records import ACTIVE, ScheduleRecord, schedule_list
from chalicelib.insight.report_schedules.service import asked, recipients
from chalicelib.insight.reports.catalogue import named
from chalicelib.insight.reports.report import check_reader
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.ids import derived_id, new_id
from chalicelib.kernel.local_day import local_date
from chalicelib.kernel.principal import Principal
from chalicelib.tenants.service.audit import audit
from chalicelib.tenants.service.brand import get_tenant

MOST = 50
_RHYTHM = ("every", "at", "weekday", "day")
_FIELDS = ("parameters", "format", "range", "status")


def get_schedule(tenant_id: str, schedule_id: str, *, consistent: bool = False) -> ScheduleRecord:
    """A scheduled report. Raises NotFound."""
    found = ScheduleRecord.fetch(*ScheduleRecord.address(tenant_id, schedule_id), consistent=consistent)
    if found is None:
        raise NotFound("There is no such scheduled report.", detail_zh="没有该定时报表。")
    return found


def list_schedules(tenant_id: str, *, limit: int = 20, cursor: dict[str, Any] | None = None) -> Page[ScheduleRecord]:
    """The tenant's scheduled reports, newest first."""
    return ScheduleRecord.page(schedule_list(tenant_id), index="gsi1", limit=limit, cursor=cursor, newest_first=True)


def create_schedule(
    tenant_id: str, fields: Mapping[str, Any], locale: str, by: Principal, now: datetime, *, schedule_id: str = ""
) -> ScheduleRecord:
    """Sets one up, of the fields of ``NewSchedule``. Raises UnknownReport, Forbidden, Invalid, NotOnTheTeam,
    TooManySchedules.
    """
    report = named(fields["name"])
    check_reader(report, by)
    _check_room(tenant_id)
    tz = _zone(tenant_id)
    rhythm = Rhythm(*(fields[name] for name in _RHYTHM))
    unit: Every = fields["range"] or rhythm.every
    asked.check(tenant_id, report, fields["parameters"], unit, local_date(now, tz), locale, now)
    made_id = schedule_id or new_id(now)
    made = ScheduleRecord(
        *ScheduleRecord.address(tenant_id, made_id), id=made_id, name=report.name,
        parameters=dict(fields["parameters"]), format=fields["format"], range=unit, stored_rhythm=rhythm.as_json(),
        recipients=recipients.of_emails(tenant_id, fields["recipients"], report), locale=locale, status=ACTIVE,
        created_at=now, created_by=by.label,
    )  # fmt: skip
    made.plan(tz, now)
    tx = Transaction()
    tx.create("schedule", made)
    told = {"report": report.name, "every": rhythm.every, "recipients": made.recipients}
    audit(tx, tenant_id, by, "report_schedule.created", f"report-schedule:{made_id}", now, told)
    tx.commit()
    return made


def create_standard(
    tenant_id: str, emails: Sequence[str], locale: str, by: Principal, now: datetime
) -> list[ScheduleRecord]:
    """The reviews of the last day, week, month, quarter and year; asked for again, those that are there are left as
    they are. Raises what :func:`create_schedule` does.
    """
    return [_standard(tenant_id, every, emails, locale, by, now) for every in standard.BY]


def _standard(
    tenant_id: str, every: Every, emails: Sequence[str], locale: str, by: Principal, now: datetime
) -> ScheduleRecord:
    schedule_id = derived_id(tenant_id, "report-schedule", "standard", every)
    find = partial(ScheduleRecord.fetch, *ScheduleRecord.address(tenant_id, schedule_id), consistent=True)
    if found := find():
        return found
    fields = {
        "name": standard.REPORT, "parameters": standard.parameters(every), "format": standard.FORMAT, "range": every,
        "every": every, "at": standard.AT, "weekday": 0, "day": 1, "recipients": emails,
    }  # fmt: skip
    try:
        return create_schedule(tenant_id, fields, locale, by, now, schedule_id=schedule_id)
    except Refused:
        return get_schedule(tenant_id, schedule_id, consistent=True)  # pressed twice at once


def edit_schedule(
    tenant_id: str, schedule_id: str, changes: Mapping[str, Any], by: Principal, now: datetime, if_match: int | None
) -> ScheduleRecord:
    """Changes what is named. Raises NotFound, Stale, Forbidden, Invalid, NotOnTheTeam."""
    tz = _zone(tenant_id)

    def decide(kept: ScheduleRecord, tx: Transaction) -> ScheduleRecord:
        check_revision(kept, if_match)
        report = named(kept.name)
        check_reader(report, by)
        if not changes:
            return kept
        for name in _FIELDS:
            if name in changes:
                setattr(kept, name, changes[name])
        if "recipients" in changes:
            kept.recipients = recipients.of_emails(tenant_id, changes["recipients"], report)
        kept.stored_rhythm = replace(kept.rhythm, **{k: v for k, v in changes.items() if k in _RHYTHM}).as_json()
        asked.check(tenant_id, report, kept.parameters, kept.unit, local_date(now, tz), kept.locale, now)
        kept.why = None
        kept.plan(tz, now)
        tx.replace("schedule", kept)
        audit(tx, tenant_id, by, "report_schedule.changed", f"report-schedule:{schedule_id}", now, dict(changes))
        return kept

    return change(partial(get_schedule, tenant_id, schedule_id, consistent=True), decide)


def delete_schedule(tenant_id: str, schedule_id: str, by: Principal, now: datetime, if_match: int | None) -> None:
    """Ends one; what it has sent stays. Raises NotFound, Stale, Forbidden."""

    def decide(kept: ScheduleRecord, tx: Transaction) -> None:
        check_revision(kept, if_match)
        check_reader(named(kept.name), by)
        address = ScheduleRecord.address(tenant_id, schedule_id)
        tx.delete("schedule", ScheduleRecord, *address, condition=ScheduleRecord.rev == kept.rev)
        told = {"report": kept.name}
        audit(tx, tenant_id, by, "report_schedule.deleted", f"report-schedule:{schedule_id}", now, told)

    change(partial(get_schedule, tenant_id, schedule_id, consistent=True), decide)


def _check_room(tenant_id: str) -> None:
    if len(list_schedules(tenant_id, limit=MOST).items) >= MOST:
        raise TooManySchedules(
            f"There are {MOST} scheduled reports already; delete one first.",
            detail_zh=f"已有 {MOST} 个定时报表，请先删除一个。",
        )


def _zone(tenant_id: str) -> ZoneInfo:
    return zone(get_tenant(tenant_id).timezone)
