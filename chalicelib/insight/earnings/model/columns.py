"""A day's parts as they are kept: the same bytes for the same parts. Pure."""

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.insight.earnings.model.figures import Cell, Earned
from chalicelib.insight.model import bitmaps

MOST_BYTES = 350_000
"""Of one record: DynamoDB takes 400 KB."""


def pack(cells: Mapping[str, Cell]) -> list[bytes]:
    """The parts of a day, by name, in pieces that a record takes each."""
    said = {name: [cells[name].earned.said(), _bits(cells[name].members)] for name in sorted(cells)}
    raw = zlib.compress(json.dumps(said, separators=(",", ":")).encode(), 9)
    return [raw[at : at + MOST_BYTES] for at in range(0, len(raw), MOST_BYTES)]


def unpack(pieces: Iterable[bytes]) -> dict[str, Cell]:
    """What :func:`pack` wrote."""
    said: Mapping[str, Any] = json.loads(zlib.decompress(b"".join(pieces)))
    return {name: Cell(Earned.read(figures), _members(bits)) for name, (figures, bits) in said.items()}


def _bits(members: int) -> dict[str, str]:
    return {str(number): b64encode(packed).decode() for number, packed in bitmaps.pack(members).items()}


def _members(bits: Mapping[str, str]) -> int:
    return bitmaps.unpack({int(number): b64decode(packed) for number, packed in bits.items()})
