"""Booking a journal: with the balances that it moves, in one transaction."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.db import Refused, Transaction
from chalicelib.pricing.model.tax import Tax
from chalicelib.settlement.books.model import accounts as chart
from chalicelib.settlement.books.model.journals import Debits, entries_of, journal_id, turnover
from chalicelib.settlement.books.model.movements import CHARGED
from chalicelib.settlement.books.model.parties import Line, Party, party_movement
from chalicelib.settlement.books.records import (
    BalanceRecord,
    CampaignBook,
    CampaignTax,
    JournalRecord,
    PartyLine,
    campaign_shard,
)

_JOURNAL = "journal"

_RECOGNISED = "recognised"
_OF_CAMPAIGN = {
    _RECOGNISED: (CampaignBook.recognised, 1),
    chart.FUNDS: (CampaignBook.funds_minor, -1), chart.DEPOSITS: (CampaignBook.deposits_minor, -1),
    chart.REFUNDS: (CampaignBook.refunds_minor, -1), chart.SALES: (CampaignBook.sales_minor, -1),
    chart.DELIVERY: (CampaignBook.delivery_minor, -1), chart.FORFEITED: (CampaignBook.forfeited_minor, -1),
    chart.RETURNS: (CampaignBook.returns_minor, 1), chart.FEES: (CampaignBook.fees_minor, 1),
    chart.COMMISSION: (CampaignBook.commission_minor, 1), chart.COMMISSION_FROZEN: (CampaignBook.frozen_minor, -1),
    chart.GOODS: (CampaignBook.goods_minor, 1), chart.REMEDIES: (CampaignBook.remedies_minor, 1),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Draft:
    """A journal to be booked. ``fee`` is balanced in itself and stays apart, so that what came in is seen in full
    beside what the provider kept of it. ``parties`` are those whose statements it may concern; ``reference`` is what
    the line in their statements names; ``recognised`` changes the campaign's count of orders that have ended. ``tax``
    is by how much the tax in what was sold rises; it stands in the line of ``taxed``, and with the campaign where it is
    one that is ``moved``.
    """

    cause: str
    moved: Debits
    currency: str
    reference: str
    order_id: str | None = None
    campaign_id: str | None = None
    parties: tuple[tuple[Party, str], ...] = ()
    recognised: int = 0
    fee: Debits = field(default_factory=dict)
    tax: Tax = ()
    taxed: str | None = None

    @property
    def rates(self) -> list[int]:
        """The rates of which its campaign keeps what was sold; none for what was bought."""
        sold = self.campaign_id is not None and chart.TAXED in self.moved
        return [each.rate_bps for each in self.tax] if sold else []


def operations(drafts: Sequence[Draft]) -> int:
    """So many operations at most :func:`add_all` adds for these drafts."""
    accounts = {account for draft in drafts for account in (*draft.moved, *draft.fee)}
    campaigns = {(draft.campaign_id, rate) for draft in drafts for rate in (None, *draft.rates)}
    return len(drafts) + sum(len(draft.parties) for draft in drafts) + len(accounts) + len(campaigns)


def journal_of(cause: str) -> str:
    """The operation of ``add_all`` that is refused where this cause was booked before."""
    return f"{_JOURNAL}:{cause}"


def add(
    tx: Transaction, tenant_id: str, draft: Draft, now: datetime, unmoved: Mapping[str, int] | None = None
) -> JournalRecord:
    """Adds a journal to a transaction, with every balance that it moves, and answers it. One without entries is not
    kept: then only the campaign's count changes.

    It is refused where the cause has its journal, and where an account of ``unmoved`` has other than so many entries by
    then. Raises Unbalanced.
    """
    record = _journal(tx, _JOURNAL, tenant_id, draft, now)
    _move_balances(tx, tenant_id, [record], unmoved or {})
    _move_campaigns(tx, tenant_id, [(draft, record)])
    return record


def add_all(tx: Transaction, tenant_id: str, drafts: Sequence[Draft], now: datetime) -> None:
    """Adds journals of different causes. A balance that several of them move is moved once, by what they move together.

    For each cause the operation ``journal_of`` is refused where it has its journal. Raises Unbalanced.
    """
    records = [_journal(tx, journal_of(draft.cause), tenant_id, draft, now) for draft in drafts]
    _move_balances(tx, tenant_id, records, {})
    _move_campaigns(tx, tenant_id, list(zip(drafts, records, strict=True)))


def _journal(tx: Transaction, name: str, tenant_id: str, draft: Draft, now: datetime) -> JournalRecord:
    entries = (*entries_of(draft.moved), *entries_of(draft.fee))
    new = journal_id(tenant_id, draft.cause)
    record = JournalRecord(
        *JournalRecord.address(tenant_id, new),
        id=new, at=now, cause=draft.cause, currency=draft.currency,
        stored_entries=[entry.as_json() for entry in entries],
        order_id=draft.order_id, campaign_id=draft.campaign_id,
    )  # fmt: skip
    if entries:
        tx.create(name, record)
    for party, party_id in draft.parties:
        moved = party_movement(party, party_id, draft.moved)
        if any(moved.as_json()):
            tax = draft.tax if party_id == draft.taxed else ()
            of_order = party is Party.SUPPLIER and draft.order_id is not None
            cause = f"{CHARGED}:{draft.order_id}" if of_order else draft.cause
            line = Line(now, new, cause, draft.reference, moved, tax)
            tx.create(f"line:{party_id}:{new}", PartyLine.of(tenant_id, party, party_id, line))
    return record


def book(tenant_id: str, draft: Draft, now: datetime) -> None:
    """Books a journal by itself; where its cause was booked before, nothing is written."""
    tx = Transaction()
    add(tx, tenant_id, draft, now)
    try:
        tx.commit()
    except Refused as refusal:
        if _JOURNAL not in refusal.names:
            raise


def _move_balances(
    tx: Transaction, tenant_id: str, journals: Sequence[JournalRecord], unmoved: Mapping[str, int]
) -> None:
    """In one part of each account, that of the first journal: only the sum of all parts is a balance."""
    moved: dict[str, Counter[str]] = defaultdict(Counter)
    for journal in journals:
        for account, (debit, credit) in turnover(journal.entries).items():
            moved[account].update(entries=1, debit=debit, credit=credit)
    for account, sums in moved.items():
        actions: list[Action] = [BalanceRecord.entries.add(sums["entries"])]
        actions += [BalanceRecord.debit_minor.add(sums["debit"])] if sums["debit"] else []
        actions += [BalanceRecord.credit_minor.add(sums["credit"])] if sums["credit"] else []
        address = BalanceRecord.address(tenant_id, account, journals[0].id)
        condition = _has_entries(unmoved[account]) if account in unmoved else None
        tx.update(f"balance:{account}", BalanceRecord, *address, actions=actions, condition=condition)
    for account in unmoved.keys() - moved.keys():
        address = BalanceRecord.address(tenant_id, account, journals[0].id)
        tx.check(f"balance:{account}", BalanceRecord, *address, _has_entries(unmoved[account]))


def _has_entries(count: int) -> Condition:
    held: Condition = BalanceRecord.entries == count if count else BalanceRecord.entries.does_not_exist()
    return held


def _move_campaigns(tx: Transaction, tenant_id: str, booked: Sequence[tuple[Draft, JournalRecord]]) -> None:
    """In one part of each campaign's book, that of the first journal: only the sum of all parts is shown."""
    moved: dict[str, Counter[str]] = defaultdict(Counter)
    for draft, journal in booked:
        if draft.campaign_id is not None:
            sums = moved[draft.campaign_id]
            sums[_RECOGNISED] += draft.recognised
            for entry in journal.entries:
                if (head := chart.head(entry.account)) in _OF_CAMPAIGN:
                    sums[head] += entry.debit_minor
    part = campaign_shard(booked[0][1].id)
    _move_taxes(tx, tenant_id, [draft for draft, _ in booked], part)
    for campaign_id, sums in moved.items():
        actions = [attribute.add(sign * sums[head]) for head, (attribute, sign) in _OF_CAMPAIGN.items() if sums[head]]
        if actions:
            address = CampaignBook.address(tenant_id, campaign_id, part)
            tx.update(f"campaign:{campaign_id}", CampaignBook, *address, actions=actions)


def _move_taxes(tx: Transaction, tenant_id: str, drafts: Sequence[Draft], part: int) -> None:
    """What campaigns sold by rate of tax."""
    moved: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    for draft in drafts:
        if draft.campaign_id is not None and draft.rates:
            for each in draft.tax:
                moved[draft.campaign_id, each.rate_bps].update(gross=each.gross_minor, tax=each.tax_minor)
    for (campaign_id, rate), sums in moved.items():
        actions = [CampaignTax.gross_minor.add(sums["gross"]), CampaignTax.tax_minor.add(sums["tax"])]
        address = CampaignTax.address(tenant_id, campaign_id, rate, part)
        tx.update(f"tax:{campaign_id}:{rate}", CampaignTax, *address, actions=actions)
