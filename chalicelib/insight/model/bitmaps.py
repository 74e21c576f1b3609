"""Sets of members as bits of a Python int: bit *n* stands for the member with ordinal *n* of the tenant.

An intersection is ``&``, a count is ``int.bit_count``: exact, and a million members take 128 KB before compression.
"""

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from operator import or_

from chalicelib.kernel import bits

CHUNK_MEMBERS = 2**20
"""Members in one stored chunk: 131,072 bytes of bits, which fit into one item even when they do not compress."""

_CHUNK_BYTES = CHUNK_MEMBERS // 8


def of(ordinals: Iterable[int]) -> int:
    """The set of these ordinals. Raises ValueError for a negative one."""
    wanted = set(ordinals)
    if not wanted:
        return 0
    if min(wanted) < 0:
        raise ValueError("a member's ordinal is never negative")
    raw = bytearray(max(wanted) // 8 + 1)
    for ordinal in wanted:
        raw[ordinal >> 3] |= 1 << (ordinal & 7)
    return int.from_bytes(raw, "little")


def ordinals(members: int) -> Iterator[int]:
    """The ordinals in a set, ascending."""
    return bits.places(members)


def union(sets: Iterable[int]) -> int:
    """The members in any of the sets."""
    return reduce(or_, sets, 0)


_PIECE_BYTES = 1024
"""A piece holds 8,192 members: short enough that a cohort who joined one after another is in one or two of them."""


def pieces(members: int) -> dict[int, int]:
    """The set in pieces by number, those that hold anyone: for :func:`count_both`."""
    raw = bits.as_bytes(members)
    parts = (int.from_bytes(raw[at : at + _PIECE_BYTES], "little") for at in range(0, len(raw), _PIECE_BYTES))
    return {number: part for number, part in enumerate(parts) if part}


def count_both(few: Mapping[int, int], many: Mapping[int, int]) -> int:
    """How many are in both of two sets in pieces, where the first has fewer of them."""
    count = 0
    for number, part in few.items():
        if other := many.get(number):
            count += (part & other).bit_count()
    return count


def pack(members: int) -> dict[int, bytes]:
    """Chunk number to compressed bits, for the chunks that hold anyone: ordinal *n* is in chunk ``n // 2**20``."""
    raw = bits.as_bytes(members)
    chunks = {at // _CHUNK_BYTES: raw[at : at + _CHUNK_BYTES] for at in range(0, len(raw), _CHUNK_BYTES)}
    return {number: zlib.compress(chunk, 9) for number, chunk in chunks.items() if any(chunk)}


def unpack(chunks: Mapping[int, bytes]) -> int:
    """The set that :func:`pack` wrote."""
    return union(
        int.from_bytes(zlib.decompress(packed), "little") << (number * CHUNK_MEMBERS)
        for number, packed in chunks.items()
    )


def sliding_unions(sets: Sequence[int], width: int) -> list[int]:
    """For every position the union of the ``width`` sets that start there; beyond the end there is nobody.

    Two unions a position whatever the width (van Herk's and Gil's method: running unions forward and backward
    inside blocks of ``width``).
    """
    if width < 1:
        raise ValueError("a window is at least one set wide")
    padded = [*sets, *([0] * (-len(sets) % width + width))]
    forward, backward = padded[:], padded[:]
    for at in range(1, len(padded)):
        if at % width:
            forward[at] |= forward[at - 1]
    for at in range(len(padded) - 2, -1, -1):
        if (at + 1) % width:
            backward[at] |= backward[at + 1]
    return [backward[at] | forward[at + width - 1] for at in range(len(sets))]
