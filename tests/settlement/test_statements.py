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
from chalicelib.settlement.commission import service as releasing
from chalicelib.settlement.errors import AboveBalance, PeriodInvalid, PeriodNotOver, UnknownParty
from chalicelib.settlement.statements.model import Clearing, clearing
from chalicelib.settlement.statements.service import statements
from chalicelib.settlement.statements.service.paying import hand_in, pay
from chalicelib.settlement.statements.service.statements import Asked, Signed, Statement
from tests.settlement.office import Office

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
    """¥30.00 is payable and ¥12.00 in the leader's till: ¥18.00 can be paid, which clears ¥30.00."""
    till = {"cash:leader:point": 1_200}
    booked = clearing(1_800, 3_000, till)
    assert booked == Clearing(1_800, till)
    assert booked is not None
    assert booked.cleared_minor == 3_000
    assert clearing(1_801, 3_000, till) is None
    assert clearing(1, 1_200, till) is None


def test_cash_that_the_leader_advanced_is_owed_as_well_and_kept_apart() -> None:
    """¥10.00 more was paid out than taken in; of that ¥4.00 came back before, so ¥6.00 are owed beside the ¥30.00."""
    till = {"cash:leader:point": -1_000, "cash:leader:point:advanced": 400}
    assert clearing(3_600, 3_000, till) == Clearing(3_600, {"cash:leader:point:advanced": -600})
    assert clearing(3_601, 3_000, till) is None


def _sell(office: Office, at: datetime, *, online: int = 0, cash: int = 0) -> None:
    """Orders handed over at an instant, told at once."""
    clock.set_offset((at - datetime.now(at.tzinfo)).total_seconds())
    for amount, method in ((online, "test"), (cash, None)):
        if amount:
            order = office.order(amount, method=method)
            if method:
                office.tell_paid(order, office.pay(order, amount))
            office.hand_over(order, at)
            office.tell_changed(order)
            office.sold.append(order.id)


def _signed(office: Office, key: str = "key-1", body: str = "body") -> Signed:
    return Signed(key, body, office.stage.staff)


def _days(office: Office, from_on: str, to_on: str) -> Asked:
    return Asked(Party.LEADER, office.stage.leader_id, date.fromisoformat(from_on), date.fromisoformat(to_on))


@pytest.fixture(autouse=True)
def _clock_back() -> object:
    yield
    clock.set_offset(0)


def _two_days(office: Office) -> Statement:
    """On 22 November ¥100.00 online, on the 23rd ¥40.00 in cash, at 7.5 %: ¥7.50 and ¥3.00. The window is 15 days."""
    _sell(office, NOON, online=10_000)
    _sell(office, NOON + timedelta(days=1), cash=4_000)
    return statements.look(office.tenant_id, _days(office, "2026-11-22", "2026-11-23"))


def test_what_is_earned_collected_released_and_paid_shows_in_its_period(office: Office) -> None:
    both = _two_days(office)
    assert both.opening == Standing()
    assert [line.moved for line in both.lines] == [Standing(frozen_minor=750), Standing(0, 4_000, 300)]
    assert both.closing == Standing(0, 4_000, 1_050)
    assert both.closing.due_minor == -4_000, "the leader owes the cash"
    second = statements.look(office.tenant_id, _days(office, "2026-11-23", "2026-11-23"))
    assert (second.opening, second.closing) == (Standing(frozen_minor=750), both.closing)
    released = NOON + timedelta(days=17)
    for order_id in office.sold:
        releasing.release(office.tenant_id, order_id, released)
    december = statements.look(office.tenant_id, _days(office, "2026-12-01", "2026-12-31"))
    assert (december.opening, december.closing) == (both.closing, Standing(1_050, 4_000, 0))


def test_a_frozen_statement_never_changes_and_the_next_opens_where_it_closed(office: Office) -> None:
    _two_days(office)
    asked = _days(office, "2026-11-22", "2026-11-22")
    now = NOON + timedelta(days=1)
    first = statements.freeze(office.tenant_id, asked, _signed(office), now)
    assert first.frozen is not None
    assert (int(first.frozen.version), first.closing) == (1, Standing(frozen_minor=750))
    again = statements.freeze(office.tenant_id, asked, _signed(office), now + timedelta(days=9))
    assert again.frozen is not None
    assert (again.lines, again.frozen.frozen_at) == (first.lines, now)
    second = statements.freeze(office.tenant_id, asked, _signed(office, "key-2"), now)
    assert second.frozen is not None
    assert int(second.frozen.version) == 2
    with metered() as cost:
        next_day = statements.look(office.tenant_id, _days(office, "2026-11-23", "2026-11-23"))
    assert next_day.opening == first.closing
    assert (cost.reads, cost.writes) == (5, 0)
    with pytest.raises(IdempotencyMismatch):
        statements.freeze(office.tenant_id, asked, _signed(office, body="other"), now)


def test_a_period_is_frozen_only_when_nothing_more_can_be_booked_in_it(office: Office) -> None:
    midnight = datetime.fromisoformat("2026-11-23T00:00:00+08:00")
    asked = _days(office, "2026-11-22", "2026-11-22")
    for now in (NOON, midnight, midnight + timedelta(seconds=299)):
        with pytest.raises(PeriodNotOver):
            statements.freeze(office.tenant_id, asked, _signed(office), now)
    assert statements.freeze(office.tenant_id, asked, _signed(office), midnight + timedelta(minutes=5)).frozen


def test_a_party_that_nobody_knows_has_no_statement(office: Office) -> None:
    for party in Party:
        asked = Asked(party, "01J9ZQ0W7N8RXC5B2M4T6V8Y0A", NOON.date(), NOON.date())
        with pytest.raises(UnknownParty):
            statements.look(office.tenant_id, asked)


def test_a_payment_clears_what_is_payable_sets_off_cash_and_is_noted_once(office: Office) -> None:
    """Of ¥10.50 payable, ¥4.00 is in the leader's till when ¥36.00 of ¥40.00 was handed in: ¥6.50 can be paid."""
    _two_days(office)
    leader, point, now = office.stage.leader_id, office.stage.point_id, NOON + timedelta(days=17)
    for order_id in office.sold:
        releasing.release(office.tenant_id, order_id, now)
    for _ in range(2):
        hand_in(office.tenant_id, point, leader, Money(3_600, "CNY"), _signed(office, "cash"), now)
    with pytest.raises(AboveBalance):
        hand_in(office.tenant_id, point, leader, Money(401, "CNY"), _signed(office, "more"), now)
    asked = _days(office, "2026-11-01", "2026-12-31")
    frozen = statements.freeze(office.tenant_id, asked, _signed(office), NOON + timedelta(days=60)).frozen
    assert frozen is not None
    assert (frozen.closing, frozen.unpaid_minor) == (Standing(1_050, 400, 0), 650)
    with pytest.raises(AboveBalance) as refused:
        pay(office.tenant_id, frozen.id, Money(651, "CNY"), _signed(office, "p0"), now)
    assert refused.value.extra["balance"] == Money(650, "CNY")
    for key, amount in (("p1", 600), ("p1", 600), ("p2", 50)):
        paid = pay(office.tenant_id, frozen.id, Money(amount, "CNY"), _signed(office, key, str(amount)), now)
    assert (int(paid.paid_minor), paid.unpaid_minor) == (650, 0)
    with pytest.raises(AboveBalance):
        pay(office.tenant_id, frozen.id, Money(1, "CNY"), _signed(office, "p3"), now)
    with pytest.raises(IdempotencyMismatch):
        pay(office.tenant_id, frozen.id, Money(601, "CNY"), _signed(office, "p1", "601"), now)
    assert office.books() == {
        "bank": 3_600 - 650, "clearing:test": 10_000, "sales": 14_000, "commission_expense": 1_050,
    }  # fmt: skip
    assert office.proof().holds


def test_a_refund_after_the_period_lowers_what_can_be_paid(office: Office) -> None:
    """¥7.50 is payable at the period's end; then half the order is given back, and ¥3.75 of it with that."""
    _sell(office, NOON, online=10_000)
    now = NOON + timedelta(days=17)
    releasing.release(office.tenant_id, office.sold[0], now)
    asked = _days(office, "2026-11-01", "2026-12-31")
    frozen = statements.freeze(office.tenant_id, asked, _signed(office), NOON + timedelta(days=60)).frozen
    assert frozen is not None
    order = office.get(office.sold[0])
    office.tell_refund(order, office.refund(order, 5_000, stands=True))
    with pytest.raises(AboveBalance):
        pay(office.tenant_id, frozen.id, Money(376, "CNY"), _signed(office, "p1"), now)
    with metered() as cost:
        assert pay(office.tenant_id, frozen.id, Money(375, "CNY"), _signed(office, "p1"), now).unpaid_minor == 375
    assert (cost.reads, cost.writes) == (3, 1)


def test_money_that_a_leader_advanced_is_paid_back_once_and_is_no_customers_payment(office: Office) -> None:
    """All ¥40.00 were handed in, then ¥10.00 paid out to a member in cash: with ¥2.25 of commission, ¥12.25 are due.

    Later the leader collects ¥20.00, which are the brand's, and hands them in.
    """
    _sell(office, NOON, cash=4_000)
    leader, point, now = office.stage.leader_id, office.stage.point_id, NOON + timedelta(days=17)
    releasing.release(office.tenant_id, office.sold[0], now)
    hand_in(office.tenant_id, point, leader, Money(4_000, "CNY"), _signed(office, "cash"), now)
    order = office.get(office.sold[0])
    refund_id = office.refund(order, 1_000, stands=True, method="pickup")
    office.tell_refund(order, refund_id)
    office.settle_refund(order, refund_id)
    office.tell_refund_paid(order, refund_id)
    assert reading.standing(office.tenant_id, leader) == Standing(225, -1_000, 0)
    asked = _days(office, "2026-11-01", "2026-12-31")
    frozen = statements.freeze(office.tenant_id, asked, _signed(office), NOON + timedelta(days=60)).frozen
    assert frozen is not None
    for key, amount in (("p1", 500), ("p2", 725)):
        paid = pay(office.tenant_id, frozen.id, Money(amount, "CNY"), _signed(office, key, str(amount)), now)
        assert office.proof() == MoneyProof(captured=4_000, settled=3_000, refunded=1_000, held=0)
    assert paid.unpaid_minor == 0
    assert reading.standing(office.tenant_id, leader) == Standing()
    _sell(office, NOON + timedelta(days=18), cash=2_000)
    assert reading.standing(office.tenant_id, leader).cash_minor == 2_000
    hand_in(office.tenant_id, point, leader, Money(2_000, "CNY"), _signed(office, "cash-2"), now)
    assert reading.standing(office.tenant_id, leader).cash_minor == 0
    assert office.proof().holds
