"""What orders and surveys earn, and what of it goes back, on the engine."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest

from chalicelib.kernel import clock as product_clock
from chalicelib.kernel.ids import derived_id
from chalicelib.messaging import Message
from chalicelib.rewards.events import consumer
from chalicelib.rewards.model import counted_minor
from chalicelib.settlement.books.model.position import OrderFacts
from tests.builders import made
from tests.faults import KINDS, Faults, Killed, faults
from tests.loyalty.conftest import A_POINT_A_YUAN, GOLD, SILVER, Loyalty, loyalty, new_loyalty

__all__ = ["faults", "loyalty", "new_loyalty"]


def deliver(shop: Loyalty, event_type: str, **data: str) -> None:
    """Hands a message to the consumer."""
    now = product_clock.now()
    consumer.handle(Message(derived_id(event_type, str(data)), event_type, shop.shop.tenant_id, now, data), now)


@pytest.mark.parametrize(
    ("facts", "counted"),
    [
        (OrderFacts(), 0),
        (OrderFacts(goods_minor=1_000), 0),  # not handed over yet
        (OrderFacts(sold=True, goods_minor=7_000, delivery_minor=2_000), 7_000),  # 100 less a coupon of 30, 20 delivery
        (OrderFacts(sold=True, goods_minor=1_000, returned_minor=400), 600),
        (OrderFacts(sold=True, goods_minor=1_000, returned_minor=400, goodwill_minor=400), 600),
        (OrderFacts(sold=True, goods_minor=1_000, returned_minor=400, disputed_minor=400), 600),
        (
            OrderFacts(
                sold=True, goods_minor=1_000, delivery_minor=300, returned_minor=700, delivery_returned_minor=300
            ),
            600,
        ),
        (OrderFacts(sold=True, goods_minor=1_000, returned_minor=1_000), 0),
        (OrderFacts(forfeited=True, goods_minor=1_000, picked_minor=300), 300),
    ],
)  # fmt: skip
def test_what_of_an_order_counts(facts: OrderFacts, counted: int) -> None:
    assert counted_minor(facts) == counted


class TestOrders:
    def test_an_order_earns_when_it_is_handed_over_and_not_before(self, loyalty: Loyalty) -> None:
        loyalty.rules({**A_POINT_A_YUAN, "valid_days": 365})
        (order,) = loyalty.care.ordered(loyalty.shop.shopper, quantity=3)
        loyalty.drain()
        assert loyalty.deltas() == []

        loyalty.care.hand_over(order)
        loyalty.drain()

        (entry,) = loyalty.points()["items"]
        assert (entry["delta"], entry["cause"]) == (27, {"type": "order", "id": order["id"]})
        assert (entry["order_id"], entry["expires_on"]) == (
            order["id"],
            (loyalty.today + timedelta(days=365)).isoformat(),
        )

    def test_half_the_money_back_takes_half_of_the_points_at_the_rate_at_which_they_came(
        self, loyalty: Loyalty
    ) -> None:
        loyalty.rules(A_POINT_A_YUAN)
        order = loyalty.collected(4)
        loyalty.rules({**A_POINT_A_YUAN, "per_amount": {"amount": loyalty.shop.money(100), "points": 2}})

        loyalty.give_back(order, 1_800)
        loyalty.give_back(order, 900)
        loyalty.give_back(order, 900)

        assert loyalty.deltas() == [("order", 36), ("refund", -18), ("refund", -9), ("refund", -9)]

    def test_points_that_were_used_meanwhile_leave_a_debt(self, loyalty: Loyalty) -> None:
        loyalty.rules(A_POINT_A_YUAN)
        order = loyalty.collected(2)
        made(loyalty.book(-18))

        loyalty.give_back(order, 1_800)

        assert loyalty.points()["balance"] == -18

    def test_what_expired_unused_is_not_taken_back(self, loyalty: Loyalty) -> None:
        loyalty.rules({**A_POINT_A_YUAN, "valid_days": 2})
        order = loyalty.collected(2)
        loyalty.clock.advance(days=4)
        loyalty.sweep()

        loyalty.give_back(order, 1_800)

        assert loyalty.deltas() == [("order", 18), ("expiry", -18)]

    def test_the_factor_of_the_tier_that_they_had_counts(self, loyalty: Loyalty) -> None:
        loyalty.rules(A_POINT_A_YUAN)
        loyalty.tiers(SILVER, GOLD)
        loyalty.collected(4)  # which makes them gold

        loyalty.collected(2)

        assert loyalty.deltas() == [("order", 36), ("order", 27)]

    def test_taking_part_counts_once_a_campaign_and_goes_with_its_order(self, loyalty: Loyalty) -> None:
        loyalty.rules({"action": "participation", "points": 10, "cap": {"per_member": 20}})
        campaign = loyalty.shop.campaign(closes_in=timedelta(hours=1))
        orders = [made(loyalty.shop.order(campaign=campaign)) for _ in range(2)]
        loyalty.clock.advance(hours=2)
        loyalty.sweep()
        for order in orders:
            loyalty.care.hand_over(order)
        loyalty.drain()
        assert loyalty.deltas() == [("participation", 10)]

        first = loyalty.points()["items"][0]["order_id"]
        loyalty.give_back(next(order for order in orders if order["id"] == first), 900)

        assert loyalty.deltas() == [("participation", 10), ("participation_ended", -10)]

    def test_points_lead_to_a_tier_and_spending_them_leads_nowhere(self, loyalty: Loyalty) -> None:
        loyalty.rules(A_POINT_A_YUAN)
        loyalty.tiers({**SILVER, "from": 30}, measure="points")
        order = loyalty.collected(4)
        made(loyalty.book(-36))
        assert (loyalty.tier(), loyalty.standing()["value"]) == ("silver", 36)

        loyalty.give_back(order, 900)

        assert (loyalty.standing()["value"], loyalty.tier()) == (27, "silver")


class TestDelivery:
    """Messages that come twice, late and in any order."""

    def test_a_message_that_comes_fifty_times_books_once(self, loyalty: Loyalty) -> None:
        loyalty.rules(A_POINT_A_YUAN)
        order = loyalty.collected(3)
        loyalty.give_back(order, 900)
        (refund,) = made(loyalty.brand.get(f"/v1/orders/{order['id']}/refunds"), 200)["items"]

        with ThreadPoolExecutor(10) as pool:
            list(pool.map(lambda _: deliver(loyalty, "order.picked_up", order_id=order["id"]), range(25)))
            about = {"order_id": order["id"], "refund_id": refund["id"]}
            list(pool.map(lambda _: deliver(loyalty, "refund.requested", **about), range(25)))

        assert loyalty.deltas() == [("order", 27), ("refund", -9)]
        assert loyalty.standing()["value"] == 1_800

    def test_a_refund_that_overtakes_the_handover_leaves_the_same_balance(self, loyalty: Loyalty) -> None:
        (order,) = loyalty.care.ordered(loyalty.shop.shopper, quantity=3)
        loyalty.care.hand_over(order)
        loyalty.drain()  # while there is no rule
        loyalty.rules(A_POINT_A_YUAN)
        (late,) = loyalty.care.ordered(loyalty.shop.shopper, quantity=4)
        loyalty.care.hand_over(late)
        body = {"amount": loyalty.shop.money(900), "reason": "Late"}
        path = f"/v1/orders/{late['id']}/refunds"
        refund = made(loyalty.brand.post(path, body, headers={"Idempotency-Key": "k"}))

        deliver(loyalty, "refund.requested", order_id=late["id"], refund_id=refund["id"])
        loyalty.drain()

        assert loyalty.points()["balance"] == 27

    def test_a_refund_of_an_order_of_long_before_earns_nothing(
        self, loyalty: Loyalty, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as before_there_were_points:
            before_there_were_points.setattr("chalicelib.rewards.service.orders._begin", lambda *_: None)
            order = loyalty.collected(3)
        loyalty.rules(A_POINT_A_YUAN)
        loyalty.clock.advance(days=15)

        loyalty.give_back(order, 900)

        assert loyalty.deltas() == []

    def test_orders_of_one_member_at_once_are_all_counted(self, loyalty: Loyalty) -> None:
        loyalty.rules(A_POINT_A_YUAN)
        campaign = loyalty.shop.campaign(closes_in=timedelta(hours=1))
        orders = [made(loyalty.shop.order(campaign=campaign)) for _ in range(8)]
        loyalty.clock.advance(hours=2)
        loyalty.sweep()
        for order in orders:
            loyalty.care.hand_over(order)

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda order: deliver(loyalty, "order.picked_up", order_id=order["id"]), orders))

        assert loyalty.deltas() == [("order", 9)] * 8
        loyalty.drain()
        assert (loyalty.points()["balance"], loyalty.standing()["value"]) == (72, 7_200)

    def test_whatever_fails_at_whichever_request(self, loyalty: Loyalty, faults: Faults) -> None:
        """A refund of a point each time: three reads and a transaction, and each of them fails in every way."""
        faults.of("points of orders")
        loyalty.rules(A_POINT_A_YUAN)
        order, expected = loyalty.collected(4), 36
        for kind, at in itertools.product(KINDS, range(4)):
            body, sent = {"amount": loyalty.shop.money(100), "reason": "Late"}, {"Idempotency-Key": f"{kind}-{at}"}
            refund = made(loyalty.brand.post(f"/v1/orders/{order['id']}/refunds", body, headers=sent))
            about = {"order_id": order["id"], "refund_id": refund["id"]}
            faults.arm(kind, at)
            with suppress(Exception, Killed):
                deliver(loyalty, "refund.requested", **about)
            faults.arm(None)
            deliver(loyalty, "refund.requested", **about)
            expected -= 1
            assert loyalty.points()["balance"] == expected, (kind, at)
        loyalty.drain()
        assert loyalty.deltas() == [("order", 36)] + [("refund", -1)] * 24


def test_an_answer_to_a_survey_earns_once(loyalty: Loyalty) -> None:
    loyalty.rules({"action": "survey", "points": 20})
    order = loyalty.collected(1)
    made(loyalty.care.answer(loyalty.care.invitation(loyalty.shop.shopper), score=5))
    loyalty.drain()

    (entry,) = loyalty.points()["items"]
    assert (entry["delta"], entry["cause"]["type"], entry["order_id"]) == (20, "survey", order["id"])
    deliver(loyalty, "survey.answered", invitation_id=entry["cause"]["id"])
    assert loyalty.deltas() == [("survey", 20)]


def test_points_of_a_cancelled_order_come_back_by_its_message(loyalty: Loyalty) -> None:
    loyalty.rules(spend={"points": 1, "worth": loyalty.shop.money(1)})
    made(loyalty.book(100))
    order = made(loyalty.shop.order(points=60))
    assert (order["totals"]["discount"], loyalty.points()["balance"]) == (loyalty.shop.money(60), 40)

    made(loyalty.care.store("POST", f"/orders/{order['id']}/cancel", loyalty.shop.shopper), 200)
    loyalty.drain()

    assert loyalty.deltas() == [("staff", 100), ("spending", -60), ("spending_returned", 60)]
