"""Sends messages to queues, ten at a time where they are short."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from chalicelib.aws import client
from chalicelib.messaging.message import Message, bundled
from chalicelib.settings import required, settings

_BATCH = 10
"""Queue messages of one request: the most that SQS takes."""

_MOST_BYTES = 250_000
"""Of all that one request carries: SQS takes 256 KiB, which ten bundles of ten long notices would pass."""

BUNDLE = 10
"""Messages that travel as one. A worker is handed ten of those."""

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
    failed: list[int] = []
    for request in _requests(messages, _bundles(messages, together)):
        entries = [{"Id": str(number), "MessageBody": body} for number, (_, body) in enumerate(request)]
        answer = client("sqs").send_message_batch(QueueUrl=queue_url(queue), Entries=entries)
        for entry in answer.get("Failed", []):
            failed += request[int(entry["Id"])][0]
    return failed


def _requests(messages: Sequence[Message], bundles: Sequence[_Bundle]) -> Iterator[list[tuple[_Bundle, str]]]:
    """The bundles with what they say, as many to a request as SQS takes by number and by size."""
    request: list[tuple[_Bundle, str]] = []
    size = 0
    for bundle in bundles:
        body = bundled([messages[position] for position in bundle])
        length = len(body.encode())
        if request and (len(request) == _BATCH or size + length > _MOST_BYTES):
            yield request
            request, size = [], 0
        request.append((bundle, body))
        size += length
    if request:
        yield request


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
