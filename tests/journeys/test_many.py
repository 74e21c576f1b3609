"""All members of a brand enter a journey at once: each once, by slices that cost and hold the same for any brand.

`make verify` does it with 100,000 members.
"""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Iterator

import pytest

from chalicelib.db import metered, tenant_scope
from chalicelib.journeys.model.running import State
from chalicelib.journeys.records import CrowdRecord, WayRecord
from chalicelib.journeys.service import crowds, entering
from chalicelib.kernel import clock
from chalicelib.members.model.identities import member_id
from chalicelib.trials.arms import Arm
from tests.builders import Shop
from tests.crowds import crowd
from tests.journeys.some import arms, journey, results, says

MOST_BYTES = 3_000_000
"""Held by the worker of a slice at once."""

CONTROL = "20"


@pytest.fixture(autouse=True)
def of_the_shop(shop: Shop) -> Iterator[None]:
    """What workers do, they do within their tenant."""
    with tenant_scope(shop.tenant_id):
        yield


@pytest.mark.parametrize("count", [700, pytest.param(100_000, marks=pytest.mark.verify)])
def test_everybody_enters_by_slices_of_one_cost(shop: Shop, count: int) -> None:
    of = journey(shop, trigger={"kind": "campaign_opened"}, steps=[says("Hello")], control_share=CONTROL)
    ordinals = crowd(shop, count)
    cause, begun = "campaign", time.monotonic()
    crowds.everybody_enters(shop.tenant_id, lambda trigger: trigger.kind == "campaign_opened", cause, clock.now())

    place = CrowdRecord.address(shop.tenant_id, of["id"], cause)
    slices, peaks = [], []
    while True:
        found = CrowdRecord.fetch(*place, consistent=True)
        assert found is not None
        if found.next >= found.total:
            break
        measured = len(slices) == 1 or int(found.total) - int(found.next) <= crowds.SLICE
        if measured:  # the second, which has what the first has read for good, and the last
            tracemalloc.start()
        with metered() as meter:
            crowds.crowd_goes_on(shop.tenant_id, of["id"], cause, clock.now())
        if measured:
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
        slices.append((meter.reads, meter.writes))
    took = time.monotonic() - begun
    whole = slices[: count // crowds.SLICE]
    assert len(set(whole)) == 1, set(whole)
    assert whole[0][1] == crowds.SLICE // entering.TOGETHER + 1  # and where the crowd is by now
    assert max(peaks) < MOST_BYTES
    crowds.crowd_goes_on(shop.tenant_id, of["id"], cause, clock.now())  # once more, too late

    found_arms = arms(shop, of)
    assert results(shop, of)["entries"] == sum(each["entered"] for each in found_arms.values()) == count
    assert results(shop, of)["mismatch"] > 0.001
    step = max(1, count // 500)
    some = [member_id(shop.tenant_id, each) for each in ordinals[::step]]
    for each in some:
        (way,) = WayRecord.every(WayRecord.partition(shop.tenant_id, each), consistent=True)
        assert (way.state == State.CONTROL) == (way.arm == Arm.CONTROL) == (way.wakes_at is None)
    requests = sum(reads + writes for reads, writes in slices)
    print(  # noqa: T201
        f"\n{count:,} members enter at once: {took:.0f} s, {len(slices)} slices of (reads, writes) {whole[0]}, "
        f"{requests:,} requests, {requests / count:.3f} a member; a slice holds {max(peaks) / 1e6:.1f} MB at most"
    )
