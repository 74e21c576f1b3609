"""Sends messages to queues, ten at a time."""

from collections.abc import Sequence

from chalicelib.aws import client
from chalicelib.messaging.message import Message
from chalicelib.settings import required, settings

_BATCH = 10


def queue_url(queue: str) -> str:
    """The URL of a queue by its logical name."""
    return required(settings().queues.get(queue, ""), f"QUEUE_{queue.upper()}")


def publish(queue: str, message: Message) -> None:
    """Sends one message. What must not be lost rides on a record instead (``record.emit``) and is relayed."""
    client("sqs").send_message(QueueUrl=queue_url(queue), MessageBody=message.to_json())


def publish_all(queue: str, messages: Sequence[Message]) -> list[int]:
    """Sends many; returns the positions of those that the queue did not take, empty when all went."""
    failed: list[int] = []
    for start, group in _groups(messages):
        entries = [{"Id": str(start + i), "MessageBody": message.to_json()} for i, message in enumerate(group)]
        answer = client("sqs").send_message_batch(QueueUrl=queue_url(queue), Entries=entries)
        failed += [int(entry["Id"]) for entry in answer.get("Failed", [])]
    return failed


def _groups(messages: Sequence[Message]) -> list[tuple[int, Sequence[Message]]]:
    return [(start, messages[start : start + _BATCH]) for start in range(0, len(messages), _BATCH)]
