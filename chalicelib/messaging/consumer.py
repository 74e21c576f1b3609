"""A queue's worker: which messages it handles, and how a batch of them is worked off.

Delivery is at least once and in any order, so each handler reads the present state, decides, and writes one
transaction that a second delivery cannot repeat.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from chalice.app import SQSEvent

from chalicelib.db.guard import tenant_scope
from chalicelib.kernel import clock
from chalicelib.kernel.context import correlation_id
from chalicelib.messaging.message import MalformedMessage, Message, unbundled
from chalicelib.messaging.stuck import MOST_DELIVERIES, NOTED, note_stuck
from chalicelib.telemetry import count, logger

Handler = Callable[[Message, datetime], None]
GroupHandler = Callable[[Sequence[Message], datetime], None]
H = TypeVar("H", bound=Handler)
G = TypeVar("G", bound=GroupHandler)


@dataclass(frozen=True, slots=True, eq=False)
class _Registered:
    """A handler of several messages; ``together`` where it is to be given all that a batch has for a tenant."""

    handle: GroupHandler
    together: bool


def _both(one: _Registered, other: _Registered) -> _Registered:
    """Two handlers of the same messages as one. A fault of the first does not keep the second from its work; then the
    messages come again to both.
    """

    def handle(messages: Sequence[Message], now: datetime) -> None:
        faults: list[Exception] = []
        for each in (one, other):
            try:
                each.handle(messages, now)
            except Exception as fault:  # noqa: BLE001 - raised below
                faults.append(fault)
        if len(faults) > 1:
            raise ExceptionGroup("neither handler took the message", faults)
        if faults:
            raise faults[0]

    return _Registered(handle, together=one.together or other.together)


@dataclass(slots=True)
class _Group:
    """Messages of a batch that one call handles, each with the id of the record that brought it."""

    registered: _Registered
    entries: list[tuple[str, Message]] = field(default_factory=list)


_Failed = dict[str, None]
"""The ids of the records that failed, each once, in the order in which they did."""


class Consumer:
    """The handlers of one queue, by message type."""

    def __init__(self, queue: str) -> None:
        self.queue = queue
        self._handlers: dict[str, _Registered] = {}
        self._events: set[str] = set()

    def __or__(self, other: "Consumer") -> "Consumer":
        """The handlers of both, which share a queue; what both handle each is given. Raises ValueError where they do
        not share one.
        """
        united = Consumer(self.queue)
        if self.queue != other.queue:
            raise ValueError(f"{self.queue} and {other.queue} cannot be united")
        shared = self._handlers.keys() & other._handlers.keys()
        both = {kind: _both(self._handlers[kind], other._handlers[kind]) for kind in shared}
        united._handlers = self._handlers | other._handlers | both
        united._events = self._events | other._events
        return united

    @property
    def event_types(self) -> frozenset[str]:
        """The event types that the relay sends to this queue."""
        return frozenset(self._events)

    @property
    def types_together(self) -> frozenset[str]:
        """The types whose messages are handled together."""
        return frozenset(name for name, registered in self._handlers.items() if registered.together)

    def on(self, event_type: str) -> Callable[[H], H]:
        """Subscribes a handler to an event that records emit."""
        self._events.add(event_type)
        return self.due(event_type)

    def due(self, kind: str) -> Callable[[H], H]:
        """Registers a handler for what the sweep finds due, or for what is sent to this queue directly."""

        def register(handler: H) -> H:
            def each(messages: Sequence[Message], now: datetime) -> None:
                for message in messages:
                    handler(message, now)

            self._register(kind, _Registered(each, together=False))
            return handler

        return register

    def on_all(self, *event_types: str) -> Callable[[G], G]:
        """Subscribes a handler that is given all messages of these events that a batch has for a tenant, at once.

        It may see a message twice, and again after it has acted on it. When it raises, each message is given to it by
        itself, so that only what cannot be handled fails.
        """

        def register(handler: G) -> G:
            registered = _Registered(handler, together=True)
            for event_type in event_types:
                self._register(event_type, registered)
                self._events.add(event_type)
            return handler

        return register

    def _register(self, kind: str, registered: _Registered) -> None:
        if kind in self._handlers:
            raise ValueError(f"{self.queue} handles {kind} twice")
        self._handlers[kind] = registered

    def work(self, event: SQSEvent) -> dict[str, Any]:
        """Works a batch off and names the messages that failed, which the queue delivers again.

        A queue message that brings several fails when one of them does; the others are then handled again with it.
        """
        records = event.to_dict()["Records"]
        failed: _Failed = {}
        for group in self._groups(records, failed):
            self._work(group, failed)
        self._note_dead([record for record in records if record["messageId"] in failed])
        count("MessagesFailed", len(failed))
        count("MessagesWorked", len(records) - len(failed))
        return {"batchItemFailures": [{"itemIdentifier": each} for each in failed]}

    def _note_dead(self, failed: Sequence[dict[str, Any]]) -> None:
        """Notes what has failed at its last delivery: people are told that it waits. That this fails as well is only
        logged; the alarm on the dead letters calls whoever can help.
        """
        for record in failed if self.queue in NOTED else ():
            if int(record.get("attributes", {}).get("ApproximateReceiveCount", 1)) < MOST_DELIVERIES:
                continue
            try:
                note_stuck(self.queue, unbundled(record["body"])[0], clock.now())
            except Exception:  # noqa: BLE001 - see above
                logger.exception("dead_letter_not_noted", queue=self.queue, message_id=record["messageId"])

    def _groups(self, records: Sequence[dict[str, Any]], failed: _Failed) -> list[_Group]:
        """What the records bring, in the order of each group's first; ``failed`` gets what is malformed."""
        groups: list[_Group] = []
        of_tenant: dict[tuple[_Registered, str], _Group] = {}
        for record in records:
            for message in self._brought(record, failed):
                registered = self._handlers[message.type]
                group = of_tenant.get((registered, message.tenant_id)) if registered.together else None
                if group is None:
                    groups.append(group := _Group(registered))
                    of_tenant[registered, message.tenant_id] = group
                group.entries.append((record["messageId"], message))
        return groups

    def _brought(self, record: Mapping[str, Any], failed: _Failed) -> list[Message]:
        """The messages of a record that can be handled here; where it brings others, it fails."""
        try:
            brought = unbundled(record["body"])
            if unknown := [message.type for message in brought if message.type not in self._handlers]:
                failed[record["messageId"]] = None
                logger.error("message_unknown", queue=self.queue, message_type=unknown, message_id=record["messageId"])
            return [message for message in brought if message.type in self._handlers]
        except MalformedMessage:
            failed[record["messageId"]] = None
            logger.exception("message_malformed", queue=self.queue, message_id=record["messageId"])
            return []

    def _work(self, group: _Group, failed: _Failed) -> None:
        """Handles a group; should that fail, each message by itself, and ``failed`` gets those that still do."""
        messages = [message for _, message in group.entries]
        correlations = {message.correlation_id for message in messages}
        with _told(correlations.pop() if len(correlations) == 1 else "", messages[0].tenant_id):
            try:
                self._handle(group.registered, messages, clock.now())
                return
            except Exception as fault:  # noqa: BLE001 - logged, and named in the answer
                self._log_failure(group, fault)
        if len(group.entries) == 1:
            failed[group.entries[0][0]] = None
            return
        for entry in group.entries:
            self._work(_Group(group.registered, [entry]), failed)

    def _log_failure(self, group: _Group, fault: Exception) -> None:
        (_, message), *others = group.entries
        if others:
            logger.warning("messages_failed_together", queue=self.queue, messages=len(group.entries), exc_info=fault)
        else:
            logger.error(
                "message_failed", queue=self.queue, message_type=message.type, message_id=message.id, exc_info=fault
            )

    def handle(self, message: Message, now: datetime) -> None:
        """Runs one message in its tenant's scope. Raises MalformedMessage for a type not handled here."""
        registered = self._handlers.get(message.type)
        if registered is None:
            raise MalformedMessage(f"{self.queue} handles no {message.type!r}")
        self._handle(registered, [message], now)

    def _handle(self, registered: _Registered, messages: Sequence[Message], now: datetime) -> None:
        with tenant_scope(messages[0].tenant_id):
            registered.handle(messages, now)


@contextmanager
def _told(correlation: str, tenant_id: str) -> Iterator[None]:
    """Log lines and events inside carry the correlation id; empty where a group's messages have several."""
    token = correlation_id.set(correlation)
    logger.thread_safe_append_keys(correlation_id=correlation, tenant_id=tenant_id)
    try:
        yield
    finally:
        correlation_id.reset(token)
        logger.thread_safe_clear_keys()
