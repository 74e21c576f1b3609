"""Progress follows the state of orders, however their messages come."""

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.orders.counting.model import Change, Counted, recount


def test_the_first_order_of_a_member_brings_a_participant_the_second_does_not() -> None:
    first, change = recount({}, "a", (2, 500))
    assert change == Change(orders=1, participants=1, units=2, revenue_minor=500)
    _, change = recount(first, "b", (1, 250))
    assert change == Change(orders=1, participants=0, units=1, revenue_minor=250)


def test_a_member_leaves_with_the_last_order() -> None:
    two: Counted = {"a": (2, 500), "b": (1, 250)}
    one, change = recount(two, "a", None)
    assert change == Change(orders=-1, participants=0, units=-2, revenue_minor=-500)
    none, change = recount(one, "b", None)
    assert change == Change(orders=-1, participants=-1, units=-1, revenue_minor=-250)
    assert none == {}


def test_a_message_that_comes_twice_changes_nothing() -> None:
    counted, _ = recount({}, "a", (2, 500))
    assert not recount(counted, "a", (2, 500))[1]
    assert not recount({}, "a", None)[1]


def test_an_edited_order_counts_the_difference() -> None:
    assert recount({"a": (2, 500)}, "a", (3, 750))[1] == Change(0, 0, 1, 250)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.none() | st.tuples(st.integers(1, 9), st.integers(0, 99)))))
def test_the_sum_of_changes_is_what_is_counted(seen: list[tuple[str, tuple[int, int] | None]]) -> None:
    counted: Counted = {}
    totals = [0, 0, 0, 0]
    for order_id, live in seen:
        counted, change = recount(counted, order_id, live)
        parts = (change.orders, change.participants, change.units, change.revenue_minor)
        totals = [total + part for total, part in zip(totals, parts, strict=True)]
    units, revenue = (sum(amounts[n] for amounts in counted.values()) for n in (0, 1))
    assert totals == [len(counted), int(bool(counted)), units, revenue]
