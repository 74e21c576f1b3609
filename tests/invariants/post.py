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

WORKED = frozenset({"campaigns", "orders", "payments", "fulfilment", "settlement", "service"})
"""The queues whose work the invariants are about; notices and analytics read only."""

_MOST_TRIES = 12


class NotDelivered(AssertionError):
    """A message failed however often it was delivered."""


@dataclass(frozen=True)
class Letter:
    """A message on its way to a queue's worker."""

    queue: str
    message: Message


class Post:
    """Takes change records off the real stream, has the real relay read them, and keeps what it would send."""

    def __init__(self, pump: Pump, faults: Faults) -> None:
        self.waiting: list[Letter] = []
        self.delivered: list[Letter] = []
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
            self.waiting += [Letter(queue, message) for message in messages]
        return []

    def collect(self) -> None:
        """Has everything relayed that was written so far."""
        for stream in self._pump.streams:
            while self._pump.take_stream(stream):
                pass

    def sweep(self, now: datetime) -> None:
        """Has sent what is due; what waits already is not sent twice, or a long run would drown in reminders."""
        known = {(letter.queue, letter.message.id) for letter in self.waiting}
        before = len(self.waiting)
        sweep(now)
        fresh = [each for each in self.waiting[before:] if (each.queue, each.message.id) not in known]
        self.waiting[before:] = fresh

    def deliver(self, letter: Letter, kind: Kind | None = None, at: int = 0) -> bool:
        """Hands one message to its worker, which may meet a fault at its nth request. True when it was handled."""
        return bool(self.deliver_batch([letter], kind, at))

    def deliver_batch(self, letters: Sequence[Letter], kind: Kind | None = None, at: int = 0) -> list[Letter]:
        """Hands messages of one queue to its worker as a batch; those that it has handled."""
        self._faults.arm(kind, at)
        records = {str(uuid.uuid4()): letter for letter in letters}
        event: Any = {"Records": [_record(record_id, letter) for record_id, letter in records.items()]}
        try:
            failed = self._pump._call(f"{letters[0].queue}_worker", event, list(records))
        except Killed:
            return []
        finally:
            self._faults.arm(None)
        handled = [letter for record_id, letter in records.items() if record_id not in failed]
        self.delivered += handled
        return handled

    def drain(self) -> None:
        """Delivers until nothing waits. Raises NotDelivered for a message that fails however often it comes."""
        tries: dict[str, int] = {}
        self.collect()
        while self.waiting:
            letter = self.waiting.pop(0)
            if not self.deliver(letter):
                tries[letter.message.id] = tries.get(letter.message.id, 0) + 1
                if tries[letter.message.id] > _MOST_TRIES:
                    raise NotDelivered(f"{letter.queue} cannot handle {letter.message.type} {letter.message.data}")
                self.waiting.append(letter)
            self.collect()


def _record(record_id: str, letter: Letter) -> dict[str, Any]:
    """A message as Lambda hands it to a worker."""
    return {
        "messageId": record_id, "receiptHandle": "held", "body": letter.message.to_json(),
        "attributes": {"ApproximateReceiveCount": "1"}, "messageAttributes": {}, "md5OfBody": "",
        "eventSource": "aws:sqs", "eventSourceARN": f"arn:aws:sqs:us-east-1:000000000000:lintuan-{letter.queue}",
        "awsRegion": "us-east-1",
    }  # fmt: skip
