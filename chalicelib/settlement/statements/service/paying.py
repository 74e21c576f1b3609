"""Money that changes hands outside the product, written into the books: what leaders and suppliers were paid, and cash
that leaders handed in.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from chalicelib.db import Transaction, change, fetch_many
from chalicelib.kernel.ids import derived_id
from chalicelib.kernel.money import Money
from chalicelib.members.records import MemberRecord
from chalicelib.pickup_points.records import PickupPointRecord
from chalicelib.settlement.books.model import accounts as chart
from chalicelib.settlement.books.model.journals import Debits, journal_id
from chalicelib.settlement.books.model.parties import Party
from chalicelib.settlement.books.records import BalanceRecord, JournalRecord
from chalicelib.settlement.books.service.posting import Draft, add
from chalicelib.settlement.errors import AboveBalance, UnknownParty, WrongPaymentCurrency
from chalicelib.settlement.statements.model import Clearing, Payout, clearing
from chalicelib.settlement.statements.records import StatementRecord
from chalicelib.settlement.statements.service.statements import Signed, check_same, get_statement
from chalicelib.tenants.service.audit import audit
from chalicelib.tenants.service.brand import get_tenant


@dataclass(frozen=True, slots=True)
class _Held:
    """What a party's accounts hold at the moment: amounts, and by how many entries each was moved so far."""

    payable_minor: int
    cash: dict[str, int]
    entries: dict[str, int]


def pay(tenant_id: str, statement_id: str, amount: Money, signed: Signed, now: datetime) -> StatementRecord:
    """Notes that a party was paid on a statement, and books it; once for each Idempotency-Key.

    What was paid is at most what the statement leaves to be paid, and at most what the party is owed by now: a refund
    since the period's end lowers it, as does cash that the leader has collected and not handed in, which is set off.
    Raises NotFound, WrongPaymentCurrency, AboveBalance, IdempotencyMismatch.
    """
    payout_id = derived_id(tenant_id, "payout", statement_id, signed.key)
    payout = Payout(payout_id, amount.amount_minor, now, signed.by.label, signed.body_hash)

    def decide(statement: StatementRecord, tx: Transaction) -> StatementRecord:
        for number, earlier in enumerate(statement.payouts, 1):
            if earlier.id == payout.id:
                check_same(earlier.body_hash, signed)
                return statement.as_after(number)
        _check_currency(amount, statement.currency)
        held = _held(tenant_id, Party(statement.party), statement.party_id)
        _book(tx, statement, payout, _cleared(statement, amount.amount_minor, held), held)
        statement.note(payout)
        tx.replace("statement", statement)
        stated = {"amount_minor": payout.amount_minor}
        audit(tx, tenant_id, signed.by, "statement.paid", f"statement:{statement.id}", now, stated)
        return statement

    return change(partial(get_statement, tenant_id, statement_id), decide)


def hand_in(
    tenant_id: str, pickup_point_id: str, leader_id: str, amount: Money, signed: Signed, now: datetime
) -> JournalRecord:
    """Books cash that a leader collected at a pickup point and handed in; once for each Idempotency-Key.

    Raises UnknownParty for an unknown pickup point or leader, WrongPaymentCurrency, AboveBalance above what the leader
    has of that point, IdempotencyMismatch.
    """
    _check_known(tenant_id, pickup_point_id, leader_id)
    _check_currency(amount, get_tenant(tenant_id).currency)
    account = chart.cash(pickup_point_id, leader_id)
    cause = f"cash_handed_in:{derived_id(tenant_id, 'hand_in', signed.key)}"
    moved = {chart.BANK: amount.amount_minor, account: -amount.amount_minor}
    draft = Draft(cause, moved, amount.currency, pickup_point_id, parties=((Party.LEADER, leader_id),))

    def decide(found: JournalRecord | None, tx: Transaction) -> JournalRecord:
        if found is not None:
            _check_same_movement(found, moved, signed)
            return found
        stated = {"amount_minor": amount.amount_minor}
        audit(tx, tenant_id, signed.by, "cash.handed_in", f"member:{leader_id}", now, stated)
        return _hand_in(tx, tenant_id, draft, account, now)

    address = JournalRecord.address(tenant_id, journal_id(tenant_id, cause))
    return change(partial(JournalRecord.fetch, *address, consistent=True), decide)


def _hand_in(tx: Transaction, tenant_id: str, draft: Draft, account: str, now: datetime) -> JournalRecord:
    both = (account, chart.advanced(account))
    found = fetch_many([(BalanceRecord, *BalanceRecord.address(tenant_id, each, "")) for each in both], consistent=True)
    parts = dict(zip(both, found, strict=True))
    amount, has = draft.moved[chart.BANK], sum(int(part.debit_minor - part.credit_minor) for part in found if part)
    if has < amount:
        raise _above(has, draft.currency)
    return add(tx, tenant_id, draft, now, {each: int(part.entries) for each, part in parts.items() if part})


def _cleared(statement: StatementRecord, amount_minor: int, held: _Held) -> Clearing:
    found = clearing(amount_minor, held.payable_minor, held.cash)
    owed = max(0, min(statement.unpaid_minor, held.payable_minor - sum(held.cash.values())))
    if found is None or amount_minor > owed:
        raise _above(owed, statement.currency)
    return found


def _held(tenant_id: str, party: Party, party_id: str) -> _Held:
    """One read for what is payable, and one for a leader's cash, which all lies in one partition."""
    leads = party is Party.LEADER
    account = chart.commission_payable(party_id) if leads else chart.supplier_payable(party_id)
    payable = BalanceRecord.fetch(*BalanceRecord.address(tenant_id, account, ""), consistent=True)
    begins = chart.cash_of(party_id)
    partition, _ = BalanceRecord.address(tenant_id, begins, "")
    cash = list(BalanceRecord.every(partition, begins_with=begins, consistent=True)) if leads else []
    moved = [payable, *cash] if payable else cash
    return _Held(
        int(payable.credit_minor - payable.debit_minor) if payable else 0,
        {part.account: int(part.debit_minor - part.credit_minor) for part in cash},
        {part.account: int(part.entries) for part in moved},
    )


def _book(tx: Transaction, statement: StatementRecord, payout: Payout, cleared: Clearing, held: _Held) -> None:
    party = Party(statement.party)
    of_party = chart.commission_payable if party is Party.LEADER else chart.supplier_payable
    moved: Debits = {
        of_party(statement.party_id): cleared.cleared_minor,
        chart.BANK: -cleared.amount_minor,
        **{account: -amount for account, amount in cleared.set_off.items()},
    }
    parties = ((party, statement.party_id),)
    draft = Draft(f"payout:{payout.id}", moved, statement.currency, statement.id, parties=parties)
    add(tx, statement.tenant_id, draft, payout.at, dict.fromkeys(cleared.set_off, 0) | held.entries)


def _check_currency(amount: Money, currency: str) -> None:
    if amount.currency != currency:
        message = f"The books are in {currency}, not {amount.currency}."
        raise WrongPaymentCurrency.at("/amount/currency", message, f"账簿币种为 {currency}，而非 {amount.currency}。")


def _check_known(tenant_id: str, pickup_point_id: str, leader_id: str) -> None:
    addresses = [
        (PickupPointRecord, *PickupPointRecord.address(tenant_id, pickup_point_id)),
        (MemberRecord, *MemberRecord.address(tenant_id, leader_id)),
    ]
    point, leader = fetch_many(addresses)
    if point is None:
        message = f"There is no pickup point {pickup_point_id}."
        raise UnknownParty.at("/pickup_point_id", message, f"自提点 {pickup_point_id} 不存在。")
    if leader is None:
        raise UnknownParty.at("/leader_id", f"There is no member {leader_id}.", f"没有会员 {leader_id}。")


def _check_same_movement(found: JournalRecord, moved: Debits, signed: Signed) -> None:
    same = {entry.account: entry.debit_minor for entry in found.entries} == dict(moved)
    check_same(signed.body_hash if same else "", signed)


def _above(owed_minor: int, currency: str) -> AboveBalance:
    owed = Money(owed_minor, currency)
    return AboveBalance(
        f"At most {owed} is left; note no more than that.",
        detail_zh=f"最多可登记 {owed}。",
        extra={"balance": owed},
    )
