"""What all nights of a history read, one after the other, against reading the whole history so far in each of them."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from math import ceil
from pathlib import Path
from typing import Any
from unittest.mock import patch

from botocore.model import OperationModel

from chalicelib.db import tenant_scope
from chalicelib.db.client import connection
from chalicelib.insight.imports.service import order_files
from chalicelib.insight.recompute.service import jobs as recompute_jobs
from chalicelib.insight.records import ActivityRecord
from chalicelib.kernel import clock
from infra.bench.figure import Figure, told
from infra.bench.stage import Brand, Stage
from infra.package import ROOT

FEWER = 50
_CDNOW = ROOT.parent / "shared" / "data" / "cdnow"
_DEMO = ROOT / "infra" / "local" / "demo" / "orders.csv.gz"
_NOON, _DAY = time(4), timedelta(days=1)  # twelve o'clock in Shanghai


@dataclass
class Reads:
    """Requests, items, and read units. The engine reports too few of these for large items: here they follow from what
    was answered, by DynamoDB's rules for consistent reads, and every reading counts as one.
    """

    requests: int = 0
    items: int = 0
    units: int = 0
    write_units: int = 0
    """Of transactions, twice that of each item."""

    def add(self, other: Reads) -> None:
        self.requests += other.requests
        self.items += other.items
        self.units += other.units


@dataclass
class Span:
    """A history, played day by day: what its nights read, and what readings of all of it would have."""

    nights: int = 0
    ours: Reads = field(default_factory=Reads)
    rescans: Reads = field(default_factory=Reads)

    def fewer(self) -> float:
        """How many times fewer items."""
        return self.rescans.items / max(1, self.ours.items)


def figures(stage: Stage) -> Iterator[Figure]:
    """Lines of the table about all nights of a history."""
    path = next(each for each in (_CDNOW / "orders_sample.csv", _DEMO) if each.exists())
    source = "the CDNOW sample" if path.parent == _CDNOW else "the demo's orders (CDNOW is not beside this repository)"
    header, days = by_day(path)
    span = play(stage, header, days)
    fewer, ours, rescans = span.fewer(), span.ours, span.rescans
    how = (
        f"{source}, {span.nights} nights: {ours.items:,} items read against {rescans.items:,} by a nightly "
        "reading of all orders so far; the weekly recount left out"
    )
    goal, met = f"≥ {FEWER}× fewer", fewer >= FEWER
    yield Figure("reads of all nights against nightly rescans", goal, f"{fewer:.0f}× fewer", met, how)
    yield told(
        "the same in read units and in requests",
        f"{rescans.units / ours.units:.0f}×, {rescans.requests / ours.requests:.0f}× fewer",
        f"{ours.units:,} units in {ours.requests:,} requests against {rescans.units:,} in {rescans.requests:,}: "
        f"a night is {ours.requests / span.nights:.0f} small requests however long the history is",
    )


def by_day(path: Path) -> tuple[str, dict[date, list[str]]]:
    """A file's header, and its rows by local day, oldest first."""
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    header, *rows = content.decode().splitlines(keepends=True)
    at = header.strip().split(",").index("ordered_on")
    days: dict[date, list[str]] = {}
    for row in rows:
        days.setdefault(date.fromisoformat(row.split(",")[at].strip()), []).append(row)
    return header, dict(sorted(days.items()))


def play(stage: Stage, header: str, days: dict[date, list[str]]) -> Span:
    """Plays a history: each day its orders come by a file, and then the brand's night."""
    span, first, last = Span(), min(days), max(days)
    so_far = Reads()
    with _quiet():
        _at(first - _DAY)
        brand = Brand(stage, f"span-bench-{len(days)}")
        stage.pump.drain()
        for on in (first + timedelta(days=at) for at in range((last - first).days + 1)):
            _at(on)
            if on in days:
                stage.ask("POST", "/v1/imports", {"kind": "orders", "csv": header + "".join(days[on])}, brand.key)
            stage.pump.drain()
            _at(on + _DAY)
            for schedule in stage.pump.schedules:
                if schedule.function == "nightly":
                    stage.pump.run_schedule(schedule, clock.now())
            with counted() as night:
                stage.pump.drain()
            with counted() as reading, tenant_scope(brand.tenant_id):
                sum(1 for _ in ActivityRecord.of_day(brand.tenant_id, on))
            so_far.add(reading)
            span.nights += 1
            span.ours.add(night)
            span.rescans.add(so_far)
    return span


@contextmanager
def counted() -> Iterator[Reads]:
    """What is read inside."""
    reads = Reads()

    def answered(parsed: dict[str, Any], model: OperationModel, **_: object) -> None:
        found = {"Query": _of_query, "GetItem": _of_item, "BatchGetItem": _of_batch}.get(model.name)
        if found is not None:
            reads.add(found(parsed))

    def asked(params: dict[str, Any], **_: object) -> None:
        reads.write_units += sum(_written(item) for item in params.get("TransactItems", ()))

    events = connection().client.meta.events
    heard = {"after-call.dynamodb": answered, "before-parameter-build.dynamodb.TransactWriteItems": asked}
    for event, handler in heard.items():
        events.register(event, handler)
    try:
        yield reads
    finally:
        for event, handler in heard.items():
            events.unregister(event, handler)


def _of_query(answer: dict[str, Any]) -> Reads:
    return Reads(1, answer["ScannedCount"], _units(sum(map(_size, answer["Items"]))))


def _of_item(answer: dict[str, Any]) -> Reads:
    found = answer.get("Item")
    return Reads(1, int(found is not None), _units(_size(found or {})))


def _of_batch(answer: dict[str, Any]) -> Reads:
    items = [item for found in answer["Responses"].values() for item in found]
    return Reads(1, len(items), sum(_units(_size(item)) for item in items))


def _written(operation: dict[str, Any]) -> int:
    ((_, content),) = operation.items()
    values = content.get("Item") or {**content.get("Key", {}), **content.get("ExpressionAttributeValues", {})}
    return 2 * max(1, ceil(_size(values) / 1024))


def _units(size: int) -> int:
    return max(1, ceil(size / 4096))


def _size(item: dict[str, Any]) -> int:
    """An item's bytes by DynamoDB's rules: names, text and binary as they are, two digits of a number a byte."""
    return sum(len(name) + _bytes(*next(iter(value.items()))) for name, value in item.items())


def _bytes(kind: str, content: Any) -> int:
    if kind == "N":
        return len(content) // 2 + 1
    return len(content) if isinstance(content, bytes) else len(str(content).encode())


@contextmanager
def _quiet() -> Iterator[None]:
    """Imports leave the rollup to the night, and no weekly recount begins; the clock is right again afterwards."""
    before = clock.offset()
    with (
        patch.object(order_files, "after_import", return_value=None),
        patch.object(recompute_jobs, "is_day_of", return_value=False),
    ):
        try:
            yield
        finally:
            clock.set_offset(before)


def _at(on: date) -> None:
    clock.set_offset((datetime.combine(on, _NOON, UTC) - datetime.now(UTC)).total_seconds())
