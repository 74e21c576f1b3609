"""Figures of days, whole and by group."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.insight.model import summary
from chalicelib.insight.model.figures import UNKNOWN_HOUR, Activity, Rollup, Totals, day_rollup, merge
from chalicelib.insight.model.summary import By, Span

MONDAY, TUESDAY, NEXT_MONDAY = date(2026, 3, 30), date(2026, 3, 31), date(2026, 4, 6)
DAYS = {
    MONDAY: day_rollup([Activity(0, 1000, "CNY", 2, 9), Activity(1, 500, "CNY", 1, 9), Activity(0, 50, "USD", 1, 23)]),
    TUESDAY: day_rollup([Activity(0, 200, "CNY", 1)]),
    NEXT_MONDAY: day_rollup([Activity(2, 300, "CNY", 1, 0), Activity(0, 300, "CNY", 1, 9)]),
}
SPAN = Span(date(2026, 3, 30), date(2026, 4, 7))


def members(bits: int | None) -> int | None:
    return None if bits is None else bits.bit_count()


def test_unique_members_of_a_range_are_not_the_sum_of_its_days() -> None:
    total = summary.whole(DAYS, SPAN, earlier=0b10)

    assert sum(rollup.members.bit_count() for rollup in DAYS.values()) == 5
    assert (members(total.active), members(total.new), members(total.ever)) == (3, 2, 3)
    assert total.totals == Totals(6, 7, {"CNY": (5, 2300), "USD": (1, 50)})


def test_months_and_days_without_orders_are_listed() -> None:
    by_day = summary.grouped(DAYS, By.DAY, SPAN, earlier=0)

    assert len(by_day) == 9
    assert [group.totals.orders for group in by_day] == [3, 1, 0, 0, 0, 0, 0, 2, 0]
    assert [members(group.ever) for group in by_day] == [2, 2, 2, 2, 2, 2, 2, 3, 3]


def test_months_are_cut_to_the_range() -> None:
    march, april = summary.grouped(DAYS, By.MONTH, SPAN, earlier=0)

    assert (march.name, march.span, members(march.active)) == ("2026-03", Span(MONDAY, TUESDAY), 2)
    assert (april.name, members(april.active), members(april.new)) == ("2026-04", 2, 1)


def test_weekdays_start_with_monday_and_unite_members() -> None:
    by_weekday = summary.grouped(DAYS, By.WEEKDAY, SPAN, earlier=0)

    assert [(group.totals.orders, members(group.active)) for group in by_weekday[:3]] == [(5, 3), (1, 1), (0, 0)]


def test_hours_show_orders_of_unknown_hour_apart() -> None:
    by_hour = {group.name: group for group in summary.grouped(DAYS, By.HOUR, SPAN, earlier=0)}

    assert {name: group.totals.orders for name, group in by_hour.items() if group.totals.orders} == {
        "0": 1,
        "9": 3,
        "23": 1,
        "unknown": 1,
    }
    assert by_hour["9"].active is None


def test_averages_round_half_to_even() -> None:
    assert [summary.average_minor(minor, 2) for minor in (1, 3, 5)] == [0, 2, 2]
    assert summary.average_minor(0, 0) is None


activities = st.builds(
    Activity,
    st.integers(0, 50),
    st.integers(0, 10**6),
    st.sampled_from(["CNY", "USD"]),
    st.integers(0, 9),
    st.sampled_from([UNKNOWN_HOUR, 0, 12, 23]),
)


@given(st.lists(activities, max_size=30), st.integers(0, 30))
def test_a_rollup_is_the_same_in_any_order_and_from_any_parts(orders: list[Activity], cut: int) -> None:
    whole = day_rollup(orders)
    parts = merge([day_rollup(orders[cut:]), day_rollup(orders[:cut])])

    assert (parts.hours_json(), parts.members) == (whole.hours_json(), whole.members)
    assert Rollup.parse(whole.hours_json(), whole.members) == whole
    assert whole.totals.orders == len(orders)
