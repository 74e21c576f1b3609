"""An export begins: what is asked for is kept in a job."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from chalicelib.campaigns.service.reading import get_campaign
from chalicelib.db import Transaction
from chalicelib.insight.exports.model import EXPORT, TableFormat
from chalicelib.jobs import service as jobs
from chalicelib.jobs.model import CONTACTS, Status
from chalicelib.jobs.records import JobRecord
from chalicelib.kernel.clock import sortable
from chalicelib.kernel.principal import Principal
from chalicelib.members.service.members import get_member
from chalicelib.orders.model import PaymentState
from chalicelib.orders.service.listing import Filter, of_member
from chalicelib.pickup_points.service import get_pickup_point
from chalicelib.tenants.service.audit import audit

_DAYS = ("from_on", "to_on")


def start_export(
    tenant_id: str, wanted: Filter, form: TableFormat, locale: str, by: Principal, now: datetime
) -> JobRecord:
    """A job that writes the orders of a filter as they stand while it works, up to those placed by now. A phone number
    is kept as the member it leads to. The file says of people what is shown to whoever asks for it. Raises NotFound for
    a campaign, member or pickup point that the brand has not.
    """
    _check_known(tenant_id, wanted)
    params: dict[str, Any] = {"format": form, "locale": locale, "started_at": sortable(now)}
    params[CONTACTS] = by.sees_contacts
    found = of_member(tenant_id, wanted)
    job = jobs.new_job(tenant_id, EXPORT, by.label, now, status=Status.QUEUED, params=params)
    job.params = params | {"filter": None if found is None else _stored(found)}
    job.cursor = {"after": None, "part": 0, "rows": 0}
    job.enqueue(EXPORT, now)
    tx = Transaction()
    told = {"format": form, "filter": job.params["filter"], "contacts": by.sees_contacts}
    audit(tx, tenant_id, by, "order_export.started", f"job:{job.id}", now, told)
    return jobs.store(job, tx)


def _check_known(tenant_id: str, wanted: Filter) -> None:
    if wanted.campaign_id is not None:
        get_campaign(tenant_id, wanted.campaign_id)
    if wanted.member_id is not None:
        get_member(tenant_id, wanted.member_id)
    if wanted.pickup_point_id is not None:
        get_pickup_point(tenant_id, wanted.pickup_point_id)


def _stored(wanted: Filter) -> dict[str, Any]:
    given = {name: value for name, value in asdict(wanted).items() if value is not None}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in given.items()}


def filter_of(job: JobRecord) -> Filter | None:
    """The filter that a job was started with; None where nothing can match."""
    stored = job.params["filter"]
    if stored is None:
        return None
    days = {name: date.fromisoformat(stored[name]) for name in _DAYS if name in stored}
    payment = {"payment": PaymentState(stored["payment"])} if "payment" in stored else {}
    return Filter(**stored | days | payment)
