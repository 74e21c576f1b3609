"""A member's birthday earns points."""

from contextlib import suppress
from datetime import date, datetime

from chalicelib.db import Transaction, change
from chalicelib.kernel.errors import NotFound
from chalicelib.loyalty.points.model.entries import Cause
from chalicelib.loyalty.points.model.rules import Action
from chalicelib.loyalty.points.service import ledger
from chalicelib.loyalty.points.service.ledger import Account


def kept(tenant_id: str, member_id: str, on: date, now: datetime) -> None:
    """Books what the birthday that was kept on a local day earns, once in its year. Who is no member any more earns
    nothing.
    """
    year = str(on.year)
    cause = Cause.of(Action.BIRTHDAY, year)

    def decide(account: Account, tx: Transaction) -> None:
        ledger.earn(account, Action.BIRTHDAY, year, account.stand.today(now), now)
        if account.entries:
            ledger.write(tx, account)

    with suppress(NotFound):
        change(lambda: ledger.read_account(tenant_id, member_id, (cause,)), decide)
