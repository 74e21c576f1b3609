"""Aggregates of days and months as stored: read with all their bits, written only when their content changes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pynamodb.expressions.update import Action

from chalicelib.db import Transaction, fetch_many
from chalicelib.insight.model import bitmaps
from chalicelib.insight.model.figures import Rollup
from chalicelib.insight.records import BitsRecord, RollupRecord


@dataclass(frozen=True, slots=True)
class Stored:
    """An aggregate and its revision; revision 0 is one that was never written."""

    rollup: Rollup
    rev: int = 0
    more: int = 0
    days: dict[str, int] | None = None


NOTHING = Stored(Rollup())


def loaded(records: Sequence[RollupRecord]) -> dict[str, Stored]:
    """Aggregates by day or month. Bitmaps of more than one chunk cost one batch of reads for all of them."""
    places = [
        (record, chunk, BitsRecord.address(str(record.pk), str(record.sk), chunk))
        for record in records
        for chunk in range(1, int(record.more) + 1)
    ]
    further: dict[str, dict[int, bytes]] = {}
    found = fetch_many([(BitsRecord, *address) for _, _, address in places], consistent=True) if places else []
    for (record, chunk, _), bits in zip(places, found, strict=True):
        if bits is not None:
            further.setdefault(str(record.sk), {})[chunk] = bits.bits
    return {str(record.sk): _stored(record, further.get(str(record.sk), {})) for record in records}


def save(pk: str, sk: str, rollup: Rollup, before: Stored, days: dict[str, int] | None = None) -> Stored:
    """Writes an aggregate if it says anything new; answers with what now stands.

    Raises Refused when another rollup wrote it since ``before`` was read: what that one saw may be newer.
    """
    if (_said(rollup), days) == (_said(before.rollup), before.days):
        return before
    chunks = bitmaps.pack(rollup.members)
    more = max(chunks, default=0)
    after = Stored(rollup, before.rev + 1, more, days)
    tx = Transaction()
    condition = RollupRecord.rev == before.rev if before.rev else RollupRecord.pk.does_not_exist()
    tx.update("rollup", RollupRecord, pk, sk, actions=_content(after, chunks.get(0)), condition=condition)
    for chunk in range(1, max(more, before.more) + 1):
        place = BitsRecord.address(pk, sk, chunk)
        if chunk in chunks:
            tx.put(f"bits:{chunk}", BitsRecord(*place, bits=chunks[chunk]))
        else:
            tx.delete(f"bits:{chunk}", BitsRecord, *place)
    tx.commit()
    return after


def members_of(stored: Iterable[Stored]) -> int:
    """Everyone active in any of the aggregates."""
    return bitmaps.union(each.rollup.members for each in stored)


def _said(rollup: Rollup) -> tuple[dict[str, Any], int]:
    return rollup.hours_json(), rollup.members


def _stored(record: RollupRecord, further: dict[int, bytes]) -> Stored:
    chunks = {**further, 0: record.bits} if record.bits else further
    rollup = Rollup.parse(record.hours, bitmaps.unpack(chunks))
    return Stored(rollup, int(record.rev), int(record.more), record.days)


def _content(after: Stored, bits: bytes | None) -> list[Action]:
    values: list[tuple[Any, Any]] = [
        (RollupRecord.hours, after.rollup.hours_json()),
        (RollupRecord.bits, bits),
        (RollupRecord.more, after.more),
        (RollupRecord.days, after.days),
        (RollupRecord.rev, after.rev),
    ]
    return [attribute.remove() if value is None else attribute.set(value) for attribute, value in values]
