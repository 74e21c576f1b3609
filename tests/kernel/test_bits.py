"""Sets of small numbers as bits."""

from __future__ import annotations

import pytest

from chalicelib.kernel import bits


@pytest.mark.parametrize("numbers", [[], [0], [7], [8], [0, 7, 8, 15, 16], [3, 4_000, 32_767, 1_048_575]])
def test_places_are_those_of_the_bits_ascending(numbers: list[int]) -> None:
    whole = sum(1 << each for each in numbers)
    assert list(bits.places(whole)) == numbers
    assert int.from_bytes(bits.as_bytes(whole), "little") == whole
