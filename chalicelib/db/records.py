"""What every stored record has, and the few ways of reading them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, Self, TypeVar

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.connection.base import MetaTable
from pynamodb.connection.table import TableConnection
from pynamodb.constants import NULL
from pynamodb.exceptions import AttributeNullError
from pynamodb.expressions.condition import Condition
from pynamodb.models import Model

from chalicelib.db.client import table_connection
from chalicelib.db.columns import Column, Columns
from chalicelib.settings import required, settings

PAGE = 200
"""Records of a page where all of a partition are read."""

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


class TableName:
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
    @cache
    def _columns(cls) -> Columns:
        return Columns({name: Column.of(name, attribute) for name, attribute in cls.get_attributes().items()})

    # The next four do what pynamodb does for records without maps and lists of its own, which ours are. It looks at
    # each attribute of a class through several descriptors, also at those that a record has no value of: a third of
    # the CPU of writing many records.

    def _set_defaults(self, _user_instantiated: bool = True) -> None:
        for name, default in self._columns().defaults.items():
            self.attribute_values[name] = default() if callable(default) else default

    def _set_attributes(self, **attributes: Any) -> None:
        if unknown := attributes.keys() - self._columns().by_name.keys():
            raise ValueError(f"{type(self).__name__} has no {', '.join(sorted(unknown))}")
        self.attribute_values.update(attributes)

    def _container_serialize(self, null_check: bool = True) -> dict[str, dict[str, Any]]:
        columns, found = self._columns(), {}
        for name, value in self.attribute_values.items():
            column = columns.by_name[name]
            stored = None if value is None else column.write(value)
            if stored is not None:
                found[column.stored_name] = {column.kind: stored}
        if null_check and (absent := columns.required - found.keys()):
            raise AttributeNullError(columns.by_stored_name[min(absent)].name)
        return found

    def _container_deserialize(self, attribute_values: dict[str, dict[str, Any]]) -> None:
        self.attribute_values = {}
        self._set_defaults()
        columns = self._columns().by_stored_name
        for stored_name, stored in attribute_values.items():
            column = columns.get(stored_name)
            if column is not None and NULL not in stored:
                self.attribute_values[column.name] = column.read(stored)

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
        keep: Callable[[Self], bool] | None = None,
        consistent: bool = False,
    ) -> Page[Self]:
        """Up to ``limit`` records of a partition, of the table or an index, in the order of the sort key.

        With a filter it reads on until the page is full, in at most 20 requests; the page may then be short and
        still continue. A filter that leaves nothing out costs nothing: what is read follows from what was found.
        ``keep`` filters by what the database cannot compute.
        ``cursor`` is an earlier page's ``last_key``.
        """
        items: list[Self] = []
        last, read = cursor, 0
        for _ in range(_MOST_REQUESTS):
            wanted = limit if where is None and keep is None else _to_read(limit, len(items), read)
            answer = cls._read(
                pk, wanted, last, begins_with=begins_with, between=between, index=index, newest_first=newest_first,
                where=where, consistent=consistent,
            )  # fmt: skip
            read += answer["ScannedCount"]
            found = (cls.from_raw_data(raw) for raw in answer["Items"])
            items.extend(each for each in found if keep is None or keep(each))
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
        table_name = TableName("platform_table")

    rev = NumberAttribute(default=1)


class InsightRecord(Record):
    """A record of activity or of an aggregate; the same key always gets the same content, so writes overwrite."""

    class Meta:
        table_name = TableName("insight_table")
