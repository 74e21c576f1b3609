"""Orders that take a coupon and points of their member's: priced, placed, changed, ended."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.coupons.errors import (
    CouponBelowMinimum,
    CouponBudgetSpent,
    CouponNotFound,
    CouponUsed,
    CouponWithoutEffect,
    OnlyForNewMembers,
)
from chalicelib.coupons.model.terms import Goods
from chalicelib.coupons.records import BatchRecord, CouponRecord
from chalicelib.db import Transaction, metered
from chalicelib.kernel import clock
from chalicelib.kernel.errors import Invalid
from chalicelib.loyalty.points.errors import NotEnoughPoints, PointsPayNothing
from chalicelib.members.linking.service.uniting import unite
from chalicelib.members.records import MemberRecord
from chalicelib.orders.adjustments.service import adjust
from chalicelib.orders.basket.service.pricing import quote_for
from chalicelib.orders.changes.service import editing, waiting
from chalicelib.orders.changes.service.editing import Edit
from chalicelib.orders.ending.service import cancelling, hold
from chalicelib.orders.errors import PriceChanged
from chalicelib.orders.model import HOLD
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refunds import service as refunds
from chalicelib.orders.views.orders import OrderView
from chalicelib.orders.views.quotes import QuoteView
from chalicelib.rewards.service import coupons
from tests.conftest import Drain
from tests.orders.means import again, balance, batch, book, coupon, effect, give, points_pay, settle
from tests.orders.promoting import left, percent, reduction, used
from tests.orders.store import Store


def cancel(store: Store, order: OrderRecord) -> OrderRecord:
    return cancelling.cancel(store.tenant_id, order.member_id, order.id, clock.now())


def change(store: Store, order: OrderRecord, *quantities: int, key: str = "edit") -> OrderRecord:
    """The member asks for so many of each line."""
    lines = tuple(zip((line.offer_id for line in order.lines), quantities, strict=False))
    return editing.edit(store.tenant_id, order.member_id, order.id, Edit(lines, key, key), clock.now())


def lessen(store: Store, order: OrderRecord, *quantities: int) -> OrderRecord:
    """So many of each line are left after a shortage."""
    lines = {line.offer_id: units for line, units in zip(order.lines, quantities, strict=False)}
    about = {"cause": f"receipt:{quantities}", "reason": "short", "by": "system"}
    return adjust(store.tenant_id, order.id, lines, now=clock.now(), **about)


class TestPrices:
    def test_a_quote_and_its_order_name_the_coupon_and_the_points(self, store: Store) -> None:
        """400.00, a coupon of 300.00, and 200 points of which each pays 1.00: 100 are taken."""
        campaign, mine = store.publish(50, price_minor=10_000), coupon(store, 30_000)
        points_pay(store, 100)
        book(store, 200)
        own = {"coupon_id": mine.id, "points": 200}
        quoted = QuoteView.of(quote_for(store.tenant_id, store.member(), store.wish(campaign, 4, **own), clock.now()))
        shown = OrderView.of(store.place(campaign, 4, expected_total_minor=0, **own))

        assert quoted.discounts == shown.discounts
        assert [(each.kind, each.coupon_id, each.amount.amount_minor) for each in shown.discounts] == [
            ("coupon", mine.id, 30_000), ("points", None, 10_000),
        ]  # fmt: skip
        assert (shown.discounts[1].reason, shown.discounts[1].reason_zh) == ("100 points used", "使用 100 积分抵扣")
        assert balance(store) == 100
        assert effect(store, mine) == (1, 30_000)

    def test_after_a_shortage_an_order_says_how_many_points_it_takes_by_then(self, store: Store) -> None:
        """Of 50.00 that 2,000 points of 0.01 lower by 20.00, 25.00 are left: 1,000 points."""
        points_pay(store)
        book(store, 2_000)
        order = store.place(store.publish(50), 4, points=2_000)
        assert OrderView.of(order).discounts[0].reason == "2,000 points used"
        lessen(store, order, 2)
        [said] = OrderView.of(store.order(order)).discounts
        assert (said.reason, said.reason_zh) == ("1,000 points used", "使用 1000 积分抵扣")
        assert said.amount.amount_minor == 1_000

    def test_everything_at_once_is_one_read_and_one_transaction(self, store: Store) -> None:
        campaign, mine = store.publish(50), coupon(store, budget=100_000)
        harvest = percent(store, 1_000, budget=100_000, per_member=2)
        points_pay(store)
        book(store, 1_000)
        with metered() as meter:
            order = store.place(campaign, 4, coupon_id=mine.id, points=100)
        assert meter.by_operation == {"BatchGetItem": 1, "TransactWriteItems": 1}
        assert order.totals.total == 5_000 - 500 - 500 - 100
        assert (left(store, harvest), used(store, harvest), balance(store)) == (99_500, 1, 900)
        assert effect(store, mine) == (1, 500)
        cancel(store, order)
        settle(store, order)
        assert (left(store, harvest), used(store, harvest), balance(store)) == (100_000, 0, 1_000)
        assert (effect(store, mine), again(mine).state) == ((0, 0), "returned")

    def test_without_them_an_order_costs_what_it_did(self, store: Store) -> None:
        campaign = store.publish(50)
        coupon(store)
        points_pay(store)
        book(store, 1_000)
        with metered() as meter:
            store.place(campaign, 3)
        assert meter.by_operation == {"BatchGetItem": 1, "TransactWriteItems": 1}
        assert meter.write_units == 4

    def test_points_pay_no_delivery_and_at_most_their_share(self, store: Store) -> None:
        campaign = store.publish(50)
        points_pay(store, 1, most_share_bps=5_000)
        book(store, 5_000)
        order = store.place(campaign, 4, points=5_000)
        assert (order.totals.total, balance(store)) == (2_500, 2_500)

    def test_the_minimum_counts_what_is_in_scope_after_earlier_steps(self, store: Store) -> None:
        campaign = store.publish(50, 50, price_minor=1_000)
        reduction(store, 2_000, 500)
        mine = coupon(store, minimum=2_000)
        with pytest.raises(CouponBelowMinimum) as refused:
            store.place(campaign, 2, coupon_id=mine.id)
        assert refused.value.extra["missing"]["amount_minor"] == 500
        assert store.place(campaign, 3, coupon_id=mine.id).totals.total == 2_000

    def test_a_timed_price_of_everything_leaves_the_coupon_unspent(self, store: Store) -> None:
        campaign, mine = store.publish(50), coupon(store, None, kind="percent", percent_bps=2_000)
        percent(store, 10_000)
        with pytest.raises(CouponWithoutEffect):
            store.place(campaign, 2, coupon_id=mine.id)
        assert again(mine).state == "granted"

    def test_who_agreed_to_another_total_keeps_coupon_and_points(self, store: Store) -> None:
        campaign, mine = store.publish(50), coupon(store)
        points_pay(store)
        book(store, 100)
        with pytest.raises(PriceChanged) as refused:
            store.place(campaign, 2, coupon_id=mine.id, points=100, expected_total_minor=1_000)
        assert refused.value.extra["total"].amount_minor == 1_900
        assert (again(mine).state, balance(store)) == ("granted", 100)


class TestRefusals:
    def test_of_a_coupon(self, store: Store) -> None:
        campaign, mine = store.publish(50), coupon(store)
        other = give(store, batch(store), member=1)
        old = give(store, batch(store), until_at=clock.now())
        elsewhere = coupon(store, goods=Goods(categories=("meat",)))
        for named, code in (
            (other.id, "coupon_not_found"), (old.id, "coupon_expired"), (elsewhere.id, "coupon_out_of_scope"),
        ):  # fmt: skip
            with pytest.raises(Invalid) as refused:
                store.place(campaign, 2, coupon_id=named)
            assert refused.value.code == code
        store.place(campaign, 2, coupon_id=mine.id)
        with pytest.raises(CouponUsed):
            store.place(campaign, 2, coupon_id=mine.id, key="key-2")
        with pytest.raises(CouponNotFound):
            store.place(campaign, 2, coupon_id="01J9ZQ0W7N8RXC5B2M4T6V8Y0A", key="key-3")

    def test_of_points(self, store: Store) -> None:
        campaign = store.publish(50)
        with pytest.raises(PointsPayNothing):
            store.place(campaign, 2, points=1)
        points_pay(store)
        book(store, 10)
        with pytest.raises(NotEnoughPoints) as refused:
            store.place(campaign, 2, points=11)
        assert refused.value.extra["points"] == 10
        with pytest.raises(NotEnoughPoints):
            quote_for(store.tenant_id, store.member(), store.wish(campaign, 2, points=11), clock.now())

    def test_of_more_points_than_there_are_names_the_number_that_was_asked_for(self, store: Store) -> None:
        """Also where fewer would do: 25.00 needs 2,500."""
        points_pay(store)
        book(store, 10)
        with pytest.raises(NotEnoughPoints, match="You have 10 points, and wanted to use 9,000; use 10 at most") as it:
            quote_for(store.tenant_id, store.member(), store.wish(store.publish(50), 2, points=9_000), clock.now())
        assert [each.pointer for each in it.value.errors] == ["/points"]
        assert "不足 9000" in it.value.detail_zh

    def test_a_coupon_for_a_first_order_is_for_one_of_two_orders(self, store: Store) -> None:
        campaign, mine = store.publish(50), coupon(store, purpose="new_member")
        first = store.place(campaign, 2)
        with pytest.raises(OnlyForNewMembers):
            store.place(campaign, 2, coupon_id=mine.id, key="key-2")
        cancel(store, first)
        assert store.place(campaign, 2, coupon_id=mine.id, key="key-3").totals.total == 2_000

    def test_a_spent_budget(self, store: Store) -> None:
        campaign, of = store.publish(50), batch(store, budget=700)
        first, second = give(store, of), give(store, of, member=1)
        store.place(campaign, 2, coupon_id=first.id)
        with pytest.raises(CouponBudgetSpent):
            store.place(campaign, 2, member=1, coupon_id=second.id)
        assert store.place(campaign, 2, member=1, key="key-2").totals.total == 2_500

    def test_the_same_key_takes_them_once(self, store: Store) -> None:
        campaign, mine = store.publish(50), coupon(store)
        points_pay(store)
        book(store, 100)
        orders = [store.place(campaign, 2, coupon_id=mine.id, points=60) for _ in range(2)]
        assert OrderView.as_placed(orders[0]) == OrderView.as_placed(orders[1])
        assert (effect(store, mine), balance(store)) == ((1, 500), 40)


class TestEnds:
    def test_a_cancelled_order_gives_both_back_once(self, store: Store) -> None:
        campaign, mine = store.publish(50), coupon(store, budget=1_000)
        points_pay(store)
        book(store, 100)
        order = store.place(campaign, 2, coupon_id=mine.id, points=60)
        for _ in range(2):
            cancel(store, order)
            settle(store, order)
        assert (effect(store, mine), again(mine).state, balance(store)) == ((0, 0), "returned", 100)
        assert store.place(campaign, 2, coupon_id=mine.id, points=60, key="key-2").totals.total == 1_940

    def test_a_payment_uses_what_the_order_held(self, store: Store) -> None:
        campaign, mine = store.publish(50), coupon(store)
        order = store.hold(campaign, 2, coupon_id=mine.id)
        assert store.pay(order)
        assert (again(mine).state, again(mine).order_id) == ("used", order.id)

    def test_a_late_payment_takes_both_again(self, store: Store) -> None:
        campaign, mine = store.publish(50), coupon(store, budget=500)
        points_pay(store)
        book(store, 60)
        order = store.hold(campaign, 2, coupon_id=mine.id, points=60)
        for turn in range(2):
            hold.expire(store.tenant_id, order.id, clock.now() + HOLD)
            settle(store, order)
            assert (balance(store), effect(store, mine)) == (60, (0, 0)), turn
        assert store.pay(order, 1_940)
        settle(store, order)
        assert (again(mine).state, balance(store), effect(store, mine)) == ("used", 0, (1, 500))

        cancel(store, order)
        settle(store, order)
        assert (again(mine).state, balance(store), effect(store, mine)) == ("returned", 60, (0, 0))

    def test_a_late_payment_before_the_points_came_back_leaves_them_where_they_are(self, store: Store) -> None:
        campaign = store.publish(50)
        points_pay(store)
        book(store, 60)
        order = store.hold(campaign, 2, points=60)
        hold.expire(store.tenant_id, order.id, clock.now() + HOLD)
        assert store.pay(order, 2_440)
        settle(store, order)
        assert balance(store) == 0

    def test_a_late_payment_goes_back_where_the_points_are_spent(self, store: Store) -> None:
        campaign = store.publish(50)
        points_pay(store)
        book(store, 60)
        order = store.hold(campaign, 2, points=60)
        hold.expire(store.tenant_id, order.id, clock.now() + HOLD)
        settle(store, order)
        store.place(campaign, 2, points=1, key="key-2")
        assert not store.pay(order, 2_440)
        assert balance(store) == 59

    def test_a_late_payment_goes_back_where_the_coupon_is_in_another_order(self, store: Store) -> None:
        campaign, mine = store.publish(50), coupon(store)
        order = store.hold(campaign, 2, coupon_id=mine.id)
        hold.expire(store.tenant_id, order.id, clock.now() + HOLD)
        other = store.place(campaign, 2, coupon_id=mine.id, key="key-2")
        assert not store.pay(order, 2_000)
        assert (again(mine).order_id, effect(store, mine)) == (other.id, (1, 500))


class TestWhoseMembershipBecameAnothers:
    """Somebody whom a file named had an order, and is the second member by now."""

    @pytest.fixture
    def batch_of_one(self, store: Store) -> BatchRecord:
        return batch(store, budget=1_000)

    def ordered(self, store: Store, mine: CouponRecord) -> OrderRecord:
        order = store.place(store.publish(50), 4, coupon_id=mine.id)
        stays = [int(MemberRecord.at(store.tenant_id, store.member(n), consistent=True).ordinal) for n in (0, 1)]
        assert unite(store.tenant_id, *stays, clock.now())
        return order

    def coupons_of(self, store: Store, member: int) -> list[str]:
        found = CouponRecord.every(CouponRecord.partition(store.tenant_id, store.member(member)), consistent=True)
        return [each.status(clock.now()) for each in found]

    def test_the_coupon_comes_back_to_the_other(self, store: Store, drain: Drain, batch_of_one: BatchRecord) -> None:
        mine = give(store, batch_of_one)
        order = self.ordered(store, mine)
        drain()
        assert (self.coupons_of(store, 0), self.coupons_of(store, 1)) == (["used"], [])
        cancel(store, order)
        for _ in range(2):
            drain()
            coupons.hand_on(store.tenant_id, order.id, clock.now())
        assert (self.coupons_of(store, 0), self.coupons_of(store, 1)) == (["moved"], ["granted"])
        assert effect(store, mine) == (0, 0)
        [theirs] = CouponRecord.every(CouponRecord.partition(store.tenant_id, store.member(1)), consistent=True)
        again_ = store.place(store.publish(50), 4, member=1, coupon_id=theirs.id, key="key-2")
        assert (again_.totals.total, effect(store, mine)) == (4_500, (1, 500))

    def test_an_edit_that_lets_it_go_brings_it_to_the_other_too(self, store: Store, drain: Drain) -> None:
        order = self.ordered(store, coupon(store, minimum=5_000))
        change(store, order, 3)
        drain()
        assert (self.coupons_of(store, 0), self.coupons_of(store, 1)) == (["moved"], ["granted"])

    def test_who_has_one_of_the_batch_gets_no_second(
        self, store: Store, drain: Drain, batch_of_one: BatchRecord
    ) -> None:
        mine = give(store, batch_of_one)
        give(store, batch_of_one, member=1)
        cancel(store, self.ordered(store, mine))
        drain()
        assert (self.coupons_of(store, 0), self.coupons_of(store, 1)) == (["returned"], ["granted"])


class TestChanges:
    def test_an_edit_is_priced_anew_with_both(self, store: Store) -> None:
        campaign = store.publish(50)
        mine = coupon(store, None, kind="percent", percent_bps=1_000, budget=100_000)
        points_pay(store, most_share_bps=1_000)
        book(store, 1_000)
        order = store.place(campaign, 4, coupon_id=mine.id, points=1_000)
        assert (order.totals.total, balance(store)) == (5_000 - 500 - 450, 550)
        fewer = change(store, order, 2, key="fewer")
        settle(store, fewer)
        assert (fewer.totals.total, balance(store), effect(store, mine)) == (2_500 - 250 - 225, 775, (1, 250))
        more = change(store, fewer, 6, key="more")
        settle(store, more)
        assert (more.totals.total, balance(store), effect(store, mine)) == (7_500 - 750 - 225, 775, (1, 750))
        cancel(store, more)
        settle(store, more)
        assert (balance(store), effect(store, mine), again(mine).state) == (1_000, (0, 0), "returned")

    def test_an_edit_beyond_the_budget_is_refused(self, store: Store) -> None:
        campaign = store.publish(50)
        mine = coupon(store, None, kind="percent", percent_bps=1_000, budget=500)
        order = store.place(campaign, 4, coupon_id=mine.id)
        with pytest.raises(CouponBudgetSpent):
            change(store, order, 5)
        assert (store.order(order).totals.total, effect(store, mine)) == (4_500, (1, 500))

    def test_a_dearer_basket_that_waits_holds_what_it_needs(self, store: Store) -> None:
        campaign = store.publish(50)
        mine = coupon(store, None, kind="percent", percent_bps=1_000, budget=100_000)
        order = store.hold(campaign, 4, coupon_id=mine.id)
        assert store.pay(order)
        change(store, store.order(order), 6)
        assert (store.order(order).totals.discount, effect(store, mine)) == (500, (1, 750))
        waiting.expire(store.tenant_id, order.id, clock.now() + timedelta(hours=1))
        assert effect(store, mine) == (1, 500)

    def test_goods_that_come_back_bring_their_points_and_no_coupon(self, store: Store) -> None:
        campaign, mine = store.publish(50, price_minor=2_500), coupon(store, 1_000)
        points_pay(store, 10)
        book(store, 90)
        order = store.hold(campaign, 4, coupon_id=mine.id, points=90)
        assert store.pay(order)
        [line] = order.lines
        found, tx = store.order(order), Transaction()
        refunds.request(
            tx, found, 2_025, cause="return", reason=None, by="system", now=clock.now(), stands=True,
            lines={line.offer_id: 2_025},
        )  # fmt: skip
        tx.replace("order", found)
        tx.commit()
        points_pay(store, 1_000)  # the rate of today says nothing about it
        settle(store, order)
        assert (balance(store), again(mine).state, effect(store, mine)) == (22, "used", (1, 1_000))
