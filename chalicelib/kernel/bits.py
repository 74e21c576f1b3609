"""Sets of small numbers as bits of a Python int."""

from collections.abc import Iterator


def as_bytes(bits: int) -> bytes:
    """The bits in as few bytes as hold them, the lowest first."""
    return bits.to_bytes((bits.bit_length() + 7) // 8, "little")


_PLACES = tuple(tuple(bit for bit in range(8) if byte >> bit & 1) for byte in range(256))
"""The places of the bits of each byte."""


def places(bits: int) -> Iterator[int]:
    """The places of the bits that are set, ascending, from 0."""
    for at, byte in enumerate(as_bytes(bits)):
        if byte:
            start = at * 8
            for bit in _PLACES[byte]:
                yield start + bit
