"""How boards are counted: exactly, for little, and right whatever happens meanwhile."""

from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from itertools import islice
from typing import Any

import pytest

from chalicelib.boards.events import counting as counting_queue
from chalicelib.boards.events import insight
from chalicelib.boards.model import ranking
from chalicelib.boards.model.boards import Board, By, Period
from chalicelib.boards.model.ranking import Row
from chalicelib.boards.records import COUNTING, BoardPartRecord, CountingRecord, DayRecord
from chalicelib.boards.service import boards as counting
from chalicelib.boards.service import showing
from chalicelib.db import Transaction, delete_many, metered, put_many, tenant_scope
from chalicelib.insight.activity.service import own_orders
from chalicelib.insight.activity.service.dirty_days import mark_changed
from chalicelib.insight.records import ActivityRecord
from chalicelib.kernel import clock
from chalicelib.kernel.clock import zone
from chalicelib.kernel.ids import derived_id
from chalicelib.kernel.local_day import local_date
from chalicelib.members.linking.service.uniting import unite
from chalicelib.members.model.identities import member_id
from chalicelib.messaging import Message
from chalicelib.orders.refunds import service as refunds
from tests.orders.store import Store, open_store
from tests.orders.test_promoted import cancel

TODAY = date(2028, 11, 15)
PERIOD = Period("2028-11", date(2028, 11, 1), date(2028, 11, 30))
SPEND = Board(By.SPEND, PERIOD)


@pytest.fixture
def store(engine: object) -> Iterator[Store]:
    """A store on the empty engine, in its tenant's scope."""
    made = open_store()
    with tenant_scope(made.tenant_id):
        yield made


def bought(store: Store, amounts: dict[int, int], on: date = TODAY, name: str = "a", currency: str = "CNY") -> None:
    """Orders of a day, by ordinal, as imports record them."""
    put_many(
        ActivityRecord(
            *ActivityRecord.of_ref(store.tenant_id, on, f"{name}-{ordinal}"),
            ordinal=ordinal, amount_minor=minor, currency=currency, quantity=1, hour=9,
        )
        for ordinal, minor in amounts.items()
    )  # fmt: skip
    mark_changed(store.tenant_id, [on])


def whole(store: Store, board: Board = SPEND, *, most: int | None = counting.MOST_AT_ONCE) -> list[Row]:
    _, rows = counting.look_at(
        store.tenant_id, board, clock.now(), lambda found: list(counting.rows_after(found, None)), most=most
    )
    return rows


def pages(store: Store, size: int) -> list[Row]:
    """The whole board, page by page."""
    found, after = list[Row](), None
    while True:
        page = showing.page_of(store.tenant_id, SPEND, after, size, clock.now())
        found += [each.row for each in page.rows]
        if page.after is None:
            return found
        after = page.after


def plainly(values: dict[int, int]) -> list[Row]:
    return [
        Row(1 + sum(1 for each in values.values() if each > value), ordinal, value)
        for ordinal, value in sorted(values.items(), key=lambda each: (-each[1], each[0]))
    ]


class TestRanks:
    def test_ties_over_the_ends_of_pages_and_of_what_is_stored_together(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(ranking, "A_PART", 4)
        monkeypatch.setattr(counting, "A_PART", 4)
        values = {n: [2**62, 900, 900, 900, 900, 900, 50][n % 7] for n in range(23)}
        bought(store, values)
        expected = plainly(values)
        for size in (1, 3, 4, 7, 50):
            assert pages(store, size) == expected
        _, places = counting.look_at(
            store.tenant_id, SPEND, clock.now(), lambda found: counting.places_of(found, [*range(23), 99])
        )
        assert sorted(places.values(), key=lambda row: row.ordinal) == sorted(expected, key=lambda row: row.ordinal)

    def test_a_board_that_becomes_shorter_leaves_nobody_behind(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(ranking, "A_PART", 2)
        monkeypatch.setattr(counting, "A_PART", 2)
        bought(store, dict.fromkeys(range(9), 100))
        assert len(whole(store)) == 9
        bought(store, dict.fromkeys(range(1, 9), 0))
        assert [row.ordinal for row in whole(store)] == [0]
        _, places = counting.look_at(
            store.tenant_id, SPEND, clock.now(), lambda found: counting.places_of(found, [0, 7, 8])
        )
        assert list(places) == [0]


class TestCost:
    def test_a_look_at_a_board_that_has_not_changed_reads_a_page_of_it(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """However many members and days: the head, the marks, who was united, and a part for the rows and the place."""
        monkeypatch.setattr(ranking, "A_PART", 50)
        monkeypatch.setattr(counting, "A_PART", 50)
        for day in range(1, 11):
            bought(store, {n: n * day + 1 for n in range(400)}, date(2028, 11, day))
        whole(store)
        store.member(7)
        with metered() as meter:
            page = showing.page_of(store.tenant_id, SPEND, None, 20, clock.now(), store.member(7))
        assert len(page.rows) == 20
        assert page.mine is not None
        assert meter.writes == 0
        assert meter.by_operation["Query"] == 1  # the marks
        assert meter.reads <= 9

    def test_only_days_that_changed_are_read_again(self, store: Store) -> None:
        for day in range(1, 11):
            bought(store, dict.fromkeys(range(30), 100), date(2028, 11, day))
        whole(store)
        bought(store, {31: 5}, date(2028, 11, 4), name="late")
        found = counting.counted(store.tenant_id, SPEND, clock.now(), most=31)
        assert found.counting is False
        assert found.size == 31

    def test_an_order_costs_one_mark_of_its_batch(self, store: Store) -> None:
        campaign = store.publish(100, 100)
        orders = [store.place(campaign, 1, 0, member=n, key=f"k{n}") for n in range(3)]
        with metered() as meter:
            own_orders.record_orders(store.tenant_id, [each.id for each in orders])
        # Three orders and, for their day, the mark for the rollup and the mark for boards, in two batches.
        assert meter.by_operation["BatchWriteItem"] == 2


class TestMuchAtOnce:
    def test_more_than_may_be_read_while_somebody_waits_is_counted_in_the_background(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        bought(store, dict.fromkeys(range(5), 10))
        whole(store)
        bought(store, dict.fromkeys(range(60), 100), name="b")
        now = clock.now()
        before = counting.counted(store.tenant_id, SPEND, now, most=20)
        assert (before.counting, before.size) == (True, 5)

        asked = CountingRecord.fetch(*CountingRecord.address(store.tenant_id, SPEND.name))
        assert asked is not None
        [event] = asked.outbox
        assert event["t"] == COUNTING
        counting.counted(store.tenant_id, SPEND, now, most=20)
        again = CountingRecord.fetch(*CountingRecord.address(store.tenant_id, SPEND.name))
        assert again is not None
        assert again.outbox == [event]  # asked once in a while, however many look

        counting_queue.handle(Message(event["i"], COUNTING, store.tenant_id, now, event["d"]), now)
        after = counting.counted(store.tenant_id, SPEND, now, most=20)
        assert (after.counting, after.size) == (False, 60)

    def test_a_board_that_was_never_counted_says_so(self, store: Store) -> None:
        bought(store, dict.fromkeys(range(30), 10))
        page = counting.counted(store.tenant_id, SPEND, clock.now(), most=3)
        assert (page.counting, page.as_of, page.size) == (True, None, 0)

    def test_a_large_board_rests_between_counts(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(counting, "FEW", 10)
        bought(store, dict.fromkeys(range(20), 10))
        now = clock.now()
        counting.counted(store.tenant_id, SPEND, now)
        bought(store, {99: 5}, name="b")
        soon, later = now + 19 * counting.PAUSE, now + 21 * counting.PAUSE
        assert counting.counted(store.tenant_id, SPEND, soon).size == 20
        assert counting.counted(store.tenant_id, SPEND, soon, most=None).size == 21
        bought(store, {98: 5}, name="c")
        assert counting.counted(store.tenant_id, SPEND, later + 21 * counting.PAUSE).size == 22

    def test_a_day_of_several_items_is_stored_and_read_whole(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("chalicelib.boards.records._MOST_BYTES", 40)
        chance = random.Random(4)
        values = {n: chance.randint(1, 10**12) for n in range(50)}
        bought(store, values)
        assert whole(store) == plainly(values)
        assert sum(1 for _ in DayRecord.every(DayRecord.partition(store.tenant_id))) > 3
        bought(store, {60: 1}, date(2028, 11, 16))
        assert whole(store, most=1) == plainly({**values, 60: 1})  # the first day was not read again


class TestMeanwhile:
    def test_a_change_while_a_day_is_read_is_seen_by_the_next_look(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        bought(store, {1: 100})
        real, late = ActivityRecord.of_day, [True]

        def of_day(tenant_id: str, on: date) -> list[ActivityRecord]:
            found = list(real(tenant_id, on))
            if late.pop() if late else False:
                bought(store, {2: 50}, name="late")
            return found

        monkeypatch.setattr(ActivityRecord, "of_day", of_day)
        assert [row.ordinal for row in whole(store)] == [1]
        assert [row.ordinal for row in whole(store)] == [1, 2]

    def test_a_board_that_is_counted_again_while_it_is_read_is_read_as_it_has_become(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        bought(store, {1: 100, 2: 90})
        looked = []

        def read(found: counting.Counted) -> list[Row]:
            if not looked:
                looked.append(1)
                bought(store, {3: 95}, name="late")
                counting.counted(store.tenant_id, SPEND, clock.now())
            return list(counting.rows_after(found, None))

        _, rows = counting.look_at(store.tenant_id, SPEND, clock.now(), read)
        assert [row.ordinal for row in rows] == [1, 3, 2]

    def test_many_who_look_at_once_see_the_same(self, store: Store) -> None:
        bought(store, {n: n % 5 + 1 for n in range(40)})

        def look(_: int) -> list[Row]:
            with tenant_scope(store.tenant_id):
                return whole(store)

        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(look, range(16)))
        assert all(each == plainly({n: n % 5 + 1 for n in range(40)}) for each in found)

    def test_who_looks_while_it_is_counted_again_and_again_sees_a_whole_board(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Each change makes one member first; nobody may see half of one count and half of another."""
        monkeypatch.setattr(ranking, "A_PART", 3)
        monkeypatch.setattr(counting, "A_PART", 3)
        bought(store, dict.fromkeys(range(12), 10))

        def turn(n: int) -> list[Row]:
            with tenant_scope(store.tenant_id):
                if n % 4 == 0:
                    bought(store, {n % 12: 10 + n}, name=f"turn-{n}")
                return whole(store)

        with ThreadPoolExecutor(6) as pool:
            found = list(pool.map(turn, range(24)))
        assert all(len(each) == 12 and each == plainly({row.ordinal: row.value for row in each}) for each in found)
        added = {n % 12: 0 for n in range(0, 24, 4)}
        for n in range(0, 24, 4):
            added[n % 12] += 10 + n
        assert whole(store) == plainly({n: 10 + added.get(n, 0) for n in range(12)})

    def test_a_part_that_is_gone_is_counted_again(self, store: Store) -> None:
        bought(store, {1: 100, 2: 90})
        found = counting.counted(store.tenant_id, SPEND, clock.now())
        delete_many([(BoardPartRecord, *BoardPartRecord.rows(store.tenant_id, SPEND.name, found.version, 0))])
        assert [row.ordinal for row in whole(store)] == [1, 2]

    def test_who_was_united_is_one_row_from_then_on(self, store: Store) -> None:
        ordinals = {each.ordinal for each in islice(_members(store, 2), 2)}
        gone, stays = sorted(int(each) for each in ordinals)
        bought(store, {gone: 30, stays: 40})
        assert len(whole(store)) == 2
        assert unite(store.tenant_id, gone, stays, clock.now())
        data = {"member_id": member_id(store.tenant_id, gone)}
        insight.handle(Message(derived_id("u"), "member.united", store.tenant_id, clock.now(), data), clock.now())
        assert whole(store) == [Row(1, stays, 70)]


def _members(store: Store, count: int) -> Iterator[Any]:
    from chalicelib.members.service.members import get_member

    for n in range(count):
        yield get_member(store.tenant_id, store.member(n))


def today(store: Store) -> date:
    return local_date(clock.now(), zone("Asia/Shanghai"))


def test_orders_in_any_order_of_messages_equal_a_recount(store: Store) -> None:
    """Orders are placed, cancelled and given back by chance, and told of twice and in disorder."""
    chance = random.Random(7)
    campaign = store.publish(500, 500)
    placed = [
        store.place(campaign, chance.randint(1, 4), 1, member=n % 5, key=f"k{n}", payment_method="test")
        for n in range(14)
    ]
    for order in placed:
        assert store.pay(order)
    for order in chance.sample(placed, 4):
        cancel(store, order)
    for order in chance.sample([each for each in map(store.order, placed) if each.is_sold], 5):
        found, tx = store.order(order), Transaction()
        minor = chance.randint(1, found.refundable_minor)
        refunds.request(
            tx, found, minor, cause=f"return:{found.rev}", reason=None, by="system", now=clock.now(), stands=True,
            lines={found.lines[0].offer_id: min(minor, found.lines[0].total_minor)},
        )  # fmt: skip
        tx.replace("order", found)
        tx.commit()
    told = [each.id for each in placed * 2]
    chance.shuffle(told)
    for start in range(0, len(told), 5):
        own_orders.record_orders(store.tenant_id, told[start : start + 5])
        if chance.random() < 0.5:
            whole(store, _this_month(store, By.SPEND))

    for by in (By.SPEND, By.ORDERS):
        expected: dict[int, int] = {}
        for n, order in enumerate(map(store.order, placed)):
            ordinal = int(next(islice(_members(store, 5), n % 5, None)).ordinal)
            kept = order.goods_minor - int(order.discount_minor) - int(order.returned_minor or 0)
            kept = kept if order.is_sold else 0
            expected[ordinal] = expected.get(ordinal, 0) + (max(0, kept) if by is By.SPEND else int(kept > 0))
        assert whole(store, _this_month(store, by)) == plainly({n: v for n, v in expected.items() if v})


def _this_month(store: Store, by: By) -> Board:
    on = today(store)
    return Board(by, Period("", on.replace(day=1), on + timedelta(days=31)))
