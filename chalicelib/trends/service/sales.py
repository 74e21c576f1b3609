"""How many units of a product were sold lately: counted again from its weeks, a while after it was ordered, so that a
rush of orders is one count; and once a week, since old sales pass.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from chalicelib.catalog.records import StandingRecord
from chalicelib.catalog.service.standings import standings
from chalicelib.db import Transaction, beginning_with, change
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.pricing.records import SoldWeekRecord
from chalicelib.tenancy import brand_of

WEEKS = 12
"""Sales of the last so many weeks, the running one among them, count: those of a whole season, and no older ones."""

_AFTER_ORDERS, _AGAIN = timedelta(minutes=10), timedelta(days=7)


def note(tenant_id: str, product_ids: Collection[str], now: datetime) -> None:
    """Notes that sales of products have changed; one that is counted soon anyway is left alone."""
    known = standings(tenant_id, product_ids) if product_ids else {}
    for product_id in product_ids:
        if not _waits(known.get(product_id), now):
            _mark(tenant_id, product_id, known.get(product_id), now)


def _waits(standing: StandingRecord | None, now: datetime) -> bool:
    """Whether it is counted before long. A count that is due now may have read its weeks already."""
    counts_at: datetime | None = standing.counts_at if standing else None
    return counts_at is not None and now < counts_at <= now + _AFTER_ORDERS


def _mark(tenant_id: str, product_id: str, known: StandingRecord | None, now: datetime) -> None:
    soon = now + _AFTER_ORDERS

    def decide(standing: StandingRecord | None, tx: Transaction) -> None:
        if standing is None:
            standing = StandingRecord.new(tenant_id, product_id)
            standing.counts_at = soon
            tx.create("standing", standing)
        elif not _waits(standing, now):
            standing.counts_at = soon
            tx.replace("standing", standing)

    address = StandingRecord.address(tenant_id, product_id)
    change(beginning_with(known, lambda: StandingRecord.fetch(*address, consistent=True)), decide)


def recount(tenant_id: str, product_id: str, now: datetime) -> None:
    """Counts the units that were sold and kept in the last weeks. Done again, it comes to the same."""
    today = local_date(now, zone(brand_of(tenant_id).timezone))
    monday = today - timedelta(days=today.weekday(), weeks=WEEKS - 1)
    weeks = (monday.isoformat(), "~")

    def decide(standing: StandingRecord | None, tx: Transaction) -> None:
        if standing is None:
            return
        partition = SoldWeekRecord.partition(tenant_id, product_id)
        found = SoldWeekRecord.every(partition, between=weeks, consistent=True)
        standing.sold = max(0, sum(sum(each.units) for each in found))
        standing.counts_at = now + _AGAIN if standing.sold else None
        tx.replace("standing", standing)

    address = StandingRecord.address(tenant_id, product_id)
    change(lambda: StandingRecord.fetch(*address, consistent=True), decide)
