"""Reviews are counted in the write of each: stars of the product, of its days and of the brand equal a recount."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from chalicelib.catalog.model.ratings import MOST_STARS, Ratings
from chalicelib.catalog.records import StandingRecord
from chalicelib.reviews.records import RatedRecord, ReviewRecord, ShownRecord
from tests.invariants.snapshot import Snapshot


def check_reviews(stored: Snapshot, tenant_id: str, product_id: str) -> None:
    """For all reviews of a brand with one product."""
    shown = [each for each in stored.listed(ReviewRecord, ReviewRecord.of_tenant(tenant_id)) if each.is_shown]
    places = stored.every(ShownRecord, ShownRecord.partition(tenant_id, product_id))
    assert {(each.review_id, int(each.stars)) for each in places} == {(each.id, int(each.stars)) for each in shown}
    recount = Ratings()
    days: dict[date | None, list[int]] = defaultdict(lambda: [0] * MOST_STARS)
    for each in shown:
        recount = recount.changed(None, each.marks)
        for on in (each.written_on, None):
            days[on][int(each.stars) - 1] += 1
    standing = stored.fetch(StandingRecord, *StandingRecord.address(tenant_id, product_id))
    counted = standing.ratings if standing else Ratings()
    assert (counted.by_star, _marked(counted)) == (recount.by_star, _marked(recount))
    for record in stored.every(RatedRecord, RatedRecord.partition(tenant_id)):
        on = None if record.sk == RatedRecord.ALL else date.fromisoformat(str(record.sk))
        assert record.ratings.by_star == tuple(days.pop(on, [0] * MOST_STARS)), f"{record.sk}: {record.ratings}"
    assert not days, f"not counted: {dict(days)}"


def _marked(ratings: Ratings) -> dict[str, tuple[int, int]]:
    return {name: (int(stars), int(n)) for name, (stars, n) in ratings.aspects.items() if n}
