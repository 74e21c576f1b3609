"""What every record of a tenant's content has: the lists that it stands in, what is due of it, and its events."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex

from chalicelib.db.attributes import InstantAttribute, JsonAttribute
from chalicelib.db.records import Record, TableName
from chalicelib.kernel.context import correlation_id
from chalicelib.kernel.ids import new_id

Lane = Literal["due", "night"]

DUE_SHARDS: Mapping[Lane, int] = {"due": 16, "night": 8}
"""Partitions of the due index by lane. One takes 1,000 writes a second; in a rush every order that waits for payment
is put in and taken out, 10,000 writes a second at 5,000 orders a second."""


class _Gsi1(GlobalSecondaryIndex["TenantRecord"]):  # type: ignore[no-untyped-call]
    class Meta:
        index_name = "gsi1"
        projection = AllProjection()

    gsi1pk = UnicodeAttribute(hash_key=True)
    gsi1sk = UnicodeAttribute(range_key=True)


class _Gsi2(GlobalSecondaryIndex["TenantRecord"]):  # type: ignore[no-untyped-call]
    class Meta:
        index_name = "gsi2"
        projection = AllProjection()

    gsi2pk = UnicodeAttribute(hash_key=True)
    gsi2sk = UnicodeAttribute(range_key=True)


class _Due(GlobalSecondaryIndex["TenantRecord"]):  # type: ignore[no-untyped-call]
    class Meta:
        index_name = "due"
        projection = AllProjection()

    due_shard = UnicodeAttribute(hash_key=True)
    due_at = InstantAttribute(range_key=True)


@dataclass(frozen=True, slots=True)
class Following:
    """A change in place of another record, which follows from what a record has come to."""

    name: str
    record: type[Record]
    address: tuple[str, str]
    actions: Sequence[Action]
    condition: Condition


class TenantRecord(Record):
    """A record of a tenant's content.

    ``rev`` counts its writes (the ETag); ``outbox`` holds the events of its last write, which the relay publishes from
    the table's stream; the ``due_*`` attributes put it before the sweep at ``due_at``.
    """

    class Meta:
        table_name = TableName("tenant_table")

    rev = NumberAttribute(default=1)
    gsi1pk = UnicodeAttribute(null=True)
    gsi1sk = UnicodeAttribute(null=True)
    gsi2pk = UnicodeAttribute(null=True)
    gsi2sk = UnicodeAttribute(null=True)
    due_shard = UnicodeAttribute(null=True)
    due_at = InstantAttribute(null=True)
    due_queue = UnicodeAttribute(null=True)
    due_kind = UnicodeAttribute(null=True)
    outbox = JsonAttribute(null=True)

    def __init__(self, *arguments: Any, **attributes: Any) -> None:
        super().__init__(*arguments, **attributes)
        self._events: list[dict[str, Any]] = []

    gsi1_index = _Gsi1()
    gsi2_index = _Gsi2()
    due_index = _Due()

    @property
    def tenant_id(self) -> str:
        """The owner, as the partition key names it."""
        return str(self.pk).partition("#")[0]

    def schedule(
        self,
        due_at: datetime | None,
        kind: str = "",
        queue: str = "",
        lane: Lane = "due",
    ) -> None:
        """Asks for a message of ``kind`` on ``queue`` at ``due_at``; None asks for nothing any more.

        The ``due`` lane is looked at every minute, the ``night`` lane every quarter of an hour.
        """
        waits = due_at is not None
        self.due_at = due_at
        self.due_shard = due_shard(str(self.pk), lane) if waits else None
        self.due_kind = kind if waits else None
        self.due_queue = queue if waits else None

    def emit(self, event_type: str, now: datetime, **data: Any) -> None:
        """Adds an event to the write that this record is about to take part in; earlier writes' events drop out."""
        self._events.append(outbox_entry(event_type, now, data))

    @classmethod
    def emission(cls, event_type: str, now: datetime, **data: Any) -> Action:
        """The part of an update in place that emits an event."""
        return cls.outbox.set([outbox_entry(event_type, now, data)])

    def arrange(self) -> None:
        """Sets the lists that the record stands in, and what is due of it, from its other attributes.

        Called by each write of the whole record, never by anybody else. Records that follow from nothing leave it so.
        """

    COPIED: ClassVar[frozenset[str]] = frozenset()
    """Attributes from which the copy follows that a lower domain keeps: an update in place leaves them alone."""

    @classmethod
    def copy_address(cls, pk: str, sk: str) -> "tuple[type[Record], str, str] | None":
        """Where a lower domain keeps what it needs of the record under a key; None where none does."""
        return None

    def copy(self) -> Record | None:
        """What is kept there of the record as it stands now; None for nothing.

        Every write of the whole record brings its copy along, in the same transaction, so that nobody has to remember
        it. Called by each such write, never by anybody else.
        """
        return None

    def following(self) -> Sequence[Following]:
        """What changes of other records in the same write, since the record has come to what it is: what it holds of
        them and has no use for any more. It changes the record so that nothing follows from it twice.

        Called by each write of the whole record, never by anybody else, so that nobody has to remember it.
        """
        return ()

    def before_write(self) -> None:
        """Called by each write: arranges the record, and puts its new events in the place of those written before."""
        self.arrange()
        self.outbox, self._events = self._events or None, []


def outbox_entry(event_type: str, now: datetime, data: dict[str, Any]) -> dict[str, Any]:
    """An event as it rides on a record; its ULID carries its instant. Short names: an order must fit into 1 KB."""
    entry: dict[str, Any] = {"i": new_id(now), "t": event_type}
    if data:
        entry["d"] = data
    if correlation := correlation_id.get():
        entry["c"] = correlation
    return entry


def due_shard(pk: str, lane: Lane = "due") -> str:
    """The partition of the due index that a record belongs to."""
    return f"{lane}#{zlib.crc32(pk.encode()) % DUE_SHARDS[lane]}"
