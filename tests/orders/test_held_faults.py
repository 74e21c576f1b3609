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
from tests.orders.stage import Stage
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


def held(stage: Stage, campaign: CampaignRecord, count: int, *, paid: bool = False) -> list[OrderRecord]:
    orders = [stage.hold(campaign, 2, key=f"key-{n}") for n in range(count)]
    for order in orders if paid else ():
        stage.pay(order)
    return orders


def test_holding(stage: Stage, faults: Faults) -> None:
    faults.of("place")
    campaign, _ = stage.publish(100, payment_methods=ONLINE), stage.member()
    keys = iter(range(100))
    faults.arm(None)
    requests = requests_of(faults, lambda: stage.hold(campaign, 2, key="first"))
    for _ in faulty_runs(faults, requests):
        key = f"key-{next(keys)}"
        order = repeated(faults, lambda key=key: stage.hold(campaign, 2, key=key))  # type: ignore[misc]
        faults.arm(None)
        again = stage.hold(campaign, 2, key=key)
        assert OrderView.as_placed(again).model_dump_json() == OrderView.as_placed(order).model_dump_json()
    assert {order.status for order in stage.orders(campaign)} == {"held"}
    assert len(stage.orders(campaign)) == next(keys) + 1
    stage.check_stock(campaign)


def test_expiring(stage: Stage, faults: Faults) -> None:
    faults.of("expire")
    campaign = stage.publish(100, payment_methods=ONLINE)
    orders = held(stage, campaign, 26)
    end = max(order.hold_expires_at for order in orders if order.hold_expires_at)

    def check(order: OrderRecord) -> None:
        assert (stage.order(order).status, stage.order(order).rev) == ("expired", 2)

    tried = each_faulty(faults, orders, lambda order: expire(stage.tenant_id, order.id, end), check)
    assert tried == 25
    assert stage.free(campaign) == 100 - 2 * (26 - tried)
    stage.check_stock(campaign)


def test_cancelling_what_was_paid(stage: Stage, faults: Faults) -> None:
    faults.of("refund")
    campaign = stage.publish(100, payment_methods=ONLINE)
    orders = held(stage, campaign, 26, paid=True)

    def check(order: OrderRecord) -> None:
        assert stage.refunds(order) == {"cancel": 2_500}

    now = clock.now()
    tried = each_faulty(faults, orders, lambda order: cancel(stage.tenant_id, stage.member(), order.id, now), check)
    assert tried == 25
    stage.check_stock(campaign)


def test_defaulting(stage: Stage, faults: Faults) -> None:
    faults.of("refund")
    terms = {"deposit_minor": 300, "payment_methods": ["test"], "balance": Balance(1)}
    campaign = stage.publish(100, kind="pre_order", **terms)
    orders = held(stage, campaign, 38, paid=True)
    stage.lock(campaign)
    end = max(at for order in orders if (at := stage.order(order).balance_due_at))

    def check(order: OrderRecord) -> None:
        assert stage.refunds(order) == {"balance": 600}
        assert (stage.order(order).status, stage.order(order).totals.due) == ("refunded", 0)

    assert each_faulty(faults, orders, lambda order: balance.default(stage.tenant_id, order.id, end), check) == 37
    stage.check_stock(campaign)
