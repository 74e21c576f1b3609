"""What each function took while it was watched: requests, items and units of tables, messages, processor time."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from botocore.model import OperationModel

from chalicelib.aws import client
from chalicelib.db import Meter, metered
from chalicelib.db.client import connection
from infra.bench.stage import Stage
from infra.local.pump import Pump
from infra.local.sources import QueueSource, Stream

_BLOCK = 4_096


@dataclass(slots=True)
class Part:
    """What one function took: how often it was called with how many records, what it asked of tables and queues, and
    its milliseconds of processor time. ``requests`` and ``messages`` are of queues, by SQS's operation; what Lambda
    receives and deletes for the function is among them, since it is paid for.
    """

    calls: int = 0
    records: int = 0
    tables: Meter = field(default_factory=Meter)
    requests: Counter[str] = field(default_factory=Counter)
    messages: Counter[str] = field(default_factory=Counter)
    cpu_ms: float = 0.0

    @property
    def asked(self) -> int:
        """Requests that the function itself made and waited for."""
        return self.tables.reads + self.tables.writes + self.requests["SendMessageBatch"] + self.requests["SendMessage"]

    @property
    def units(self) -> float:
        """Write units, those of indexes included."""
        return self.tables.write_units + self.tables.index_write_units


class Ledger:
    """The parts by function name, in the order in which they first did something."""

    def __init__(self) -> None:
        self.parts: dict[str, Part] = {}
        self.changes = 0
        """Records of the table's stream, those included that the relay's filter keeps from it."""
        self._now: str = ""

    def __getitem__(self, name: str) -> Part:
        return self.parts.setdefault(name, Part())

    @contextmanager
    def watch(self, name: str, records: int = 1) -> Iterator[None]:
        """Everything inside is one call of that function."""
        part = self[name]
        part.calls += 1
        part.records += records
        with self.polling(name), metered() as meter:
            started = time.process_time()
            try:
                yield
            finally:
                part.cpu_ms += (time.process_time() - started) * 1000
                part.tables.add(meter)

    @contextmanager
    def polling(self, name: str) -> Iterator[None]:
        """Requests to queues inside are made for that function."""
        before, self._now = self._now, name
        try:
            yield
        finally:
            self._now = before

    def batch_asked(self, params: dict[str, Any], context: dict[str, Any], **_: object) -> None:
        """A request for many items; kept for its answer."""
        context["asked"] = params["RequestItems"]

    def batch_answered(self, parsed: dict[str, Any], context: dict[str, Any], **_: object) -> None:
        """The engine says nothing of the capacity that a BatchGetItem takes. By DynamoDB's rules, each item takes a
        unit for every 4 KB begun, also one that is not there, and half of that where the read is not consistent.
        """
        for table, request in context["asked"].items():
            found = parsed["Responses"].get(table, [])
            blocks = sum(ceil(_bytes(item) / _BLOCK) for item in found) + len(request["Keys"]) - len(found)
            self[self._now].tables.read_units += blocks * (1.0 if request["ConsistentRead"] else 0.5)

    def queued(self, params: dict[str, Any], model: OperationModel, **_: object) -> None:
        """A request to a queue, heard of from botocore before it is sent."""
        part = self[self._now]
        part.requests[model.name] += 1
        part.messages[model.name] += len(params.get("Entries", (1,)))


class WatchedPump(Pump):
    """Works streams and queues off, and enters what that takes."""

    ledger: Ledger

    def take_stream(self, stream: Stream) -> bool:
        self.ledger.changes += len(self.engine.records(stream.table, stream.limit))
        return super().take_stream(stream)

    def take_queue(self, source: QueueSource, retry_seconds: int = 0) -> bool:
        with self.ledger.polling(source.function):
            return super().take_queue(source, retry_seconds)

    def _call(self, function: str, event: dict[str, Any], ids: list[str]) -> set[str]:
        if not ids:
            return set()
        if not function.startswith("relay"):
            self.ledger[function].messages["ReceiveMessage"] += len(ids) - 1  # a receipt says how many it brought
        with self.ledger.watch(function, len(ids)):
            return super()._call(function, event, ids)


@contextmanager
def watched(stage: Stage) -> Iterator[tuple[Ledger, Callable[[], None]]]:
    """A ledger, and what works everything off under it."""
    ledger = Ledger()
    pump = WatchedPump(stage.app, stage.pump.engine, stage.made)
    pump.ledger = ledger
    heard = [
        (connection().client, "before-parameter-build.dynamodb.BatchGetItem", ledger.batch_asked),
        (connection().client, "after-call.dynamodb.BatchGetItem", ledger.batch_answered),
        (client("sqs"), "before-parameter-build.sqs", ledger.queued),
        (pump._sqs, "before-parameter-build.sqs", ledger.queued),
    ]
    for source, event, hear in heard:
        source.meta.events.register(event, hear)
    try:
        yield ledger, pump.drain
    finally:
        for source, event, hear in heard:
            source.meta.events.unregister(event, hear)


def _bytes(value: Any) -> int:
    """The size of an item in DynamoDB's form, nearly: names and values, without the names of types."""
    if isinstance(value, dict):
        return sum(len(name) + _bytes(inner) for name, inner in value.items()) - (len(value) == 1)
    if isinstance(value, list):
        return sum(_bytes(each) for each in value)
    return len(str(value).encode())
