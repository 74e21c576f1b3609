"""When goods bought together are looked for: when they are asked for, and at night where the report is in use and
figures have changed. One search at a time.
"""

from datetime import date, datetime

from chalicelib.db import Transaction, change
from chalicelib.insight.associations.model import MINING, is_asked_again
from chalicelib.insight.associations.records import AssociationState
from chalicelib.insight.lifetime.model import is_in_use
from chalicelib.insight.reports.service.window import history, horizon
from chalicelib.jobs import service as jobs
from chalicelib.jobs.model import Status
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.tenants.service.brand import get_tenant


def note_use(tenant_id: str, revision: int, today: date, now: datetime) -> AssociationState:
    """Notes that the report was read on a local day, and starts a search where nobody has looked at figures of this
    revision, after some time.
    """
    state = AssociationState.fetch(*AssociationState.address(tenant_id))
    if state is not None and state.used_on == today and not _is_to_be_asked(state, revision, now):
        return state

    def decide(state: AssociationState | None, tx: Transaction) -> AssociationState:
        known = state or AssociationState(*AssociationState.address(tenant_id))
        known.used_on = today
        if _is_to_be_asked(known, revision, now):
            _begin(known, tx, now, "report")
        _keep(known, tx, new=state is None)
        return known

    return change(lambda: _state(tenant_id), decide)


def after_night(tenant_id: str, now: datetime) -> None:
    """Every day before the running one is rolled up. A brand that does not use the report costs one read."""
    state = AssociationState.fetch(*AssociationState.address(tenant_id))
    if state is None:
        return
    tz = zone(get_tenant(tenant_id).timezone)
    if not is_in_use(state.used_on, local_date(now, tz)):
        return
    on = horizon(tenant_id, tz, now, None, consistent=True).as_of
    if state.looked_rev != history(tenant_id, on, consistent=True).revision:
        ask(tenant_id, now, "night")


def ask(tenant_id: str, now: datetime, by: str) -> None:
    """Starts a search, unless one is at it."""

    def decide(state: AssociationState | None, tx: Transaction) -> None:
        known = state or AssociationState(*AssociationState.address(tenant_id))
        if _begin(known, tx, now, by):
            _keep(known, tx, new=state is None)

    change(lambda: _state(tenant_id), decide)


def note_looked(tenant_id: str, revision: int, orders: int) -> None:
    """Notes by figures of which revision one has looked, and in how many orders."""

    def decide(state: AssociationState | None, tx: Transaction) -> None:
        known = state or AssociationState(*AssociationState.address(tenant_id))
        known.looked_rev, known.looked_orders = revision, orders
        _keep(known, tx, new=state is None)

    change(lambda: _state(tenant_id), decide)


def _is_to_be_asked(state: AssociationState, revision: int, now: datetime) -> bool:
    return state.looked_rev != revision and is_asked_again(state.asked_at, int(state.looked_orders), now)


def _begin(state: AssociationState, tx: Transaction, now: datetime, by: str) -> bool:
    """Whether a new search begins: none does beside one that is not finished."""
    tenant_id = state.tenant_id
    if state.job_id is not None and jobs.unfinished(tenant_id, state.job_id) is not None:
        return False
    job = jobs.new_job(tenant_id, MINING, by, now, status=Status.QUEUED, params={})
    job.enqueue(MINING, now)
    tx.create("job", job)
    state.job_id, state.asked_at = job.id, now
    return True


def _state(tenant_id: str) -> AssociationState | None:
    return AssociationState.fetch(*AssociationState.address(tenant_id), consistent=True)


def _keep(state: AssociationState, tx: Transaction, *, new: bool) -> None:
    if new:
        tx.create("state", state)
    else:
        tx.replace("state", state)
