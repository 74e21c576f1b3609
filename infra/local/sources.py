"""Where work comes from: the stream, the queues and the schedules that app.py and the template declare."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from chalice.app import Rate

from infra.local import template
from infra.local.resources import Queue, Resources


@dataclass
class Stream:
    """A table's stream and the function that takes it, with the filter and the dead-letter queue of the template."""

    function: str
    table: str
    batch: int
    patterns: list[Any] = field(default_factory=list)
    dead_letters: str | None = None
    failures: int = 0
    limit: int = field(init=False)

    def __post_init__(self) -> None:
        self.limit = self.batch

    def wants(self, record: dict[str, Any]) -> bool:
        """Whether the record passes the filter of the event source (any of its patterns)."""
        return not self.patterns or any(_matches(pattern, record) for pattern in self.patterns)


@dataclass(frozen=True)
class QueueSource:
    """A queue and the function that works it off."""

    function: str
    queue: Queue
    batch: int


@dataclass(frozen=True)
class Schedule:
    """A function that runs every so many minutes of the product's time."""

    function: str
    minutes: int


def stream_of(config: Any, resources: Resources) -> Stream:
    """The stream that a function takes, with what the template adds to it."""
    # The real ARN is known only at deployment, where the template puts it in; here it names the table.
    tables = {id_: name for id_, name in resources.tables.items() if id_ in config.stream_arn}
    more = template.event_source(resources.document, config.name)
    filters = more.get("FilterCriteria", {}).get("Filters", [])
    arn = template.resolve(more.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination"), resources.lookup)
    dead_letters = next((queue.url for queue in resources.queues.values() if queue.arn == arn), None)
    patterns = [json.loads(each["Pattern"]) for each in filters]
    return Stream(config.name, next(iter(tables.values())), config.batch_size, patterns, dead_letters)


def queue_of(config: Any, resources: Resources) -> QueueSource:
    """The queue that a function works off."""
    name = config.queue or str(config.queue_arn).rsplit(":", 1)[-1]
    return QueueSource(config.name, resources.queue(name), config.batch_size)


def number_of(record: dict[str, Any]) -> str:
    """The sequence number of a change record."""
    return str(record["dynamodb"]["SequenceNumber"])


def _matches(pattern: Any, value: Any) -> bool:
    """Lambda's event filtering as far as we use it: nested objects, lists of literals, `exists`."""
    if isinstance(pattern, dict):
        return all(
            _matches(inner, value.get(key) if isinstance(value, dict) else None) for key, inner in pattern.items()
        )
    for choice in pattern:
        if isinstance(choice, dict) and set(choice) == {"exists"}:
            if choice["exists"] == (value is not None):
                return True
        elif choice == value:
            return True
    return False


def schedule_of(config: Any) -> Schedule:
    """How often a function runs."""
    expression = config.schedule_expression
    text = expression.to_string() if isinstance(expression, Rate) else str(expression)
    number, unit = text.removeprefix("rate(").removesuffix(")").split()
    return Schedule(config.name, int(number) * {"minute": 1, "hour": 60, "day": 1440}[unit.rstrip("s")])


def sqs_record(message: dict[str, Any], queue: Queue) -> dict[str, Any]:
    """A received message in the form in which Lambda gets it."""
    attributes = {
        name: {
            "stringValue": value.get("StringValue"),
            "binaryValue": value.get("BinaryValue"),
            "dataType": value["DataType"],
        }
        for name, value in message.get("MessageAttributes", {}).items()
    }
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message["Attributes"],
        "messageAttributes": attributes,
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": queue.arn,
        "awsRegion": template.REGION,
    }
