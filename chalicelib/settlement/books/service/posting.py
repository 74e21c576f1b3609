"""Booking a journal: with the balances that it moves, in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.db import Refused, Transaction
from chalicelib.settlement.books.model import accounts as chart
from chalicelib.settlement.books.model.journals import Debits, Entry, entries_of, journal_id, turnover
from chalicelib.settlement.books.model.parties import Line, Party, party_movement
from chalicelib.settlement.books.records import BalanceRecord, CampaignBook, JournalRecord, PartyLine, campaign_shard

_JOURNAL = "journal"

_OF_CAMPAIGN = {
    chart.FUNDS: (CampaignBook.funds_minor, -1), chart.DEPOSITS: (CampaignBook.deposits_minor, -1),
    chart.REFUNDS: (CampaignBook.refunds_minor, -1), chart.SALES: (CampaignBook.sales_minor, -1),
    chart.DELIVERY: (CampaignBook.delivery_minor, -1), chart.FORFEITED: (CampaignBook.forfeited_minor, -1),
    chart.RETURNS: (CampaignBook.returns_minor, 1), chart.FEES: (CampaignBook.fees_minor, 1),
    chart.COMMISSION: (CampaignBook.commission_minor, 1), chart.COMMISSION_FROZEN: (CampaignBook.frozen_minor, -1),
    chart.GOODS: (CampaignBook.goods_minor, 1),
}  # fmt: skip


class BookedBefore(Exception):
    """The cause has its journal: nothing more is written."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A journal to be booked. ``fee`` is balanced in itself and stays apart, so that what came in is seen in full
    beside what the provider kept of it. ``parties`` are those whose statements it may concern; ``reference`` is what
    the line in their statements names; ``recognised`` changes the campaign's count of orders that have ended.
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


def add(
    tx: Transaction, tenant_id: str, draft: Draft, now: datetime, unmoved: Mapping[str, int] | None = None
) -> JournalRecord:
    """Adds a journal to a transaction, with every balance that it moves, and answers it. One without entries is not
    kept: then only the campaign's count changes.

    It is refused where the cause has its journal, which ``check_not_booked`` tells, and where an account of ``unmoved``
    has other than so many entries by then. Raises Unbalanced.
    """
    entries = (*entries_of(draft.moved), *entries_of(draft.fee))
    new = journal_id(tenant_id, draft.cause)
    record = JournalRecord(
        *JournalRecord.address(tenant_id, new),
        id=new, at=now, cause=draft.cause, currency=draft.currency,
        stored_entries=[entry.as_json() for entry in entries],
        order_id=draft.order_id, campaign_id=draft.campaign_id,
    )  # fmt: skip
    if entries:
        tx.create(_JOURNAL, record)
    _move_balances(tx, tenant_id, new, entries, unmoved or {})
    _move_campaign(tx, tenant_id, new, draft, entries)
    for party, party_id in draft.parties:
        moved = party_movement(party, party_id, draft.moved)
        if any(moved.as_json()):
            line = Line(now, new, draft.cause, draft.reference, moved)
            tx.create(f"line:{party_id}", PartyLine.of(tenant_id, party, party_id, line))
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


def check_not_booked(refusal: Refused) -> None:
    """Raises BookedBefore where a transaction was refused since its cause has its journal."""
    if _JOURNAL in refusal.names:
        raise BookedBefore from refusal


def _move_balances(
    tx: Transaction, tenant_id: str, journal: str, entries: tuple[Entry, ...], unmoved: Mapping[str, int]
) -> None:
    moved = turnover(entries)
    for account, (debit, credit) in moved.items():
        actions: list[Action] = [BalanceRecord.entries.add(1)]
        actions += [BalanceRecord.debit_minor.add(debit)] if debit else []
        actions += [BalanceRecord.credit_minor.add(credit)] if credit else []
        address = BalanceRecord.address(tenant_id, account, journal)
        condition = _has_entries(unmoved[account]) if account in unmoved else None
        tx.update(f"balance:{account}", BalanceRecord, *address, actions=actions, condition=condition)
    for account in unmoved.keys() - moved.keys():
        address = BalanceRecord.address(tenant_id, account, journal)
        tx.check(f"balance:{account}", BalanceRecord, *address, _has_entries(unmoved[account]))


def _has_entries(count: int) -> Condition:
    held: Condition = BalanceRecord.entries == count if count else BalanceRecord.entries.does_not_exist()
    return held


def _move_campaign(tx: Transaction, tenant_id: str, journal: str, draft: Draft, entries: tuple[Entry, ...]) -> None:
    if draft.campaign_id is None:
        return
    actions: list[Action] = [CampaignBook.recognised.add(draft.recognised)] if draft.recognised else []
    for entry in entries:
        if found := _OF_CAMPAIGN.get(chart.head(entry.account)):
            attribute, sign = found
            actions.append(attribute.add(sign * entry.debit_minor))
    if actions:
        address = CampaignBook.address(tenant_id, draft.campaign_id, campaign_shard(journal))
        tx.update("campaign", CampaignBook, *address, actions=actions)
