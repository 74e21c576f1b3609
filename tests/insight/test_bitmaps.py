"""Sets of members as bits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.insight.model import bitmaps
from chalicelib.insight.model.bitmaps import CHUNK_MEMBERS

sets = st.sets(st.integers(0, 5000), max_size=60)


@given(sets)
def test_a_set_gives_back_its_ordinals_in_order(members: set[int]) -> None:
    bits = bitmaps.of(members)

    assert list(bitmaps.ordinals(bits)) == sorted(members)
    assert bits.bit_count() == len(members)


@given(st.sets(st.integers(0, 3 * CHUNK_MEMBERS), max_size=5))
def test_packing_keeps_the_set_and_only_the_chunks_that_hold_anyone(members: set[int]) -> None:
    packed = bitmaps.pack(bitmaps.of(members))

    assert bitmaps.unpack(packed) == bitmaps.of(members)
    assert set(packed) == {ordinal // CHUNK_MEMBERS for ordinal in members}


def test_a_chunk_fits_into_an_item_even_when_it_does_not_compress() -> None:
    every_other = int.from_bytes(bytes(range(1, 256)) * 514, "little") & ((1 << CHUNK_MEMBERS) - 1)

    assert max(map(len, bitmaps.pack(every_other).values())) < 200_000


@given(st.lists(sets, max_size=12), st.integers(1, 6))
def test_sliding_unions_unite_each_window(parts: list[set[int]], width: int) -> None:
    unions = bitmaps.sliding_unions([bitmaps.of(part) for part in parts], width)

    naive = [bitmaps.of(set().union(*parts[at : at + width])) for at in range(len(parts))]
    assert unions == naive


def test_a_negative_ordinal_is_a_defect() -> None:
    with pytest.raises(ValueError, match="never negative"):
        bitmaps.of([3, -1])


@given(st.sets(st.integers(0, 200_000), max_size=30), st.sets(st.integers(0, 200_000), max_size=30))
def test_who_is_in_both_is_counted_piece_by_piece(some: set[int], others: set[int]) -> None:
    few, many = bitmaps.pieces(bitmaps.of(some)), bitmaps.pieces(bitmaps.of(some | others))

    assert bitmaps.count_both(few, many) == len(some)
    assert bitmaps.count_both(few, bitmaps.pieces(bitmaps.of(others))) == len(some & others)
