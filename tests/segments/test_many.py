"""Segments of a brand with many members: a page, a number and a night cost what they show, and never the brand's size.

`make verify` does it with 100,000 members.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.db import metered, tenant_scope
from chalicelib.db.meter import Meter
from chalicelib.jobs import service as jobs
from chalicelib.jobs.model import Status
from chalicelib.kernel import clock as product_clock
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.segments.records import NIGHT, ChunkRecord, LookRecord
from chalicelib.segments.service import counting, reading
from tests.builders import Shop, made
from tests.conftest import Clock
from tests.crowds import crowd, ordered_last

QUIET_DAYS = 30


@pytest.fixture(autouse=True)
def of_the_shop(shop: Shop) -> Iterator[None]:
    """What workers do, they do within their tenant."""
    with tenant_scope(shop.tenant_id):
        yield


def segment(shop: Shop, rule: Any) -> str:
    """A segment whose members are counted to the end, as by its messages; its id."""
    drafted = made(shop.brand.post("/v1/segments", {"title": "Some", "rule": rule}))
    while jobs.unfinished(shop.tenant_id, drafted["counting"]) is not None:
        counting.count_on(shop.tenant_id, drafted["counting"], product_clock.now())
    return str(drafted["id"])


def night(shop: Shop) -> Meter:
    """What a night's looks cost, worked off to the end by as many messages as it takes."""
    now = product_clock.now()
    job = jobs.new_job(shop.tenant_id, NIGHT, "night", now, status=Status.QUEUED, params={"contacts": False})
    jobs.store(job)
    with metered() as meter:
        while jobs.unfinished(shop.tenant_id, job.id) is not None:
            counting.look_on(shop.tenant_id, job.id, now)
    return meter


@pytest.mark.parametrize(
    ("count", "few", "many"), [(400, 10, 80), pytest.param(100_000, 100, 1_000, marks=pytest.mark.verify)]
)
def test_pages_numbers_and_nights_cost_what_they_show(
    shop: Shop, noon: None, clock: Clock, count: int, few: int, many: int
) -> None:
    today = local_date(product_clock.now(), zone(shop.timezone))

    def said(n: int) -> Mapping[str, Any]:
        """The first few turn tomorrow, many more on the day after; every second one of all has points."""
        days = QUIET_DAYS - 1 if n < few else QUIET_DAYS - 2
        bought = ordered_last(today - timedelta(days=days)) if n < few + many else {}
        return {"points": n % 2, **bought}

    crowd(shop, count, said)
    begun = time.monotonic()
    with metered() as counted:
        rich = segment(shop, {"field": "points", "op": "at_least", "value": 1})
    quiet = segment(shop, {"field": "recency", "op": "at_least", "value": QUIET_DAYS})
    took = time.monotonic() - begun
    assert reading.members_of(shop.tenant_id, rich).bit_count() == count // 2
    assert reading.members_of(shop.tenant_id, quiet) == 0
    chunks = list(ChunkRecord.of_segment(shop.tenant_id, rich))
    assert len(chunks) == -(-count // 2**15)

    pages = []
    for after in (-1, count // 2, count - 200):
        with metered() as meter:
            page = reading.list_members(shop.tenant_id, rich, 50, {"after": after}, product_clock.now())
        assert [int(each.ordinal) % 2 for each in page.items] == [1] * 50
        pages.append((meter.reads, meter.items_read))
    assert max(reads for reads, _ in pages) <= 4, pages
    assert max(items for _, items in pages) <= 50 + 1 + len(chunks), pages
    with metered() as number:
        reading.counted(reading.get_segment(shop.tenant_id, rich), product_clock.now())
    assert (number.reads <= 3, number.items_read <= 1 + len(chunks)) == (True, True)

    nights = []
    for turned, so_far in ((few, few), (many, few + many), (0, few + many)):
        clock.advance(days=1)
        meter = night(shop)
        assert reading.members_of(shop.tenant_id, quiet) == (1 << so_far) - 1
        nights.append((turned, meter.reads, meter.items_read, meter.items_written))
    assert not list(LookRecord.every(LookRecord.partition(shop.tenant_id)))
    (_, few_reads, few_items, _), (_, many_reads, many_items, _), (_, none, _, _) = nights
    assert none <= 6
    assert many_items <= many / few * few_items * 1.5  # grows with who turns alone
    assert many_items <= 8 * many + 50
    assert many_reads <= many / few * few_reads * 1.5
    print(  # noqa: T201
        f"\n{count:,} members in two segments: {took:.0f} s; the first {counted.reads:,} reads, "
        f"{counted.writes:,} writes, {counted.items_read / count:.1f} items read a member;\n"
        f"pages (reads, items): {pages}; number {number.reads} reads;\n"
        f"nights (turned, reads, items read, items written): {nights}"
    )
