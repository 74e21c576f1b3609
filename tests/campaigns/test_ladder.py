"""The price ladder, worked by hand: 1 unit on 10.00, from 20 on 9.00, from 50 on 7.50."""

import pytest

from chalicelib.campaigns.model.ladder import (
    LadderNotFalling,
    LadderNotFromOne,
    LadderOutOfReach,
    LadderStepsNotRising,
    Step,
    check_ladder,
    next_step,
    price_at,
)
from chalicelib.kernel.errors import DomainError
from tests.refusals import refusal

LADDER = (Step(1, 1_000), Step(20, 900), Step(50, 750))


@pytest.mark.parametrize(
    ("sold", "price_minor", "units_to_next", "next_price"),
    [
        (0, 1_000, 20, 900),
        (1, 1_000, 19, 900),
        (19, 1_000, 1, 900),
        (20, 900, 30, 750),
        (49, 900, 1, 750),
        (50, 750, None, None),
        (51, 750, None, None),
    ],
)
def test_the_last_step_that_is_reached_is_everybodys_price(
    sold: int, price_minor: int, units_to_next: int | None, next_price: int | None
) -> None:
    assert price_at(LADDER, sold) == price_minor
    ahead = next_step(LADDER, sold)
    assert (ahead and ahead.from_quantity - sold, ahead and ahead.price_minor) == (units_to_next, next_price)


def test_without_a_ladder_there_is_no_next_step() -> None:
    assert next_step((), 5) is None
    check_ladder((), 10, "/offers/0/ladder")


@pytest.mark.parametrize(
    ("steps", "refusal", "places"),
    [
        ([(2, 1_000)], LadderNotFromOne, ["0/from_quantity"]),
        ([(1, 1_000), (5, 900), (5, 800), (4, 700)], LadderStepsNotRising, ["2/from_quantity", "3/from_quantity"]),
        ([(1, 1_000), (5, 1_000), (9, 1_100)], LadderNotFalling, ["1/price", "2/price"]),
        ([(1, 1_000), (60, 900), (61, 800)], LadderOutOfReach, ["2/from_quantity"]),
    ],
)
def test_a_bad_ladder_is_refused_by_name_and_step(
    steps: list[tuple[int, int]], refusal: type[DomainError], places: list[str]
) -> None:
    with pytest.raises(refusal) as refused:
        check_ladder([Step(*step) for step in steps], 60, "/offers/3/ladder")
    assert [error.pointer for error in refused.value.errors] == [f"/offers/3/ladder/{place}" for place in places]
    assert refused.value.status == 422


def test_a_sound_ladder_is_taken_up_to_the_last_unit() -> None:
    assert refusal(check_ladder, LADDER, 50, "") is None
    assert refusal(check_ladder, LADDER, 49, "") == "ladder_out_of_reach"
    assert refusal(check_ladder, [Step(1, 5)], 1, "") is None
