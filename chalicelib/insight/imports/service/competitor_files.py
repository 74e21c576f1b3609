"""A file of competitors' prices: checked and kept, then worked through in the background, slice after slice."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice

from chalicelib.catalog.service.products import find_by_codes
from chalicelib.insight.activity.model import csv as csvrows
from chalicelib.insight.activity.model.fields import BadRow
from chalicelib.insight.activity.service.imported_orders import Outcome
from chalicelib.insight.imports.model.competitor_rows import CompetitorRow, no_such_code, parse
from chalicelib.insight.imports.model.kinds import COMPETITOR_PRICES
from chalicelib.insight.imports.service import walking
from chalicelib.insight.imports.service.walking import Seen, Work
from chalicelib.jobs.records import JobRecord
from chalicelib.kernel.clock import zone
from chalicelib.kernel.money import Money
from chalicelib.pricing.service.competitors import Sighting, known_prices, take_in
from chalicelib.tenants.service.brand import get_tenant

SLICE_ROWS = 100
"""Rows between two commits of the job."""

_Told = tuple[CompetitorRow, Sighting]


def work(tenant_id: str, job_id: str, now: datetime) -> None:
    """Works on it for a while. A message that comes twice, late or after a crash does no harm: a price's id follows
    from what its row says.
    """
    walking.walk(Work(COMPETITOR_PRICES, SLICE_ROWS, _slices, _apply, _attempt), tenant_id, job_id, now)


def _slices(job: JobRecord, rows: Iterator[csvrows.Row]) -> Iterator[list[csvrows.Row]]:
    while part := list(islice(rows, SLICE_ROWS)):
        yield part


def _apply(job: JobRecord, found: Sequence[csvrows.Row], now: datetime) -> Outcome:
    told, outcome = _read(job, found, now)
    once = {row.says: sighting for row, sighting in told}
    taken = take_in(job.tenant_id, list(once.values()), walking.beginner(job), now)
    outcome.imported, outcome.duplicates = taken, len(told) - taken
    return outcome


def _attempt(job: JobRecord, found: Sequence[csvrows.Row], now: datetime, seen: Seen) -> Outcome:
    told, outcome = _read(job, found, now)
    known = known_prices(job.tenant_id, [sighting for _, sighting in told])
    for (row, _), stands in zip(told, known, strict=True):
        again = stands or row.says in seen.said
        seen.said[row.says] = True
        outcome.duplicates += again
        outcome.imported += not again
    return outcome


def _read(job: JobRecord, found: Sequence[csvrows.Row], now: datetime) -> tuple[list[_Told], Outcome]:
    """The rows that say a price of a SKU there is, and what is wrong with the others."""
    currency, tz = job.params["currency"], zone(get_tenant(job.tenant_id).timezone)
    rows: list[CompetitorRow] = []
    outcome = Outcome()
    for row in found:
        try:
            rows.append(parse(row, job.params["columns"], currency, tz, now))
        except BadRow as bad:
            outcome.errors.append((row.number, bad.reason))
    skus = find_by_codes(job.tenant_id, [row.code for row in rows])
    told: list[_Told] = []
    for each in rows:
        if each.code not in skus:
            outcome.errors.append((each.number, no_such_code(each).reason))
            continue
        money = Money(each.price_minor, currency)
        sku_id = str(skus[each.code].sku_id)
        told.append((each, Sighting(sku_id, each.competitor, money, each.seen_on, each.content, each.link)))
    return told, outcome
