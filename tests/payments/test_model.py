"""The rules of payments, by hand-computed examples."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations, product

import pytest

from chalicelib.payments.attempts.model import Attempt, must_wait
from chalicelib.payments.model import (
    MOVES,
    Back,
    Fees,
    NotCovered,
    RefundState,
    Signs,
    State,
    Terms,
    after,
    attention,
    is_awaited,
    mismatches,
    next_pause,
    parts_of,
    refund_after,
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
    assert parts_of(300, [("first", 250), ("second", 1000)]) == [("second", 300)]


def test_otherwise_payments_are_emptied_oldest_first() -> None:
    assert parts_of(1200, [("first", 250), ("empty", 0), ("second", 1000)]) == [("first", 250), ("second", 950)]


def test_no_more_goes_back_than_came_in() -> None:
    with pytest.raises(NotCovered):
        parts_of(1251, [("first", 250), ("second", 1000)])


def test_a_refund_in_parts_has_succeeded_when_every_part_has() -> None:
    requested, pending, failed, succeeded = RefundState

    assert whole([succeeded, succeeded]) is RefundState.SUCCEEDED
    assert whole([succeeded, pending]) is RefundState.PENDING
    assert whole([succeeded, requested]) is RefundState.REQUESTED
    assert whole([succeeded, failed]) is RefundState.FAILED


def test_a_refund_that_succeeded_stays_so() -> None:
    assert all(refund_after(RefundState.SUCCEEDED, state) is RefundState.SUCCEEDED for state in RefundState)
    assert refund_after(RefundState.REQUESTED, RefundState.PENDING) is RefundState.PENDING


def test_the_provider_is_asked_within_ten_minutes_and_after_a_day_less_and_less_often() -> None:
    assert {next_pause(tries) for tries in range(288)} == {timedelta(minutes=5)}, "288 times five minutes are a day"
    assert [next_pause(tries) for tries in (288, 289)] == [timedelta(minutes=10), timedelta(minutes=20)]
    assert next_pause(1000) == timedelta(hours=6)


@pytest.mark.parametrize(
    ("fees", "amount_minor", "fee_minor"),
    [
        (Fees(60, 0), 99, 1),  # 0.6 % of 0.99 is 0.594 fen
        (Fees(60, 0), 1_250, 8),  # 7.5 is rounded up
        (Fees(60, 0), 83, 0),  # 0.498
        (Fees(290, 30), 1_250, 66),  # 36.25 and 30
        (Fees(290, 30), 20, 20),  # 0.58 and 30: never more than there is
        (Fees(), 1_250, 0),
    ],
)
def test_what_a_provider_keeps(fees: Fees, amount_minor: int, fee_minor: int) -> None:
    assert fees.of(amount_minor) == fee_minor


@pytest.mark.parametrize(
    ("state", "backs", "seconds_left", "awaited"),
    [
        (State.PENDING, [], 1, False),  # the payer has time
        (State.PENDING, [], 0, True),
        (State.CLOSED, [], 0, False),
        (State.SUCCEEDED, [RefundState.SUCCEEDED, RefundState.FAILED], 0, False),
        (State.SUCCEEDED, [RefundState.SUCCEEDED, RefundState.PENDING], 1, True),
        (State.SUCCEEDED, [RefundState.REQUESTED], 1, True),
    ],
)
def test_what_only_the_provider_knows_is_awaited(
    state: State, backs: list[RefundState], seconds_left: int, awaited: bool
) -> None:
    now = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
    on_their_way = [Back(100, each) for each in backs]

    assert is_awaited(state, on_their_way, now + timedelta(seconds=seconds_left), now) is awaited


def test_the_most_urgent_reason_to_look_at_a_payment_is_named() -> None:
    failed, arrived = Back(100, RefundState.FAILED), Back(100, RefundState.SUCCEEDED)

    all_of_them = Signs(differs=True, disputed=True, unasked=True, elsewhere=True, unwanted=True)
    reasons = ["differs", "disputed", "refund_failed", "not_asked", "refunded_at_provider", "returned"]
    for seen_to in range(len(reasons)):
        assert attention(all_of_them, [failed, arrived], reasons[:seen_to]) == reasons[seen_to]
    assert attention(all_of_them, [failed], reasons) is None
    assert attention(Signs(), [arrived]) is None


@pytest.mark.parametrize(
    ("seconds_ago", "wait"),
    [
        ((50, 40, 30, 20), None),
        ((61, 40, 30, 20, 10), None),
        ((50, 40, 30, 20, 10), 10),
        ((59, 50, 40, 30, 20, 10), 10),
    ],
)
def test_a_sixth_attempt_waits_until_one_of_the_last_five_is_a_minute_old(
    seconds_ago: tuple[int, ...], wait: int | None
) -> None:
    now = datetime(2026, 11, 28, 8, 0, tzinfo=UTC)
    attempts = [Attempt(str(ago), now - timedelta(seconds=ago)) for ago in seconds_ago]

    found = must_wait(attempts, now, 5, timedelta(minutes=1))

    assert found == (None if wait is None else timedelta(seconds=wait))
