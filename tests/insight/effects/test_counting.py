"""Effects of orders and points on the engine: counted once, whatever comes twice, late, in disorder, or fails."""

from __future__ import annotations

import itertools
import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.catalog.records import SkuRecord
from chalicelib.db import Transaction, metered, tenant_scope
from chalicelib.insight.effects.events import consumer
from chalicelib.insight.effects.model.figures import Figures, Kind, Subject
from chalicelib.insight.effects.records import OrderEffectRecord
from chalicelib.insight.effects.service import orders, points, reading
from chalicelib.kernel import clock as product_clock
from chalicelib.kernel.errors import DomainError
from chalicelib.kernel.ids import derived_id
from chalicelib.loyalty.points.records import PointsRecord
from chalicelib.members.enrolment.service import Newcomer, enrol
from chalicelib.members.linking.service.uniting import unite
from chalicelib.members.model.identities import Identity, member_id
from chalicelib.members.model.status import IMPORTED
from chalicelib.messaging import Message
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refunds import service as refunds
from chalicelib.orders.spending import service as spending
from chalicelib.promotions.model.promotion import Promotion
from tests.builders import made
from tests.faults import KINDS, Faults, Killed, faults
from tests.invariants.checks_effects import Live, check_effects
from tests.loyalty.conftest import A_POINT_A_YUAN, CHECK_IN, GOLD, SILVER, Loyalty, loyalty, new_loyalty
from tests.orders.means import batch, book, give, points_pay
from tests.orders.promoting import percent, reduction
from tests.orders.store import Store, open_store
from tests.orders.test_promoted import cancel, lessen

__all__ = ["faults", "loyalty", "new_loyalty"]

ORDER_EVENTS = ("order.placed", "order.changed", "order.cancelled", "refund.requested")


@pytest.fixture
def store(engine: object) -> Any:
    """A store on the empty engine, in its tenant's scope."""
    made = open_store()
    with tenant_scope(made.tenant_id):
        yield made


def cost(store: Store, n: int, minor: int) -> None:
    """What a unit of the nth SKU costs the brand from now on."""
    address = SkuRecord.address(store.tenant_id, store.skus[n])
    tx = Transaction()
    tx.update("cost", SkuRecord, *address, actions=[SkuRecord.cost_minor.set(minor)])
    tx.commit()


def told(store: Store, event_type: str, **data: str) -> None:
    """Hands a message to the consumer."""
    now = product_clock.now()
    consumer.handle(Message(derived_id(event_type, str(data)), event_type, store.tenant_id, now, data), now)


def of(store: Store, subject: Subject) -> Figures:
    return reading.of_all_time(store.tenant_id, [subject])[subject].figures


def of_promotion(store: Store, promotion: Promotion) -> Figures:
    return of(store, Subject(Kind.PROMOTION, promotion.id))


def recounted(store: Store, found: list[OrderRecord]) -> None:
    check_effects(Live(), store.tenant_id, store.members, found)


def given_back(store: Store, order: OrderRecord, line: int, minor: int) -> None:
    """So much of a line goes back with its goods."""
    offer_id = order.lines[line].offer_id
    found, tx = store.order(order), Transaction()
    refunds.request(
        tx, found, minor, cause=f"return:{found.rev}", reason=None, by="system", now=product_clock.now(), stands=True,
        lines={offer_id: minor},
    )  # fmt: skip
    tx.replace("order", found)
    tx.commit()


class Trade:
    """A store where promotions, coupons and points lower prices, and chance decides what happens to orders."""

    def __init__(self, store: Store, chance: random.Random) -> None:
        self.store, self.chance = store, chance
        self.campaign, self.coupons = store.publish(500, 500), batch(store, 300, minimum=1_000)
        self.placed: list[OrderRecord] = []
        self.done: set[str] = set()
        reduction(store, 5_000, 1_000)
        percent(store, 500, budget=2_000)
        points_pay(store)
        for n in range(6):
            book(store, 200, n, f"book-{n}")

    def step(self, n: int) -> list[tuple[str, dict[str, str]]]:
        """Something happens, or is refused; what is told of it."""
        what = self.chance.choice(["place", "place", "lessen", "cancel", "return"]) if self.placed else "place"
        with suppress(DomainError):
            self._act(what, n)
            self.done.add(what)
        order = self.placed[-1] if what == "place" else self.chance.choice(self.placed)
        spending.give_points_back(self.store.tenant_id, order.id, product_clock.now())
        about = [("member.points_changed", {"member_id": order.member_id})]
        return [*about, *((self.chance.choice(ORDER_EVENTS), {"order_id": each.id}) for each in self.placed[-9:])]

    def _act(self, what: str, n: int) -> None:
        store, chance = self.store, self.chance
        if what == "place":
            more: dict[str, Any] = {"points": chance.choice([0, 0, 40])}
            if n % 4 == 0 and n < 24:
                more["coupon_id"] = give(store, self.coupons, n // 4).id
            method = chance.choice([None, "test"])
            order = store.place(
                self.campaign, chance.randint(1, 4), 1, member=n // 4 % 6, key=f"k{n}", payment_method=method, **more
            )  # fmt: skip
            self.placed.append(order)
            assert method is None or store.pay(order)
            return
        stand = [each for each in map(store.order, self.placed) if each.is_sold]
        order = max(stand, key=lambda each: (what == "return" and each.refundable_minor, each.id))
        if what == "lessen":
            lessen(store, order, 1, 1)
        elif what == "cancel":
            cancel(store, order)
        else:
            given_back(store, order, 0, chance.randint(1, 400))


class TestOrders:
    def test_an_order_with_everything_counts_for_each_of_its_means(self, store: Store) -> None:
        cost(store, 0, 800)
        campaign, mine = store.publish(50, 50), give(store, batch(store, 500))
        harvest = reduction(store, 5_000, 1_000)
        points_pay(store)
        book(store, 300)

        order = store.place(campaign, 3, 1, coupon_id=mine.id, points=100)
        orders.follow(store.tenant_id, [order.id])
        points.follow(store.tenant_id, [store.member()])

        # 50.00 - 10.00 - 5.00 - 1.00 = 34.00, of which three quarters were for what cost 8.00 each
        brought = Figures(orders=1, revenue_minor=3_400, costed_minor=2_550, cost_minor=2_400)
        assert of_promotion(store, harvest) == brought + Figures(discount_minor=1_000)
        assert of(store, Subject(Kind.COUPON_BATCH, mine.batch_id)) == brought + Figures(discount_minor=500)
        paid = of(store, Subject(Kind.POINTS, "spending"))
        assert paid == brought + Figures(discount_minor=100, times=1, points=100)
        assert of(store, Subject(Kind.POINTS, "staff")) == Figures(times=1, points=300)
        recounted(store, [store.order(order)])

    def test_a_cancelled_order_gave_all_back_and_a_coupon_that_it_has_no_more_counts_to_its_batch(
        self, store: Store
    ) -> None:
        campaign, mine = store.publish(50), give(store, batch(store, 500))
        harvest = percent(store, 1_000)
        order = store.place(campaign, 4, coupon_id=mine.id)

        gone = cancel(store, order)
        assert gone.coupon is None
        orders.follow(store.tenant_id, [order.id])  # the first message to come

        assert of_promotion(store, harvest) == Figures(reversed=1, discount_back_minor=500)
        assert of(store, Subject(Kind.COUPON_BATCH, mine.batch_id)) == Figures(reversed=1, discount_back_minor=500)
        recounted(store, [gone])

    def test_an_order_counts_on_the_brands_day_on_which_it_was_placed_whenever_it_changes(
        self, engine: object, clock: Any
    ) -> None:
        clock.set(datetime(2028, 6, 14, 16, 30, tzinfo=UTC))  # 15 June, 00:30 in Shanghai
        store = open_store()
        with tenant_scope(store.tenant_id):
            campaign, harvest = store.publish(50, hours=72), percent(store, 1_000)
            order = store.place(campaign, 4)
            orders.follow(store.tenant_id, [order.id])
            clock.set(datetime(2028, 6, 16, 3, tzinfo=UTC))
            lessen(store, order, 2)
            orders.follow(store.tenant_id, [order.id])

            subject = Subject(Kind.PROMOTION, harvest.id)
            start, end = datetime(2028, 6, 1).date(), datetime(2028, 6, 30).date()  # noqa: DTZ001 - local days
            found = reading.by_day(store.tenant_id, subject, start, end)
            assert {str(on): each.discount_minor for on, each in found.items()} == {"2028-06-15": 250}

    def test_goods_that_come_back_take_their_part_along(self, store: Store) -> None:
        cost(store, 0, 800)
        campaign, harvest = store.publish(50), percent(store, 1_000)
        order = store.place(campaign, 4)
        store.lock(campaign)
        store.hand_over(order)

        given_back(store, order, 0, 2_250)
        orders.follow(store.tenant_id, [order.id])

        assert of_promotion(store, harvest) == Figures(
            orders=1, discount_minor=250, discount_back_minor=250, revenue_minor=2_250, costed_minor=2_250,
            cost_minor=1_600,
        )  # fmt: skip

    def test_what_goods_cost_is_what_they_cost_when_the_order_was_first_seen(self, store: Store) -> None:
        cost(store, 0, 800)
        campaign, harvest = store.publish(50), percent(store, 1_000)
        order = store.place(campaign, 2)
        orders.follow(store.tenant_id, [order.id])
        cost(store, 0, 1_100)
        later = store.place(campaign, 2, key="later")
        orders.follow(store.tenant_id, [later.id])
        lessen(store, order, 1)
        orders.follow(store.tenant_id, [order.id])

        assert of_promotion(store, harvest).cost_minor == 800 + 2 * 1_100

    def test_a_hold_counts_once_it_is_paid(self, store: Store) -> None:
        campaign, harvest = store.publish(50), percent(store, 1_000)
        order = store.hold(campaign, 2)
        orders.follow(store.tenant_id, [order.id])
        assert of_promotion(store, harvest) == Figures()

        assert store.pay(order)
        orders.follow(store.tenant_id, [order.id])

        assert of_promotion(store, harvest).orders == 1

    def test_an_order_without_any_effect_leaves_nothing_behind(self, store: Store) -> None:
        order = store.place(store.publish(50), 2)
        with metered() as meter:
            orders.follow(store.tenant_id, [order.id])

        assert meter.by_operation == {"BatchGetItem": 2}
        assert OrderEffectRecord.fetch(*OrderEffectRecord.address(store.tenant_id, order.id)) is None

    def test_ten_orders_are_counted_with_one_write(self, store: Store) -> None:
        campaign, harvest = store.publish(50), percent(store, 1_000)
        placed = [store.place(campaign, 2, member=n) for n in range(10)]
        with metered() as meter:
            orders.follow(store.tenant_id, [order.id for order in placed])

        assert meter.by_operation["TransactWriteItems"] == 1
        assert of_promotion(store, harvest).orders == 10


class TestDelivery:
    def test_whatever_is_told_in_whichever_order_and_however_often(self, store: Store) -> None:
        """Random changes, told of at random, some twice and some late: in the end the counters are a recount."""
        chance = random.Random(7)
        cost(store, 0, 800)
        trade = Trade(store, chance)
        waiting: list[tuple[str, dict[str, str]]] = []
        for n in range(40):
            waiting += trade.step(n)
            chance.shuffle(waiting)
            while waiting and chance.random() < 0.5:
                kind, data = waiting[-1] if chance.random() < 0.3 else waiting.pop()
                told(store, kind, **data)
        for kind, data in waiting:
            told(store, kind, **data)

        assert {"place", "lessen", "cancel", "return"} <= trade.done
        recounted(store, [store.order(order) for order in trade.placed])

    def test_twelve_workers_who_are_told_the_same_count_it_once(self, store: Store) -> None:
        campaign, harvest = store.publish(50), percent(store, 1_000)
        ids = [store.place(campaign, 2, member=n).id for n in range(4)]

        def work(_: int) -> None:
            with tenant_scope(store.tenant_id):
                orders.follow(store.tenant_id, ids)

        with ThreadPoolExecutor(6) as pool:
            list(pool.map(work, range(12)))

        assert of_promotion(store, harvest).orders == 4

    def test_who_has_read_an_older_state_than_was_counted_meanwhile_counts_again(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A request of several items does not read them at one moment: between the order and what was counted of it,
        the order is cancelled, and another worker counts that.
        """
        campaign, harvest = store.publish(50), percent(store, 1_000)
        order = store.place(campaign, 2)
        orders.follow(store.tenant_id, [order.id])
        at_once, meanwhile = orders.fetch_many, [order]

        def slowly(addresses: Any, **options: Any) -> list[Any]:
            states = [each for each in addresses if each[0] is OrderRecord]
            if not states:
                return at_once(addresses, **options)
            read = dict(zip(states, at_once(states, **options), strict=True))
            if meanwhile:
                cancel(store, meanwhile.pop())
                orders.follow(store.tenant_id, [order.id])
            rest = [each for each in addresses if each not in read]
            read |= dict(zip(rest, at_once(rest, **options), strict=True)) if rest else {}
            return [read[each] for each in addresses]

        monkeypatch.setattr(orders, "fetch_many", slowly)
        orders.follow(store.tenant_id, [order.id])

        assert of_promotion(store, harvest) == Figures(discount_back_minor=250, reversed=1)

    @pytest.mark.parametrize("kind", KINDS)
    def test_whatever_fails_at_whichever_request(self, store: Store, faults: Faults, kind: str) -> None:
        faults.of("effects of orders and points")
        campaign, harvest = store.publish(50), percent(store, 1_000)
        points_pay(store)
        book(store, 300)
        for at in itertools.count():
            order = store.place(campaign, 1, points=10, key=f"key-{at}")
            faults.arm(kind, at)  # type: ignore[arg-type]
            with suppress(Exception, Killed):
                orders.follow(store.tenant_id, [order.id])
                points.follow(store.tenant_id, [store.member()])
            done = faults.at >= len(faults.seen)
            faults.arm(None)
            orders.follow(store.tenant_id, [order.id])
            points.follow(store.tenant_id, [store.member()])
            assert of_promotion(store, harvest).orders == at + 1
            assert of(store, Subject(Kind.POINTS, "spending")).points == 10 * (at + 1)
            if done:
                break
        recounted(store, store.orders(campaign))


class TestPoints:
    def test_who_has_read_an_older_ledger_than_was_counted_meanwhile_counts_again(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Between the ledger and what was counted of it, points are booked, and another worker counts them."""
        book(store, 300)
        member = store.member()
        points.follow(store.tenant_id, [member])
        read, meanwhile = PointsRecord.fetch.__func__, [50]  # type: ignore[attr-defined]

        def slowly(cls: type[PointsRecord], *address: str, **options: Any) -> PointsRecord | None:
            found: PointsRecord | None = read(cls, *address, **options)
            if meanwhile:
                book(store, meanwhile.pop(), key="meanwhile")
                points.follow(store.tenant_id, [member])
            return found

        monkeypatch.setattr(PointsRecord, "fetch", classmethod(slowly))
        points.follow(store.tenant_id, [member])

        assert sum(reading.outstanding_by_month(store.tenant_id).values()) == 350

    def test_what_is_given_taken_back_spent_and_left_to_expire(self, loyalty: Loyalty) -> None:
        loyalty.rules({**A_POINT_A_YUAN, "valid_days": 365}, {**CHECK_IN, "valid_days": 3})
        order = loyalty.collected(4)
        made(loyalty.check_in())
        loyalty.give_back(order, 1_800)
        loyalty.drain()
        loyalty.clock.advance(days=5)
        loyalty.sweep()

        with tenant_scope(loyalty.shop.tenant_id):
            names = ("order", "check_in", "expiry")
            found = reading.of_all_time(loyalty.shop.tenant_id, [Subject(Kind.POINTS, name) for name in names])
            earned, checked, expired = (each.figures for each in found.values())
            assert (earned.orders, earned.revenue_minor) == (1, 1_800)
            assert (earned.times, earned.points, earned.points_back) == (1, 36, 18)
            assert (checked.points, expired.points) == (5, 5)
            assert sum(reading.outstanding_by_month(loyalty.shop.tenant_id).values()) == 18

    def test_a_gold_members_orders_count_for_their_tier_with_the_points_that_its_factor_adds(
        self, loyalty: Loyalty
    ) -> None:
        loyalty.rules(A_POINT_A_YUAN)
        loyalty.tiers(SILVER, GOLD)
        loyalty.drain()
        for units in (4, 2):  # the first makes them gold; the second earns 18 points, times 1.5
            (order,) = loyalty.care.ordered(loyalty.shop.shopper, quantity=units)
            loyalty.drain()
            loyalty.care.hand_over(order)
            loyalty.drain()

        with tenant_scope(loyalty.shop.tenant_id):
            gold = Subject(Kind.TIER, "gold")
            found = reading.of_all_time(loyalty.shop.tenant_id, [gold])[gold].figures
        assert (found.orders, found.points, found.revenue_minor) == (1, 9, 1_800)

    def test_two_members_who_are_one_have_their_points_outstanding_once(self, loyalty: Loyalty) -> None:
        anna, tenant = loyalty.shop.shopper, loyalty.shop.tenant_id
        who = Identity("ref", "C-1")
        with tenant_scope(tenant):
            gone = enrol(tenant, [Newcomer(who, loyalty.today, IMPORTED)], product_clock.now())[who]
        ben = replace(anna, id=member_id(tenant, gone))
        made(loyalty.book(100, anna))
        made(loyalty.book(40, ben))
        loyalty.drain()
        with tenant_scope(tenant):
            assert unite(tenant, gone, 0, product_clock.now())
        loyalty.drain()

        with tenant_scope(tenant):
            assert reading.outstanding_by_month(tenant) == {"never": 140}
            given = Subject(Kind.POINTS, "staff")
            assert reading.of_all_time(tenant, [given])[given].figures == Figures(times=2, points=140)
            check_effects(Live(), tenant, [anna.id, ben.id], [])
