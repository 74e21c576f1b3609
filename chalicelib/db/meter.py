"""Counts what an operation costs: requests, items, and capacity units as DynamoDB reports them."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

_READS = frozenset({"GetItem", "BatchGetItem", "Query", "TransactGetItems"})


@dataclass(slots=True)
class Meter:
    """Requests by operation, items, and capacity units: reads, writes to tables, writes to their indexes.

    ``items_read`` counts what a filter left out too, since it costs the same.
    """

    by_operation: Counter[str] = field(default_factory=Counter)
    items_read: int = 0
    items_written: int = 0
    read_units: float = 0.0
    write_units: float = 0.0
    index_write_units: float = 0.0
    _lock: Lock = field(default_factory=Lock, repr=False, compare=False)

    @property
    def reads(self) -> int:
        """Read requests sent."""
        return sum(count for name, count in self.by_operation.items() if name in _READS)

    @property
    def writes(self) -> int:
        """Write requests sent; a transaction is one."""
        return sum(count for name, count in self.by_operation.items() if name not in _READS)

    def add(self, other: "Meter") -> None:
        """Adds what another meter counted."""
        self.by_operation.update(other.by_operation)
        self.items_read += other.items_read
        self.items_written += other.items_written
        self.read_units += other.read_units
        self.write_units += other.write_units
        self.index_write_units += other.index_write_units

    def ask(self, operation: str, params: Mapping[str, Any]) -> None:
        """Adds the items that a request is about to write; what a transaction only checks is one of them."""
        if operation in _READS:
            return
        batch = operation == "BatchWriteItem"
        written = params["RequestItems"].values() if batch else [params.get("TransactItems", (operation,))]
        with self._lock:
            self.items_written += sum(map(len, written))

    def answer(self, operation: str, parsed: Mapping[str, Any]) -> None:
        """Adds one answered request, the items that it read, and its ``ConsumedCapacity`` (one table's, a list of
        them, or absent).
        """
        consumed: Any = parsed.get("ConsumedCapacity")
        with self._lock:  # several requests may be under way at once
            self.by_operation[operation] += 1
            self.items_read += _items_in(parsed)
            for table in [consumed] if isinstance(consumed, Mapping) else consumed or []:
                self._add_table(operation, table)

    def _add_table(self, operation: str, table: Mapping[str, Any]) -> None:
        total = float(table.get("CapacityUnits", 0))
        if operation in _READS:
            self.read_units += total
            return
        indexes = table.get("GlobalSecondaryIndexes", {})
        in_indexes = sum(float(index["CapacityUnits"]) for index in indexes.values())
        self.index_write_units += in_indexes
        self.write_units += total - in_indexes


def _items_in(answer: Mapping[str, Any]) -> int:
    """Items that were read for an answer: of a query those it looked at, of the others those it brought."""
    if "ScannedCount" in answer:
        return int(answer["ScannedCount"])
    responses: Any = answer.get("Responses", ())
    if isinstance(responses, Mapping):
        return sum(len(items) for items in responses.values())
    return sum("Item" in found for found in (answer, *responses))


_current: ContextVar[Meter | None] = ContextVar("meter", default=None)


@contextmanager
def metered() -> Iterator[Meter]:
    """Counts the requests sent inside, from this thread or task."""
    meter = Meter()
    token = _current.set(meter)
    try:
        yield meter
    finally:
        _current.reset(token)


def current_meter() -> Meter | None:
    """The meter that is open here, if any."""
    return _current.get()
