"""Budgets in parts: what each part has, and which of them pay."""

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.promotions.model.budget import (
    MOST_PARTS,
    Left,
    Share,
    divided,
    joined,
    lowered,
    parts_for,
    shares_of,
    together,
)


def test_a_small_budget_is_in_one_part_and_a_large_one_in_as_many_as_a_rush_needs() -> None:
    assert parts_for(100_000, None, "CNY") == 1, "1,000 yuan are 50 orders or so"
    assert parts_for(10_000_000, None, "CNY") == MOST_PARTS
    assert parts_for(None, 500, "CNY") == 10
    assert parts_for(10_000_000, 500, "CNY") == 10, "the scarcer of the two decides"
    assert parts_for(None, None, "CNY") == 0


def test_the_parts_sum_to_the_budget() -> None:
    assert divided(100, 7, 3) == [Left(34, 3), Left(33, 2), Left(33, 2)]
    assert divided(None, 2, 2) == [Left(None, 1), Left(None, 1)]


def test_one_part_pays_where_one_has_enough_and_several_where_none_has() -> None:
    left = [Left(10, None), Left(40, None), Left(20, None)]
    assert shares_of(left, 30, 0, 0) == (Share(1, 30),)
    assert shares_of(left, 15, 0, 2) == (Share(2, 15),), "the first from the third on"
    assert shares_of(left, 55, 0, 0) == (Share(1, 40), Share(2, 15)), "from the fullest down"
    assert shares_of(left, 71, 0, 0) is None, "whole or not at all"


def test_a_use_may_be_of_another_part_than_the_money() -> None:
    assert shares_of([Left(50, 0), Left(0, 3)], 30, 1, 0) == (Share(0, 30, 0), Share(1, 0, 1))
    assert shares_of([Left(50, 0), Left(0, 0)], 30, 1, 0) is None


def test_what_is_taken_later_joins_what_is_held() -> None:
    assert joined([Share(0, 10, 1)], [Share(0, 5), Share(2, 7)]) == (Share(0, 15, 1), Share(2, 7))


@given(st.lists(st.integers(0, 500), min_size=1, max_size=20), st.integers(1, 3_000), st.integers(0, 19))
def test_a_budget_pays_whole_or_not_at_all(minor: list[int], wanted: int, first: int) -> None:
    left = [Left(each, None) for each in minor]
    shares = shares_of(left, wanted, 0, first % len(left))
    assert (shares is None) == (sum(minor) < wanted)
    if shares is not None:
        assert sum(share.minor for share in shares) == wanted
        assert all(0 <= share.minor <= minor[share.part] for share in shares)
    assert together(left) == Left(sum(minor), None)


@given(st.lists(st.integers(0, 500), min_size=1, max_size=5), st.integers(0, 3_000))
def test_what_goes_back_is_what_is_held_beyond_what_is_taken_off(minor: list[int], stays: int) -> None:
    held = [Share(part, each, 1) for part, each in enumerate(minor)]
    kept = lowered(held, stays)
    assert sum(share.minor for share in kept) == min(stays, sum(minor))
    assert all(after.minor <= before.minor for before, after in zip(held, kept, strict=True))
