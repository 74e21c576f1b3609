"""Aggregates of days and months as stored: read with all their bits, written only when their content changes."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pynamodb.expressions.update import Action

from chalicelib.db import Transaction, fetch_many
from chalicelib.db.transaction import MOST_OPERATIONS
from chalicelib.insight.model import bitmaps
from chalicelib.insight.model.figures import Rollup
from chalicelib.insight.records import BitsRecord, RollupRecord
from chalicelib.insight.rollups.service.beside import SPEND, Chunks, Kept, add, changed, kept, read


@dataclass(frozen=True, slots=True)
class Stored:
    """An aggregate and its revision; revision 0 is one that was never written."""

    rollup: Rollup
    rev: int = 0
    more: int = 0
    days: dict[str, int] | None = None
    beside: Mapping[str, Kept] = field(default_factory=dict)


_MOST_BYTES = 2 * 1024 * 1024
"""DynamoDB takes 4 MB in a transaction; a further aggregate of a million members has at most 0.2."""

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


@dataclass(frozen=True, slots=True)
class Revision:
    """An aggregate that says something new: what stood when it was read, and what is to stand."""

    pk: str
    sk: str
    before: Stored
    after: Stored
    chunks: dict[int, bytes]
    beside: Mapping[str, Chunks] = field(default_factory=dict)

    @property
    def bytes(self) -> int:
        """About how much it adds to a transaction."""
        beside = sum(len(self.beside.get(name, {}).get(chunk, b"")) for name, chunk in self.changed_beside)
        return sum(map(len, self.chunks.values())) + beside + len(json.dumps(self.after.rollup.hours_json())) + 1024

    @property
    def operations(self) -> int:
        """At most so many writes it takes."""
        return 1 + max(self.after.more, self.before.more) + len(self.changed_beside)

    @property
    def changed_beside(self) -> list[tuple[str, int]]:
        """The chunks of what lies beside it that are written, or removed."""
        return changed(self.before.beside, self.after.beside)


def revised(
    pk: str,
    sk: str,
    rollup: Rollup,
    before: Stored,
    days: dict[str, int] | None = None,
    beside: Mapping[str, Chunks] | None = None,
) -> Revision | None:
    """What is to be written for this aggregate, and for a day of what lies beside it; None when all of it stands there
    already.
    """
    found = kept(beside or {})
    if (_said(rollup), days, found) == (_said(before.rollup), before.days, before.beside):
        return None
    chunks = bitmaps.pack(rollup.members)
    after = Stored(rollup, before.rev + 1, max(chunks, default=0), days, found)
    return Revision(pk, sk, before, after, chunks, beside or {})


Note = Callable[[Transaction, Sequence[Revision]], None]
"""Adds one operation to the transaction that writes these revisions."""


def write(tx: Transaction, revisions: Iterable[Revision], note: Note | None = None) -> None:
    """Adds aggregates to a transaction, and what is noted of them. Where they are too many for one, the first of them
    are committed before, in transactions of their own, so that all are written in their order.

    Raises Refused when another rollup wrote one of those since it was read: what that one saw may be newer.
    """
    *earlier, last = _parts(revisions)
    for part in earlier:
        own = Transaction()
        _add_all(own, part, note)
        own.commit()
    _add_all(tx, last, note)


def _add_all(tx: Transaction, part: Sequence[Revision], note: Note | None) -> None:
    for each in part:
        _add(tx, each)
    if note is not None:
        note(tx, part)


def _parts(revisions: Iterable[Revision]) -> list[list[Revision]]:
    """The revisions divided, so that each part fits into a transaction with a note of it; one part at least."""
    parts: list[list[Revision]] = [[]]
    operations = size = 0
    for each in revisions:
        if parts[-1] and (operations + each.operations >= MOST_OPERATIONS or size > _MOST_BYTES):
            parts.append([])
            operations = size = 0
        parts[-1].append(each)
        operations, size = operations + each.operations, size + each.bytes
    return parts


def _add(tx: Transaction, new: Revision) -> None:
    unwritten: Any = RollupRecord.pk.does_not_exist()
    condition = RollupRecord.rev == new.before.rev if new.before.rev else unwritten
    actions = _content(new.after, new.chunks.get(0))
    tx.update(new.sk, RollupRecord, new.pk, new.sk, actions=actions, condition=condition)
    for chunk in range(1, max(new.after.more, new.before.more) + 1):
        place = BitsRecord.address(new.pk, new.sk, chunk)
        if chunk in new.chunks:
            tx.put(f"{new.sk}:{chunk}", BitsRecord(*place, bits=new.chunks[chunk]))
        else:
            tx.delete(f"{new.sk}:{chunk}", BitsRecord, *place)
    add(tx, new.pk.partition("#")[0], new.sk, new.changed_beside, new.beside)


def members_of(stored: Iterable[Stored]) -> int:
    """Everyone active in any of the aggregates."""
    return bitmaps.union(each.rollup.members for each in stored)


def _said(rollup: Rollup) -> tuple[dict[str, Any], int]:
    return rollup.hours_json(), rollup.members


def _stored(record: RollupRecord, further: dict[int, bytes]) -> Stored:
    chunks = {**further, 0: record.bits} if record.bits else further
    rollup = Rollup.parse(record.hours, bitmaps.unpack(chunks))
    return Stored(rollup, int(record.rev), int(record.more), record.days, read(record))


def _content(after: Stored, bits: bytes | None) -> list[Action]:
    said = {name: [each.digest, list(each.chunks)] for name, each in sorted(after.beside.items())}
    values: list[tuple[Any, Any]] = [
        (RollupRecord.hours, after.rollup.hours_json()),
        (RollupRecord.bits, bits),
        (RollupRecord.more, after.more),
        (RollupRecord.days, after.days),
        (RollupRecord.rev, after.rev),
        (RollupRecord.spent, said.pop(SPEND, None)),
        (RollupRecord.sliced, said or None),
    ]
    return [attribute.remove() if value is None else attribute.set(value) for attribute, value in values]
