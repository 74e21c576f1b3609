"""What the pages of cash show besides amounts: how leaders and pickup points are called."""

from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.members.service.members import get_members
from chalicelib.pages.console.cash.model import is_cash
from chalicelib.pages.shell import Visit, ask
from chalicelib.pickup_points.routes import list_pickup_points
from chalicelib.settlement.books.model.accounts import CASH
from chalicelib.settlement.books.routes import list_accounts
from chalicelib.settlement.books.views import AccountView

_AT_A_TIME = 100
_MOST_READS = 10


def points(visit: Visit[Any]) -> Mapping[str, str]:
    """The pickup points by id, each with its name."""
    return {each.id: each.name for each in ask(visit, list_pickup_points, limit=_AT_A_TIME).items}


def cash_accounts(visit: Visit[Any]) -> list[AccountView]:
    """The accounts of cash; they stand together among the others, which are listed by name."""
    found: list[AccountView] = []
    cursor: dict[str, Any] | None = {"after": CASH}
    for _ in range(_MOST_READS):
        page = ask(visit, list_accounts, limit=_AT_A_TIME, cursor=cursor)
        found += [each for each in page.items if is_cash(each.account)]
        cursor = page.last_key
        if cursor is None or not is_cash(cursor["after"]):
            break
    return found


def leaders(visit: Visit[Any], ids: Iterable[str]) -> Mapping[str, str]:
    """How leaders are called, by id; nobody's name for whom the API shows none."""
    if not visit.principal.sees_contacts:
        return {}
    return {each.id: each.name or each.phone or each.email or "" for each in get_members(visit.tenant_id, set(ids))}
