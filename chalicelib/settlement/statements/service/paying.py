"""What leaders and suppliers were paid outside the product, noted on their statements and booked."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from chalicelib.db import Transaction, change
from chalicelib.kernel.ids import derived_id
from chalicelib.kernel.money import Money
from chalicelib.settlement.books.model import accounts as chart
from chalicelib.settlement.books.model.amounts import above, check_currency
from chalicelib.settlement.books.model.journals import Debits
from chalicelib.settlement.books.model.parties import Party
from chalicelib.settlement.books.records import BalanceRecord
from chalicelib.settlement.books.service.idempotency import Signed, check_same
from chalicelib.settlement.books.service.posting import Draft, add
from chalicelib.settlement.errors import StatementReplaced
from chalicelib.settlement.statements.model import Clearing, Payout, clearing
from chalicelib.settlement.statements.records import StatementRecord
from chalicelib.settlement.statements.service.statements import get_statement
from chalicelib.tenants.service.audit import audit


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
    Where the period was frozen again, it is noted on its last version. Raises NotFound, WrongPaymentCurrency,
    AboveBalance, StatementReplaced, IdempotencyMismatch.
    """
    payout_id = derived_id(tenant_id, "payout", statement_id, signed.key)
    payout = Payout(payout_id, amount.amount_minor, now, signed.by.label, signed.body_hash)

    def decide(statement: StatementRecord, tx: Transaction) -> StatementRecord:
        for number, earlier in enumerate(statement.payouts, 1):
            if earlier.id == payout.id:
                check_same(earlier.body_hash, signed)
                return statement.as_after(number)
        if statement.replaced_by is not None:
            raise StatementReplaced(
                "The period was frozen again; note the payment on its last version.",
                detail_zh="该账期已重新生成对账单，请在最新版本上登记付款。",
                extra={"replaced_by": statement.replaced_by},
            )
        check_currency(amount, statement.currency)
        held = _held(tenant_id, Party(statement.party), statement.party_id)
        _book(tx, statement, payout, _cleared(statement, amount.amount_minor, held), held)
        statement.note(payout)
        if statement.party == Party.LEADER:
            statement.emit("statement.paid", now, statement_id=statement.id, payout_id=payout.id)
        tx.replace("statement", statement)
        stated = {"amount_minor": payout.amount_minor}
        audit(tx, tenant_id, signed.by, "statement.paid", f"statement:{statement.id}", now, stated)
        return statement

    return change(partial(get_statement, tenant_id, statement_id), decide)


def _cleared(statement: StatementRecord, amount_minor: int, held: _Held) -> Clearing:
    found = clearing(amount_minor, held.payable_minor, held.cash)
    owed = max(0, min(statement.unpaid_minor, held.payable_minor - sum(held.cash.values())))
    if found is None or amount_minor > owed:
        raise above(Money(owed, statement.currency))
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
