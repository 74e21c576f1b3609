"""A file of a report begins: what is asked for is kept in a job."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.db import Transaction
from chalicelib.insight.report_jobs.model import REPORT_FILE
from chalicelib.insight.report_jobs.service import asking
from chalicelib.insight.reports.catalogue import named
from chalicelib.insight.reports.report import Report, check_reader
from chalicelib.jobs import service as jobs
from chalicelib.jobs.model import CONTACTS, ROLES, Status
from chalicelib.jobs.records import JobRecord
from chalicelib.kernel.clock import sortable
from chalicelib.kernel.principal import Principal
from chalicelib.tenants.service.audit import audit

BEGINNING = {"after": None, "part": 0, "rows": 0}


def start(
    tenant_id: str, name: str, parameters: Mapping[str, str], form: str, locale: str, by: Principal, now: datetime
) -> JobRecord:
    """A job that writes a report as of now into a file, all of one revision. Raises UnknownReport, Forbidden for a role
    that the report is not for, Invalid for what it does not take, and what it refuses by itself.
    """
    report = named(name)
    check_reader(report, by)
    asking.check(report, parameters, tenant_id, locale, now)
    job = prepared(tenant_id, report, parameters, form, locale, by.label, now, contacts=by.sees_contacts)
    tx = Transaction()
    told = {"report": name, "parameters": dict(parameters), "format": form, "contacts": by.sees_contacts}
    audit(tx, tenant_id, by, "report_job.started", f"job:{job.id}", now, told)
    return jobs.store(job, tx)


def prepared(
    tenant_id: str, report: Report[Any, Any], parameters: Mapping[str, str], form: str, locale: str, by: str,
    now: datetime, *, contacts: bool,
) -> JobRecord:  # fmt: skip
    """The job, not stored yet, with the message that begins it."""
    params: dict[str, Any] = {
        "report": report.name, "parameters": dict(parameters), "format": form, "locale": locale,
        "started_at": sortable(now), CONTACTS: contacts, ROLES: sorted(report.roles),
    }  # fmt: skip
    job = jobs.new_job(tenant_id, REPORT_FILE, by, now, status=Status.QUEUED, params=params)
    job.cursor = dict(BEGINNING)
    job.enqueue(REPORT_FILE, now)
    return job
