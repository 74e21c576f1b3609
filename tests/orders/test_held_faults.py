"""Whatever fails, at whichever request, while an order is held, expires, is cancelled with its money, or defaults."""

from collections.abc import Callable

from chalicelib.campaigns.model.kinds import Balance
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.kernel import clock
from chalicelib.orders.ending.service.cancelling import cancel
from chalicelib.orders.ending.service.hold import expire
from chalicelib.orders.payment.service import balance
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.views.orders import OrderView
from tests.faults import Faults, faults
from tests.orders.store import Store
from tests.orders.test_faults import _without_pauses, faulty_runs, repeated, requests_of

__all__ = ["_without_pauses", "faults"]

ONLINE = ["pickup", "test"]


def each_faulty(
    faults: Faults,
    orders: list[OrderRecord],
    act: Callable[[OrderRecord], object],
    check: Callable[[OrderRecord], object],
) -> int:
    """Does to an order after the other what is to be tried, with another fault each time; how many were tried."""
    requests = requests_of(faults, lambda: act(orders[0]))
    done = 1
    for _ in faulty_runs(faults, requests):
        order = orders[done]
        repeated(faults, lambda order=order: act(order))  # type: ignore[misc]
        faults.arm(None)
        act(order)
        check(order)
        done += 1
    return done


def held(store: Store, campaign: CampaignRecord, count: int, *, paid: bool = False) -> list[OrderRecord]:
    orders = [store.hold(campaign, 2, key=f"key-{n}") for n in range(count)]
    for order in orders if paid else ():
        store.pay(order)
    return orders


def test_holding(store: Store, faults: Faults) -> None:
    faults.of("place")
    campaign, _ = store.publish(100, payment_methods=ONLINE), store.member()
    keys = iter(range(100))
    faults.arm(None)
    requests = requests_of(faults, lambda: store.hold(campaign, 2, key="first"))
    for _ in faulty_runs(faults, requests):
        key = f"key-{next(keys)}"
        order = repeated(faults, lambda key=key: store.hold(campaign, 2, key=key))  # type: ignore[misc]
        faults.arm(None)
        again = store.hold(campaign, 2, key=key)
        assert OrderView.as_placed(again).model_dump_json() == OrderView.as_placed(order).model_dump_json()
    assert {order.status for order in store.orders(campaign)} == {"held"}
    assert len(store.orders(campaign)) == next(keys) + 1
    store.check_stock(campaign)


def test_expiring(store: Store, faults: Faults) -> None:
    faults.of("expire")
    campaign = store.publish(100, payment_methods=ONLINE)
    orders = held(store, campaign, 26)
    end = max(order.hold_expires_at for order in orders if order.hold_expires_at)

    def check(order: OrderRecord) -> None:
        assert (store.order(order).status, store.order(order).rev) == ("expired", 2)

    tried = each_faulty(faults, orders, lambda order: expire(store.tenant_id, order.id, end), check)
    assert tried == 25
    assert store.free(campaign) == 100 - 2 * (26 - tried)
    store.check_stock(campaign)


def test_cancelling_what_was_paid(store: Store, faults: Faults) -> None:
    faults.of("refund")
    campaign = store.publish(100, payment_methods=ONLINE)
    orders = held(store, campaign, 26, paid=True)

    def check(order: OrderRecord) -> None:
        assert store.refunds(order) == {"cancel": 2_500}

    now = clock.now()
    tried = each_faulty(faults, orders, lambda order: cancel(store.tenant_id, store.member(), order.id, now), check)
    assert tried == 25
    store.check_stock(campaign)


def test_defaulting(store: Store, faults: Faults) -> None:
    faults.of("refund")
    terms = {"deposit_minor": 300, "payment_methods": ["test"], "balance": Balance(1)}
    campaign = store.publish(100, kind="pre_order", **terms)
    orders = held(store, campaign, 38, paid=True)
    store.lock(campaign)
    end = max(at for order in orders if (at := store.order(order).balance_due_at))

    def check(order: OrderRecord) -> None:
        assert store.refunds(order) == {"balance": 600}
        assert (store.order(order).status, store.order(order).totals.due) == ("refunded", 0)

    assert each_faulty(faults, orders, lambda order: balance.end_unpaid(store.tenant_id, order.id, end), check) == 37
    store.check_stock(campaign)
