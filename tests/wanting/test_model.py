"""Who is told next, who is told no more, and what a member's list says: rules without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.clock import sortable
from chalicelib.wanting.model.lists import PARTS, Kept, part_of
from chalicelib.wanting.model.reminders import UNUSED, is_in_reach, is_told_here, is_unused, named, phases
from chalicelib.wanting.model.waves import AT_ONCE, CHANCE, Place, next_told, unclaimed

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


def places(*quantities: int) -> list[Place]:
    return [Place(f"2026-{n:02d}", f"m{n}", quantity) for n, quantity in enumerate(quantities)]


def told(quantity: int, minutes: float) -> Place:
    return Place("2026", "m", quantity, told_at=NOON - timedelta(minutes=minutes), told_in=1, times=1)


def test_as_many_are_told_as_there_are_units_for_in_the_order_in_which_they_came() -> None:
    line = places(1, 1, 2, 1)
    assert [each.member_id for each in next_told(2, line)] == ["m0", "m1"]
    assert [each.member_id for each in next_told(3, line)] == ["m0", "m1", "m2"]
    assert next_told(0, line) == next_told(-1, line) == []


def test_who_wants_more_than_there_is_hears_of_what_there_is_and_nobody_is_passed_over() -> None:
    assert [each.member_id for each in next_told(1, places(5, 1))] == ["m0"]


def test_nobody_is_asked_for_who_is_not_told() -> None:
    """Looking somebody up costs a read: the line is read no further than needed."""
    line = iter(places(1, 1, 1))
    next_told(1, line)
    assert next(line).member_id == "m1"


@given(st.integers(0, 60), st.lists(st.integers(1, 5), max_size=60))
def test_a_wave_is_the_head_of_the_line_and_no_longer_than_needed(units: int, quantities: list[int]) -> None:
    line = places(*quantities)
    wave = next_told(units, line)
    assert wave == line[: len(wave)]
    assert len(wave) <= AT_ONCE
    assert sum(each.quantity for each in wave[:-1]) < max(units, 1)
    if sum(quantities) >= units and len(wave) < min(AT_ONCE, len(line)):
        assert sum(each.quantity for each in wave) >= units


def test_units_are_left_to_those_who_were_told_for_ten_minutes() -> None:
    assert unclaimed(3, [told(2, 1)], NOON) == 1
    assert unclaimed(3, [told(2, CHANCE.total_seconds() / 60)], NOON) == 3
    assert unclaimed(1, [told(5, 9.9)], NOON) == -4


def test_a_reminder_ends_after_180_days_without_a_sign() -> None:
    asked = sortable(NOON - UNUSED - timedelta(days=1))
    assert is_unused(asked, None, NOON)
    assert is_unused(asked, date(2026, 1, 1), NOON)
    assert not is_unused(asked, (NOON - UNUSED).date(), NOON)
    assert not is_unused(sortable(NOON - UNUSED), None, NOON)


def test_a_campaign_opens_for_each_tier_and_at_last_for_everybody() -> None:
    assert phases(NOON, [24, 2, 24]) == [NOON - timedelta(hours=24), NOON - timedelta(hours=2), NOON]
    assert phases(NOON, []) == [NOON]


def test_goods_are_in_reach_at_ones_own_point_or_by_delivery() -> None:
    assert is_in_reach(None, ["p1"], delivers=False)
    assert is_in_reach("p1", ["p1"], delivers=False)
    assert is_in_reach("p2", ["p1"], delivers=True)
    assert not is_in_reach("p2", ["p1"], delivers=False)


def test_who_wants_several_products_of_a_campaign_is_told_at_the_first_alone() -> None:
    order = ["a", "b", "c"]
    assert [each for each in order if is_told_here(each, {"c", "b"}, order)] == ["b"]
    assert not any(is_told_here(each, {"z"}, order) for each in order)


def test_a_message_names_three_products_and_counts_the_others() -> None:
    assert named(["Pears", "Eggs"], ", ", " and {n} more") == "Pears, Eggs"
    assert named(list("abcde"), "、", "等另外 {n} 款") == "a、b、c等另外 2 款"


def test_an_entry_is_read_as_it_was_stored() -> None:
    entry = Kept(sortable(NOON), "c", 3, ("p", "q"))
    assert Kept.from_json(entry.as_json()) == entry
    assert Kept(sortable(NOON)).as_json() == {"since": sortable(NOON)}
    assert Kept("1").earlier(Kept("2")) == Kept("1") == Kept("2").earlier(Kept("1"))
    assert {part_of(f"member-{n}") for n in range(50)} == set(range(PARTS))
