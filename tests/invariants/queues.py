"""Streams and queues in the hands of a test: messages come in any order, again and again, or to a worker that dies."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from unittest.mock import patch

from chalicelib.messaging.message import Message
from chalicelib.messaging.sweep import sweep
from infra.local.pump import Pump
from tests.faults import Faults, Killed, Kind

WORKED = frozenset({"campaigns", "orders", "payments", "fulfilment", "settlement", "service", "insight", "rollup"})
"""The queues whose work the invariants are about; what only tells or reads is left out."""

_MOST_TRIES = 12


class NotDelivered(AssertionError):
    """A message failed however often it was delivered."""


@dataclass(frozen=True)
class Delivery:
    """A message that waits for a queue's worker."""

    queue: str
    message: Message


class Queues:
    """Takes change records off the real stream, has the real relay read them, and keeps what it would send."""

    def __init__(self, pump: Pump, faults: Faults) -> None:
        self.waiting: list[Delivery] = []
        self.delivered: list[Delivery] = []
        self._pump = pump
        self._faults = faults
        self._patches = ExitStack()
        for module in ("relay", "sweep"):
            self._patches.enter_context(patch(f"chalicelib.messaging.{module}.publish_all", self._keep))

    def close(self) -> None:
        """Gives the queues back to their real sender."""
        self._patches.close()

    def _keep(self, queue: str, messages: Sequence[Message], together: Collection[str] = ()) -> list[int]:
        if queue in WORKED:
            self.waiting += [Delivery(queue, message) for message in messages]
        return []

    def collect(self) -> None:
        """Has everything relayed that was written so far."""
        for stream in self._pump.streams:
            while self._pump.take_stream(stream):
                pass

    def sweep(self, now: datetime, again: str = "") -> None:
        """Has sent what is due; what waits already is not sent twice, or a long run would drown in reminders, but in
        the queue in which it is to come ``again``.
        """
        known = {(delivery.queue, delivery.message.id) for delivery in self.waiting if delivery.queue != again}
        before = len(self.waiting)
        for lane in ("due", "night"):
            sweep(now, lane)
        fresh = [each for each in self.waiting[before:] if (each.queue, each.message.id) not in known]
        self.waiting[before:] = fresh

    def deliver(self, delivery: Delivery, kind: Kind | None = None, at: int = 0) -> bool:
        """Hands one message to its worker, which may meet a fault at its nth request. True when it was handled."""
        return bool(self.deliver_batch([delivery], kind, at))

    def deliver_batch(self, deliveries: Sequence[Delivery], kind: Kind | None = None, at: int = 0) -> list[Delivery]:
        """Hands messages of one queue to its worker as a batch; those that it has handled."""
        self._faults.arm(kind, at)
        records = {str(uuid.uuid4()): delivery for delivery in deliveries}
        event: Any = {"Records": [_record(record_id, delivery) for record_id, delivery in records.items()]}
        try:
            failed = self._pump._call(f"{deliveries[0].queue}_worker", event, list(records))
        except Killed:
            return []
        finally:
            self._faults.arm(None)
        handled = [delivery for record_id, delivery in records.items() if record_id not in failed]
        self.delivered += handled
        return handled

    def drain(self) -> None:
        """Delivers until nothing waits and nothing follows. Raises NotDelivered for a message that fails however often
        it comes.
        """
        tries: dict[str, int] = {}
        self.collect()
        while self.waiting:
            delivery = self.waiting.pop(0)
            if not self.deliver(delivery):
                tries[delivery.message.id] = tries.get(delivery.message.id, 0) + 1
                if tries[delivery.message.id] > _MOST_TRIES:
                    raise NotDelivered(
                        f"{delivery.queue} cannot handle {delivery.message.type} {delivery.message.data}"
                    )
                self.waiting.append(delivery)
            if not self.waiting:
                self.collect()


def _record(record_id: str, delivery: Delivery) -> dict[str, Any]:
    """A message as Lambda hands it to a worker."""
    return {
        "messageId": record_id, "receiptHandle": "held", "body": delivery.message.to_json(),
        "attributes": {"ApproximateReceiveCount": "1"}, "messageAttributes": {}, "md5OfBody": "",
        "eventSource": "aws:sqs", "eventSourceARN": f"arn:aws:sqs:us-east-1:000000000000:lintuan-{delivery.queue}",
        "awsRegion": "us-east-1",
    }  # fmt: skip
