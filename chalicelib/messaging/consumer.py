"""A queue's worker: which messages it handles, and how a batch of them is worked off.

Delivery is at least once and in any order, so each handler reads the present state, decides, and writes one
transaction that a second delivery cannot repeat.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from chalice.app import SQSEvent

from chalicelib.db.guard import tenant_scope
from chalicelib.kernel import clock
from chalicelib.kernel.context import correlation_id
from chalicelib.messaging.message import MalformedMessage, Message
from chalicelib.telemetry import count, logger

Handler = Callable[[Message, datetime], None]
H = TypeVar("H", bound=Handler)


class Consumer:
    """The handlers of one queue, by message type."""

    def __init__(self, queue: str) -> None:
        self.queue = queue
        self._handlers: dict[str, Handler] = {}
        self._events: set[str] = set()

    def __or__(self, other: "Consumer") -> "Consumer":
        """The handlers of both, which share a queue. Raises ValueError where both handle one type."""
        united = Consumer(self.queue)
        if self.queue != other.queue or self._handlers.keys() & other._handlers.keys():
            raise ValueError(f"{self.queue} and {other.queue} cannot be united")
        united._handlers = self._handlers | other._handlers
        united._events = self._events | other._events
        return united

    @property
    def event_types(self) -> frozenset[str]:
        """The event types that the relay sends to this queue."""
        return frozenset(self._events)

    def on(self, event_type: str) -> Callable[[H], H]:
        """Subscribes a handler to an event that records emit."""
        self._events.add(event_type)
        return self.due(event_type)

    def due(self, kind: str) -> Callable[[H], H]:
        """Registers a handler for what the sweep finds due, or for what is sent to this queue directly."""

        def register(handler: H) -> H:
            if kind in self._handlers:
                raise ValueError(f"{self.queue} handles {kind} twice")
            self._handlers[kind] = handler
            return handler

        return register

    def work(self, event: SQSEvent) -> dict[str, Any]:
        """Works a batch off and names the messages that failed, which the queue delivers again."""
        # Imported here because it brings asyncio: 60 ms that the API's cold start need not pay.
        from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response

        answer = process_partial_response(
            event=event.to_dict(),
            record_handler=self._work_one,
            processor=BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False),
        )
        worked = len(event.to_dict()["Records"])
        count("MessagesFailed", len(answer["batchItemFailures"]))
        count("MessagesWorked", worked - len(answer["batchItemFailures"]))
        return dict(answer)

    def _work_one(self, record: Any) -> None:
        try:
            message = Message.from_json(record.body)
        except MalformedMessage:
            logger.exception("message_malformed", queue=self.queue, message_id=record.message_id)
            raise
        token = correlation_id.set(message.correlation_id)
        logger.thread_safe_append_keys(correlation_id=message.correlation_id, tenant_id=message.tenant_id)
        try:
            self.handle(message, clock.now())
        except Exception:
            logger.exception(
                "message_failed",
                queue=self.queue,
                message_type=message.type,
                message_id=message.id,
            )
            raise
        finally:
            correlation_id.reset(token)
            logger.thread_safe_clear_keys()

    def handle(self, message: Message, now: datetime) -> None:
        """Runs one message in its tenant's scope. Raises MalformedMessage for a type not handled here."""
        handler = self._handlers.get(message.type)
        if handler is None:
            raise MalformedMessage(f"{self.queue} handles no {message.type!r}")
        with tenant_scope(message.tenant_id):
            handler(message, now)
