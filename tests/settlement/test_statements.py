"""Statements of leaders and suppliers, worked by hand, and payments on them."""

from datetime import date, datetime, timedelta

import pytest

from chalicelib.db import metered
from chalicelib.kernel import clock
from chalicelib.kernel.errors import IdempotencyMismatch
from chalicelib.kernel.money import Money
from chalicelib.settlement.books.model.parties import Party, Standing
from chalicelib.settlement.books.model.periods import period
from chalicelib.settlement.books.model.proof import MoneyProof
from chalicelib.settlement.books.service import reading
from chalicelib.settlement.books.service.idempotency import Signed
from chalicelib.settlement.cash.service import hand_in
from chalicelib.settlement.commission import service as releasing
from chalicelib.settlement.errors import AboveBalance, PeriodInvalid, PeriodNotOver, UnknownParty
from chalicelib.settlement.statements.model import Clearing, clearing
from chalicelib.settlement.statements.service import statements
from chalicelib.settlement.statements.service.paying import pay
from chalicelib.settlement.statements.service.statements import Asked, Statement
from tests.settlement.store_books import StoreBooks

NOON = datetime.fromisoformat("2026-11-22T12:00:00+08:00")


def test_a_month_is_the_months_days_in_the_brands_own_zone() -> None:
    """November in Shanghai begins on 31 October at 16:00 UTC; in New York it has an hour more than 30 days."""
    start, end = period(date(2026, 11, 1), date(2026, 11, 30), "Asia/Shanghai")
    assert (start.isoformat(), end - start) == ("2026-10-31T16:00:00+00:00", timedelta(days=30))
    start, end = period(date(2026, 11, 1), date(2026, 11, 30), "America/New_York")
    assert end - start == timedelta(days=30, hours=1)


@pytest.mark.parametrize(
    ("from_on", "to_on"),
    [
        ("2026-11-02", "2026-11-01"),
        ("2025-11-01", "2026-11-02"),
        ("0001-01-01", "0001-01-01"),
        ("9999-12-31", "9999-12-31"),
    ],
)
def test_a_period_that_ends_before_it_begins_or_takes_more_than_a_year_is_refused(from_on: str, to_on: str) -> None:
    with pytest.raises(PeriodInvalid):
        period(date.fromisoformat(from_on), date.fromisoformat(to_on), "Asia/Shanghai")


def test_cash_that_the_leader_still_has_is_set_off_before_anything_is_paid() -> None:
    """¥30.00 is payable, and the leader has ¥12.00 in cash: ¥18.00 can be paid, which clears ¥30.00."""
    cash = {"cash:leader:point": 1_200}
    booked = clearing(1_800, 3_000, cash)
    assert booked == Clearing(1_800, cash)
    assert booked is not None
    assert booked.cleared_minor == 3_000
    assert clearing(1_801, 3_000, cash) is None
    assert clearing(1, 1_200, cash) is None


def test_cash_that_the_leader_advanced_is_owed_as_well_and_kept_apart() -> None:
    """¥10.00 more was paid out than taken in; of that ¥4.00 came back before, so ¥6.00 are owed beside the ¥30.00."""
    cash = {"cash:leader:point": -1_000, "cash:leader:point:advanced": 400}
    assert clearing(3_600, 3_000, cash) == Clearing(3_600, {"cash:leader:point:advanced": -600})
    assert clearing(3_601, 3_000, cash) is None


def _sell(books: StoreBooks, at: datetime, *, online: int = 0, cash: int = 0) -> None:
    """Orders handed over at an instant, and booked at once."""
    clock.set_offset((at - datetime.now(at.tzinfo)).total_seconds())
    for amount, method in ((online, "test"), (cash, None)):
        if amount:
            order = books.order(amount, method=method)
            if method:
                books.book_paid(order, books.pay(order, amount))
            books.hand_over(order, at)
            books.book_changed(order)
            books.sold.append(order.id)


def _signed(books: StoreBooks, key: str = "key-1", body: str = "body") -> Signed:
    return Signed(key, body, books.store.staff)


def _days(books: StoreBooks, from_on: str, to_on: str) -> Asked:
    return Asked(Party.LEADER, books.store.leader_id, date.fromisoformat(from_on), date.fromisoformat(to_on))


@pytest.fixture(autouse=True)
def _clock_back() -> object:
    yield
    clock.set_offset(0)


def _two_days(books: StoreBooks) -> Statement:
    """On 22 November ¥100.00 online, on the 23rd ¥40.00 in cash, at 7.5 %: ¥7.50 and ¥3.00. The window is 15 days."""
    _sell(books, NOON, online=10_000)
    _sell(books, NOON + timedelta(days=1), cash=4_000)
    return statements.look(books.tenant_id, _days(books, "2026-11-22", "2026-11-23"))


def test_what_is_earned_collected_released_and_paid_shows_in_its_period(books: StoreBooks) -> None:
    both = _two_days(books)
    assert both.opening == Standing()
    assert [line.moved for line in both.lines] == [Standing(frozen_minor=750), Standing(0, 4_000, 300)]
    assert both.closing == Standing(0, 4_000, 1_050)
    assert both.closing.due_minor == -4_000, "the leader owes the cash"
    second = statements.look(books.tenant_id, _days(books, "2026-11-23", "2026-11-23"))
    assert (second.opening, second.closing) == (Standing(frozen_minor=750), both.closing)
    released = NOON + timedelta(days=17)
    for order_id in books.sold:
        releasing.release(books.tenant_id, order_id, released)
    december = statements.look(books.tenant_id, _days(books, "2026-12-01", "2026-12-31"))
    assert (december.opening, december.closing) == (both.closing, Standing(1_050, 4_000, 0))


def test_a_frozen_statement_never_changes_and_the_next_opens_where_it_closed(books: StoreBooks) -> None:
    _two_days(books)
    asked = _days(books, "2026-11-22", "2026-11-22")
    now = NOON + timedelta(days=1)
    first = statements.freeze(books.tenant_id, asked, _signed(books), now)
    assert first.frozen is not None
    assert (int(first.frozen.version), first.closing) == (1, Standing(frozen_minor=750))
    again = statements.freeze(books.tenant_id, asked, _signed(books), now + timedelta(days=9))
    assert again.frozen is not None
    assert (again.lines, again.frozen.frozen_at) == (first.lines, now)
    second = statements.freeze(books.tenant_id, asked, _signed(books, "key-2"), now)
    assert second.frozen is not None
    assert int(second.frozen.version) == 2
    with metered() as cost:
        next_day = statements.look(books.tenant_id, _days(books, "2026-11-23", "2026-11-23"))
    assert next_day.opening == first.closing
    assert (cost.reads, cost.writes) == (5, 0)
    with pytest.raises(IdempotencyMismatch):
        statements.freeze(books.tenant_id, asked, _signed(books, body="other"), now)


def test_a_period_is_frozen_only_when_nothing_more_can_be_booked_in_it(books: StoreBooks) -> None:
    midnight = datetime.fromisoformat("2026-11-23T00:00:00+08:00")
    asked = _days(books, "2026-11-22", "2026-11-22")
    for now in (NOON, midnight, midnight + timedelta(seconds=299)):
        with pytest.raises(PeriodNotOver):
            statements.freeze(books.tenant_id, asked, _signed(books), now)
    assert statements.freeze(books.tenant_id, asked, _signed(books), midnight + timedelta(minutes=5)).frozen


def test_a_party_that_nobody_knows_has_no_statement(books: StoreBooks) -> None:
    for party in Party:
        asked = Asked(party, "01J9ZQ0W7N8RXC5B2M4T6V8Y0A", NOON.date(), NOON.date())
        with pytest.raises(UnknownParty):
            statements.look(books.tenant_id, asked)


def test_a_payment_clears_what_is_payable_sets_off_cash_and_is_noted_once(books: StoreBooks) -> None:
    """¥10.50 is payable, and of ¥40.00 in cash the leader handed ¥36.00 in: ¥6.50 can be paid."""
    _two_days(books)
    leader, point, now = books.store.leader_id, books.store.point_id, NOON + timedelta(days=17)
    for order_id in books.sold:
        releasing.release(books.tenant_id, order_id, now)
    for _ in range(2):
        hand_in(books.tenant_id, point, leader, Money(3_600, "CNY"), _signed(books, "cash"), now)
    with pytest.raises(AboveBalance):
        hand_in(books.tenant_id, point, leader, Money(401, "CNY"), _signed(books, "more"), now)
    asked = _days(books, "2026-11-01", "2026-12-31")
    frozen = statements.freeze(books.tenant_id, asked, _signed(books), NOON + timedelta(days=60)).frozen
    assert frozen is not None
    assert (frozen.closing, frozen.unpaid_minor) == (Standing(1_050, 400, 0), 650)
    with pytest.raises(AboveBalance) as refused:
        pay(books.tenant_id, frozen.id, Money(651, "CNY"), _signed(books, "p0"), now)
    assert refused.value.extra["balance"] == Money(650, "CNY")
    for key, amount in (("p1", 600), ("p1", 600), ("p2", 50)):
        paid = pay(books.tenant_id, frozen.id, Money(amount, "CNY"), _signed(books, key, str(amount)), now)
    assert (int(paid.paid_minor), paid.unpaid_minor) == (650, 0)
    with pytest.raises(AboveBalance):
        pay(books.tenant_id, frozen.id, Money(1, "CNY"), _signed(books, "p3"), now)
    with pytest.raises(IdempotencyMismatch):
        pay(books.tenant_id, frozen.id, Money(601, "CNY"), _signed(books, "p1", "601"), now)
    assert books.balances() == {
        "bank": 3_600 - 650, "clearing:test": 10_000, "sales": 14_000, "commission_expense": 1_050,
    }  # fmt: skip
    assert books.proof().holds


def test_a_refund_after_the_period_lowers_what_can_be_paid(books: StoreBooks) -> None:
    """¥7.50 is payable at the period's end; then half the order is given back, and ¥3.75 of it with that."""
    _sell(books, NOON, online=10_000)
    now = NOON + timedelta(days=17)
    releasing.release(books.tenant_id, books.sold[0], now)
    asked = _days(books, "2026-11-01", "2026-12-31")
    frozen = statements.freeze(books.tenant_id, asked, _signed(books), NOON + timedelta(days=60)).frozen
    assert frozen is not None
    order = books.get(books.sold[0])
    books.book_refund(order, books.refund(order, 5_000, stands=True))
    with pytest.raises(AboveBalance):
        pay(books.tenant_id, frozen.id, Money(376, "CNY"), _signed(books, "p1"), now)
    with metered() as cost:
        assert pay(books.tenant_id, frozen.id, Money(375, "CNY"), _signed(books, "p1"), now).unpaid_minor == 375
    assert (cost.reads, cost.writes) == (3, 1)


def test_money_that_a_leader_advanced_is_paid_back_once_and_is_no_customers_payment(books: StoreBooks) -> None:
    """All ¥40.00 were handed in, then ¥10.00 paid out to a member in cash: with ¥2.25 of commission, ¥12.25 are due.

    Later the leader collects ¥20.00, which are the brand's, and hands them in.
    """
    _sell(books, NOON, cash=4_000)
    leader, point, now = books.store.leader_id, books.store.point_id, NOON + timedelta(days=17)
    releasing.release(books.tenant_id, books.sold[0], now)
    hand_in(books.tenant_id, point, leader, Money(4_000, "CNY"), _signed(books, "cash"), now)
    order = books.get(books.sold[0])
    refund_id = books.refund(order, 1_000, stands=True, method="pickup")
    books.book_refund(order, refund_id)
    books.pay_refund_out(order, refund_id)
    books.book_refund_paid(order, refund_id)
    assert reading.standing(books.tenant_id, leader) == Standing(225, -1_000, 0)
    asked = _days(books, "2026-11-01", "2026-12-31")
    frozen = statements.freeze(books.tenant_id, asked, _signed(books), NOON + timedelta(days=60)).frozen
    assert frozen is not None
    for key, amount in (("p1", 500), ("p2", 725)):
        paid = pay(books.tenant_id, frozen.id, Money(amount, "CNY"), _signed(books, key, str(amount)), now)
        assert books.proof() == MoneyProof(captured=4_000, settled=3_000, refunded=1_000, held=0)
    assert paid.unpaid_minor == 0
    assert reading.standing(books.tenant_id, leader) == Standing()
    _sell(books, NOON + timedelta(days=18), cash=2_000)
    assert reading.standing(books.tenant_id, leader).cash_minor == 2_000
    hand_in(books.tenant_id, point, leader, Money(2_000, "CNY"), _signed(books, "cash-2"), now)
    assert reading.standing(books.tenant_id, leader).cash_minor == 0
    assert books.proof().holds
