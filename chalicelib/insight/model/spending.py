"""What each member bought on a local day, in columns by ordinal: what RFM is scored from. Pure. In minor units.

A day is kept as few compressed columns instead of a record a member: 4 to 6 bytes for each who ordered.
"""

import hashlib
import json
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from chalicelib.insight.model.figures import Activity

CHUNK_MEMBERS = 2**15
"""Ordinals in one stored chunk: 32,768 members who all ordered take about 160 KB, of the 400 that an item may have."""


@dataclass(frozen=True, slots=True)
class Spend:
    """What members spent on a day: the amount by currency and ordinal. Who ordered for nothing spent 0."""

    amounts: Mapping[str, Mapping[int, int]] = field(default_factory=dict)


def day_spend(activities: Iterable[Activity]) -> Spend:
    """From all orders of a day, in any order."""
    found: dict[str, dict[int, int]] = defaultdict(dict)
    for each in activities:
        known = found[each.currency]
        known[each.ordinal] = known.get(each.ordinal, 0) + each.amount_minor
    return Spend(found)


def pack(spend: Spend) -> dict[int, bytes]:
    """Chunk number to columns, for the chunks that hold anyone; equal spends give equal bytes."""
    chunks: dict[int, dict[str, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
    for currency in sorted(spend.amounts):
        for ordinal, minor in sorted(spend.amounts[currency].items()):
            chunks[ordinal // CHUNK_MEMBERS][currency].append((ordinal, minor))
    return {number: zlib.compress(_columns(by_currency), 9) for number, by_currency in chunks.items()}


def _columns(by_currency: Mapping[str, list[tuple[int, int]]]) -> bytes:
    said: dict[str, Any] = {}
    for currency, rows in by_currency.items():
        ordinals = [ordinal for ordinal, _ in rows]
        steps = [after - before for before, after in zip([0, *ordinals], ordinals, strict=False)]
        said[currency] = [steps, [minor for _, minor in rows]]
    return json.dumps(said, separators=(",", ":")).encode()


def unpack(columns: bytes) -> Spend:
    """The members of one chunk that :func:`pack` wrote."""
    said = json.loads(zlib.decompress(columns))
    return Spend({name: dict(zip(accumulate(steps), minor, strict=True)) for name, (steps, minor) in said.items()})


def digest(chunks: Mapping[int, bytes]) -> str:
    """Tells one content from another."""
    seen = hashlib.blake2b(digest_size=12)
    for number in sorted(chunks):
        seen.update(number.to_bytes(4, "big") + chunks[number])
    return seen.hexdigest()
