"""Leaders hear what happens at their pickup points, and the team of goods that fall short: each person once."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.campaigns.service.reading import get_campaign
from chalicelib.db import metered, tenant_scope
from chalicelib.fulfilment.notices.events import consumer
from chalicelib.fulfilment.notices.model import AtPoint, Occasion, goods_there, left_there, orders_there
from chalicelib.fulfilment.notices.records import PointsRecord
from chalicelib.fulfilment.notices.service import counting, leaders
from chalicelib.fulfilment.receiving.model.receipts import Arrival
from chalicelib.fulfilment.receiving.service import allocating
from chalicelib.kernel import clock as product_clock
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.messaging import Message
from chalicelib.notices.model.facts import InWords
from chalicelib.notices.telling import service as telling
from chalicelib.pickup_points import service as pickup_points
from chalicelib.pickup_points.model import PickupPointDetails
from chalicelib.tenants.service import staff
from infra.local.engine import Engine
from tests.builders import Shop, made
from tests.conftest import Clock, Drain, Sweep
from tests.fulfilment.buying import agree, allocate, frozen, locked, receive, supplier, supply
from tests.notices.hearing import Hearing, events_of, hand_over
from tests.orders.store import Store


@dataclass
class Street:
    """Ann leads two pickup points, Bob and Cai one each, and one has no leader; nobody orders at Cai's."""

    shop: Shop
    clock: Clock
    drain: Drain
    sweep: Sweep

    def __post_init__(self) -> None:
        self.people = {name: self.shop.member() for name in ("ann", "bob", "cai")}
        leads = {"North": "ann", "South": "ann", "East": "bob", "West": "cai"}
        self.points = {
            name: self.shop.pickup_point(name=name, leader_id=self.people[who].id)["id"] for name, who in leads.items()
        }
        self.points["Centre"] = self.shop.pickup_point(name="Centre")["id"]
        self.brand = f"The {self.shop.slug}"

    @property
    def ids(self) -> dict[str, str]:
        return {name: member.id for name, member in self.people.items()}

    def campaign(self, **fields: Any) -> Any:
        offers = [self.shop.offer(sku_id=self.shop.product(title=name)["skus"][0]["id"]) for name in ("Pears", "Eggs")]
        return self.shop.campaign(
            title="Autumn", offers=offers, pickup_point_ids=[*self.points.values()],
            closes_in=timedelta(hours=1), no_show={"action": "refund", "hours": 48}, **fields,
        )  # fmt: skip

    def order(self, campaign: Any, at: str, pears: int, eggs: int = 0, **more: Any) -> Any:
        units = zip(campaign["offers"], (pears, eggs), strict=True)
        lines = [{"offer_id": offer["offer_id"], "quantity": quantity} for offer, quantity in units if quantity]
        more = {"member": self.shop.member(), "pickup_point_id": self.points[at]} | more
        return made(self.shop.order(campaign=campaign, lines=lines, **more))

    def close(self) -> None:
        self.clock.advance(hours=2)
        self.sweep()

    def advance(self, campaign: Any, to: str) -> None:
        path = f"/v1/campaigns/{campaign['id']}/advance"
        made(self.shop.brand.post(path, {"to": to, "everything_arrived": True}), 200)
        self.drain()

    def collect(self, order: Any) -> None:
        body = {"code": order["pickup_code"], "pickup_point_id": order["pickup_point_id"]}
        made(self.shop.brand.post(f"/v1/orders/{order['id']}/pickup", body), 200)


@pytest.fixture
def street(shop: Shop, clock: Clock, drain: Drain, sweep: Sweep) -> Street:
    return Street(shop, clock, drain, sweep)


def test_leaders_and_members_hear_when_the_goods_come_and_when_that_changes(
    street: Street, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = local_date(street.clock.now(), zone(street.shop.timezone))
    first, then, last = (today + timedelta(days=days) for days in (3, 4, 5))
    campaign = street.campaign(arrives_on=f"{first}")
    path = f"/v1/campaigns/{campaign['id']}"
    ann = street.shop.member()
    for _ in range(2):
        street.order(campaign, "East", 1, member=ann)
    street.drain()
    assert f"at East, 1 Garden Road. It is expected there on {_said(first)}. Your pickup code" in receipts(engine)[0]
    made(street.shop.brand.patch(path, {"arrives_on": f"{then}"}), 200)
    street.sweep(2)
    (moved,) = [mail for mail in engine.mail() if mail["subject"] == "When your order comes"]
    assert (moved["to"], f"is expected on {_said(then)} now. It stands" in moved["text"]) == (ann.email, True)

    hearing = Hearing.begin(monkeypatch, **street.ids, member=ann.id)
    street.close()
    told = {(who, subject): text for who, subject, text in told_so_far(hearing)}
    comes = (
        f"East: 2 orders, 2 units. The goods are expected with you on {_said(then)}; we tell you when they are here."
    )
    assert told["bob", "Closed: Autumn"].endswith(comes)
    assert told["ann", "Closed: Autumn"].endswith("Nothing of it comes to you.")

    for _ in range(2):  # the same day once more is no news
        made(street.shop.brand.patch(path, {"arrives_on": f"{last}"}), 200)
    street.sweep(2)
    told = {(who, subject): text for who, subject, text in told_so_far(hearing)}
    assert told.keys() == {
        ("member", "When your order comes"), *((who, "When they come: Autumn") for who in ("ann", "bob", "cai"))
    }  # fmt: skip
    assert f"are now expected at North, South on {_said(last)}." in told["ann", "When they come: Autumn"]

    street.advance(campaign, "received")
    (coming,) = told_so_far(hearing)
    assert (
        f"To come: East: 2 orders, Pears · One × 2. They are expected with you on {_said(last)}. The sorting"
        in coming[2]
    )
    street.clock.advance(days=6)
    street.advance(campaign, "sorted")
    (sheet,) = told_so_far(hearing)
    assert "is packed. East: 2 orders, 2 units. Sign in to our store" in sheet[2], "the day has passed"
    street.advance(campaign, "at_pickup")
    refused = street.shop.brand.patch(path, {"arrives_on": f"{last}"})
    assert (refused.status, refused.json["code"]) == (409, "campaign_not_editable")


def _said(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}"


def receipts(engine: Engine) -> list[str]:
    return [mail["text"] for mail in engine.mail() if mail["subject"] == "Your order is placed"]


def told_so_far(hearing: Hearing) -> list[tuple[str, str, str]]:
    """What was told since the last look."""
    found = hearing.texts()
    hearing.messages.clear()
    return found


def test_the_story_of_a_campaign_as_its_leaders_hear_it(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = street.campaign()
    street.drain()
    hearing, brand = Hearing.begin(monkeypatch, **street.ids), street.brand
    ordered = [
        street.order(campaign, "North", 2, 1), street.order(campaign, "North", 1), street.order(campaign, "South", 4),
        street.order(campaign, "East", 1), street.order(campaign, "Centre", 9),
    ]  # fmt: skip
    street.close()
    later, nothing = "We tell you when the goods are here.", "Nothing of it comes to you."
    assert [each for each in told_so_far(hearing) if each[0] != "?"] == [
        (
            "ann", "Closed: Autumn",
            f"{brand}: “Autumn” has closed and takes place. North: 2 orders, 4 units; South: 1 order, 4 units. {later}",
        ),
        ("bob", "Closed: Autumn", f"{brand}: “Autumn” has closed and takes place. East: 1 order, 1 unit. {later}"),
        ("cai", "Closed: Autumn", f"{brand}: “Autumn” has closed and takes place. West: 0 orders, 0 units. {nothing}"),
    ]  # fmt: skip

    street.advance(campaign, "received")
    head = f"{brand}: the goods of “Autumn” have arrived with us and are being sorted. To come:"
    tail = "The sorting sheet follows when they are packed; make room for them."
    assert [each for each in told_so_far(hearing) if each[0] != "?"] == [
        (
            "ann", "Coming to you: Autumn",
            f"{head} North: 2 orders, Pears · One × 3, Eggs · One × 1; South: 1 order, Pears · One × 4. {tail}",
        ),
        ("bob", "Coming to you: Autumn", f"{head} East: 1 order, Pears · One × 1. {tail}"),
    ]  # fmt: skip

    street.advance(campaign, "sorted")
    tail = "Sign in to our store for the sorting sheet, and check the parcels against it when they come."
    assert [each for each in told_so_far(hearing) if each[0] != "?"] == [
        (
            "ann", "Sorting sheet ready: Autumn",
            f"{brand}: “Autumn” is packed. North: 2 orders, 4 units; South: 1 order, 4 units. {tail}",
        ),
        ("bob", "Sorting sheet ready: Autumn", f"{brand}: “Autumn” is packed. East: 1 order, 1 unit. {tail}"),
    ]  # fmt: skip

    street.advance(campaign, "at_pickup")
    street.collect(ordered[0])
    street.collect(ordered[3])
    street.clock.advance(hours=49)
    street.sweep(2)
    assert [each for each in told_so_far(hearing) if each[0] != "?"] == [
        (
            "ann", "Not collected: Autumn",
            (
                f"{brand}: the time to collect “Autumn” is over. Left behind: North: 1 order; South: 1 order. Do not "
                "hand these out any more: see your orders in our store for which they are, and ask us what becomes of "
                "the goods."
            ),
        )
    ]  # fmt: skip

    with tenant_scope(street.shop.tenant_id):
        again = [
            Message(f"{name}", name, street.shop.tenant_id, product_clock.now(), {"campaign_id": campaign["id"]})
            for name in ("campaign.locked", "campaign.received", "campaign.sorted", "orders.not_collected")
        ]
    for _ in range(2):
        random.Random(7).shuffle(again)
        for each in again:
            consumer.handle(each, product_clock.now())
    assert hearing.who() == [], "each was told already"


def test_what_is_declared_in_one_request_is_told_in_one_message(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = street.campaign()
    street.order(campaign, "East", 2, 3)
    street.close()
    hearing = Hearing.begin(monkeypatch, **street.ids)
    street.advance(campaign, "at_pickup")

    assert [each for each in hearing.texts() if each[0] != "?"] == [
        (
            "bob",
            "Sorting sheet ready: Autumn",
            (
                f"{street.brand}: “Autumn” is packed. East: 1 order, Pears · One × 2, Eggs · One × 3. Sign in to our "
                "store for the sorting sheet, and check the parcels against it when they come."
            ),
        )
    ]


def test_leaders_of_a_campaign_that_does_not_take_place_need_not_wait_for_it(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = street.campaign()
    hearing = Hearing.begin(monkeypatch, **street.ids)
    made(street.shop.brand.post(f"/v1/campaigns/{campaign['id']}/cancel"), 200)
    street.drain()

    told = {who: text for who, _, text in hearing.texts("leader_campaign_cancelled")}
    assert told.keys() == {"ann", "bob", "cai"}
    assert "nothing of it comes to North, South." in told["ann"]


def test_the_leader_of_today_is_told_and_one_who_was_replaced_is_not(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = street.campaign()
    street.order(campaign, "East", 1)
    made(street.shop.brand.patch(f"/v1/pickup-points/{street.points['East']}", {"leader_id": street.ids["cai"]}), 200)
    hearing = Hearing.begin(monkeypatch, **street.ids)
    street.close()

    assert {who for who, _ in hearing.who("leader_campaign_closed")} == {"ann", "cai"}
    told = {who: text for who, _, text in hearing.texts("leader_campaign_closed")}
    assert "East: 1 order, 1 unit; West: 0 orders" in told["cai"]


# --- on the use cases ------------------------------------------------------------------------------------------------


def test_orders_are_counted_in_parts_by_a_worker_that_dies_at_any_of_them(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign, _ = locked(store, *[1] * 7)
    monkeypatch.setattr(counting, "PAGE", 2)
    monkeypatch.setattr(counting, "ORDERS_AT_A_TIME", 2)
    hearing = Hearing.begin(monkeypatch, leader=store.leader_id)
    now = product_clock.now()
    tell = telling.message_to
    fails = iter([True, True, False, True])

    def dies(*arguments: Any, **more: Any) -> Message:
        if next(fails, False):
            raise RuntimeError("gone")
        return tell(*arguments, **more)

    monkeypatch.setattr(telling, "message_to", dies)
    steps = 0
    while PointsRecord.of(store.tenant_id, campaign.id, Occasion.CLOSED).told_at is None:
        for _ in range(2):
            try:
                leaders.tell_closed(store.tenant_id, campaign.id, now)
            except RuntimeError:
                assert not hearing.messages
        steps += 1
        assert steps < 20
    ((_, _, text),) = hearing.texts()
    assert "East gate: 7 orders, 7 units." in text


def test_a_hundred_and_twenty_points_are_told_in_bounded_requests(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = product_clock.now()
    leaders_of = store.join(500, 120)
    points = [
        pickup_points.create_pickup_point(
            store.tenant_id, PickupPointDetails(f"Gate {n}", "Road", leader), store.staff, now
        ).id
        for n, leader in enumerate(leaders_of)
    ]
    campaign = store.publish(100, pickup_point_ids=points)
    store.place(campaign, 1, pickup_point_id=points[7])
    store.lock(campaign)
    hearing = Hearing.begin(monkeypatch)

    with metered() as spent:
        leaders.tell_closed(store.tenant_id, campaign.id, now)

    assert len(hearing.messages) == 120
    assert spent.reads + spent.writes <= 12


def test_the_team_hears_which_goods_fell_short_and_how_many_orders_that_cut(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = product_clock.now()
    planner = staff.add_staff(store.tenant_id, "p@lilac.example", "P", ["planner"], store.staff, now).id
    orchard = supplier(store)
    agree(store, orchard, 0)
    campaign, _ = locked(store, 3, 4, 5)
    frozen(store, campaign.id)
    hearing = Hearing.begin(monkeypatch, planner=planner)
    receive(store, campaign.id, orchard, Arrival(store.skus[0], 6, short=6))
    allocate(store, campaign.id)
    settled = supply(store, campaign.id)
    assert settled is not None
    hand_over(consumer, events_of(settled), product_clock.now())

    assert hearing.texts() == [
        (
            "planner",
            "Goods fell short: 秋梨 🍐",
            (
                "“秋梨 🍐”: Less came from the supplier than was ordered. Taken out of 2 orders, the last placed "
                "first: Autumn · Pears × 6. We tell their members, and pay back what they have paid for it; what you "
                "can still get is sold in another campaign."
            ),
        )
    ]
    assert hearing.texts(language="zh")[0][2].startswith(
        "“秋梨 🍐”：供应商到货不足。已从 2 笔订单中减去（后下单的先减）：Autumn · Pears × 6。"
    )
    assert [each.subject_id for _, each in hearing.told()] == [campaign.id]


def test_what_was_cut_is_counted_once_by_whichever_worker_and_over_two_receipts(store: Store) -> None:
    """A worker dies when it has lowered the orders; then another receipt comes before the next message."""
    orchard = supplier(store)
    agree(store, orchard, 0)
    agree(store, orchard, 1)
    campaign, _ = locked(store, 3, 4, 5)
    frozen(store, campaign.id)
    receive(store, campaign.id, orchard, Arrival(store.skus[0], 6, short=2))
    allocating.allocate_next(store.tenant_id, campaign.id, product_clock.now())
    planned = supply(store, campaign.id)
    assert planned is not None
    assert planned.plan
    allocating._carry_out(get_campaign(store.tenant_id, campaign.id), planned, product_clock.now())  # and dies
    receive(store, campaign.id, orchard, Arrival(store.skus[0], short=3), key="r-2")
    allocate(store, campaign.id)

    settled = supply(store, campaign.id)
    assert settled is not None
    assert (settled.cut, int(settled.orders_cut)) == ({store.skus[0]: 5}, 2)


# --- in words ---------------------------------------------------------------------------------------------------------


def test_many_kinds_of_goods_are_named_in_part_and_counted() -> None:
    at, titles = AtPoint(), {str(n): f"G{n}" for n in range(23)}
    at.add({str(n): 1 for n in range(23)})
    said = goods_there([("Gate", at)], titles)
    assert said.en.startswith("Gate: 1 order, G0 × 1, G1 × 1,")
    assert said.en.endswith("G19 × 1, and 3 more")
    assert said.zh.endswith("G19 × 1，另有 3 种")


def test_points_are_said_in_both_languages() -> None:
    one, none = AtPoint(1, {"0": 1200}), AtPoint()
    assert orders_there([("A", one), ("B", none)]) == InWords(
        "A: 1 order, 1,200 units; B: 0 orders, 0 units", "A：1 单，1,200 件；B：0 单，0 件"
    )
    assert left_there([("A", one)]) == InWords("A: 1 order", "A：1 单")
