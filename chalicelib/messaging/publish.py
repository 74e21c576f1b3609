"""Sends messages to queues, ten at a time."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from chalicelib.aws import client
from chalicelib.messaging.message import Message, bundled
from chalicelib.settings import required, settings

_BATCH = 10
"""Queue messages of one request: the most that SQS takes."""

BUNDLE = 10
"""Messages that travel as one. A worker is handed ten of those, and a message may have 256 KB."""

_Bundle = list[int]
"""Positions of the messages that travel together."""


def queue_url(queue: str) -> str:
    """The URL of a queue by its logical name."""
    return required(settings().queues.get(queue, ""), f"QUEUE_{queue.upper()}")


def publish(queue: str, message: Message) -> None:
    """Sends one message. What must not be lost rides on a record instead (``record.emit``) and is relayed."""
    client("sqs").send_message(QueueUrl=queue_url(queue), MessageBody=message.to_json())


def publish_all(queue: str, messages: Sequence[Message], together: Collection[str] = ()) -> list[int]:
    """Sends many; returns the positions of those that the queue did not take, empty when all went.

    Messages of the types ``together`` travel ten in one, each tenant's apart.
    """
    bundles = _bundles(messages, together)
    failed: list[int] = []
    for start in range(0, len(bundles), _BATCH):
        group = bundles[start : start + _BATCH]
        entries = [
            {"Id": str(number), "MessageBody": bundled([messages[position] for position in bundle])}
            for number, bundle in enumerate(group)
        ]
        answer = client("sqs").send_message_batch(QueueUrl=queue_url(queue), Entries=entries)
        for entry in answer.get("Failed", []):
            failed += group[int(entry["Id"])]
    return failed


def _bundles(messages: Sequence[Message], together: Collection[str]) -> list[_Bundle]:
    """In the order of the first message of each."""
    bundles: list[_Bundle] = []
    open_for: dict[str, _Bundle] = defaultdict(list)
    for position, message in enumerate(messages):
        if message.type not in together:
            bundles.append([position])
            continue
        bundle = open_for[message.tenant_id]
        if not bundle:
            bundles.append(bundle)
        bundle.append(position)
        if len(bundle) == BUNDLE:
            del open_for[message.tenant_id]
    return bundles
