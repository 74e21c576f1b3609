"""The rules of payments, by hand-computed examples."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations, product

import pytest

from chalicelib.payments.model import (
    MOVES,
    NotCovered,
    RefundState,
    State,
    Terms,
    after,
    mismatches,
    next_pause,
    refund_after,
    spread,
    whole,
)

OURS = Terms("payment", "order", 1250, "CNY", "acct_1")


@pytest.mark.parametrize("reported", list(permutations([State.PENDING, State.FAILED, State.CLOSED, State.SUCCEEDED])))
def test_reports_in_any_order_end_in_one_state(reported: tuple[State, ...]) -> None:
    state = State.CREATED
    for each in reported * 3:
        state = after(state, each)

    assert state is State.SUCCEEDED


def test_money_that_came_in_is_never_denied() -> None:
    assert MOVES[State.SUCCEEDED] == ()
    assert all(after(state, State.SUCCEEDED) is State.SUCCEEDED for state in State)
    assert all(after(State.SUCCEEDED, state) is State.SUCCEEDED for state in State)


def test_a_report_never_leads_back() -> None:
    assert all(before not in MOVES[now] for before in State for now in MOVES[before])
    assert all(after(now, reported) in (now, *MOVES[now]) for now, reported in product(State, State))


@pytest.mark.parametrize(
    ("theirs", "named"),
    [
        (OURS, ()),
        (Terms("other", "order", 1250, "CNY", "acct_1"), ("payment",)),
        (Terms("payment", "other", 1250, "CNY", "acct_1"), ("order",)),
        (Terms("payment", "order", 1249, "CNY", "acct_1"), ("amount",)),
        (Terms("payment", "order", 1250, "USD", "acct_1"), ("currency",)),
        (Terms("payment", "order", 1250, "CNY", "acct_2"), ("merchant",)),
        (Terms("", "", 0, "", ""), ("payment", "order", "amount", "currency", "merchant")),
    ],
)
def test_every_difference_has_its_name(theirs: Terms, named: tuple[str, ...]) -> None:
    assert mismatches(OURS, theirs) == named


def test_a_refund_goes_back_through_one_payment_where_one_covers_it() -> None:
    assert spread(300, [("first", 250), ("second", 1000)]) == [("second", 300)]


def test_otherwise_payments_are_emptied_oldest_first() -> None:
    assert spread(1200, [("first", 250), ("empty", 0), ("second", 1000)]) == [("first", 250), ("second", 950)]


def test_no_more_goes_back_than_came_in() -> None:
    with pytest.raises(NotCovered):
        spread(1251, [("first", 250), ("second", 1000)])


def test_a_refund_in_parts_has_succeeded_when_every_part_has() -> None:
    requested, pending, failed, succeeded = RefundState

    assert whole([succeeded, succeeded]) is RefundState.SUCCEEDED
    assert whole([succeeded, pending]) is RefundState.PENDING
    assert whole([succeeded, requested]) is RefundState.REQUESTED
    assert whole([succeeded, failed]) is RefundState.FAILED


def test_a_refund_that_succeeded_stays_so() -> None:
    assert all(refund_after(RefundState.SUCCEEDED, state) is RefundState.SUCCEEDED for state in RefundState)
    assert refund_after(RefundState.REQUESTED, RefundState.PENDING) is RefundState.PENDING


def test_the_provider_is_asked_within_ten_minutes_and_after_an_hour_less_and_less_often() -> None:
    assert {next_pause(tries) for tries in range(12)} == {timedelta(minutes=5)}
    assert [next_pause(tries) for tries in (12, 13)] == [timedelta(minutes=10), timedelta(minutes=20)]
    assert next_pause(1000) == timedelta(hours=6)
