"""Retention: a case computed by hand, and the bitmaps against a naive recount."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.insight.model import bitmaps, periods
from chalicelib.insight.model.cohorts import Average, Cohort, Mode, Window, averages, by_period
from chalicelib.insight.model.elapsed import Elapsed, by_elapsed, rolling_windows
from chalicelib.insight.model.periods import Unit

Orders = Mapping[date, set[int]]

# Members 0 to 3. By hand: January's cohort is {0, 1, 2}, March's is {3}; nobody is new in February.
ORDERS: Orders = {
    date(2026, 1, 5): {0, 1},
    date(2026, 1, 31): {2, 0},
    date(2026, 2, 1): {0},
    date(2026, 3, 31): {1, 3},
    date(2026, 4, 1): {0, 3},
}
APRIL = Window(ends_on=date(2026, 4, 30), complete_on=date(2026, 4, 30))


def active(orders: Orders, unit: Unit) -> dict[int, int]:
    found: dict[int, int] = {}
    for on, members in orders.items():
        period = periods.number(on, unit)
        found[period] = found.get(period, 0) | bitmaps.of(members)
    return found


def counts(cohorts: list[Cohort], unit: Unit = Unit.MONTH) -> dict[str, list[int]]:
    return {periods.label(cohort.period, unit): [cell.count for cell in cohort.cells] for cohort in cohorts}


class TestTheCaseByHand:
    def test_on_counts_members_active_in_that_very_month(self) -> None:
        found = by_period(active(ORDERS, Unit.MONTH), Mode.ON, Unit.MONTH, APRIL)

        assert counts(found) == {"2026-01": [3, 1, 1, 1], "2026-03": [1, 1]}

    def test_on_or_after_counts_members_active_then_or_later(self) -> None:
        found = by_period(active(ORDERS, Unit.MONTH), Mode.ON_OR_AFTER, Unit.MONTH, APRIL)

        assert counts(found) == {"2026-01": [3, 2, 2, 1], "2026-03": [1, 1]}

    def test_the_members_behind_a_cell_are_the_bits_that_were_counted(self) -> None:
        january = by_period(active(ORDERS, Unit.MONTH), Mode.ON_OR_AFTER, Unit.MONTH, APRIL)[0]

        assert [list(bitmaps.ordinals(cell.members)) for cell in january.cells] == [[0, 1, 2], [0, 1], [0, 1], [0]]

    def test_the_average_weighs_members_alike_and_beside_it_cohorts_alike(self) -> None:
        found = averages(by_period(active(ORDERS, Unit.MONTH), Mode.ON, Unit.MONTH, APRIL))

        assert found[1] == Average(1, 2, 4, 2, Decimal("0.500000"), Decimal("0.666667"), complete=True)

    def test_a_month_that_has_not_ended_is_incomplete_and_stays_out_of_the_average(self) -> None:
        half = Window(ends_on=date(2026, 4, 15), complete_on=date(2026, 4, 15))

        found = by_period(active(ORDERS, Unit.MONTH), Mode.ON, Unit.MONTH, half)

        assert [cell.complete for cell in found[0].cells] == [True, True, True, False]
        assert [(average.period, average.cohorts) for average in averages(found)] == [(0, 2), (1, 1), (2, 1)]

    def test_a_month_that_is_not_rolled_up_is_incomplete(self) -> None:
        late = Window(ends_on=date(2026, 4, 30), complete_on=date(2026, 2, 10))

        january = by_period(active(ORDERS, Unit.MONTH), Mode.ON, Unit.MONTH, late)[0]

        assert [cell.complete for cell in january.cells] == [True, False, False, False]

    def test_members_of_earlier_days_belong_to_no_cohort(self) -> None:
        february_on = {on: members for on, members in ORDERS.items() if on >= date(2026, 2, 1)}

        found = by_period(active(february_on, Unit.MONTH), Mode.ON, Unit.MONTH, APRIL, earlier=bitmaps.of({0, 1, 2}))

        assert counts(found) == {"2026-03": [1, 1]}

    def test_a_bracket_counts_days_after_each_members_own_first_order(self) -> None:
        days = {on: bitmaps.of(members) for on, members in ORDERS.items()}

        brackets = [Elapsed.bracket(1, 1), Elapsed.bracket(26, 60), Elapsed.bracket(80, 90)]
        found = by_elapsed(days, brackets, Unit.MONTH, APRIL)

        # 0: days 26, 27, 86; 1: day 85; 2: none; 3: day 1, first seen 30 days before the end.
        assert counts(found) == {"2026-01": [0, 1, 2], "2026-03": [1, 0, 0]}
        assert [[cell.eligible for cell in cohort.cells] for cohort in found] == [[3, 3, 2], [1, 0, 0]]
        assert [[cell.complete for cell in cohort.cells] for cohort in found] == [
            [True, True, False],
            [True, False, False],
        ]

    def test_day_n_is_that_very_day_that_day_or_later_or_any_day_up_to_it(self) -> None:
        days = {on: bitmaps.of(members) for on, members in ORDERS.items()}

        def january(n: int, mode: Mode) -> tuple[int, int]:
            cell = by_elapsed(days, [Elapsed.day(n, mode)], Unit.MONTH, APRIL)[0].cells[0]
            return cell.count, cell.eligible

        # 0: days 26, 27, 86; 1: day 85; 2: none. 115 days have passed since the first two, 89 since the third.
        assert [january(27, mode) for mode in (Mode.ON_DAY, Mode.ON_OR_AFTER_DAY, Mode.WITHIN_DAYS)] == [
            *((1, 3), (2, 3), (1, 3)),
        ]
        assert [january(90, mode) for mode in (Mode.ON_DAY, Mode.ON_OR_AFTER_DAY, Mode.WITHIN_DAYS)] == [
            *((0, 2), (0, 2), (2, 2)),
        ]

    def test_rolling_windows_count_who_has_lived_through_them(self) -> None:
        days = {on: bitmaps.of(members) for on, members in ORDERS.items()}

        def windows(mode: Mode) -> list[tuple[int, int]]:
            spans = [Elapsed.rolling(window, 30, mode) for window in rolling_windows(115, 30)]
            return [(each.count, each.eligible) for each in averages(by_elapsed(days, spans, Unit.MONTH, APRIL))]

        # Window 0 is days 0 to 29: 3, who came 30 days before the end, has just lived through it; 2 is not in window 3.
        assert windows(Mode.ROLLING) == [(4, 4), (0, 3), (2, 3)]
        assert windows(Mode.ROLLING_OR_AFTER) == [(4, 4), (2, 3), (2, 3)]
        assert [len(rolling_windows(days, 30)) for days in (28, 29, 59)] == [0, 1, 2]
        assert len(rolling_windows(500, 30, most=1)) == 2

    def test_most_limits_the_periods_after_the_first(self) -> None:
        found = by_period(active(ORDERS, Unit.MONTH), Mode.ON, Unit.MONTH, APRIL, most=1)

        assert counts(found) == {"2026-01": [3, 1], "2026-03": [1, 1]}


START = date(2025, 11, 20)
histories = st.dictionaries(
    st.integers(0, 130).map(lambda at: START + timedelta(days=at)), st.sets(st.integers(0, 12), min_size=1), max_size=25
)


def naive(orders: Orders, unit: Unit, mode: Mode, ends_on: date) -> dict[tuple[int, int], set[int]]:
    """Cell to members, member by member."""
    seen: dict[int, set[int]] = {}
    for on, members in orders.items():
        for member in members:
            seen.setdefault(member, set()).add(periods.number(on, unit))
    cells: dict[tuple[int, int], set[int]] = {}
    for member, active_in in seen.items():
        start = min(active_in)
        for at in range(start, periods.number(ends_on, unit) + 1):
            back = at in active_in if mode is Mode.ON else max(active_in) >= at
            cells.setdefault((start, at - start), set()).update({member} if back else set())
    return cells


@given(histories, st.sampled_from(Unit), st.sampled_from([Mode.ON, Mode.ON_OR_AFTER]))
def test_bitmaps_agree_with_a_naive_recount(orders: Orders, unit: Unit, mode: Mode) -> None:
    ends_on = START + timedelta(days=140)

    found = by_period(active(orders, unit), mode, unit, Window(ends_on, ends_on))

    assert {
        (cohort.period, cell.period): set(bitmaps.ordinals(cell.members)) for cohort in found for cell in cohort.cells
    } == naive(orders, unit, mode, ends_on)


@given(histories, st.integers(0, 40), st.integers(0, 40))
def test_brackets_agree_with_a_naive_recount(orders: Orders, low: int, width: int) -> None:
    ends_on, bracket = START + timedelta(days=140), Elapsed.bracket(low, low + width)
    days = {on: bitmaps.of(members) for on, members in orders.items()}

    found = by_elapsed(days, [bracket], Unit.DAY, Window(ends_on, ends_on))

    for cohort in found:
        first = date.fromordinal(cohort.period)
        inside = {first + timedelta(days=at) for at in range(low, low + width + 1)}
        elapsed = first + timedelta(days=bracket.due) <= ends_on
        back = {
            member
            for member in bitmaps.ordinals(cohort.members)
            if elapsed and any(member in orders.get(on, ()) for on in inside)
        }
        assert set(bitmaps.ordinals(cohort.cells[0].members)) == back
        assert cohort.cells[0].eligible == (cohort.size if elapsed else 0)
