"""The rows of a leaderboard: most first, equal values share a rank, and the next one counts those before it. Pure."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

A_PART = 2_000
"""Rows that are stored together, and members whose values are."""


@dataclass(frozen=True, slots=True)
class Row:
    """A member on a board, by ordinal."""

    rank: int
    ordinal: int
    value: int


@dataclass(frozen=True, slots=True)
class Part:
    """The nth part of a board's rows, without those: what its first row says, and that it stands after ``before``
    others.
    """

    rank: int
    value: int
    ordinal: int
    before: int


def in_order(values: Mapping[int, int]) -> list[tuple[int, int]]:
    """Members with their values, the most first; among equals the one who has been a member for longer."""
    return sorted(values.items(), key=lambda each: (-each[1], each[0]))


def parts_of(rows: Sequence[tuple[int, int]]) -> Iterator[tuple[Part, list[tuple[int, int]]]]:
    """The parts in which rows are stored."""
    rank, last = 1, rows[0][1] if rows else 0
    for before in range(0, len(rows), A_PART):
        some = list(rows[before : before + A_PART])
        ordinal, value = some[0]
        part = Part(rank if value == last else before + 1, value, ordinal, before)
        yield part, some
        *_, end = ranked(part, some)
        rank, last = end.rank, end.value


def ranked(part: Part, rows: Sequence[tuple[int, int]]) -> Iterator[Row]:
    """The rows of a part with their ranks."""
    rank, last = part.rank, part.value
    for place, (ordinal, value) in enumerate(rows, part.before + 1):
        if value != last:
            rank, last = place, value
        yield Row(rank, ordinal, value)


def part_with(parts: Sequence[Part], value: int, ordinal: int) -> int:
    """The part in which a row of this value and member stands, or would."""
    return max(0, bisect_right(parts, (-value, ordinal), key=lambda part: (-part.value, part.ordinal)) - 1)


def part_with_rank(parts: Sequence[Part], value: int) -> int:
    """A part that tells the rank of a value: the last one that does not begin with less."""
    return max(0, bisect_right(parts, -value, key=lambda part: -part.value) - 1)


def follows(row: Row, value: int, ordinal: int) -> bool:
    """Whether a row stands after one of this value and member."""
    return (-row.value, row.ordinal) > (-value, ordinal)


def rank_in(part: Part, rows: Sequence[tuple[int, int]], value: int) -> int:
    """The rank of a value, by the part of :func:`part_with_rank`: those before it have more."""
    if value == part.value:
        return part.rank
    return part.before + 1 + sum(1 for _, each in rows if each > value)
