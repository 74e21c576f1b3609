"""A member who answers a survey earns points."""

from datetime import datetime

from chalicelib.db import Transaction, change
from chalicelib.loyalty.points.model.entries import Cause
from chalicelib.loyalty.points.model.rules import Action
from chalicelib.loyalty.points.service import ledger
from chalicelib.loyalty.points.service.ledger import About, Account
from chalicelib.surveys.service.invitations import get_invitation


def answered(tenant_id: str, invitation_id: str, now: datetime) -> None:
    """Books what the answer to an invitation earns, once. Raises NotFound."""
    invitation = get_invitation(tenant_id, invitation_id)
    cause = Cause.of(Action.SURVEY, invitation_id)

    def decide(account: Account, tx: Transaction) -> None:
        today = account.stand.today(now)
        ledger.earn(account, Action.SURVEY, invitation_id, today, now, About(order_id=invitation.order_id))
        if account.entries:
            ledger.write(tx, account)

    change(lambda: ledger.read_account(tenant_id, invitation.member_id, (cause,)), decide)
