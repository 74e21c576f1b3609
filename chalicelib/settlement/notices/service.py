"""A leader is told what they were paid."""

from datetime import datetime

from chalicelib.kernel.money import Money
from chalicelib.notices.telling.service import tell_member
from chalicelib.settlement.books.model.parties import Party
from chalicelib.settlement.notices.model import LeaderPaidOut
from chalicelib.settlement.statements.records import StatementRecord
from chalicelib.tenants.service.brand import get_tenant


def tell_paid(tenant_id: str, statement_id: str, payout_id: str, now: datetime) -> None:
    """Tells a leader of a payment that was noted on their statement. Suppliers have no account with the store."""
    statement = StatementRecord.fetch(*StatementRecord.address(tenant_id, statement_id), consistent=True)
    if statement is None or statement.party != Party.LEADER:
        return
    brand = get_tenant(tenant_id).name
    for payout in statement.payouts:
        if payout.id == payout_id:
            amount = Money(payout.amount_minor, statement.currency)
            notice = LeaderPaidOut(brand, amount, statement.from_on, statement.to_on)
            tell_member(tenant_id, statement.party_id, notice, (payout_id,), now, subject_id=statement_id)
