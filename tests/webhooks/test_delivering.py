"""From an event to the receiver: at once, on day three, again by hand, and given up."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from standardwebhooks import WebhookVerificationError

from chalicelib.db import metered, tenant_scope
from chalicelib.webhooks.model.retries import DELAYS, MOST_ATTEMPTS
from chalicelib.webhooks.service.delivering import deliver
from infra.package import ROOT
from tests.builders import Shop, made
from tests.webhooks.conftest import Hooks, verified
from tests.webhooks.receiver import Receiver, status


def test_an_event_arrives_at_once_and_verifies(hooks: Hooks, receiver: Receiver) -> None:
    endpoint = hooks.endpoint(receiver)
    (event_id,) = hooks.emit(data={"version": 3, "order": {"id": "x", "note": "荔枝"}})
    hooks.drain()

    (received,) = receiver.received
    assert received.line == "POST /hooks HTTP/1.1"
    assert received.id == event_id
    assert received.headers["content-type"] == "application/json"
    told = verified(received, hooks.secrets[endpoint])
    assert told["type"] == "order.placed"
    assert told["data"] == {"version": 3, "order": {"id": "x", "note": "荔枝"}}
    (delivery,) = hooks.deliveries(endpoint)
    assert (delivery["status"], delivery["event_id"], delivery["event_type"]) == ("sent", event_id, "order.placed")
    (attempt,) = delivery["attempts"]
    assert (attempt["delivered"], attempt["status_code"], attempt["reason"]) == (True, 204, None)


def test_the_receiver_of_the_documentation_takes_an_event_once_and_keeps_the_newest(
    hooks: Hooks, receiver: Receiver
) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "webhooks.md").read_text(), re.DOTALL)
    documented: dict[str, Any] = {}
    exec(code, documented)  # noqa: S102 - our own page says what others are to run
    endpoint = hooks.endpoint(receiver)
    for version in (2, 1, 3):
        hooks.emit(data={"version": version, "order": {"id": "the order"}})
    hooks.drain()
    receive, secret = documented["receive"], hooks.secrets[endpoint]
    arrived = [(each.body.encode(), each.headers) for each in receiver.received]
    random.Random(1).shuffle(arrived)

    assert [receive(*each, secret) for each in (*arrived, *arrived)] == [204] * 6
    assert documented["versions"] == {"the order": 3}
    assert len(documented["seen"]) == 3
    assert receive(arrived[0][0] + b" ", arrived[0][1], secret) == 401


def test_only_who_wants_an_event_gets_it_and_gets_it_once(hooks: Hooks, new_receiver: Callable[..., Receiver]) -> None:
    placed, cancelled, every = (new_receiver() for _ in range(3))
    hooks.endpoint(placed, event_types=["order.placed"])
    hooks.endpoint(cancelled, event_types=["order.cancelled"])
    hooks.endpoint(every, event_types=["*"])
    (event_id,) = hooks.emit("order.placed")
    hooks.drain()
    hooks.emit("order.placed", event_id=event_id)
    hooks.emit("order.cancelled", event_id=event_id)  # an event makes one emission
    hooks.drain()

    assert [len(each.received) for each in (placed, cancelled, every)] == [1, 0, 1]


def test_an_endpoint_that_is_added_afterwards_gets_nothing_of_an_earlier_event(
    hooks: Hooks, new_receiver: Callable[..., Receiver]
) -> None:
    early, late = new_receiver(), new_receiver()
    hooks.endpoint(early)
    (event_id,) = hooks.emit()
    hooks.endpoint(late)
    hooks.emit(event_id=event_id)
    hooks.drain()

    assert (len(early.received), len(late.received)) == (1, 0)


def test_what_fails_is_tried_for_three_days_each_time_under_the_same_id_and_signed_anew(
    hooks: Hooks, receiver: Receiver
) -> None:
    receiver.answer = status(500)
    endpoint = hooks.endpoint(receiver)
    (event_id,) = hooks.emit()
    hooks.drain()
    began = hooks.clock.now()
    while (delivery := hooks.deliveries(endpoint)[0])["status"] == "pending":
        hooks.clock.set(datetime.fromisoformat(delivery["next_attempt_at"]))
        hooks.sweep()

    took = hooks.clock.now() - began
    assert sum(DELAYS, timedelta()) <= took <= sum(DELAYS, timedelta()) * 1.1 + timedelta(minutes=1)
    assert (delivery["status"], delivery["dead_reason"]) == ("dead", "failed")
    assert len(receiver.received) == len(delivery["attempts"]) == MOST_ATTEMPTS == 10
    assert {each.id for each in receiver.received} == {event_id}
    assert len({each.body for each in receiver.received}) == 1
    assert len({each.headers["webhook-timestamp"] for each in receiver.received}) == 10
    last = receiver.received[-1]
    assert verified(last, hooks.secrets[endpoint])["type"] == "order.placed"  # at five minutes' tolerance
    with pytest.raises(WebhookVerificationError, match="too old"):
        verified(receiver.received[0], hooks.secrets[endpoint])


def test_what_failed_once_is_delivered_by_the_sweep(hooks: Hooks, receiver: Receiver) -> None:
    receiver.answer = status(503)
    endpoint = hooks.endpoint(receiver)
    hooks.clock.stand(hooks.clock.now())
    hooks.emit()
    hooks.drain()
    receiver.answer = status(200)
    hooks.deliver(endpoint)  # its message comes a second time
    hooks.later(seconds=4)  # not due yet
    assert len(receiver.received) == 1
    hooks.later(seconds=2)
    hooks.later(days=1)

    assert [each.id for each in receiver.received] == [receiver.received[0].id] * 2
    assert hooks.counts(endpoint) == {"pending": 0, "sent": 1, "dead": 0}


def test_what_a_delivery_costs(hooks: Hooks, receiver: Receiver, new_receiver: Callable[..., Receiver]) -> None:
    endpoint = hooks.endpoint(receiver)
    hooks.endpoint(new_receiver(), event_types=["order.cancelled"])
    with metered() as emitting:
        placed, _ = hooks.emit("order.placed", "order.cancelled")
    delivery = hooks.delivery(placed, endpoint).id
    with metered() as delivering, tenant_scope(hooks.tenant_id):
        deliver(hooks.tenant_id, delivery, hooks.clock.now())

    assert len(receiver.received) == 1
    assert (emitting.reads, emitting.writes, emitting.items_written) == (1, 1, 2 + 3)
    assert (delivering.reads, delivering.writes, delivering.items_written) == (2, 2, 2)


def test_an_event_that_was_lost_on_the_way_is_brought_by_the_sweep(hooks: Hooks, receiver: Receiver) -> None:
    endpoint = hooks.endpoint(receiver)
    hooks.emit()
    hooks.forget_the_stream()
    hooks.drain()
    assert receiver.received == []
    hooks.later(minutes=16)

    assert hooks.counts(endpoint) == {"pending": 0, "sent": 1, "dead": 0}
    assert len(receiver.received) == 1


def test_a_dead_one_is_sent_again_by_hand_and_tried_as_if_it_were_new(hooks: Hooks, receiver: Receiver) -> None:
    receiver.answer = status(410)
    endpoint = hooks.endpoint(receiver)
    hooks.emit()
    hooks.drain()
    (dead,) = hooks.deliveries(endpoint, "dead")
    retry = f"/v1/webhook-endpoints/{endpoint}/deliveries/{dead['id']}/retry"
    refused = hooks.brand.post(retry)
    assert (refused.status, refused.json["code"]) == (409, "webhook_endpoint_disabled")

    made(hooks.brand.patch(f"/v1/webhook-endpoints/{endpoint}", {"status": "active"}), 200)
    receiver.answer = status(500)
    assert made(hooks.brand.post(retry), 202)["status"] == "pending"
    hooks.drain()
    (pending,) = hooks.deliveries(endpoint, "pending")
    assert datetime.fromisoformat(pending["next_attempt_at"]) - hooks.clock.now() < timedelta(seconds=6)
    receiver.answer = status(200)
    hooks.later(seconds=6)

    (sent,) = hooks.deliveries(endpoint)
    assert [each["status_code"] for each in sent["attempts"]] == [410, 500, 200]
    made(hooks.brand.post(retry), 202)  # what was sent can be sent again too: the receiver may have lost it
    hooks.drain()
    assert [each.id for each in receiver.received] == [dead["event_id"]] * 4


def test_a_delivery_of_another_endpoint_or_brand_is_not_there(
    hooks: Hooks, receiver: Receiver, new_shop: Callable[..., Shop]
) -> None:
    endpoint, other = hooks.endpoint(receiver), hooks.endpoint(receiver)
    hooks.emit()
    hooks.drain()
    delivery = hooks.deliveries(endpoint)[0]["id"]
    theirs = new_shop().brand

    assert hooks.brand.post(f"/v1/webhook-endpoints/{other}/deliveries/{delivery}/retry").status == 404
    assert theirs.post(f"/v1/webhook-endpoints/{endpoint}/deliveries/{delivery}/retry").status == 404
    assert theirs.get(f"/v1/webhook-endpoints/{endpoint}/deliveries").status == 404


def test_deliveries_are_paged_and_filtered(hooks: Hooks, receiver: Receiver) -> None:
    endpoint = hooks.endpoint(receiver)
    sent = hooks.emit(*["order.placed"] * 3)
    hooks.drain()
    first = made(hooks.brand.get(f"/v1/webhook-endpoints/{endpoint}/deliveries?limit=2&status=sent"), 200)
    following = f"?limit=2&status=sent&cursor={first['next_cursor']}"
    rest = made(hooks.brand.get(f"/v1/webhook-endpoints/{endpoint}/deliveries{following}"), 200)

    assert (len(first["items"]), len(rest["items"]), rest["next_cursor"]) == (2, 1, None)
    assert {each["event_id"] for each in [*first["items"], *rest["items"]]} == set(sent)
    assert hooks.deliveries(endpoint, "dead") == []
    assert hooks.brand.get(f"/v1/webhook-endpoints/{endpoint}/deliveries?status=lost").status == 422


def test_what_waits_for_an_endpoint_that_was_deleted_is_given_up(hooks: Hooks, receiver: Receiver) -> None:
    receiver.answer = status(500)
    kept, endpoint = hooks.endpoint(receiver), hooks.endpoint(receiver)
    hooks.emit()
    hooks.drain()
    assert hooks.brand.delete(f"/v1/webhook-endpoints/{endpoint}").status == 204
    receiver.answer = status(200)
    hooks.later(minutes=1)
    hooks.later(days=4)

    assert len(receiver.received) == 3
    assert hooks.counts(kept) == {"pending": 0, "sent": 1, "dead": 0}
    assert json.loads(receiver.received[-1].body)["type"] == "order.placed"
