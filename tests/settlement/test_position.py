"""Where an order's money belongs, and that no order of messages makes a difference to it."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.settlement.books.model import accounts as chart
from chalicelib.settlement.books.model.journals import Unbalanced, entries_of, summed, turnover
from chalicelib.settlement.books.model.position import OrderFacts, Position, moves, position
from chalicelib.settlement.books.model.proof import differences, prove

PLACED = OrderFacts(goods_minor=3_000, delivery_minor=600)
SOLD = replace(PLACED, sold=True)


def test_paid_money_is_the_customers_until_the_goods_are_handed_over() -> None:
    """¥36.00 paid for goods of ¥30.00 and delivery of ¥6.00."""
    assert position(3_600, 0, PLACED) == Position(funds=3_600)
    assert position(3_600, 0, SOLD) == Position(sales=3_000, delivery=600)


def test_a_refund_before_the_handover_comes_out_of_what_is_held() -> None:
    """A line of ¥10.00 was short: goods are ¥20.00, and the sale is only that."""
    short = replace(PLACED, goods_minor=2_000)
    assert position(3_600, 1_000, short) == Position(funds=2_600)
    assert position(3_600, 1_000, replace(short, sold=True)) == Position(sales=2_000, delivery=600)


def test_a_refund_after_the_handover_is_a_return_and_the_sale_stands() -> None:
    assert position(3_600, 1_000, replace(SOLD, returned_minor=1_000)) == Position(
        sales=3_000, delivery=600, returns=1_000
    )


def test_a_deposit_is_kept_apart_and_what_is_given_back_comes_out_of_it_last() -> None:
    """Of ¥100.00, ¥30.00 is the deposit."""
    ordered = OrderFacts(goods_minor=10_000, deposit_minor=3_000)
    assert position(3_000, 0, ordered) == Position(deposits=3_000)
    assert position(10_000, 0, ordered) == Position(funds=7_000, deposits=3_000)
    assert position(10_000, 8_000, ordered) == Position(deposits=2_000)
    assert position(10_000, 0, replace(ordered, sold=True)) == Position(sales=10_000)


def test_what_was_not_collected_is_forfeited_but_for_what_was() -> None:
    assert position(3_600, 0, replace(PLACED, forfeited=True)) == Position(forfeited=3_600)
    partly = replace(PLACED, forfeited=True, picked_minor=1_000)
    assert position(3_600, 0, partly) == Position(sales=1_000, forfeited=2_600)


amounts = st.integers(0, 10**6)
facts = st.builds(
    OrderFacts,
    sold=st.booleans(), forfeited=st.booleans(), goods_minor=amounts, picked_minor=amounts, delivery_minor=amounts,
    deposit_minor=amounts, returned_minor=amounts, delivery_returned_minor=amounts,
)  # fmt: skip


@given(amounts, amounts, facts)
def test_no_cent_is_lost_or_made_in_any_state(received: int, refunded: int, state: OrderFacts) -> None:
    at = position(received, refunded, state)
    parts = at.funds + at.deposits + at.sales + at.delivery + at.forfeited - at.returns
    assert parts == received - refunded


@given(st.tuples(amounts, amounts, facts), st.tuples(amounts, amounts, facts))
def test_moves_lead_from_one_position_to_the_other_and_balance_what_came_in(
    one: tuple[int, int, OrderFacts], two: tuple[int, int, OrderFacts]
) -> None:
    came_in = (two[0] - two[1]) - (one[0] - one[1])
    moved = moves(position(*one), position(*two))
    entries = entries_of(summed(moved, {chart.BANK: came_in}))
    assert all(entry.amount_minor > 0 for entry in entries)
    assert sum(entry.debit_minor for entry in entries) == 0


def test_the_order_in_which_messages_come_changes_nothing_in_the_end() -> None:
    """Paid ¥36.00, ¥10.00 short and given back, handed over, ¥5.00 returned: in every order of its five messages."""
    end = replace(SOLD, goods_minor=2_000, returned_minor=500)
    steps = {
        "paid": ({"clearing:test": 3_600}, 3_600, 0),
        "short": ({chart.REFUNDS: -1_000}, 0, 1_000),
        "arrived": ({chart.REFUNDS: 1_000, "clearing:test": -1_000}, 0, 0),
        "handed over": ({}, 0, 0),
        "returned": ({chart.REFUNDS: -500}, 0, 500),
    }
    results = set()
    for messages in itertools.permutations(steps):
        received = refunded = 0
        at, books = Position(), {}
        for message in messages:
            outside, came_in, went_back = steps[message]
            received, refunded = received + came_in, refunded + went_back
            after = position(received, refunded, end)
            books = _booked(books, summed(outside, moves(at, after)))
            at = after
        assert prove(books).holds
        results.add(tuple(sorted((account, debit - credit) for account, (debit, credit) in books.items())))
    expected = {"clearing:test": 2_600, chart.REFUNDS: -500, chart.SALES: -2_000, chart.DELIVERY: -600}
    assert {_nonzero(each) for each in results} == {_nonzero(tuple({**expected, chart.RETURNS: 500}.items()))}


def _nonzero(balances: tuple[tuple[str, int], ...]) -> frozenset[tuple[str, int]]:
    return frozenset((account, amount) for account, amount in balances if amount)


def _booked(books: dict[str, tuple[int, int]], moved: dict[str, int]) -> dict[str, tuple[int, int]]:
    added = turnover(entries_of(moved))
    names = {*books, *added}
    nothing = (0, 0)
    return {n: tuple(map(sum, zip(books.get(n, nothing), added.get(n, nothing), strict=True))) for n in names}  # type: ignore[misc]


def test_a_journal_that_does_not_balance_is_refused() -> None:
    with pytest.raises(Unbalanced, match="differ by 1"):
        entries_of({chart.SALES: -100, chart.BANK: 101})


def test_an_account_outside_the_chart_is_refused() -> None:
    with pytest.raises(KeyError):
        entries_of({"petty_cash": 100, chart.BANK: -100})


def test_a_recount_names_the_accounts_that_disagree() -> None:
    assert differences({chart.BANK: (5, 0)}, {chart.BANK: (5, 0)}) == {}
    assert differences({chart.BANK: (5, 0)}, {chart.SALES: (0, 5)}) == {
        chart.BANK: ((5, 0), (0, 0)),
        chart.SALES: ((0, 0), (0, 5)),
    }


def test_money_that_was_made_up_does_not_pass_the_proof() -> None:
    """Captured ¥36.00, of which ¥26.00 was sold and ¥5.00 is on its way back: ¥5.00 is missing."""
    books = {"clearing:test": (3_600, 0), chart.SALES: (0, 2_600), chart.REFUNDS: (0, 500)}
    assert not prove(books).holds
