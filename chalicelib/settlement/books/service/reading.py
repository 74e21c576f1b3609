"""What the books show: journals, a leader's commission and standing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from chalicelib.db import Page, fetch_many
from chalicelib.kernel.clock import sortable
from chalicelib.settlement.books.model import accounts as chart
from chalicelib.settlement.books.model.parties import Standing
from chalicelib.settlement.books.model.periods import period
from chalicelib.settlement.books.records import BalanceRecord, JournalRecord, OrderBook
from chalicelib.tenants.service.brand import get_tenant

MOST_ROWS = 5_000
"""Journals in one table: with some three entries each they stay well within what an answer may weigh."""


@dataclass(frozen=True, slots=True)
class JournalFilter:
    """One account, or all; local days of the booking, both included, or all."""

    account: str | None = None
    from_on: date | None = None
    to_on: date | None = None


def list_journals(
    tenant_id: str, wanted: JournalFilter, limit: int, cursor: dict[str, Any] | None
) -> Page[JournalRecord]:
    """Journals, newest first. Raises PeriodInvalid."""
    options = _options(tenant_id, wanted)
    return JournalRecord.page(
        JournalRecord.of_tenant(tenant_id), newest_first=True, limit=limit, cursor=cursor, **options
    )


def journals(tenant_id: str, wanted: JournalFilter) -> Iterator[JournalRecord]:
    """The first 5,000 journals, oldest first. Raises PeriodInvalid."""
    return islice(JournalRecord.every(JournalRecord.of_tenant(tenant_id), **_options(tenant_id, wanted)), MOST_ROWS)


def commissions(tenant_id: str, leader_id: str, limit: int, cursor: dict[str, Any] | None) -> Page[OrderBook]:
    """The orders on which a leader earned or earns, the latest handover first."""
    partition = OrderBook.of_leader(tenant_id, leader_id)
    return OrderBook.page(partition, index="gsi1", newest_first=True, limit=limit, cursor=cursor)


def standing(tenant_id: str, leader_id: str) -> Standing:
    """How things stand with a leader now."""
    names = [chart.commission_payable(leader_id), chart.commission_frozen(leader_id)]
    found = fetch_many(
        [(BalanceRecord, *BalanceRecord.address(tenant_id, each, "")) for each in names], consistent=True
    )
    payable, frozen = (int(part.credit_minor - part.debit_minor) if part else 0 for part in found)
    begins = chart.cash_of(leader_id)
    partition, _ = BalanceRecord.address(tenant_id, begins, "")
    cash = BalanceRecord.every(partition, begins_with=begins, consistent=True)
    return Standing(payable, sum(int(part.debit_minor - part.credit_minor) for part in cash), frozen)


def _options(tenant_id: str, wanted: JournalFilter) -> dict[str, Any]:
    options: dict[str, Any] = {"index": "gsi1"}
    if wanted.account:
        options["where"] = JournalRecord.accounts.contains(f"|{wanted.account}|")
    if wanted.from_on or wanted.to_on:
        options["between"] = _span(tenant_id, wanted)
    return options


def _span(tenant_id: str, wanted: JournalFilter) -> tuple[str, str]:
    timezone = get_tenant(tenant_id).timezone
    begins = wanted.from_on or wanted.to_on
    ends = wanted.to_on or wanted.from_on
    if begins is None or ends is None:
        return "0", "9"
    start, end = period(begins, ends, timezone, "?")
    return sortable(start) if wanted.from_on else "0", sortable(end) if wanted.to_on else "9"
