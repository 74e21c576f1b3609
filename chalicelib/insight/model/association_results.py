"""Sets of goods bought together, as they are kept: packed into one item for each unit. Pure."""

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from chalicelib.insight.model.associations import MOST_ITEMS, MOST_SETS, Baskets, Sets, find_sets

MOST_BYTES = 380_000
"""An item of the table has 400 KB at most."""

PAIR = 2


@dataclass(frozen=True, slots=True)
class Found:
    """Pairs, and sets of up to ``MOST_ITEMS``, which may begin at a greater number of baskets: there are many more."""

    pairs: Sets
    sets: Sets

    def of(self, most_items: int) -> Sets:
        """Those that rules of so many items at most are made of."""
        return self.pairs if most_items <= PAIR else self.sets

    def pack(self) -> bytes:
        return zlib.compress(json.dumps([_json(self.pairs), _json(self.sets)], separators=(",", ":")).encode(), 9)

    @classmethod
    def unpack(cls, content: bytes) -> Self:
        pairs, sets = json.loads(zlib.decompress(content))
        return cls(_parse(pairs), _parse(sets))


def find(baskets: Baskets, most_bytes: int = MOST_BYTES) -> bytes:
    """What is found in baskets, packed: with fewer sets where names are so long that all of them have no room."""
    most = MOST_SETS
    while (
        len(content := Found(find_sets(baskets, PAIR, most), find_sets(baskets, MOST_ITEMS, most)).pack()) > most_bytes
    ):
        most //= 2
    return content


def _json(sets: Sets) -> Mapping[str, object]:
    return {
        "total": sets.total,
        "unknown": sets.unknown,
        "least": sets.least_count,
        "names": sets.names,
        "counts": [[*items, count] for items, count in sorted(sets.counts.items())],
    }


def _parse(raw: Mapping[str, object]) -> Sets:
    counts: list[list[int]] = raw["counts"]  # type: ignore[assignment]
    return Sets(
        raw["total"], raw["unknown"], raw["least"], raw["names"],  # type: ignore[arg-type]
        {tuple(items): count for *items, count in counts},
    )  # fmt: skip
