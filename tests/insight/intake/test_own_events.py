"""What members order, review, answer and ask comes into the stream by itself, once, however often it is told."""

from __future__ import annotations

from datetime import timedelta

from chalicelib.db import tenant_scope
from chalicelib.insight.activity.service import own_orders
from chalicelib.insight.intake.service import own_events
from chalicelib.insight.intake.service.own_events import Recorded
from chalicelib.kernel import clock as product_clock
from tests.builders import made


def test_an_order_is_an_event_with_its_campaign_and_product(stream, shop, drain):
    order = made(shop.order(quantity=2))
    drain()
    own = stream.ordinal(shop.shopper)
    [event] = stream.read(kinds={"order"})
    assert (event.actor, event.campaign_id) == (own, order["campaign_id"])
    assert event.product_ids == (shop.open_campaign["offers"][0]["product_id"],)
    assert [each.kind for each in stream.timeline(own)] == ["order"]


def test_an_order_of_several_products_is_one_event_about_each(stream, shop, drain):
    goods = [shop.product(), shop.product()]
    campaign = shop.campaign(offers=[shop.offer(sku_id=each["skus"][0]["id"]) for each in goods])
    lines = [{"offer_id": each["offer_id"], "quantity": 2} for each in campaign["offers"]]
    made(shop.order(campaign=campaign, lines=lines))
    drain()
    [event] = stream.read(kinds={"order"})
    assert event.product_ids == tuple(sorted(each["id"] for each in goods))


def test_a_cancelled_order_counts_no_more_however_events_come(stream, shop, drain):
    order = made(shop.order())
    drain()
    made(shop.caller.call("POST", f"/v1/stores/{shop.slug}/orders/{order['id']}/cancel", token=shop.shopper.token), 200)
    drain()
    assert stream.read(kinds={"order"}) == []
    with tenant_scope(stream.tenant_id):
        entered = own_orders.record_orders(stream.tenant_id, [order["id"]])
        own_events.record_orders(stream.tenant_id, entered * 3, product_clock.now())
    assert stream.read(kinds={"order"}) == []


def test_an_older_state_never_overwrites_a_newer_one(stream, shop):
    member, now = shop.shopper, product_clock.now()
    states = [Recorded("review", "one", rev, member.id, now, stands=rev < 3) for rev in (1, 3, 2, 1)]
    with tenant_scope(stream.tenant_id):
        for each in states:
            own_events.record(stream.tenant_id, [each], now)
    assert stream.read() == []


def test_an_order_that_a_page_told_of_is_counted_once(stream, shop, drain):
    stream.send(stream.event("e-1", "view", ago=9), stream.event("e-2", "order"), token=shop.shopper.token)
    assert [each.kind for each in stream.read()] == ["view", "order"]
    order = made(shop.order())
    drain()
    kinds = [(each.kind, each.campaign_id) for each in stream.read()]
    assert kinds == [("view", ""), ("order", order["campaign_id"])]
    assert len(stream.timeline(stream.ordinal(shop.shopper))) == 2


def test_many_things_are_written_in_few_transactions(stream, shop, clock):
    now = product_clock.now()
    things = [Recorded("survey", f"s-{n}", 1, shop.shopper.id, now - timedelta(days=n % 3)) for n in range(100)]
    with tenant_scope(stream.tenant_id):
        own_events.record(stream.tenant_id, [*things, Recorded("survey", "x", 1, "nobody", now)], now)
        own_events.record(stream.tenant_id, things, now)
    assert len(stream.read()) == 100


def test_enquiries_and_opened_messages_are_events(stream, shop, drain):
    token, store = shop.shopper.token, f"/v1/stores/{shop.slug}"
    made(shop.order())
    asked = {"text": "When do the pears come?"}
    made(shop.caller.call("POST", f"{store}/enquiries", token=token, json=asked, headers={"Idempotency-Key": "one"}))
    drain()
    [entry, *_] = made(shop.caller.call("GET", f"{store}/me/inbox", token=token), 200)["items"]
    made(shop.caller.call("POST", f"{store}/me/inbox/{entry['id']}/read", token=token), 200)
    drain()
    assert sorted(each.kind for each in stream.read()) == ["enquiry", "message", "order"]


def test_reading_all_at_once_opens_each_message_that_was_not_opened_by_itself(stream, shop, drain, clock):
    token, inbox = shop.shopper.token, f"/v1/stores/{shop.slug}/me/inbox"

    def ordered(times):
        for _ in range(times):
            made(shop.order())
        drain()

    def read(path):
        made(shop.caller.call("POST", inbox + path, token=token), 200)
        drain()

    ordered(3)
    [entry, *_] = made(shop.caller.call("GET", inbox, token=token), 200)["items"]
    read(f"/{entry['id']}/read")
    clock.stand(product_clock.now() + timedelta(minutes=5))
    read_at = product_clock.now()
    read("/read")
    read("/read")
    opened = [each.at for each in stream.read(kinds={"message"})]
    assert len(opened) == 3
    assert [each == read_at for each in opened] == [False, True, True]
    ordered(1)
    clock.stand(product_clock.now() + timedelta(minutes=5))
    read("/read")
    assert len(stream.read(kinds={"message"})) == 4
