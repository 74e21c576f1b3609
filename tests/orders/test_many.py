"""A campaign of many orders, closed and repriced by workers that die at every tenth request to the table.

`make verify` does it with 10,000 orders.
"""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from rich.progress import Progress

from chalicelib.campaigns.lifecycle.service import closing
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.stock.records import StockBucket
from chalicelib.db import Transaction, put_many
from chalicelib.db.records import PAGE
from chalicelib.kernel import clock
from chalicelib.kernel.ids import derived_id
from chalicelib.orders.counting.service import counting, tallying
from chalicelib.orders.model import Line, Take
from chalicelib.orders.passes.records import PassRecord
from chalicelib.orders.passes.service import walking as passes
from chalicelib.orders.passes.service.catalogue import PASSES
from chalicelib.orders.pickup_code.model import new_pickup_code
from chalicelib.orders.records import OrderRecord, campaign_orders
from tests.faults import Faults, Killed, faults
from tests.orders.states import locked
from tests.orders.store import BODY_HASH, Store

__all__ = ["faults"]

VERIFY = pytest.mark.verify
EVERY_TENTH, MOST_DEATHS = 10, 100


@pytest.fixture(autouse=True)
def _without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)


def order(store: Store, campaign: CampaignRecord, n: int, now: datetime) -> OrderRecord:
    """The nth order, of one unit at 12.50 and a member of its own; every second one was paid online."""
    order_id = derived_id(store.tenant_id, "order", str(n))
    offer = campaign.offers[0]
    line = Line(offer.offer_id, offer.sku_id, 1, 1_250, (Take(n % offer.buckets, 1),))
    return OrderRecord.begun(
        OrderRecord.address(store.tenant_id, order_id),
        int(campaign.shards),
        campaign_id=campaign.id,
        member_id=derived_id(store.tenant_id, "member", str(n)),
        pickup_point_id=store.point_id,
        status="placed",
        currency="CNY",
        stored_lines=[line.as_json()],
        pickup_code=new_pickup_code(),
        body_hash=BODY_HASH,
        placed_at=now,
        payment_method="test" if n % 2 else None,
        paid_minor=1_250 if n % 2 else 0,
    )


def filled(store: Store, count: int, peak: int | None = None) -> CampaignRecord:
    """A campaign whose ``count`` units are all sold, each in an order of its own; in ``peak`` shards."""
    campaign = store.publish(count, peak=peak or (3 if count < 1_000 else 20))
    now = clock.now()
    put_many(order(store, campaign, n, now) for n in range(count))
    tx = Transaction()
    for bucket in store.buckets(campaign):
        sold = [StockBucket.free.set(0), StockBucket.sold.set(int(bucket.free))]
        tx.update(str(bucket.pk), StockBucket, bucket.pk, bucket.sk, actions=sold)
    tx.commit()
    return campaign


def until_one_completes(faults: Faults, step: Callable[[], None], growing: int = 0) -> Iterator[int]:
    """Lets workers do a step over and over, the first killed at its tenth request, until one completes it.

    ``growing`` gives each so many requests more than the one before. Yields the requests of each.
    """
    most = EVERY_TENTH
    for _ in range(MOST_DEATHS):
        faults.arm("killed", at=most - 1)
        try:
            step()
        except Killed:
            yield most
            most += growing
            continue
        lived = len(faults.seen)
        faults.arm(None)
        yield lived
        return
    pytest.fail(f"{MOST_DEATHS} workers died and left nothing done for the next")


def through(store: Store, faults: Faults, campaign: CampaignRecord, name: str, count: int) -> tuple[int, int]:
    """Goes through a whole pass with workers that die; how many died, and how many requests all made."""
    died = requests = 0
    address = PassRecord.address(store.tenant_id, campaign.id, name)
    with Progress(transient=False, disable=count < 1_000) as shown:
        task = shown.add_task(f"{name:8}", total=count)
        while True:
            each = list(
                until_one_completes(
                    faults, lambda: passes.advance(PASSES[name], store.tenant_id, campaign.id, clock.now()), growing=1
                )
            )
            died, requests = died + len(each) - 1, requests + sum(each)
            found = PassRecord.fetch(*address, consistent=True)
            assert found is not None
            shown.update(task, completed=int(found.visited))
            if not found.outbox:
                return died, requests


def every(store: Store, campaign: CampaignRecord) -> list[OrderRecord]:
    """All orders, by large pages: the embedded engine takes the longer for each, the more it holds."""
    shards = [campaign_orders(store.tenant_id, campaign.id, shard) for shard in range(int(campaign.shards))]
    return [each for shard in shards for each in OrderRecord.every(shard, index="gsi1", limit=1_000)]


def check(store: Store, campaign: CampaignRecord, orders: list[OrderRecord]) -> None:
    """No unit is lost and none is counted twice; refunds are what the orders say, of many the first hundred."""
    assert len(orders) == campaign.offers[0].quantity
    live = sum(each.quantity for each in orders if each.is_sold)
    assert sum(int(bucket.sold) for bucket in store.buckets(campaign)) == live
    assert store.free(campaign) == len(orders) - live
    for each in orders[:100]:
        store.check_money(each)


@pytest.mark.parametrize(("count", "page"), [(100, 4), pytest.param(10_000, PAGE, marks=VERIFY)])
def test_one_shard_is_counted_although_it_has_more_pages_than_a_worker_completes(
    store: Store, faults: Faults, monkeypatch: pytest.MonkeyPatch, count: int, page: int
) -> None:
    monkeypatch.setattr(tallying, "PAGE", page)
    campaign = filled(store, count, peak=1)
    closes_at = campaign.closes_at
    assert closes_at is not None
    closing.close_campaign(store.tenant_id, campaign.id, closes_at)
    died = (
        len(list(until_one_completes(faults, lambda: counting.decide_closed(store.tenant_id, campaign.id, closes_at))))
        - 1
    )
    totals = store.again(campaign).totals
    assert totals is not None
    assert (totals.quantity, totals.participants, totals.amount_minor) == (count, count, 1_250 * count)
    parts = count // page // tallying.PAGES_OF_A_PART + 1
    assert parts - 1 <= died <= parts, "each attempt counts a part"


@pytest.mark.parametrize("count", [60, pytest.param(10_000, marks=VERIFY)])
def test_a_ladder_closes_and_is_repriced(store: Store, faults: Faults, count: int) -> None:
    """12.50 was paid, 10.00 is the final price: 2.50 back to every second order."""
    campaign = filled(store, count)
    closes_at = campaign.closes_at
    assert closes_at is not None
    list(until_one_completes(faults, lambda: closing.close_campaign(store.tenant_id, campaign.id, closes_at)))
    list(until_one_completes(faults, lambda: counting.decide_closed(store.tenant_id, campaign.id, closes_at)))
    totals = store.again(campaign).totals
    assert totals is not None
    assert (totals.quantity, totals.participants, totals.amount_minor) == (count, count, 1_250 * count)

    died, requests = through(store, faults, locked(store, campaign, [1_000]), "reprice", count)

    orders = every(store, campaign)
    assert {each.total_minor for each in orders} == {1_000}
    assert sum(int(each.refunded_minor) for each in orders) == 250 * (count // 2)
    assert {each.rev for each in orders} == {2}, "each order was written once"
    assert died >= count // 20
    assert requests <= 3 * count, "the work for an order is the same however many there are"
    check(store, campaign, orders)
