"""When models are fitted: when they are asked for, and at night where the report is in use and figures have changed."""

from datetime import date, datetime

from chalicelib.db import Transaction, change
from chalicelib.insight.lifetime.model import FITTING, KEPT, is_in_use
from chalicelib.insight.lifetime.records import LifetimeRecord, LifetimeState
from chalicelib.insight.reports.service.window import history, horizon
from chalicelib.jobs import service as jobs
from chalicelib.jobs.model import Status
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.tenants.service.brand import get_tenant


def ask(tenant_id: str, on: date, now: datetime, by: str = "report") -> str:
    """The id of the job that fits the models as of a day: the one that is at it already, or a new one."""

    def decide(state: LifetimeState | None, tx: Transaction) -> str:
        at_it = state.jobs.get(on.isoformat()) if state else None
        if at_it is not None and jobs.unfinished(tenant_id, at_it) is not None:
            return str(at_it)
        params = {"as_of": on.isoformat()}
        job = jobs.new_job(tenant_id, FITTING, by, now, status=Status.QUEUED, params=params)
        job.enqueue(FITTING, now)
        tx.create("job", job)
        _keep(tenant_id, state, tx, jobs={**_latest(state), on.isoformat(): job.id})
        return job.id

    return change(lambda: _state(tenant_id), decide)


def note_use(tenant_id: str, today: date) -> None:
    """Notes that the report was read on a local day: written once a day."""
    if is_noted(LifetimeState.fetch(*LifetimeState.address(tenant_id)), today):
        return

    def decide(state: LifetimeState | None, tx: Transaction) -> None:
        if not is_noted(state, today):
            _keep(tenant_id, state, tx, used_on=today)

    change(lambda: _state(tenant_id), decide)


def is_noted(state: LifetimeState | None, today: date) -> bool:
    return state is not None and state.used_on == today


def after_night(tenant_id: str, now: datetime) -> None:
    """Every day before the running one is rolled up: the models are fitted anew where the report is in use and figures
    have changed. A brand that does not use it costs one read.
    """
    state = LifetimeState.fetch(*LifetimeState.address(tenant_id))
    if state is None:
        return
    tz = zone(get_tenant(tenant_id).timezone)
    if not is_in_use(state.used_on, local_date(now, tz)):
        return
    on = horizon(tenant_id, tz, now, None, consistent=True).as_of
    latest = LifetimeRecord.latest(tenant_id, on)
    if latest is None or latest.figures_rev != history(tenant_id, on, consistent=True).revision:
        ask(tenant_id, on, now, "night")


def _state(tenant_id: str) -> LifetimeState | None:
    return LifetimeState.fetch(*LifetimeState.address(tenant_id), consistent=True)


def _latest(state: LifetimeState | None) -> dict[str, str]:
    """The jobs to be remembered; ids ascend with time."""
    by_age = sorted(state.jobs.items(), key=lambda each: each[1]) if state else []
    return dict(by_age[-KEPT:])


def _keep(tenant_id: str, state: LifetimeState | None, tx: Transaction, **values: object) -> None:
    record = state or LifetimeState(*LifetimeState.address(tenant_id))
    for name, value in values.items():
        setattr(record, name, value)
    if state is None:
        tx.create("state", record)
    else:
        tx.replace("state", record)
