"""What was fitted last, read; and fitted anew where figures have changed: at once, or by a job where it takes long."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chalicelib.insight.lifetime.model import AT_ONCE
from chalicelib.insight.lifetime.records import BandMembers, LifetimeRecord
from chalicelib.insight.model import bitmaps
from chalicelib.insight.model.expectations import Band
from chalicelib.insight.model.lifetime_results import Results
from chalicelib.insight.reports.service.lifetime_fitting import fit_as_of
from chalicelib.insight.reports.service.lifetime_starting import ask, note_use
from chalicelib.insight.reports.service.window import History, Horizon, history, horizon
from chalicelib.kernel.clock import zone
from chalicelib.kernel.ids import new_id
from chalicelib.kernel.local_day import local_date
from chalicelib.tenants.service.brand import get_tenant


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """The answer: what was found as of the end of the local day ``on``, by figures of ``revision``; None where nothing
    was yet. ``job_id`` names the job that fits the models to the figures as they are now, if one does.
    """

    timezone: str
    currency: str
    from_on: date
    on: date
    horizon: Horizon
    revision: int
    is_current: bool
    found: Results | None
    fitted_at: datetime | None
    edition: str
    job_id: str | None


def lifetimes(tenant_id: str, as_of: date | None, now: datetime) -> Lifetimes:
    """What was found as of a day; where none is named, the latest. Where there is none, or figures up to that day have
    changed, it is found now, or a job is started; for a day that nobody named at most once a day.
    """
    tenant = get_tenant(tenant_id)
    tz = zone(tenant.timezone)
    seen = horizon(tenant_id, tz, now, as_of)
    on = seen.window.ends_on
    past = history(tenant_id, on)
    note_use(tenant_id, local_date(now, tz))
    kept, job_id = _kept(past, on, named=as_of is not None, now=now)
    return Lifetimes(
        tz.key, tenant.currency, past.begins_on, kept.on if kept else on, seen,
        int(kept.figures_rev) if kept else past.revision, kept is not None and kept.figures_rev == past.revision,
        Results.unpack(kept.content) if kept else None, kept.fitted_at if kept else None,
        str(kept.edition) if kept else "", job_id,
    )  # fmt: skip


def _kept(past: History, on: date, *, named: bool, now: datetime) -> tuple[LifetimeRecord | None, str | None]:
    """What is kept and to be shown, and the job that finds it anew."""
    kept = LifetimeRecord.latest(past.tenant_id, on)
    if named and kept is not None and kept.on != on:
        kept = None
    if kept is not None and (kept.figures_rev == past.revision or (kept.on == on and not named)):
        return kept, None
    if past.members_before(on + timedelta(days=1)).bit_count() <= AT_ONCE:
        return fit_as_of(past.tenant_id, on, new_id(now), now), None
    return kept, ask(past.tenant_id, on, now)


def members_of(tenant_id: str, edition: str, band: Band) -> int:
    """Who is in a band, as bits by ordinal."""
    chunks = BandMembers.of_band(tenant_id, edition, band.label)
    return bitmaps.unpack({each.chunk: each.bits for each in chunks})
