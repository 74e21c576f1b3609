"""Queues: messages go out ten at a time, and those that a queue did not take are named."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chalicelib.aws import client
from chalicelib.kernel import clock
from chalicelib.messaging.message import Message, unbundled
from chalicelib.messaging.publish import publish, publish_all
from chalicelib.settings import SettingMissing, forget


@pytest.fixture
def queue(mocked: None, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty queue that the settings know as ``orders``."""
    url = str(client("sqs").create_queue(QueueName="lintuan-orders")["QueueUrl"])
    monkeypatch.setenv("QUEUE_ORDERS", url)
    forget()
    return url


def _messages(count: int) -> list[Message]:
    return [Message(f"m{n:02}", "order.placed", "tenant", clock.now(), {"order_id": f"o{n}"}) for n in range(count)]


def _waiting(url: str) -> list[str]:
    """The ids of the messages that wait, in any order a queue may have."""
    found: list[str] = []
    while received := client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        found += [json.loads(each["Body"])["id"] for each in received]
    return sorted(found)


def test_one_message_arrives_as_it_was(queue: str) -> None:
    (message,) = _messages(1)
    publish("orders", message)

    (received,) = client("sqs").receive_message(QueueUrl=queue)["Messages"]
    assert unbundled(received["Body"]) == [message]


def test_many_messages_all_arrive(queue: str) -> None:
    messages = _messages(23)

    assert publish_all("orders", messages) == []
    assert _waiting(queue) == [message.id for message in messages]


def test_what_a_queue_does_not_take_is_named_by_its_place_among_all(
    queue: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from moto.sqs.exceptions import InvalidParameterValue
    from moto.sqs.models import SQSBackend

    take = SQSBackend.send_message

    def take_most(self: Any, queue_name: str, message_body: str, *rest: Any, **more: Any) -> Any:
        if any(f'"m{n:02}"' in message_body for n in (3, 10, 22)):
            raise InvalidParameterValue("DelaySeconds is invalid")  # what moto answers for a single message
        return take(self, queue_name, message_body, *rest, **more)

    monkeypatch.setattr(SQSBackend, "send_message", take_most)
    messages = _messages(23)

    assert publish_all("orders", messages) == [3, 10, 22]
    assert _waiting(queue) == [message.id for n, message in enumerate(messages) if n not in (3, 10, 22)]


def test_nothing_to_send_asks_nothing(queue: str) -> None:
    assert publish_all("orders", []) == []
    assert _waiting(queue) == []


def test_a_queue_that_the_settings_do_not_know_is_named(mocked: None) -> None:
    with pytest.raises(SettingMissing, match="QUEUE_PAYMENTS"):
        publish("payments", _messages(1)[0])
