"""The RFM scores of members, as they are kept for rules: a byte each, in chunks by ordinal. Pure.

The byte of somebody who never ordered is 0: they have no score.
"""

import zlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

CHUNK_MEMBERS = 2**15
"""Members in one chunk: 32 KB of bytes, which compress to less."""

NAMES = ("rfm_recency", "rfm_frequency", "rfm_monetary")
"""The fields of rules that ask for a score, in the order in which a member has them."""

Scores = tuple[int, int, int]
"""Recency, frequency and monetary value, each from 1 to 5."""


@dataclass(frozen=True, slots=True)
class Scored:
    """The scores of all who ever ordered, by ordinal, as of the brand's day ``as_of``, that day included."""

    as_of: date
    scores: Mapping[int, Scores]


def packed(scores: Mapping[int, Scores]) -> dict[int, bytes]:
    """Chunk number to the bytes of its members, as far as one of them has a score."""
    chunks: dict[int, bytearray] = defaultdict(bytearray)
    for ordinal in sorted(scores):
        chunk, place = chunks[ordinal // CHUNK_MEMBERS], ordinal % CHUNK_MEMBERS
        chunk.extend(bytes(place + 1 - len(chunk)))
        recency, frequency, monetary = scores[ordinal]
        chunk[place] = 25 * (recency - 1) + 5 * (frequency - 1) + monetary
    return {number: bytes(chunk) for number, chunk in chunks.items()}


def score_at(chunk: bytes, place: int) -> Scores | None:
    """The scores of the member at a place of a chunk; None where they have none."""
    packed_byte = chunk[place] if place < len(chunk) else 0
    if not packed_byte:
        return None
    recency, rest = divmod(packed_byte - 1, 25)
    return recency + 1, rest // 5 + 1, rest % 5 + 1


def changed(before: bytes, after: bytes) -> int:
    """The places of a chunk whose scores differ, as bits."""
    if before == after:
        return 0
    differs = bytearray(max(len(before), len(after)) // 8 + 1)
    for place, (one, other) in enumerate(zip_longest(before, after, fillvalue=0)):
        if one != other:
            differs[place // 8] |= 1 << place % 8
    return int.from_bytes(differs, "little")


def compressed(raw: bytes) -> bytes:
    """As it is stored; equal bytes give equal ones."""
    return zlib.compress(raw, 9)


def decompressed(stored: bytes) -> bytes:
    """What :func:`compressed` was given."""
    return zlib.decompress(stored)
