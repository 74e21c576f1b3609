"""Pages of statements: whom there is, one account over some days, and what was frozen and paid."""

from datetime import date
from typing import Any

from chalicelib.fulfilment.suppliers.routes import get_supplier, list_suppliers
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.members.routes import read_member
from chalicelib.pages.console.downloads import handed_out
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.console.statements.forms import PartyTab, PayForm, PeriodQuery, StatementQuery
from chalicelib.pages.console.statements.model import LINES, last_month, leads_to
from chalicelib.pages.shell import N_, Content, Page, Redirect, Visit, ask, may
from chalicelib.pages.shell.typed import written
from chalicelib.pickup_points.routes import list_pickup_points
from chalicelib.settlement.errors import PeriodInvalid, TooManyLines
from chalicelib.settlement.statements.forms import NewStatement
from chalicelib.settlement.statements.routes import (
    freeze_statement,
    list_frozen,
    look_at_statement,
    pay_statement,
    read_statement,
)
from chalicelib.web import staff

pages = Console(__name__)

_LOOKS = staff("manager", "analyst")
_PAYS = staff("manager")


@pages.page("/console/statements", allow=_LOOKS, query=PartyTab, paged=True)
def parties(visit: Visit[Any]) -> Page:
    """The leaders or the suppliers, each with the way to their account."""
    leaders = visit.query.party == "leader"
    found = ask(visit, list_pickup_points if leaders else list_suppliers, limit=visit.limit, cursor=visit.cursor)
    if leaders:
        points: dict[str, list[str]] = {}
        for each in found.items:
            if each.leader_id:
                points.setdefault(each.leader_id, []).append(each.name)
        listed = list(points.items())
    else:
        listed = [(each.id, [each.name]) for each in found.items]
    values = {"party": visit.query.party, "parties": listed, "following": visit.following(found.last_key)}
    return Page("console/statements/parties.html", values)


def _name(visit: Visit[Any], party: str, party_id: str) -> str:
    """Who it is. Raises NotFound."""
    path = {"id": party_id}
    if party == "supplier":
        return str(ask(visit, get_supplier, path=path).name)
    member = ask(visit, read_member, path=path)
    return str(member.profile.name or member.email or member.phone or "")


def _account(visit: Visit[Any], party: str, party_id: str, days: tuple[date, date], part: int = 1) -> Page:
    """A party's account over some days, as it now stands, with what was frozen before."""
    name, (from_on, to_on) = _name(visit, party, party_id), days
    whose = {"party": party, "party_id": party_id}
    statement, wrong = None, None
    try:
        asked = {**whose, "from_on": from_on.isoformat(), "to_on": to_on.isoformat()}
        statement = ask(visit, look_at_statement, query=asked)
    except (PeriodInvalid, TooManyLines) as refusal:
        wrong = refusal
    frozen = ask(visit, list_frozen, query=whose, limit=12)
    today = local_date(visit.now, zone(visit.brand.timezone))
    return Page(
        "console/statements/account.html",
        {
            **whose,
            "name": name,
            "from_on": from_on,
            "to_on": to_on,
            "statement": statement,
            "wrong": wrong,
            "frozen": frozen.items,
            "over": to_on < today,
            "may_freeze": may(visit, freeze_statement),
            **_lines(statement, part),
        },
    )


def _lines(statement: Any, part: int) -> dict[str, Any]:
    lines = statement.lines if statement else []
    shown = lines[(part - 1) * LINES : part * LINES]
    return {
        "lines": [(each, leads_to(each.kind, each.reference)) for each in shown],
        "part": part,
        "more": len(lines) > part * LINES,
    }


def _looked_at(visit: Visit[Any], party: str) -> Page | Content | Redirect:
    asked, today = visit.query, local_date(visit.now, zone(visit.brand.timezone))
    before = last_month(today)
    days = asked.from_on or asked.to_on or before[0], asked.to_on or asked.from_on or before[1]
    if asked.format in ("csv", "xlsx"):
        _name(visit, party, visit.path["id"])
        wanted = {"party": party, "party_id": visit.path["id"], "format": asked.format}
        named = {"from_on": days[0].isoformat(), "to_on": days[1].isoformat()}
        return handed_out(visit, ask(visit, look_at_statement, query=wanted | named))
    return _account(visit, party, visit.path["id"], days, asked.part)


@pages.page("/console/statements/leaders/{id}", allow=_LOOKS, query=PeriodQuery)
def leader(visit: Visit[None]) -> Page | Content | Redirect:
    """A leader's account."""
    return _looked_at(visit, "leader")


@pages.page("/console/statements/suppliers/{id}", allow=_LOOKS, query=PeriodQuery)
def supplier(visit: Visit[None]) -> Page | Content | Redirect:
    """A supplier's account."""
    return _looked_at(visit, "supplier")


def _not_frozen(visit: Visit[Any]) -> Page:
    """The account of the days that were to be frozen. Raises what was refused where these are no days of anybody's."""
    assert visit.refused is not None  # noqa: S101
    sent = visit.fields
    try:
        days = date.fromisoformat(sent.get("from_on", "")), date.fromisoformat(sent.get("to_on", ""))
    except ValueError:
        raise visit.refused from None
    if sent.get("party") not in ("leader", "supplier"):
        raise visit.refused
    return _account(visit, sent["party"], sent.get("party_id", ""), days)


@pages.form("/console/statements", allow=_PAYS, body=NewStatement, again=_not_frozen)
def freeze(visit: Visit[NewStatement]) -> Redirect:
    """Freezes a period that is over."""
    frozen = ask(visit, freeze_statement, body=visit.body)
    return Redirect(f"/statements/{frozen.id}", flash=N_("The statement is frozen. It stays as it is."))


@pages.page("/console/statements/{id}", allow=_LOOKS, query=StatementQuery)
def show(visit: Visit[Any]) -> Page | Content | Redirect:
    """A frozen statement, with what was paid on it."""
    if visit.query is not None and visit.query.format in ("csv", "xlsx"):
        return handed_out(visit, ask(visit, read_statement, query={"format": visit.query.format}))
    statement = ask(visit, read_statement)
    return Page(
        "console/statements/statement.html",
        {
            "statement": statement,
            "name": _name(visit, statement.party, statement.party_id),
            "may_pay": may(visit, pay_statement),
            "plain_unpaid": written(statement.unpaid),
            **_lines(statement, visit.query.part if visit.query else 1),
        },
    )


@pages.form("/console/statements/{id}/pay", allow=_PAYS, body=PayForm, again=show)
def pay(visit: Visit[PayForm]) -> Redirect:
    """Notes that it was paid, outside of the product."""
    ask(visit, pay_statement, body={"amount": visit.body.money(visit.brand.currency)})
    return Redirect(f"/statements/{visit.path['id']}", flash=N_("The payment is noted."))
