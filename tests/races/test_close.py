"""Orders and cancellations that race the close: in its totals or refused, never both, never neither."""

from collections import Counter
from datetime import timedelta

import pytest

from chalicelib.campaigns.lifecycle.service import closing
from chalicelib.kernel import clock
from chalicelib.kernel.errors import DomainError
from chalicelib.orders.counting.service import counting
from chalicelib.orders.ending.service.cancelling import cancel
from tests.orders.store import Store
from tests.races.threads import all_at_once


@pytest.mark.parametrize("buckets", [1, 4])
def test_a_close_among_orders_and_cancellations(store: Store, buckets: int) -> None:
    campaign = store.publish(500, peak=buckets)
    store.member(200)
    early = [store.place(campaign, 1, member=n) for n in range(40)]
    closes_at = campaign.closes_at
    assert closes_at is not None
    before = closes_at - timedelta(seconds=1)

    def act(n: int) -> str:
        try:
            if n == 60:
                # The fence rises at its hour, while slower requests still carry an earlier one.
                closing.close_campaign(store.tenant_id, campaign.id, closes_at)
                return "closed"
            if n < 40:
                return cancel(store.tenant_id, store.member(n), early[n].id, before).status
            return store.place(campaign, 1, member=n, now=before).status
        except DomainError as refusal:
            return refusal.code

    mixed = [n for pair in zip(range(40), range(100, 140), strict=True) for n in pair]
    results = Counter(all_at_once(act, [*mixed[:40], 60, *mixed[40:]]))
    counting.decide_closed(store.tenant_id, campaign.id, clock.now())
    decided = store.again(campaign)
    live = [order for order in store.orders(campaign) if order.is_sold]
    assert decided.status == "locked"
    assert decided.totals is not None
    assert decided.totals.quantity == len(live) == 40 - results["cancelled"] + results["placed"]
    assert decided.totals.participants == len({order.member_id for order in live})
    assert set(results) <= {"closed", "placed", "cancelled", "campaign_closed", "cutoff_passed"}
    store.check_stock(campaign)
