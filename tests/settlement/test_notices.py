"""A leader hears of each payment that is noted for them, once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.kernel.money import Money
from chalicelib.settlement.commission import service as releasing
from chalicelib.settlement.notices.events import consumer
from chalicelib.settlement.statements.records import StatementRecord
from chalicelib.settlement.statements.service import statements
from chalicelib.settlement.statements.service.paying import pay
from tests.notices.hearing import Hearing, events_of, hand_over
from tests.settlement.store_books import StoreBooks
from tests.settlement.test_statements import NOON, _days, _sell, _signed


def test_a_leader_hears_what_was_paid_for_which_period_once_for_each_payment(
    books: StoreBooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    _sell(books, NOON, online=10_000)
    now = NOON + timedelta(days=17)
    releasing.release(books.tenant_id, books.sold[0], now)
    asked = _days(books, "2026-11-01", "2026-12-31")
    frozen = statements.freeze(books.tenant_id, asked, _signed(books), NOON + timedelta(days=60)).frozen
    assert frozen is not None
    hearing = Hearing.begin(monkeypatch, leader=books.store.leader_id)

    for key, amount in (("p1", 600), ("p1", 600), ("p2", 150)):
        pay(books.tenant_id, frozen.id, Money(amount, "CNY"), _signed(books, key, str(amount)), now)
        stored = StatementRecord.fetch(*StatementRecord.address(books.tenant_id, frozen.id), consistent=True)
        assert stored is not None
        hand_over(consumer, events_of(stored), now)

    ends = (
        "for Sun 1 Nov 2026 to Thu 31 Dec 2026. Sign in to our store for the statement, which shows every order; if "
        "the money does not arrive within some days, tell us."
    )
    assert hearing.texts() == [
        ("leader", "Paid out: CN¥1.50", f"Lilac has paid you CN¥1.50 {ends}"),
        ("leader", "Paid out: CN¥6.00", f"Lilac has paid you CN¥6.00 {ends}"),
    ]
    assert {each.subject_id for _, each in hearing.told()} == {frozen.id}
