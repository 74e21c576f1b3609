"""Feeds the product's functions as AWS does: the table's stream, the queues, the schedules.

The handlers are the real ones, found through the app's own event sources. Each call takes one batch. `drain` does on
the caller's thread, until everything is quiet, what `runner.py` does all the time on threads.
"""

from __future__ import annotations

import json
import logging
import time
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from chalice.app import Chalice, DynamoDBEventConfig, ScheduledEventConfig, SQSEventConfig

from infra.local import template
from infra.local.application import WORKER_SECONDS, LambdaContext
from infra.local.engine import Engine
from infra.local.resources import Resources, client
from infra.local.sources import QueueSource, Schedule, Stream, number_of, queue_of, schedule_of, sqs_record, stream_of

log = logging.getLogger("local.work")

# Told of each call: function name, how many records, how many failed, milliseconds.
Observer = Callable[[str, int, int, float], None]

# A record that fails this often alone is set aside: the stream must go on.
STREAM_TRIES = 5
_MOST_ROUNDS = 20_000


class NotQuiet(RuntimeError):
    """Work keeps making new work without end."""


class HandlerFailed(AssertionError):
    """Messages or change records ended in a dead-letter queue, or a scheduled function failed."""


class Pump:
    """Calls the app's functions with what waits for them."""

    def __init__(self, app: Chalice, engine: Engine, resources: Resources, observer: Observer | None = None) -> None:
        self.engine = engine
        self.resources = resources
        self._handlers = app.handler_map
        self._observer = observer or (lambda *_: None)
        self._sqs = client(engine, "sqs")
        sources = app.event_sources
        self.queues = [queue_of(each, resources) for each in sources if isinstance(each, SQSEventConfig)]
        self.streams = [stream_of(each, resources) for each in sources if isinstance(each, DynamoDBEventConfig)]
        self.schedules = [schedule_of(each) for each in sources if isinstance(each, ScheduledEventConfig)]

    def take_stream(self, stream: Stream) -> bool:
        """Hands one batch of change records on; False when there is none.

        What was handled leaves the stream. After a failure the batch is halved down to the one record that fails.
        """
        records = self.engine.records(stream.table, stream.limit)
        if not records:
            return False
        wanted = [record for record in records if stream.wants(record)]
        failed = self._call(stream.function, {"Records": wanted}, [number_of(record) for record in wanted])
        numbers = [number_of(record) for record in records]
        done = min((numbers.index(number) for number in failed), default=len(numbers))
        if done:
            self.engine.taken(stream.table, numbers[done - 1])
        self._after_stream(stream, records[done:])
        return True

    def _after_stream(self, stream: Stream, left: list[dict[str, Any]]) -> None:
        if not left:
            stream.failures, stream.limit = 0, stream.batch
            return
        stream.failures += 1
        stream.limit = max(1, len(left) // 2)
        if stream.limit == 1 and stream.failures >= STREAM_TRIES:
            log.error("%s: a change record failed %d times and is set aside", stream.function, stream.failures)
            self._set_aside(stream, left[0])
            stream.failures, stream.limit = 0, stream.batch

    def _set_aside(self, stream: Stream, record: dict[str, Any]) -> None:
        if stream.dead_letters:
            self._sqs.send_message(QueueUrl=stream.dead_letters, MessageBody=json.dumps(record))
        self.engine.taken(stream.table, number_of(record))

    def take_queue(self, source: QueueSource, retry_seconds: int = 0) -> bool:
        """Receives and hands on one batch of messages; False when there is none.

        Messages that failed show again after `retry_seconds` times the number of receives, in place of the long
        visibility timeout that the cloud needs; the queue itself moves them to its dead-letter queue in the end.
        """
        received = self._sqs.receive_message(
            QueueUrl=source.queue.url, MaxNumberOfMessages=min(10, source.batch), AttributeNames=["All"],
            MessageAttributeNames=["All"],
        ).get("Messages", [])  # fmt: skip
        if not received:
            return False
        event = {"Records": [sqs_record(message, source.queue) for message in received]}
        failed = self._call(source.function, event, [message["MessageId"] for message in received])
        done = [message for message in received if message["MessageId"] not in failed]
        if done:
            entries = [{"Id": str(i), "ReceiptHandle": each["ReceiptHandle"]} for i, each in enumerate(done)]
            self._sqs.delete_message_batch(QueueUrl=source.queue.url, Entries=entries)
        for message in received:
            if message["MessageId"] in failed:
                receives = int(message["Attributes"]["ApproximateReceiveCount"])
                if receives >= source.queue.receives:
                    log.error("%s: a message failed %d times and becomes a dead letter", source.function, receives)
                pause = retry_seconds * receives
                self._sqs.change_message_visibility(
                    QueueUrl=source.queue.url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=pause
                )
        return True

    def run_schedule(self, schedule: Schedule, at: datetime) -> None:
        """Runs a scheduled function once, as if EventBridge had fired at that instant of the product's clock."""
        event = {
            "version": "0",
            "id": str(uuid.uuid4()),
            "detail-type": "Scheduled Event",
            "source": "aws.events",
            "account": template.ACCOUNT,
            "time": f"{at:%Y-%m-%dT%H:%M:%SZ}",
            "region": template.REGION,
            "resources": [f"arn:aws:events:{template.REGION}:{template.ACCOUNT}:rule/{schedule.function}"],
            "detail": {},
        }
        if self._call(schedule.function, event, ["schedule"]):
            raise HandlerFailed(f"{schedule.function} failed; see the log.")

    def drain(self, *, dead_letters_allowed: bool = False) -> None:
        """Works everything off, delayed messages too, until streams and queues are empty.

        Raises HandlerFailed when something could not be handled, unless that is expected.
        """
        for _ in range(_MOST_ROUNDS):
            if not self._round():
                break
        else:
            raise NotQuiet(f"Still busy after {_MOST_ROUNDS} rounds: {self.engine.work()}")
        dead = {name: n for name, n in self.pending().items() if name in self.resources.dead_letter_names}
        if dead and not dead_letters_allowed:
            raise HandlerFailed(f"Messages that no function could handle: {dead}. The log says why.")

    def _round(self) -> bool:
        work = self.engine.work()
        if work["streams"]:
            for stream in self.streams:
                self.take_stream(stream)
            return bool(self.streams)
        busy = False
        for source in self.queues:
            state = work["queues"].get(source.queue.name)
            busy = busy or bool(state)
            if state and state["ready"]:
                self.take_queue(source)
            elif state:
                self.engine.show_hidden()
        return busy

    def pending(self) -> dict[str, int]:
        """How many change records and messages wait or are being handled, by table or queue name."""
        work = self.engine.work()
        counts = {name: state["ready"] + state["hidden"] for name, state in work["queues"].items()}
        return {**work["streams"], **counts}

    def _call(self, function: str, event: dict[str, Any], ids: list[str]) -> set[str]:
        """Calls a function; returns which of the records (by id) were not handled."""
        if not ids:
            return set()
        started = time.perf_counter()
        try:
            answer = self._handlers[function](event, LambdaContext(function, WORKER_SECONDS))
            failures = (answer or {}).get("batchItemFailures", []) if isinstance(answer, dict) else []
            failed = {failure["itemIdentifier"] for failure in failures}
            failed = min(failed, set(ids))  # an unknown identifier fails the whole batch
        except Exception:
            log.exception("%s failed", function)
            failed = set(ids)
        self._observer(function, len(ids), len(failed), (time.perf_counter() - started) * 1000)
        return failed
