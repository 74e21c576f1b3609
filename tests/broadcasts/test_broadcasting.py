"""What happens in a brand reaches its programs: each event once, with the state in which its entity stands."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.broadcasts.service import broadcasting
from chalicelib.campaigns.lifecycle.service import closing
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import fetch_many, tenant_scope
from chalicelib.db.meter import metered
from chalicelib.kernel.ids import new_id
from chalicelib.messaging import Message
from tests.broadcasts.conftest import Programs, Waiting
from tests.builders import Shop, made
from tests.conftest import Clock, Drain, Sweep
from tests.customer_care import CustomerCare


@pytest.fixture
def reader(shop: Shop) -> str:
    """A key of someone who is shown no contacts, as programs are not."""
    return str(made(shop.brand.post("/v1/api-keys", {"name": "figures", "scopes": ["analyst"]}))["secret"])


def hand_over(shop: Shop, order: Any) -> None:
    body = {"code": order["pickup_code"], "pickup_point_id": order["pickup_point_id"]}
    made(shop.brand.post(f"/v1/orders/{order['id']}/pickup", body), 200)


def test_an_orders_events_show_it_as_the_api_does(
    shop: Shop, programs: Programs, reader: str, clock: Clock, drain: Drain, sweep: Sweep
) -> None:
    # Given an order, paid at its pickup point, of a campaign that runs its course
    campaign = shop.campaign(closes_in=timedelta(hours=1))
    order = made(shop.order(campaign=campaign, quantity=2))
    drain()
    placed = programs.told[shop.tenant_id][-1]
    clock.advance(hours=2)
    sweep()
    shop.arrived(campaign["id"])
    drain()
    hand_over(shop, order)
    drain()

    # Then its programs have heard of each of its states, and of the campaign's
    types = programs.types(shop.tenant_id)
    assert [each for each in types if each.startswith("order.")] == ["order.placed", "order.ready", "order.picked_up"]
    states = ["published", "opened", "closed", "locked", "purchasing", "received", "sorted", "at_pickup", "completed"]
    assert [each for each in types if each.startswith("campaign.")] == [f"campaign.{state}" for state in states]
    assert Counter(types)["purchase_list.frozen"] == Counter(types)["receipt.recorded"] == 1

    # And what they hold by now is what the API shows to whoever is shown no contacts
    for path, place in ((f"orders/{order['id']}", "order"), (f"campaigns/{campaign['id']}", "campaign")):
        reply = shop.brand.get(f"/v1/{path}", token=reader)
        version, shown = programs.states[shop.tenant_id, place, path.partition("/")[2]]
        assert (shown, f'"{version}"') == (reply.json, reply.headers["ETag"])
    assert shown["status"] == "completed"
    assert (placed.data["version"], placed.data["order"]["status"]) == (1, "placed")
    assert placed.data["order"]["pickup_code"] is None


def test_a_reminder_is_no_second_close(shop: Shop, programs: Programs, clock: Clock, sweep: Sweep) -> None:
    campaign = shop.campaign(closes_in=timedelta(hours=1))
    clock.advance(hours=1, seconds=1)
    with tenant_scope(shop.tenant_id):
        closing.close_campaign(shop.tenant_id, campaign["id"], clock.now())
        closing.remind_of_decision(shop.tenant_id, campaign["id"], clock.now() + timedelta(minutes=15))
        reminded = CampaignRecord.at(shop.tenant_id, campaign["id"], consistent=True)
    assert reminded is not None
    assert [each["t"] for each in reminded.outbox] == ["campaign.decision_due"]
    sweep()

    assert Counter(programs.types(shop.tenant_id))["campaign.closed"] == 1
    assert "campaign.locked" in programs.types(shop.tenant_id)


@pytest.mark.parametrize("seed", range(4))
def test_shuffled_and_doubled_deliveries_end_in_the_final_state(
    seed: int, shop: Shop, programs: Programs, waiting: Waiting, clock: Clock, drain: Drain, sweep: Sweep
) -> None:
    # Given the events of two orders, delivered at any time, in any order, again and again while the orders go on
    luck = random.Random(seed)
    campaign = shop.campaign(closes_in=timedelta(hours=1))
    orders: list[Any] = []

    def place() -> None:
        orders.extend(made(shop.order(campaign=campaign, quantity=3)) for _ in range(2))

    def change() -> None:
        keyed: Any = {"token": shop.shopper.token, "headers": {"Idempotency-Key": "fewer"}}
        fewer = {"lines": [{"offer_id": orders[0]["lines"][0]["offer_id"], "quantity": 1}]}
        made(shop.caller.call("PATCH", f"{shop.path}/orders/{orders[0]['id']}", json=fewer, **keyed), 200)

    def cancel() -> None:
        path = f"{shop.path}/orders/{orders[1]['id']}/cancel"
        made(shop.caller.call("POST", path, token=shop.shopper.token), 200)

    def close() -> None:
        clock.advance(hours=2)
        sweep()
        shop.arrived(campaign["id"])

    for step in (place, change, cancel, close, lambda: hand_over(shop, orders[0])):
        step()
        drain()
        some = luck.choices(waiting.messages, k=luck.randint(1, 12))
        assert waiting.deliver(some, together=luck.random() < 0.5) == []
    rest = waiting.messages * 2
    luck.shuffle(rest)
    assert waiting.deliver(rest, together=luck.random() < 0.5) == []

    # Then each event was told once, and who keeps the highest version has each order, and the campaign, as they are
    told = programs.told[shop.tenant_id]
    assert {each.event_id for each in told} == {each.id for each in waiting.messages}
    assert len(told) == len({each.event_id for each in told})
    received = [each for each in told for _ in range(luck.randint(1, 3))]
    luck.shuffle(received)
    receiver = Programs()
    for emission in received:
        receiver.take(shop.tenant_id, emission)
    for order, status in zip(orders, ("picked_up", "cancelled"), strict=True):
        version, shown = receiver.states[shop.tenant_id, "order", order["id"]]
        reply = shop.brand.get(f"/v1/orders/{order['id']}")
        assert (shown["status"], f'"{version}"') == (status, reply.headers["ETag"])
        assert [shown[part] for part in ("lines", "totals", "picked")] == [
            reply.json[part] for part in ("lines", "totals", "picked")
        ]
    assert receiver.states[shop.tenant_id, "campaign", campaign["id"]][1]["status"] == "completed"


def test_the_entities_of_a_batch_are_read_together(
    shop: Shop, programs: Programs, waiting: Waiting, drain: Drain
) -> None:
    campaign = shop.open_campaign
    shop.shopper  # noqa: B018 - joins
    drain()
    waiting.messages.clear()
    for _ in range(8):
        made(shop.order(campaign=campaign))
    drain()
    assert len(waiting.messages) == 8
    programs.asked.clear()

    with metered() as meter:
        assert waiting.deliver(waiting.messages) == []

    assert programs.asked == [shop.tenant_id]
    assert meter.by_operation == {"BatchGetItem": 2}, "the orders, and their campaign"
    assert meter.items_read == 8 + 1


def test_what_no_endpoint_wants_is_not_read(shop: Shop, programs: Programs, waiting: Waiting, drain: Drain) -> None:
    made(shop.order())
    drain()
    programs.wants, programs.asked = frozenset({"refund.failed"}), []

    with metered() as meter:
        assert waiting.deliver(waiting.messages) == []

    assert (programs.asked, programs.told[shop.tenant_id]) == ([shop.tenant_id], [])
    assert (meter.reads, meter.writes) == (0, 0)


def test_the_last_event_never_shows_the_state_before_it(
    shop: Shop, programs: Programs, waiting: Waiting, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A replica may lag behind the write that the stream has told of."""
    order = made(shop.order())
    made(shop.caller.call("POST", f"{shop.path}/orders/{order['id']}/cancel", token=shop.shopper.token), 200)
    drain()

    def lagging(addresses: Any, *, consistent: bool = False) -> Any:
        return fetch_many(addresses, consistent=True) if consistent else [None for _ in addresses]

    monkeypatch.setattr(broadcasting, "fetch_many", lagging)
    waiting.deliver([each for each in waiting.messages if each.type == "order.cancelled"])

    (told,) = programs.told[shop.tenant_id]
    assert told.data["order"]["status"] == "cancelled"


def test_what_cannot_be_shown_keeps_nothing_else_back(
    shop: Shop, programs: Programs, waiting: Waiting, drain: Drain, clock: Clock
) -> None:
    made(shop.order())
    drain()
    now, (placed,) = clock.now(), (each for each in waiting.messages if each.type == "order.placed")
    gone = Message(new_id(now), "order.placed", shop.tenant_id, now, {"order_id": new_id(now)})
    broken = Message(new_id(now), "order.changed", shop.tenant_id, now, {"order": "?"})

    assert waiting.deliver([gone, broken, placed], together=False) == ["m1"]

    assert [each.event_id for each in programs.told[shop.tenant_id]] == [placed.id]


def test_what_failed_is_told_when_it_comes_again(
    shop: Shop, programs: Programs, waiting: Waiting, drain: Drain
) -> None:
    made(shop.order())
    drain()
    programs.failing = 1 + len(waiting.messages)

    assert len(waiting.deliver(waiting.messages, together=False)) == len(waiting.messages)
    assert programs.told[shop.tenant_id] == []
    assert waiting.deliver(waiting.messages) == []
    assert [each.event_id for each in programs.told[shop.tenant_id]] == [each.id for each in waiting.messages]


def test_brands_of_one_batch_are_told_of_their_own_alone(
    new_shop: Any, programs: Programs, waiting: Waiting, drain: Drain
) -> None:
    # Given an order in each of two brands, delivered in one batch, with a message that names the other's order
    ours, theirs = new_shop(), new_shop()
    order, other = made(ours.order()), made(theirs.order())
    drain()
    (placed,) = (each for each in waiting.messages if each.type == "order.placed" and each.tenant_id == ours.tenant_id)
    crossed = Message(new_id(placed.at), "order.placed", ours.tenant_id, placed.at, {"order_id": other["id"]})

    assert waiting.deliver([*waiting.messages, crossed]) == []

    assert {place for place in programs.states if place[1] == "order"} == {
        (ours.tenant_id, "order", order["id"]), (theirs.tenant_id, "order", other["id"]),
    }  # fmt: skip
    for brand, foreign in ((ours, other), (theirs, order)):
        assert foreign["id"] not in str(programs.told[brand.tenant_id])


def test_customer_care_tells_of_cases_complaints_and_answers(
    care: CustomerCare, programs: Programs, drain: Drain
) -> None:
    # Given a collected order, an unhappy answer that becomes a complaint, and a return, each with words of the member's
    member = care.shop.member()
    care.hire("service")
    (order,) = care.collected(member)
    made(care.answer(care.invitation(member), score=1, comment="Call me on 13800138000"))
    line = {"offer_id": order["lines"][0]["offer_id"], "quantity": 1}
    wanted = {"kind": "return", "lines": [line], "reason": "Broken; I am Aunt Fang of door 5"}
    keyed = {"Idempotency-Key": "return"}
    case = made(care.store("POST", f"/orders/{order['id']}/after-sales", member, json=wanted, headers=keyed))
    refused = {"outcome": "reject", "reason": "Aunt Fang says it was fine"}
    made(care.shop.brand.post(f"/v1/after-sales/{case['id']}/decision", refused, headers=keyed), 200)
    drain()
    (complaint,) = made(care.shop.brand.get("/v1/complaints"), 200)["items"]
    solved = {"outcome": "Rang Aunt Fang", "remedy": "Flowers to Aunt Fang"}
    made(care.shop.brand.post(f"/v1/complaints/{complaint['id']}/resolve", solved), 200)
    drain()

    # Then all three are told of, with ids and figures, and with nobody's words
    shown = {place: state for (_, place, _), (_, state) in programs.states.items()}
    assert {"survey.answered", "complaint.opened", "aftersale.opened"} <= set(programs.types(care.id))
    assert (shown["invitation"]["score"], shown["complaint"]["score"]) == (1, 1)
    assert (shown["complaint"]["status"], shown["complaint"]["outcome"]) == ("resolved", None)
    assert shown["complaint"]["id"] == shown["invitation"]["complaint_id"]
    assert shown["after_sale"]["lines"][0]["quantity"] == 1
    assert (shown["after_sale"]["decision"]["outcome"], shown["after_sale"]["decision"]["reason"]) == ("reject", None)
    words = str(programs.told[care.id])
    assert [each for each in ("13800138000", "Aunt Fang", member.email) if each in words] == []


def test_who_goes_with_the_import_that_made_them_is_told_of(
    shop: Shop, programs: Programs, clock: Clock, drain: Drain, sweep: Sweep
) -> None:
    # Given a member who has not signed in
    imported = made(shop.brand.post("/v1/imports", {"kind": "members", "csv": "member,name\nM-1,Ann\n"}), 202)["id"]
    drain()
    [ann] = made(shop.brand.get("/v1/members"), 200)["items"]

    # When the import is undone
    made(shop.brand.post(f"/v1/imports/{imported}/undo"), 202)
    drain()
    clock.advance(minutes=3)
    sweep()

    # Then programs that know the member are told, with no more than the id
    assert programs.types(shop.tenant_id) == ["member.joined", "member.removed"]
    told = programs.told[shop.tenant_id][-1].data["removed_member"]
    assert told == {"id": ann["id"], "removed_at": told["removed_at"]}
