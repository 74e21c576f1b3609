"""Pages of cash: refunds to be paid out, and what leaders hand in."""

from typing import Any

from chalicelib.orders.routes.cash_refunds import list_cash_refunds
from chalicelib.orders.routes.changes import confirm_refund
from chalicelib.pages.console.cash.forms import AtPoint, HandedIn
from chalicelib.pages.console.cash.model import by_leader, held
from chalicelib.pages.console.cash.views import cash_accounts, leaders, points
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.shell import N_, Page, Redirect, Visit, ask, may
from chalicelib.settlement.books.routes import list_accounts
from chalicelib.settlement.cash.routes import note_cash
from chalicelib.tenants.service.brand import get_tenant
from chalicelib.web import staff

pages = Console(__name__)


@pages.page("/console/cash-refunds", allow=staff("manager", "service", "analyst"), query=AtPoint, paged=True)
def refunds(visit: Visit[None]) -> Page:
    """Refunds that are still to be paid out, the longest due first."""
    asked = {"pickup_point_id": chosen} if (chosen := visit.query.pickup_point_id) else {}
    found = ask(visit, list_cash_refunds, query=asked, limit=visit.limit, cursor=visit.cursor)
    return Page(
        "console/cash/refunds.html",
        {
            "refunds": found.items,
            "following": visit.following(found.last_key),
            "points": points(visit),
            "chosen": chosen,
            "may_confirm": may(visit, confirm_refund),
            "sees_held": may(visit, list_accounts),
        },
    )


@pages.page("/console/cash", allow=staff("manager", "analyst"))
def cash(visit: Visit[None]) -> Page:
    """What each leader has collected and not handed in yet."""
    return _cash(visit)


def _cash(visit: Visit[Any]) -> Page:
    found = held((each.account, each.balance.amount_minor) for each in cash_accounts(visit))
    totals = by_leader(found)
    return Page(
        "console/cash/held.html",
        {
            "held": found,
            "totals": totals,
            "currency": get_tenant(visit.tenant_id).currency,
            "points": points(visit) if found else {},
            "leaders": leaders(visit, totals) if totals else {},
            "may_note": may(visit, note_cash),
        },
    )


@pages.form("/console/cash", allow=staff("manager"), body=HandedIn, again=_cash)
def hand_in(visit: Visit[HandedIn]) -> Redirect:
    """Notes what a leader has handed in."""
    ask(visit, note_cash, body=visit.body.asked(get_tenant(visit.tenant_id).currency))
    return Redirect("/cash", flash=N_("It is noted that the cash was handed in."))
