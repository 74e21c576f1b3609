"""Handing over to whoever says a code: what waits for them is shown first, then all of it goes in one call."""

from collections import Counter as Counts
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service.reading import get_campaign
from chalicelib.db import Transaction, metered, tenant_scope
from chalicelib.kernel import clock as product_clock
from chalicelib.kernel.errors import DomainError
from chalicelib.kernel.principal import Principal
from chalicelib.members.records import MemberRecord
from chalicelib.orders.errors import CodeLocked, WrongCode
from chalicelib.orders.handover.service import by_code, pickup
from chalicelib.orders.pickup_code.model import MOST_WRONG_CODES, TRIES_WITHIN, RecentTries
from chalicelib.orders.records import OrderRecord
from tests.builders import Member, Reply, Shop, made
from tests.conftest import Clock, Sweep
from tests.faults import Faults, faults
from tests.orders.states import again, at_pickup
from tests.orders.store import Store
from tests.orders.test_change_faults import changed_once
from tests.orders.test_passes import run

__all__ = ["faults"]

NOW = datetime(2026, 11, 25, 18, tzinfo=UTC)
WRONG = "0000000000"


def ready(store: Store, campaign: CampaignRecord) -> CampaignRecord:
    """Its goods wait at the pickup points, and its members were told."""
    store.lock(campaign)
    campaign = at_pickup(store, campaign)
    run(store, campaign, "ready")
    return campaign


def leader(store: Store) -> Principal:
    return Principal("member", store.tenant_id, store.leader_id, slug="lilac")


def look_up(store: Store, code: str, by: Principal | None = None, now: datetime | None = None) -> by_code.Parcels:
    return by_code.look_up(store.tenant_id, code, store.point_id, by or leader(store), now or product_clock.now())


def hand_over(store: Store, code: str, *orders: OrderRecord, key: str = "k") -> list[by_code.Outcome]:
    ids = [order.id for order in orders]
    return by_code.hand_over(store.tenant_id, code, ids, store.point_id, leader(store), key, product_clock.now())


def test_placing_costs_no_more_and_becoming_ready_one_item(store: Store) -> None:
    campaign = store.publish(50)
    store.member()
    with metered() as placing:
        store.place(campaign, 1)
    assert (placing.writes, placing.write_units) == (1, 4)
    store.lock(campaign)
    campaign = at_pickup(store, campaign)
    with metered() as passing:
        run(store, campaign, "ready")
    assert passing.by_operation["TransactWriteItems"] == 2


@pytest.mark.parametrize(
    "typed",
    [
        lambda code: code.lower(),
        lambda code: f"{code[:5]} {code[5:]}",
        lambda code: code.replace("0", "O").replace("1", "l"),
        lambda code: f"01J9ZQ0W7N8RXC5B2M4T6V8Y0A:{code}",
    ],
    ids=["lower case", "in groups", "misread", "scanned"],
)
def test_the_code_alone_finds_the_order(store: Store, typed: Callable[[str], str]) -> None:
    order = store.place(store.publish(50), 2)
    ready(store, campaign_of(store, order))
    found = look_up(store, typed(order.pickup_code))
    assert ([each.id for each in found.orders], found.due_minor) == ([order.id], 2_500)
    [outcome] = hand_over(store, typed(order.pickup_code))
    assert outcome.order is not None
    assert (outcome.order.status, outcome.order.picked_up_by) == ("picked_up", f"member:{store.leader_id}")


def campaign_of(store: Store, order: OrderRecord) -> CampaignRecord:
    return get_campaign(store.tenant_id, order.campaign_id, consistent=True)


def two_orders(store: Store) -> list[OrderRecord]:
    """Of one member in two campaigns, both ready; and a third that has not arrived, and one of another member."""
    campaigns = [store.publish(50) for _ in range(3)]
    orders = [store.place(campaign, 2, key=f"k{n}") for n, campaign in enumerate(campaigns)]
    store.place(campaigns[0], 1, member=1)
    for campaign in campaigns[:2]:
        ready(store, campaign)
    return orders[:2]


def test_all_parcels_of_one_member_go_in_one_call(store: Store) -> None:
    first, second = two_orders(store)
    found = look_up(store, second.pickup_code)
    assert [order.id for order in found.orders] == [second.id, first.id]
    assert found.due_minor == 5_000

    outcomes = hand_over(store, second.pickup_code, first, second)

    assert [(each.order_id, each.order is not None) for each in outcomes] == [(first.id, True), (second.id, True)]
    assert [again(store, order).status for order in (first, second)] == ["picked_up"] * 2


def test_the_same_key_hands_each_over_once_and_answers_the_same(store: Store) -> None:
    orders = two_orders(store)
    once = hand_over(store, orders[0].pickup_code, *orders)
    twice = hand_over(store, orders[0].pickup_code, *orders)
    assert [(each.order_id, each.order and each.order.rev) for each in twice] == [
        (each.order_id, each.order and each.order.rev) for each in once
    ]
    other_key = hand_over(store, orders[0].pickup_code, *orders, key="another")
    assert [each.refusal and each.refusal.code for each in other_key] == ["already_picked_up"] * 2


def test_a_call_that_was_cut_off_is_finished_by_the_next(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = two_orders(store)
    done = pickup.hand_over

    def dies_at_the_second(tenant_id: str, order_id: str, *rest: Any) -> OrderRecord:
        if order_id == second.id:
            raise ConnectionError
        return done(tenant_id, order_id, *rest)

    monkeypatch.setattr(pickup, "hand_over", dies_at_the_second)
    with pytest.raises(ConnectionError):
        hand_over(store, first.pickup_code, first, second)
    monkeypatch.setattr(pickup, "hand_over", done)
    assert [again(store, order).status for order in (first, second)] == ["picked_up", "ready"]
    assert all(each.order is not None for each in hand_over(store, first.pickup_code, first, second))


def test_what_is_refused_is_said_beside_what_was_handed_over(store: Store) -> None:
    first, second = two_orders(store)
    [stranger] = [order for order in store.orders(campaign_of(store, first)) if order.member_id != first.member_id]
    store.hand_over(second)
    outcomes = hand_over(store, first.pickup_code, first, second, stranger)
    assert [each.refusal.code if each.refusal else "handed over" for each in outcomes] == [
        "handed over", "already_picked_up", "not_theirs",
    ]  # fmt: skip
    assert again(store, stranger).status == "ready"


def test_ten_wrong_codes_end_the_guessing_of_this_person_at_this_point(store: Store) -> None:
    order = store.place(store.publish(50), 1)
    ready(store, campaign_of(store, order))
    now = product_clock.now()
    for left in range(9, -1, -1):
        with pytest.raises(WrongCode) as refused:
            look_up(store, WRONG, now=now)
        assert refused.value.extra == {"tries_left": left}
    with pytest.raises(CodeLocked) as locked:
        look_up(store, order.pickup_code, now=now)
    assert locked.value.retry_after == 900
    assert look_up(store, order.pickup_code, by=store.staff, now=now).due_minor == 1_250
    assert look_up(store, order.pickup_code, now=now + TRIES_WITHIN).due_minor == 1_250


def test_right_codes_are_not_counted(store: Store) -> None:
    order = store.place(store.publish(50), 1)
    ready(store, campaign_of(store, order))
    for _ in range(MOST_WRONG_CODES + 2):
        assert look_up(store, order.pickup_code).due_minor == 1_250


def test_of_many_guesses_at_once_ten_are_looked_at(store: Store) -> None:
    def guess(n: int) -> str:
        with tenant_scope(store.tenant_id):
            try:
                look_up(store, f"{n:010}", now=NOW)
            except DomainError as refusal:
                return refusal.code
        return "found"

    with ThreadPoolExecutor(8) as pool:
        told = Counts(pool.map(guess, range(40)))
    assert told["found"] == 0
    assert told["wrong_code"] == MOST_WRONG_CODES
    assert told["code_locked"] + told["unavailable"] == 30


def test_tries_are_counted_for_a_quarter_of_an_hour_from_the_first() -> None:
    tries = RecentTries()
    for n in range(9):
        tries = tries.with_one_more(NOW + timedelta(minutes=n))
        assert tries.seconds_locked(NOW + timedelta(minutes=n)) == 0
    full = tries.with_one_more(NOW + timedelta(minutes=9))
    assert full.seconds_locked(NOW + timedelta(minutes=9)) == 360
    assert full.with_one_less(full).seconds_locked(NOW + timedelta(minutes=9)) == 0
    assert full.seconds_locked(NOW + TRIES_WITHIN) == 0
    afresh = full.with_one_more(NOW + TRIES_WITHIN)
    assert afresh == RecentTries(1, NOW + TRIES_WITHIN)
    assert afresh.with_one_less(full) == afresh


def test_whatever_fails_meanwhile_it_is_handed_over_once(
    store: Store, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At each request, each kind of fault: the next call answers as the one that was not heard."""
    monkeypatch.setattr("time.sleep", lambda _: None)
    faults.of("hand over by code")
    campaign = store.publish(400)
    orders = [store.place(campaign, 1, key=f"key-{n}") for n in range(80)]
    ready(store, campaign)

    def say(order: OrderRecord) -> OrderRecord:
        # A try that was counted and never taken back stays counted: each order has a person of its own.
        by = Principal("staff", store.tenant_id, order.id, frozenset({"service"}), "Desk", "lilac")
        now = product_clock.now()
        [done] = by_code.hand_over(store.tenant_id, order.pickup_code, [], store.point_id, by, "k", now)
        assert done.order is not None
        return done.order

    assert changed_once(faults, orders, say) > 50


class Counter:
    """Two points with a leader each, two campaigns at both, and orders of 王小明 that lie ready at the east gate."""

    def __init__(self, shop: Shop, clock: Clock, sweep: Sweep) -> None:
        self.shop, self._clock, self._sweep = shop, clock, sweep
        shop.filled(self, self._fill)

    def _fill(self) -> None:
        shop = self.shop
        self.ann, self.bob, self.wang = shop.member(), shop.member(), shop.member()
        self.east = shop.pickup_point(leader_id=self.ann.id)["id"]
        self.west = shop.pickup_point(leader_id=self.bob.id)["id"]
        with tenant_scope(shop.tenant_id):
            record = MemberRecord.at(shop.tenant_id, self.wang.id)
            assert record is not None
            record.name, record.phone = "王小明", "+8613800138000"
            tx = Transaction()
            tx.replace("member", record)
            tx.commit()
        points = {"pickup_point_ids": [self.east, self.west], "closes_in": timedelta(hours=1)}
        campaigns = [shop.campaign(**points) for _ in range(2)]
        self.orders = [made(shop.order(self.wang, campaign=each, pickup_point_id=self.east)) for each in campaigns]
        self._clock.advance(hours=2)
        self._sweep(2)
        for campaign in campaigns:
            shop.arrived(campaign["id"])
        self._sweep(2)

    def say(
        self, code: str, by: Member | None = None, at: str = "", what: str = "/look-up", key: str = "k", **more: Any
    ) -> Reply:
        body = {"code": code, "pickup_point_id": at or self.east} | more
        token = by.token if by else self.shop.api_key
        headers = {} if what else {"Idempotency-Key": key}
        headers |= {"Accept-Language": "zh"} if by is self.bob else {}
        return self.shop.caller.call("POST", f"/v1/pickups{what}", json=body, token=token, headers=headers)


@pytest.fixture
def counter(shop: Shop, clock: Clock, sweep: Sweep) -> Counter:
    return Counter(shop, clock, sweep)


def test_the_leader_reads_whose_it_is_what_is_in_it_and_what_to_take(counter: Counter) -> None:
    code = counter.orders[0]["pickup_code"]
    shown = made(counter.say(code, counter.ann), 200)
    assert (shown["name"], shown["phone"], shown["due"]) == ("王小明", "****8000", counter.shop.money(1_800))
    assert [(each["said"], each["due"]["amount_minor"], each["hindrance"]) for each in shown["parcels"]] == [
        (True, 900, None), (False, 900, None),
    ]  # fmt: skip
    assert shown["parcels"][0]["lines"][0]["title"].endswith(" · One")
    assert all(order["pickup_code"] not in str(shown) for order in counter.orders)

    ids = [each["id"] for each in shown["parcels"]]
    done = made(counter.say(code, counter.ann, what="", order_ids=ids), 200)
    assert (done["complete"], [each["handed_over"] for each in done["results"]]) == (True, [True, True])
    assert [each["order"]["status"] for each in done["results"]] == ["picked_up"] * 2
    assert (
        counter.say(code, counter.ann, what="", order_ids=ids).text
        == counter.say(code, counter.ann, what="", order_ids=ids).text
    )
    late = counter.say(code, counter.ann)
    assert (late.status, late.json["code"]) == (409, "already_picked_up")


def test_a_code_is_good_at_one_point_and_for_its_leader_only(counter: Counter) -> None:
    code = counter.orders[0]["pickup_code"]
    elsewhere = counter.say(code, counter.bob, at=counter.west)
    assert (elsewhere.status, elsewhere.json["code"]) == (409, "wrong_pickup_point")
    assert elsewhere.json["detail"] == "该取货码的包裹在其他自提点，请顾客查看订单中的自提点。"
    for stranger in (counter.bob, counter.wang):
        assert counter.say(code, stranger).json["code"] == "not_the_leader"
        assert counter.say(code, stranger, what="").json["code"] == "not_the_leader"
    unknown = counter.say(WRONG, counter.ann)
    assert (unknown.status, unknown.json["code"]) == (409, "wrong_code")
    assert counter.say(code, at="01J9ZQ0W7N8RXC5B2M4T6V8Y0A").status == 404
    assert made(counter.say(code), 200)["name"] == "王小明"


def test_another_tenants_code_is_no_code(counter: Counter, clock: Clock, sweep: Sweep) -> None:
    other = Shop(counter.shop.caller)
    theirs = other.caller.call(
        "POST", "/v1/pickups/look-up",
        json={"code": counter.orders[0]["pickup_code"], "pickup_point_id": other.pickup_point_id}, token=other.api_key,
    )  # fmt: skip
    assert (theirs.status, theirs.json["code"]) == (409, "wrong_code")


def test_one_parcel_that_cannot_be_handed_over_is_a_refusal_of_its_own(counter: Counter) -> None:
    code = counter.orders[0]["pickup_code"]
    made(counter.say(code, counter.ann, what="", key="one"), 200)
    again = counter.say(code, counter.ann, what="", key="two")
    assert (again.status, again.json["code"]) == (409, "already_picked_up")
