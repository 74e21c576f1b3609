"""What changes of orders cost: requests and capacity units, counted."""

from collections.abc import Callable

import pytest

from chalicelib.campaigns.service.reading import get_campaign
from chalicelib.db import Meter, metered
from chalicelib.kernel import clock
from chalicelib.orders.adjustments.service import adjust
from chalicelib.orders.changes.service.editing import Edit, edit
from chalicelib.orders.handover.service import pickup
from chalicelib.orders.passes.service.catalogue import PASSES
from chalicelib.orders.passes.service.walking import advance
from chalicelib.orders.records import OrderRecord
from tests.orders.states import locked, paid
from tests.orders.store import BODY_HASH, Store


def cost(action: Callable[[], object]) -> Meter:
    with metered() as meter:
        action()
    return meter


@pytest.fixture
def order(store: Store) -> OrderRecord:
    """Three units of one offer, paid at pickup."""
    return store.place(store.publish(50), 3)


def test_an_edit_reads_three_times_and_writes_order_bucket_and_record(store: Store, order: OrderRecord) -> None:
    wanted = Edit(((order.lines[0].offer_id, 5),), "k", BODY_HASH)
    meter = cost(lambda: edit(store.tenant_id, order.member_id, order.id, wanted, clock.now()))
    assert meter.by_operation == {"GetItem": 2, "BatchGetItem": 1, "TransactWriteItems": 1}
    assert (meter.write_units, meter.index_write_units) == (6, 2)


def test_a_handover_in_one_go_writes_the_order_alone(store: Store, order: OrderRecord) -> None:
    store.lock(get_campaign(store.tenant_id, order.campaign_id))
    store.bring(order, clock.now())
    meter = cost(lambda: store.hand_over(order, key="k"))
    assert meter.by_operation == {"GetItem": 2, "TransactWriteItems": 1}
    assert (meter.write_units, meter.index_write_units) == (2, 2)


def test_a_handover_in_parts_writes_its_record_as_well(store: Store, order: OrderRecord) -> None:
    store.lock(get_campaign(store.tenant_id, order.campaign_id))
    store.bring(order, clock.now())
    lines = {order.lines[0].offer_id: 1}
    meter = cost(
        lambda: pickup.hand_over(
            store.tenant_id, order.id, order.pickup_code, store.point_id, store.staff, "k", clock.now(), lines
        )
    )
    assert meter.by_operation == {"GetItem": 2, "TransactWriteItems": 1}
    assert (meter.write_units, meter.index_write_units) == (4, 2)


def test_an_adjustment_of_a_paid_order(store: Store, order: OrderRecord) -> None:
    paid(store, order)
    store.lock(get_campaign(store.tenant_id, order.campaign_id))
    store.bring(order, clock.now())
    lines = {order.lines[0].offer_id: 1}
    meter = cost(lambda: adjust(store.tenant_id, order.id, lines, cause="c", reason="r", by="system", now=clock.now()))
    assert meter.by_operation == {"GetItem": 2, "TransactWriteItems": 1}
    assert (meter.write_units, meter.index_write_units) == (8, 2)


def test_an_order_in_a_pass_is_one_write_and_its_part_of_a_page(store: Store) -> None:
    """Two orders are repriced: the campaign and the place of the pass are read, one page of the index, one write for
    each order and one for the place.
    """
    campaign = store.publish(50)
    for n in range(2):
        paid(store, store.place(campaign, 3, member=n))
    campaign = locked(store, campaign, [1_000])
    meter = cost(lambda: advance(PASSES["reprice"], store.tenant_id, campaign.id, clock.now()))
    assert meter.by_operation == {"GetItem": 2, "Query": 1, "TransactWriteItems": 3}
