"""Units as packs, worked by hand."""

import pytest

from chalicelib.fulfilment.suppliers.model import (
    Packed,
    Rounding,
    Terms,
    ToleranceTooLarge,
    ToleranceWithoutFloor,
    TwoMinimums,
    check_terms,
    packed,
)

FLOOR = Rounding.FLOOR


@pytest.mark.parametrize(
    ("units", "terms", "expected"),
    [
        # 23 units in packs of 10: the third pack is begun, 7 units are nobody's.
        (23, Terms(100, 10), Packed(3, 30, 7, 0)),
        (30, Terms(100, 10), Packed(3, 30, 0, 0)),
        (0, Terms(100, 10), Packed(0, 0, 0, 0)),
        (7, Terms(100), Packed(7, 7, 0, 0)),
        # Floor leaves out 3 of 23, which is within the tolerance of 3; 4 of 24 would be more, so the pack is bought.
        (23, Terms(100, 10, FLOOR, 3), Packed(2, 20, 0, 3)),
        (24, Terms(100, 10, FLOOR, 3), Packed(3, 30, 6, 0)),
        # Floor without a tolerance leaves nobody short.
        (21, Terms(100, 10, FLOOR), Packed(3, 30, 9, 0)),
        # All that was ordered may be within the tolerance: nothing is bought.
        (2, Terms(100, 10, FLOOR, 3), Packed(0, 0, 0, 2)),
    ],
)
def test_packs_of_units(units: int, terms: Terms, expected: Packed) -> None:
    assert packed(units, terms) == expected
    assert expected.bought == units + expected.surplus - expected.short


def test_a_minimum_is_missed_only_by_what_is_bought() -> None:
    assert Terms(100, minimum_quantity=20).is_below(19)
    assert not Terms(100, minimum_quantity=20).is_below(20)
    assert not Terms(100, minimum_quantity=20).is_below(0)
    # 19 units at 1.00 are 19.00, below 20.00.
    assert Terms(100, minimum_minor=2_000).is_below(19)
    assert not Terms(100, minimum_minor=2_000).is_below(20)


@pytest.mark.parametrize(
    ("terms", "refusal"),
    [
        (Terms(100, 10, Rounding.CEIL, 3), ToleranceWithoutFloor),
        (Terms(100, 10, FLOOR, 10), ToleranceTooLarge),
        (Terms(100, 10, minimum_quantity=5, minimum_minor=500), TwoMinimums),
    ],
)
def test_terms_that_contradict_themselves_are_refused_by_name(terms: Terms, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        check_terms(terms)
