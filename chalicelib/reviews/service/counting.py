"""A review counts in the write that changes it: for its product, for its day, and for the brand."""

from chalicelib.catalog.model.ratings import Marks
from chalicelib.catalog.records import StandingRecord
from chalicelib.db import Transaction
from chalicelib.reviews.records import RatedRecord, ReviewRecord, ShownRecord


def standing_of(tenant_id: str, product_id: str) -> StandingRecord | None:
    """How a product stands, read consistently."""
    return StandingRecord.fetch(*StandingRecord.address(tenant_id, product_id), consistent=True)


def count(tx: Transaction, review: ReviewRecord, before: Marks | None, standing: StandingRecord | None) -> None:
    """Adds to a transaction what follows from a review as it is now, which counted as ``before`` until then: its place
    on the product's page, and what is counted. ``standing`` was read with it.
    """
    after = review.counted
    if after is not None:
        tx.put("place", ShownRecord.of(review))
    elif before is not None:
        tx.delete("place", ShownRecord, *ShownRecord.address(review))
    if before == after:
        return
    if standing is None:
        standing = StandingRecord.new(review.tenant_id, review.product_id)
        standing.ratings = standing.ratings.changed(before, after)
        tx.create("standing", standing)
    else:
        standing.ratings = standing.ratings.changed(before, after)
        tx.replace("standing", standing)
    if actions := RatedRecord.changes(before, after):
        for name, on in (("day", review.written_on), ("brand", None)):
            tx.update(name, RatedRecord, *RatedRecord.address(review.tenant_id, on), actions=actions)
