"""What every stored record has, and the few ways of reading them."""

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Literal, Self, TypeVar

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.connection.base import MetaTable
from pynamodb.connection.table import TableConnection
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model

from chalicelib.db.attributes import InstantAttribute, JsonAttribute
from chalicelib.db.client import table_connection
from chalicelib.kernel.context import correlation_id
from chalicelib.kernel.ids import new_id
from chalicelib.settings import required, settings

Lane = Literal["due", "night"]

PAGE = 200
"""Records of a page where all of a partition are read."""

DUE_SHARDS: Mapping[Lane, int] = {"due": 16, "night": 8}
"""Partitions of the due index by lane. One takes 1,000 writes a second; in a rush every order that waits for payment
is put in and taken out, 10,000 writes a second at 5,000 orders a second."""

_MOST_REQUESTS = 20
_FILTERED = (5, 100)
"""How many records a request reads where a filter leaves some out: at least, and at most unless more are wanted."""

_KEYS = {
    "gsi1": ("gsi1pk", "gsi1sk"),
    "gsi2": ("gsi2pk", "gsi2sk"),
    "due": ("due_shard", "due_at"),
}

R = TypeVar("R", bound="Record")


@dataclass(frozen=True, slots=True)
class Page(Generic[R]):
    """One page of a list; ``last_key`` continues it and is None at its end."""

    items: list[R]
    last_key: dict[str, Any] | None


class _TableName:
    """A table's physical name, read from the settings at each use: classes exist before the environment is known."""

    def __init__(self, setting: str) -> None:
        self.setting = setting

    def __get__(self, instance: object, owner: object = None) -> str:
        return required(getattr(settings(), self.setting), self.setting.upper())


class Record(Model):
    """A record of one of the three tables, with its keys."""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    expires_at = NumberAttribute(null=True)

    @classmethod
    def _get_connection(cls) -> TableConnection:
        return table_connection(cls.Meta.table_name, cls._meta_table)

    @classmethod
    def _meta_table(cls) -> MetaTable:
        schema = cls._get_schema()
        indexes = schema["global_secondary_indexes"]
        return MetaTable(
            {
                "TableName": cls.Meta.table_name,
                "KeySchema": schema["key_schema"],
                "AttributeDefinitions": schema["attribute_definitions"],
                "GlobalSecondaryIndexes": [
                    {"IndexName": index["index_name"], "KeySchema": index["key_schema"]} for index in indexes
                ],
                "LocalSecondaryIndexes": [],
            }
        )

    @classmethod
    def fetch(cls, pk: str, sk: str, *, consistent: bool = False) -> Self | None:
        """The record under a key, or None."""
        found = cls._get_connection().get_item(pk, range_key=sk, consistent_read=consistent)
        return cls.from_raw_data(found["Item"]) if "Item" in found else None

    @classmethod
    def page(
        cls,
        pk: str,
        *,
        begins_with: str | None = None,
        between: tuple[str, str] | None = None,
        limit: int = 20,
        cursor: dict[str, Any] | None = None,
        index: str | None = None,
        newest_first: bool = False,
        where: Condition | None = None,
        consistent: bool = False,
    ) -> Page[Self]:
        """Up to ``limit`` records of a partition, of the table or an index, in the order of the sort key.

        With a filter it reads on until the page is full, in at most 20 requests; the page may then be short and
        still continue. A filter that leaves nothing out costs nothing: what is read follows from what was found.
        ``cursor`` is an earlier page's ``last_key``.
        """
        items: list[Self] = []
        last, read = cursor, 0
        for _ in range(_MOST_REQUESTS):
            wanted = limit if where is None else _to_read(limit, len(items), read)
            answer = cls._read(
                pk, wanted, last, begins_with=begins_with, between=between, index=index, newest_first=newest_first,
                where=where, consistent=consistent,
            )  # fmt: skip
            read += answer["ScannedCount"]
            items.extend(cls.from_raw_data(raw) for raw in answer["Items"])
            last = answer.get("LastEvaluatedKey")
            if len(items) >= limit or last is None:
                break
        if len(items) > limit:
            items = items[:limit]
            last = items[-1].key_in(index)
        return Page(items, last)

    @classmethod
    def every(
        cls, pk: str, *, limit: int = PAGE, cursor: dict[str, Any] | None = None, **options: Any
    ) -> Iterator[Self]:
        """Every record of a partition, with the options of :meth:`page`; ``limit`` of them are read at a time."""
        while True:
            answer = cls._read(pk, limit, cursor, **options)
            for raw in answer["Items"]:
                yield cls.from_raw_data(raw)
            cursor = answer.get("LastEvaluatedKey")
            if cursor is None:
                return

    @classmethod
    def _read(
        cls,
        pk: str,
        limit: int,
        cursor: dict[str, Any] | None,
        *,
        begins_with: str | None = None,
        between: tuple[str, str] | None = None,
        index: str | None = None,
        newest_first: bool = False,
        where: Condition | None = None,
        consistent: bool = False,
    ) -> dict[str, Any]:
        """One request: of up to ``limit`` records those that pass."""
        return cls._get_connection().query(
            pk,
            range_key_condition=cls._range(index, begins_with, between),
            filter_condition=where,
            consistent_read=consistent,
            exclusive_start_key=cursor,
            index_name=index,
            limit=limit,
            scan_index_forward=not newest_first,
        )

    @classmethod
    def _range(cls, index: str | None, prefix: str | None, between: tuple[str, str] | None) -> Condition | None:
        sort_key: Any = getattr(cls, _KEYS[index][1] if index else "sk")
        if prefix is not None:
            begins: Condition = sort_key.startswith(prefix)
            return begins
        if between is not None:
            span: Condition = sort_key.between(*between)
            return span
        return None

    def key_in(self, index: str | None = None) -> dict[str, Any]:
        """The raw key of this record as a query in that index continues from it."""
        names = ("pk", "sk", *(_KEYS[index] if index else ()))
        raw = self.serialize()
        return {name: raw[name] for name in names}


def _to_read(limit: int, found: int, read: int) -> int:
    """How many records to read next for a page of ``limit``, where ``read`` of them gave ``found``.

    As many as are missing, by the share that passed so far and a fifth more; twice what was read so far while none did.
    """
    fewest, most = _FILTERED
    wanted = limit if not read else 2 * read if not found else (limit - found) * read * 6 // (found * 5)
    return min(max(wanted, fewest), max(limit, most))


class PlatformRecord(Record):
    """A record of the platform itself: slugs, the tenant registry, API-key ids, sign-in codes. No tenant content."""

    class Meta:
        table_name = _TableName("platform_table")

    rev = NumberAttribute(default=1)


class InsightRecord(Record):
    """A record of activity or of an aggregate; the same key always gets the same content, so writes overwrite."""

    class Meta:
        table_name = _TableName("insight_table")


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


class TenantRecord(Record):
    """A record of a tenant's content.

    ``rev`` counts its writes (the ETag); ``outbox`` holds the events of its last write, which the relay publishes from
    the table's stream; the ``due_*`` attributes put it before the sweep at ``due_at``.
    """

    class Meta:
        table_name = _TableName("tenant_table")

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
