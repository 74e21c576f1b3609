"""What lies beside a day's aggregate, in records of its own: what its members spent, and the day by each dimension.

Each is written only when it changes: the day's own record has a digest of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from chalicelib.db import InsightRecord, Transaction
from chalicelib.insight.model import slices, spending
from chalicelib.insight.model.figures import Activity
from chalicelib.insight.records import RollupRecord, SpendRecord
from chalicelib.insight.rollups.records import SliceRecord

SPEND = "spend"

Chunks = Mapping[int, bytes]


@dataclass(frozen=True, slots=True)
class Kept:
    """How something stands beside a day: a digest of it, and its chunks."""

    digest: str
    chunks: Sequence[int]


def of_day(orders: Sequence[Activity]) -> dict[str, Chunks]:
    """What is to lie beside the aggregate of these orders, by name: what has no content has no name."""
    found: dict[str, Chunks] = {SPEND: spending.pack(spending.day_spend(orders))}
    found |= {dimension.value: slices.pack(each) for dimension, each in slices.day_slices(orders).items()}
    return {name: chunks for name, chunks in found.items() if chunks}


def kept(beside: Mapping[str, Chunks]) -> dict[str, Kept]:
    """The same as it will stand."""
    return {name: Kept(spending.digest(chunks), sorted(chunks)) for name, chunks in beside.items()}


def read(record: RollupRecord) -> dict[str, Kept]:
    """What stands beside a day."""
    spent = {SPEND: record.spent} if record.spent else {}
    return {name: Kept(*said) for name, said in {**spent, **(record.sliced or {})}.items()}


def changed(before: Mapping[str, Kept], after: Mapping[str, Kept]) -> list[tuple[str, int]]:
    """The chunks, by name and number, that are to be written or removed."""
    names = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
    nothing = Kept("", ())
    return [
        (name, chunk)
        for name in names
        for chunk in sorted({*before.get(name, nothing).chunks, *after.get(name, nothing).chunks})
    ]


def add(
    tx: Transaction, tenant_id: str, day: str, wanted: Iterable[tuple[str, int]], beside: Mapping[str, Chunks]
) -> None:
    """Adds the writing of these chunks, or their removal, to a transaction."""
    for name, chunk in wanted:
        columns, operation = beside.get(name, {}).get(chunk), f"{day}:{name}:{chunk}"
        kind, place = _place(tenant_id, day, name, chunk)
        if columns is not None:
            tx.put(operation, kind(*place, columns=columns))
        else:
            tx.delete(operation, kind, *place)


def _place(tenant_id: str, day: str, name: str, chunk: int) -> tuple[type[InsightRecord], tuple[str, str]]:
    if name == SPEND:
        return SpendRecord, SpendRecord.address(tenant_id, day, chunk)
    return SliceRecord, SliceRecord.address(tenant_id, name, day, chunk)
