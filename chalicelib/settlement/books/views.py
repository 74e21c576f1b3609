"""What the API shows of accounts, of journals, and of how things stand with a party."""

from collections.abc import Iterable, Iterator
from typing import Any, Self

from chalicelib.settlement.books.model.accounts import Kind, kind_of
from chalicelib.settlement.books.model.journals import Side
from chalicelib.settlement.books.model.parties import Standing
from chalicelib.settlement.books.model.proof import MoneyProof
from chalicelib.settlement.books.records import JournalRecord
from chalicelib.settlement.books.service.balances import Balance
from chalicelib.web import Instant, MoneyField, View, columns


class AccountView(View):
    """An account. ``balance`` is positive on the side on which accounts of its kind grow: assets and expenses by
    debits, liabilities and income by credits.
    """

    account: str
    kind: Kind
    debit: MoneyField
    credit: MoneyField
    balance: MoneyField
    entries: int

    @classmethod
    def of(cls, each: Balance, currency: str) -> Self:
        return cls(
            account=each.account,
            kind=kind_of(each.account),
            debit=MoneyField.of(each.debit_minor, currency),
            credit=MoneyField.of(each.credit_minor, currency),
            balance=MoneyField.of(each.balance_minor, currency),
            entries=each.entries,
        )


_KINDS = {
    Kind.ASSET.value: ("asset", "资产"),
    Kind.LIABILITY.value: ("liability", "负债"),
    Kind.INCOME.value: ("income", "收入"),
    Kind.EXPENSE.value: ("expense", "费用"),
}

ACCOUNT_HEADER = columns(
    account=("Account", "科目"), kind=("Kind", "类别", _KINDS), debit_minor=("Debit", "借方"),
    credit_minor=("Credit", "贷方"), balance_minor=("Balance", "余额"), currency=("Currency", "币种"),
)  # fmt: skip


def account_rows(balances: Iterable[Balance], currency: str) -> Iterator[tuple[Any, ...]]:
    """Accounts as a table."""
    for each in balances:
        kind = kind_of(each.account).value
        yield each.account, kind, each.debit_minor, each.credit_minor, each.balance_minor, currency


class ProofView(View):
    """All money that customers paid, and what became of it. ``captured``: what providers and pickup points took in.
    ``settled``: the brand's own, less returns. ``refunded``: what has arrived back at customers. ``held``: what is
    still theirs, refunds under way among it. ``holds`` says that captured is the sum of the other three, as it must be.
    """

    captured: MoneyField
    settled: MoneyField
    refunded: MoneyField
    held: MoneyField
    holds: bool

    @classmethod
    def of(cls, proof: MoneyProof, currency: str) -> Self:
        names = ("captured", "settled", "refunded", "held")
        amounts = {name: MoneyField.of(getattr(proof, name), currency) for name in names}
        return cls(**amounts, holds=proof.holds)


class EntryView(View):
    account: str
    side: Side
    amount: MoneyField


class JournalView(View):
    """What one cause moved: the debits and credits sum to the same. ``at`` is when it was booked."""

    id: str
    at: Instant
    cause: str
    order_id: str | None
    campaign_id: str | None
    entries: list[EntryView]

    @classmethod
    def of(cls, journal: JournalRecord) -> Self:
        entries = [
            EntryView(account=e.account, side=e.side, amount=MoneyField.of(e.amount_minor, journal.currency))
            for e in journal.entries
        ]
        names = ("id", "at", "cause", "order_id", "campaign_id")
        return cls(**{name: getattr(journal, name) for name in names}, entries=entries)


JOURNAL_HEADER = columns(
    journal=("Journal", "凭证"), at=("Booked at", "记账时间"), cause=("Cause", "原因"), order_id=("Order", "订单号"),
    campaign_id=("Campaign", "活动编号"), account=("Account", "科目"), debit_minor=("Debit", "借方"),
    credit_minor=("Credit", "贷方"), currency=("Currency", "币种"),
)  # fmt: skip


def journal_rows(journals: Iterable[JournalRecord]) -> Iterator[tuple[Any, ...]]:
    """Journals as a table, a row for each entry."""
    for each in journals:
        about = (each.id, each.at, each.cause, each.order_id or "", each.campaign_id or "")
        for entry in each.entries:
            sides = (max(0, entry.debit_minor), max(0, -entry.debit_minor))
            yield (*about, entry.account, *sides, each.currency)


class StandingView(View):
    """``payable`` is owed to the party. ``cash`` is the brand's money that a leader collected and still has. ``due`` is
    payable less cash: to be paid to the party or, below zero, to be handed in. ``frozen`` becomes payable when the
    after-sale time of its orders has ended.
    """

    payable: MoneyField
    cash: MoneyField
    due: MoneyField
    frozen: MoneyField

    @classmethod
    def of(cls, standing: Standing, currency: str) -> Self:
        return cls(
            payable=MoneyField.of(standing.payable_minor, currency),
            cash=MoneyField.of(standing.cash_minor, currency),
            due=MoneyField.of(standing.due_minor, currency),
            frozen=MoneyField.of(standing.frozen_minor, currency),
        )
