"""Progress follows the state of orders, however their messages come."""

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.orders.counting.model import Change, Counted, Seen, recount


def test_the_first_order_of_a_member_brings_a_participant_the_second_does_not() -> None:
    first, change = recount({}, "a", Seen(1, (2, 500)))
    assert change == Change(orders=1, participants=1, units=2, revenue_minor=500)
    _, change = recount(first, "b", Seen(1, (1, 250)))
    assert change == Change(orders=1, participants=0, units=1, revenue_minor=250)


def test_a_member_leaves_with_the_last_order() -> None:
    two: Counted = {"a": Seen(1, (2, 500)), "b": Seen(1, (1, 250))}
    one, change = recount(two, "a", Seen(2, None))
    assert change == Change(orders=-1, participants=0, units=-2, revenue_minor=-500)
    none, change = recount(one, "b", Seen(2, None))
    assert change == Change(orders=-1, participants=-1, units=-1, revenue_minor=-250)
    assert none == {"a": Seen(2, None), "b": Seen(2, None)}


def test_a_message_that_comes_twice_changes_nothing() -> None:
    counted, _ = recount({}, "a", Seen(1, (2, 500)))
    assert recount(counted, "a", Seen(1, (2, 500))) == (counted, Change())


def test_an_order_as_it_was_before_is_not_counted_over_what_it_became() -> None:
    for later in (Seen(2, None), Seen(2, (1, 250))):
        counted, _ = recount({}, "a", later)
        assert recount(counted, "a", Seen(1, (2, 500))) == (counted, Change())


def test_a_later_revision_is_kept_although_nothing_else_changed() -> None:
    """Or a worker that had read the order between the two could still bring in what it read."""
    counted, _ = recount({}, "a", Seen(1, (2, 500)))
    again, change = recount(counted, "a", Seen(3, (2, 500)))
    assert (again, bool(change)) == ({"a": Seen(3, (2, 500))}, False)


def test_an_edited_order_counts_the_difference() -> None:
    assert recount({"a": Seen(1, (2, 500))}, "a", Seen(2, (3, 750)))[1] == Change(0, 0, 1, 250)


seen = st.tuples(
    st.sampled_from("abc"), st.integers(1, 5), st.none() | st.tuples(st.integers(1, 9), st.integers(0, 99))
)


@given(st.lists(seen))
def test_the_sum_of_changes_is_what_is_counted(messages: list[tuple[str, int, tuple[int, int] | None]]) -> None:
    counted: Counted = {}
    total, latest = Change(), dict[str, Seen]()
    for order_id, rev, live in messages:
        counted, change = recount(counted, order_id, Seen(rev, live))
        total += change
        if order_id not in latest or latest[order_id].rev < rev:
            latest[order_id] = Seen(rev, live)
    sales = [each.live for each in counted.values() if each.live is not None]
    assert total == Change(
        len(sales), int(bool(sales)), sum(units for units, _ in sales), sum(sum_ for _, sum_ in sales)
    )
    assert counted == latest
