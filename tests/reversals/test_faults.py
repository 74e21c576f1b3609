"""Whatever fails while goods of a lowered order come back: money, points, budget and what was earned go back once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import product

import pytest

from chalicelib.aftersales.model.cases import Kind
from chalicelib.aftersales.records import AfterSaleRecord
from chalicelib.aftersales.service.deciding import decide
from chalicelib.aftersales.service.opening import Wanted, open_case
from chalicelib.aftersales.service.paying import Verdict
from chalicelib.db import tenant_scope
from chalicelib.kernel import clock
from chalicelib.loyalty.points.model.rules import Action, EarningRule, PointsRules, Rate, SpendRule
from chalicelib.loyalty.points.service import setting
from chalicelib.messaging import Message
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refund_rules.model import ON_APPROVAL, RefundRules
from chalicelib.orders.refund_rules.service import set_rules
from chalicelib.promotions.model.terms import Kind as PromotionKind
from chalicelib.rewards.events import consumer
from chalicelib.rewards.records import OrderRewardRecord
from infra.local.engine import Engine
from tests.faults import KINDS, Faults, Killed, faults
from tests.orders.means import balance, book
from tests.orders.promoting import left, promote, yuan
from tests.orders.store import BODY_HASH, Store, open_store
from tests.orders.test_faults import _without_pauses

__all__ = ["_without_pauses", "faults"]

AT = 4
"""Each of so many requests fails."""
BUDGET = 1_000_000


@pytest.fixture
def store(engine: Engine) -> Iterator[Store]:
    """Points pay a fen each, and each yuan earns one; returns are paid back when they are approved."""
    made = open_store()
    with tenant_scope(made.tenant_id):
        set_rules(made.tenant_id, RefundRules("CNY", ON_APPROVAL), None, made.staff, clock.now())
        earning = {Action.ORDER: EarningRule(Action.ORDER, rate=Rate(100, 1))}
        setting.set_rules(made.tenant_id, PointsRules(earning, SpendRule(1, 1, 10_000)), None, made.staff, clock.now())
        book(made, 100_000)
        yield made


def handed_over(store: Store, count: int) -> list[OrderRecord]:
    """So many orders: two at 50.00, 10.00 of it by points, with a cup of 50.00; each was collected, and has earned."""
    campaign = store.publish(2 * count, count, price_minor=5_000)
    orders = [store.hold(campaign, 2, points=1_000, key=f"key-{n}") for n in range(count)]
    assert all(store.pay(order) for order in orders)
    store.lock(campaign)
    for order in orders:
        store.hand_over(order, key=order.id)
        told("order.picked_up", store, order_id=order.id)
    return orders


def told(event: str, store: Store, **data: str) -> None:
    """A message comes to those who book what members earn."""
    consumer.handle(Message(f"{event}:{data}", event, store.tenant_id, clock.now(), data), clock.now())


def test_whatever_fails_at_whichever_request(store: Store, faults: Faults) -> None:
    """One of two comes back, and the cup stays: 45.00 less half of the cup, half of the points."""
    faults.of("returns of lowered orders")
    cups = promote(store, PromotionKind.GIFT, from_amount=yuan(10_000), sku_id=store.skus[1], quantity=1, budget=BUDGET)
    runs = list(product(KINDS, range(AT)))
    orders = handed_over(store, len(runs))
    for n, (order, (kind, at)) in enumerate(zip(orders, runs, strict=True), 1):
        wanted = Wanted(Kind.RETURN, ((order.lines[0].offer_id, 1),), "Bruised")
        case = open_case(store.tenant_id, order.member_id, order.id, wanted, order.id, BODY_HASH, clock.now())
        for act in _acts(store, order, case):
            faults.arm(kind, at)
            with suppress(Exception, Killed):
                act()
            faults.arm(None)
            act()
        found = store.order(order)
        assert (found.returned_minor, found.points and found.points.held) == (2_000, 500), (kind, at)
        assert dict(found.returned_units or {}) == {order.lines[0].offer_id: 1}
        assert list(store.refunds(order).values()) == [2_000]
        reward = OrderRewardRecord.fetch(*OrderRewardRecord.address(store.tenant_id, order.id), consistent=True)
        assert reward is not None
        assert reward.points == 70
        assert BUDGET - left(store, cups) == 5_000 * (len(runs) - n) + 2_500 * n
    assert balance(store) == 100_000 + len(runs) * (70 - 500)


def _acts(store: Store, order: OrderRecord, case: AfterSaleRecord) -> list[Callable[[], None]]:
    """It is approved, and the message of the refund comes."""

    def approved() -> None:
        decide(store.tenant_id, case.id, Verdict(True, "sorry"), "d", BODY_HASH, None, store.staff, clock.now())

    def heard() -> None:
        for refund in store.refund_ids(order):
            told("refund.requested", store, order_id=order.id, refund_id=refund)

    return [approved, heard]
