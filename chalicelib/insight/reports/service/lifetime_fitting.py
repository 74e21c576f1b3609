"""Fits the models as of a local day, and keeps what follows. One that comes twice, late or after a crash does no harm:
what was found is put under its day, and is the same for the same figures.
"""

from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime

from chalicelib.db import delete_many, put_many
from chalicelib.insight.activity.model.rows import EARLIEST_ON
from chalicelib.insight.activity.service.leaves import left_by
from chalicelib.insight.lifetime.model import KEPT, LONGEST
from chalicelib.insight.lifetime.records import BandMembers, LifetimeEdition, LifetimeRecord
from chalicelib.insight.model import bitmaps, spending
from chalicelib.insight.model.buyers import Buyers
from chalicelib.insight.model.expectations import Expectations, expectations
from chalicelib.insight.model.lifetime import fit
from chalicelib.insight.model.lifetime_results import Results, results
from chalicelib.insight.records import LeaveRecord, SpendRecord
from chalicelib.insight.reports.service.window import history
from chalicelib.jobs import service as jobs
from chalicelib.jobs.model import Status
from chalicelib.tenants.service.brand import get_tenant


def continue_fitting(tenant_id: str, job_id: str, now: datetime) -> None:
    """Fits what the job asks for, in one go."""
    job = jobs.unfinished(tenant_id, job_id)
    if job is None:
        return
    kept = fit_as_of(tenant_id, date.fromisoformat(job.params["as_of"]), job_id, now)
    job.done = job.total = Results.unpack(kept.content).members
    with suppress(jobs.Overtaken):  # another delivery of the same message has done the same
        job.finish(Status.DONE, now)
        jobs.save(job)


def fit_as_of(tenant_id: str, on: date, edition: str, now: datetime) -> LifetimeRecord:
    """Fits the models to all that members did up to the end of a day, and keeps it. Who is behind it stands apart,
    under an id that is used for nothing else, and is written first. Of two fits at the same time the last one is kept.
    """
    put_many([LifetimeEdition(*LifetimeEdition.address(tenant_id, edition), begun_at=now)])
    # The revision before the figures: what changes meanwhile makes the result look older than it is, never newer.
    figures_rev = history(tenant_id, on, consistent=True).revision
    currency = get_tenant(tenant_id).currency
    buyers, left = _buyers(tenant_id, currency, on), left_by(LeaveRecord.of_tenant(tenant_id), on)
    fitted = fit(buyers, on)
    found = expectations(fitted, buyers, on, left)
    kept = LifetimeRecord(
        *LifetimeRecord.address(tenant_id, on),
        figures_rev=figures_rev, fitted_at=now, edition=edition,
        content=results(currency, fitted, found, sum(1 for each in buyers.upto(on) if left >> each.ordinal & 1)).pack(),
    )  # fmt: skip
    before = list(LifetimeRecord.of_tenant(tenant_id))
    put_many([*_behind(tenant_id, edition, found), kept] if found else [kept])
    _forget(tenant_id, before, kept)
    return kept


def _buyers(tenant_id: str, currency: str, on: date) -> Buyers:
    found = Buyers(currency)
    for record in SpendRecord.in_days(tenant_id, EARLIEST_ON, on, consistent=True):
        found.add(record.on, spending.unpack(record.columns))
    return found


def _behind(tenant_id: str, edition: str, found: Expectations) -> Iterable[BandMembers]:
    for band, sums in found.bands.items():
        for chunk, bits in bitmaps.pack(bitmaps.of(sums.members)).items():
            yield BandMembers(*BandMembers.address(tenant_id, edition, band.label, chunk), bits=bits)


def _forget(tenant_id: str, before: Iterable[LifetimeRecord], new: LifetimeRecord) -> None:
    """Keeps the latest results; who is behind the others goes with them, as who is behind one that was replaced, and
    behind a fit that ended without being kept.
    """
    others = sorted((each for each in before if each.on != new.on), key=lambda each: each.fitted_at, reverse=True)
    old = others[KEPT - 1 :]
    delete_many((LifetimeRecord, str(each.pk), str(each.sk)) for each in old)
    replaced = [each for each in before if each.on == new.on and each.edition != new.edition]
    kept = {str(each.edition) for each in LifetimeRecord.of_tenant(tenant_id)}
    begun = {str(each.sk): each.begun_at for each in LifetimeEdition.of_tenant(tenant_id)}
    ended = {edition for edition, at in begun.items() if at + LONGEST < new.fitted_at}
    for edition in {*(str(each.edition) for each in (*old, *replaced)), *ended} - kept:
        behind = BandMembers.of_edition(tenant_id, edition)
        delete_many((BandMembers, str(chunk.pk), str(chunk.sk)) for chunk in behind)
        delete_many([(LifetimeEdition, *LifetimeEdition.address(tenant_id, edition))])
