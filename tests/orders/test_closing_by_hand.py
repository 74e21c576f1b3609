"""A campaign that staff close while its members order: what was taken before counts, and nothing after it."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.campaigns.service.running import close_now
from chalicelib.db import tenant_scope
from chalicelib.kernel import clock
from chalicelib.orders.counting.service.counting import count_orders, decide_closed
from chalicelib.orders.ending.service.cancelling import cancel
from chalicelib.orders.errors import CampaignClosed, CutoffPassed
from tests.orders.store import Store


def test_of_orders_in_flight_exactly_those_that_were_taken_are_in_the_totals(store: Store) -> None:
    campaign = store.publish(500, peak=3)
    store.member(3)

    def order(n: int) -> bool:
        with tenant_scope(store.tenant_id):
            if n == 30:
                close_now(store.tenant_id, campaign.id, store.staff, clock.now())
                return False
            try:
                store.place(campaign, 1, member=n % 4, key=f"key-{n}")
            except CampaignClosed:
                return False
            return True

    with ThreadPoolExecutor(8) as pool:
        taken = sum(pool.map(order, range(80)))
    assert 0 < taken < 79
    decide_closed(store.tenant_id, campaign.id, clock.now())
    decided = store.again(campaign)
    assert decided.totals is not None
    assert (decided.status, decided.totals.quantity) == ("locked", taken)
    store.check_stock(campaign)


def test_an_unpaid_hold_is_waited_for_and_may_still_be_paid(store: Store) -> None:
    campaign = store.publish(50)
    held, kept = store.hold(campaign, 2), store.place(campaign, 1, member=1)
    close_now(store.tenant_id, campaign.id, store.staff, clock.now())
    decide_closed(store.tenant_id, campaign.id, clock.now())
    assert store.again(campaign).status == "closing"
    assert store.pay(held)
    count_orders(store.tenant_id, [held.id], clock.now())
    decided = store.again(campaign)
    assert decided.totals is not None
    assert (decided.status, decided.totals.quantity) == ("locked", 3)
    with pytest.raises(CampaignClosed):
        store.place(campaign, 1, member=2, key="late")
    with pytest.raises(CutoffPassed):
        cancel(store.tenant_id, kept.member_id, kept.id, clock.now())
