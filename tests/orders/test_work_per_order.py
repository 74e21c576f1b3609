"""However many orders a campaign has, a step of its close reads one page of them, and each order costs the same.

`make verify` does it with 1,000 orders and with 10,000.
"""

import sys
import tracemalloc
from dataclasses import dataclass

import pytest

from chalicelib.campaigns.lifecycle.service import closing
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import metered
from chalicelib.db.records import PAGE
from chalicelib.kernel import clock
from chalicelib.orders.counting.service import counting
from chalicelib.orders.passes.records import PassRecord
from chalicelib.orders.passes.service import walking as passes
from chalicelib.orders.passes.service.catalogue import PASSES
from chalicelib.orders.records import OrderRecord, campaign_orders
from tests.orders.states import locked
from tests.orders.store import Store
from tests.orders.test_many import filled

OF_A_PAGE = 3
"""Reads of a step: the campaign, how far the pass has come, and a page of orders. An order is a write, the step one."""

MEMORY = 4_000_000
"""Bytes that no step takes, the first one of a process with what it keeps included."""


@dataclass(frozen=True)
class Step:
    """What one message of a pass did."""

    visited: int
    reads: int
    writes: int
    peak: int


def steps_of(store: Store, campaign: CampaignRecord, name: str) -> list[Step]:
    """A whole pass, message by message; ``peak`` is the most memory in bytes that a step has taken."""
    address = PassRecord.address(store.tenant_id, campaign.id, name)
    done, steps = 0, list[Step]()
    tracemalloc.start()
    try:
        while True:
            before, _ = tracemalloc.get_traced_memory()
            tracemalloc.reset_peak()
            with metered() as meter:
                passes.advance(PASSES[name], store.tenant_id, campaign.id, clock.now())
            peak = tracemalloc.get_traced_memory()[1] - before
            found = PassRecord.fetch(*address, consistent=True)
            assert found is not None
            steps.append(Step(int(found.visited) - done, meter.reads, meter.writes, peak))
            done = int(found.visited)
            if not found.outbox:
                sys.stdout.write(f"{done} orders in {len(steps)} steps, at most {max(s.peak for s in steps)} bytes\n")
                return steps
    finally:
        tracemalloc.stop()


COUNTS = [60, *(pytest.param(n, marks=pytest.mark.verify) for n in (240, 1_000, 10_000))]


@pytest.mark.parametrize("count", COUNTS)
def test_an_order_costs_the_same_however_many_there_are(store: Store, count: int) -> None:
    """A ladder is closed, counted and repriced; every second order was paid online and gets the difference back."""
    campaign = filled(store, count)
    assert campaign.closes_at is not None
    closing.close_campaign(store.tenant_id, campaign.id, campaign.closes_at)
    with metered() as counted:
        counting.decide_closed(store.tenant_id, campaign.id, campaign.closes_at)
    # The pages and a tally of each shard; then the decision.
    shards = [campaign_orders(store.tenant_id, campaign.id, shard) for shard in range(int(campaign.shards))]
    orders = [sum(1 for _ in OrderRecord.every(shard, index="gsi1")) for shard in shards]
    assert counted.by_operation["Query"] == sum(n // PAGE + 1 for n in orders)
    assert counted.writes == campaign.shards + 1

    steps = steps_of(store, locked(store, campaign, [1_000]), "reprice")
    assert sum(step.visited for step in steps) == count
    assert max(step.visited for step in steps) <= passes.ORDERS_AT_A_TIME
    assert {(step.reads, step.writes - step.visited) for step in steps} == {(OF_A_PAGE, 1)}
    assert max(step.peak for step in steps) < MEMORY
