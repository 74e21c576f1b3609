"""Whatever fails while a gift is offered, redeemed or cancelled: each happens once."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.stock.records import StockBucket
from chalicelib.gifts import service
from chalicelib.gifts.model import NewGift
from chalicelib.kernel import clock
from chalicelib.kernel.ids import derived_id
from chalicelib.orders.ending.service import cancelling
from chalicelib.orders.service.reading import get_order
from chalicelib.orders.spending import service as spending
from tests.faults import KINDS, Faults, Killed, Kind, faults
from tests.orders.conftest import store
from tests.orders.means import balance, book
from tests.orders.store import Store
from tests.orders.test_faults import _without_pauses

__all__ = ["_without_pauses", "faults", "store"]


def offered(store: Store, n: int) -> CampaignRecord:
    closes_at = clock.now().replace(microsecond=0) + timedelta(days=7)
    wanted = NewGift("A bag", 30, store.skus[0], 4, closes_at, (store.point_id,))
    return service.create_gift(store.tenant_id, wanted, f"gift-{n}", "0" * 32, store.staff, clock.now())


def left(store: Store, gift: CampaignRecord) -> int:
    """Units that can still be had."""
    [offer] = gift.offers
    address = StockBucket.address(store.tenant_id, offer.offer_id, 0)
    bucket = StockBucket.fetch(*address, consistent=True)
    assert bucket is not None
    assert int(bucket.free) + int(bucket.sold) + int(bucket.held) == 4
    return int(bucket.free)


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_fails_at_whichever_request(store: Store, faults: Faults, kind: Kind) -> None:
    """100 points: two bags for 30 each are redeemed, and cancelled."""
    faults.of("gifts for points")
    book(store, 100)
    member_id = store.member()
    for at in range(4):

        def redeemed(at: int = at) -> None:
            service.redeem(
                store.tenant_id, member_id, offered(store, at).id, store.point_id, 2, 60, f"key-{at}", "0" * 32,
                clock.now(),
            )  # fmt: skip

        order_id = derived_id(store.tenant_id, "order", member_id, f"key-{at}")

        def cancelled(order_id: str = order_id) -> None:
            cancelling.cancel(store.tenant_id, member_id, order_id, clock.now())

        def settled(order_id: str = order_id) -> None:
            spending.give_points_back(store.tenant_id, order_id, clock.now())

        story = ((lambda at=at: offered(store, at), 100, 4), (redeemed, 40, 2), (settled, 40, 2), (cancelled, 40, 4),
                 (settled, 100, 4))  # fmt: skip
        for act, points, units in story:
            faults.arm(kind, at)
            with suppress(Exception, Killed):
                act()
            faults.arm(None)
            act()
            assert (balance(store), left(store, offered(store, at))) == (points, units), (act, at)
        assert get_order(store.tenant_id, order_id, consistent=True).points.held == 0
