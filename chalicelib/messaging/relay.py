"""From the table's stream to the queues: every event that rides on a record is published at least once."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from ulid import ULID

from chalicelib.messaging.consumer import Consumer
from chalicelib.messaging.message import Message
from chalicelib.messaging.publish import publish_all
from chalicelib.telemetry import count, logger


def relay(event: Mapping[str, Any], consumers: Iterable[Consumer]) -> dict[str, Any]:
    """Publishes the new events of a batch of stream records to every consumer that handles their type. Those that a
    consumer works off together travel together.

    Answers with the first record that could not be published, so that the stream delivers again from there. An event
    that nobody handles is dropped: its type is one that only clients of the future will want.
    """
    subscribers = _subscribers(consumers)
    by_consumer: dict[Consumer, list[tuple[int, Message]]] = defaultdict(list)
    records = event["Records"]
    for position, record in enumerate(records):
        for message in _new_events(record["dynamodb"]):
            for consumer in subscribers.get(message.type, ()):
                by_consumer[consumer].append((position, message))
    failed = [position for consumer, sent in by_consumer.items() for position in _send(consumer, sent)]
    count("EventsRelayed", sum(len(sent) for sent in by_consumer.values()) - len(failed))
    if not failed:
        return {"batchItemFailures": []}
    first = records[min(failed)]["dynamodb"]["SequenceNumber"]
    return {"batchItemFailures": [{"itemIdentifier": first}]}


def _subscribers(consumers: Iterable[Consumer]) -> dict[str, list[Consumer]]:
    table: dict[str, list[Consumer]] = defaultdict(list)
    for consumer in consumers:
        for event_type in consumer.event_types:
            table[event_type].append(consumer)
    return table


def _new_events(change: Mapping[str, Any]) -> list[Message]:
    """The events of this write alone: those that the item did not carry before."""
    image = change.get("NewImage") or {}
    known = {entry["i"] for entry in _outbox(change.get("OldImage") or {})}
    tenant_id = image.get("pk", {}).get("S", "").partition("#")[0]
    return [
        Message(
            id=entry["i"],
            type=entry["t"],
            tenant_id=tenant_id,
            at=ULID.from_str(entry["i"]).datetime,
            data=entry.get("d", {}),
            correlation_id=entry.get("c", ""),
        )
        for entry in _outbox(image)
        if entry["i"] not in known
    ]


def _outbox(image: Mapping[str, Any]) -> list[dict[str, Any]]:
    text = image.get("outbox", {}).get("S")
    entries: list[dict[str, Any]] = json.loads(text) if text else []
    return entries


def _send(consumer: Consumer, sent: list[tuple[int, Message]]) -> list[int]:
    messages = [message for _, message in sent]
    try:
        return [sent[index][0] for index in publish_all(consumer.queue, messages, consumer.types_together)]
    except Exception:  # noqa: BLE001 - logged, and the stream delivers again
        logger.exception("relay_failed", queue=consumer.queue)
        return [position for position, _ in sent]
