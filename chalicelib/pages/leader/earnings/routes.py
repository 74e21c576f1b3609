"""What a leader earns and owes."""

from collections.abc import Mapping
from typing import Any

from chalicelib.pages.leader.earnings.views import entries
from chalicelib.pages.leader.points import LeadsNothing, Led, led
from chalicelib.pages.shell import N_, Page, Pages, Visit, ask
from chalicelib.settlement.commission.model import HeldFor
from chalicelib.settlement.commission.routes import own_balance, own_commissions
from chalicelib.settlement.statements.routes import own_statements, read_own_statement
from chalicelib.settlement.statements.views import StatementView
from chalicelib.web import member

pages = Pages(__name__)

WAITS_FOR: Mapping[HeldFor, str] = {
    HeldFor.AFTER_SALE: N_("waits until the return or repair has ended"),
    HeldFor.COMPLAINT: N_("waits until a complaint has ended"),
}


@pages.page("/s/{slug}/leader/earnings", allow=member(), paged=True)
def earnings(visit: Visit[Any]) -> Page:
    """How it stands with the shop, and what each order earned. Who leads nothing any more sees what was theirs."""
    found = _led(visit)
    commissions = ask(visit, own_commissions, limit=visit.limit, cursor=visit.cursor)
    latest = ask(visit, own_statements, limit=1)
    standing = ask(visit, own_balance)
    if found is None and not (commissions.items or latest.items or standing.cash.amount_minor):
        led(visit)  # says whom the page is for
    values = {
        "led": found,
        "standing": standing,
        "commissions": commissions.items,
        "following": visit.following(commissions.last_key),
        "first": visit.cursor is None,
        "has_statements": bool(latest.items),
        "waits_for": WAITS_FOR,
    }
    return Page("leader/earnings/earnings.html", values)


@pages.page("/s/{slug}/leader/statements", allow=member(), paged=True)
def statements(visit: Visit[Any]) -> Page:
    """The statements that the shop has closed, the latest first."""
    found = _led(visit)
    listed = ask(visit, own_statements, limit=visit.limit, cursor=visit.cursor)
    if found is None and not listed.items:
        led(visit)  # says whom the page is for
    values = {"led": found, "statements": listed.items, "following": visit.following(listed.last_key)}
    return Page("leader/earnings/statements.html", values)


@pages.page("/s/{slug}/leader/statements/{id}", allow=member())
def statement(visit: Visit[Any]) -> Page:
    """One of them, order by order."""
    shown: StatementView = ask(visit, read_own_statement)
    values = {"led": _led(visit), "statement": shown, "entries": entries(shown.lines)}
    return Page("leader/earnings/statement.html", values)


def _led(visit: Visit[Any]) -> Led | None:
    try:
        return led(visit)
    except LeadsNothing:
        return None
