"""Whatever fails while an order takes a coupon and points, or gives them back: each happens once."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

import pytest

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.kernel import clock
from chalicelib.kernel.ids import derived_id
from chalicelib.orders.changes.service import editing
from chalicelib.orders.changes.service.editing import Edit
from chalicelib.orders.ending.service import cancelling, hold
from chalicelib.orders.model import HOLD, Status
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.reading import get_order
from chalicelib.orders.spending import service as spending
from tests.faults import KINDS, Faults, Killed, Kind, faults
from tests.orders.means import again, balance, batch, book, effect, give, points_pay
from tests.orders.promoting import left, percent
from tests.orders.store import Store
from tests.orders.test_faults import _without_pauses

__all__ = ["_without_pauses", "faults"]


@dataclass
class Placed:
    """The nth order of a member, and what may be done with it; each is asked for again as clients and queues do."""

    store: Store
    campaign: CampaignRecord
    coupon_id: str
    n: int

    @property
    def order(self) -> OrderRecord:
        """The order, if it was placed."""
        order_id = derived_id(self.store.tenant_id, "order", self.store.member(), f"key-{self.n}")
        return get_order(self.store.tenant_id, order_id, consistent=True)

    def held(self) -> None:
        self.store.hold(self.campaign, 4, coupon_id=self.coupon_id, points=60, key=f"key-{self.n}")

    def expired(self) -> None:
        hold.expire(self.store.tenant_id, self.order.id, clock.now() + HOLD)

    def paid(self) -> None:
        if self.order.status != Status.PLACED:
            self.store.pay(self.order, 3_400)

    def halved(self) -> None:
        order = self.order
        wanted = Edit(((order.lines[0].offer_id, 2),), "half", "half")
        editing.edit(self.store.tenant_id, order.member_id, order.id, wanted, clock.now())

    def cancelled(self) -> None:
        cancelling.cancel(self.store.tenant_id, self.order.member_id, self.order.id, clock.now())

    def settled(self) -> None:
        spending.give_points_back(self.store.tenant_id, self.order.id, clock.now())


STORY = (
    ("held", (1, 500), 500, 40), ("expired", (0, 0), 0, 40), ("settled", (0, 0), 0, 100), ("paid", (1, 500), 500, 40),
    ("halved", (1, 500), 250, 40), ("settled", (1, 500), 250, 40), ("cancelled", (0, 0), 0, 40),
    ("settled", (0, 0), 0, 100),
)  # fmt: skip
"""What happens, and afterwards: uses of the coupon and what it takes off, what the promotion does, points left."""


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_fails_at_whichever_request(store: Store, faults: Faults, kind: Kind) -> None:
    """50.00 less a tenth, 5.00 and 60 points of 0.10: held, expired, paid late, changed to half, cancelled."""
    faults.of("orders with coupons and points")
    campaign, mine = store.publish(200), give(store, batch(store, budget=1_000))
    harvest = percent(store, 1_000, budget=1_000)
    points_pay(store, 10)
    book(store, 100)
    for at in range(4):
        placed = Placed(store, campaign, mine.id, at)
        for act, had, promoted, points in STORY:
            faults.arm(kind, at)
            with suppress(Exception, Killed):
                getattr(placed, act)()
            faults.arm(None)
            getattr(placed, act)()
            found = effect(store, mine), 1_000 - left(store, harvest), balance(store)
            assert found == (had, promoted, points), (act, at)
        assert again(mine).state == "returned"
    store.check_stock(campaign)
