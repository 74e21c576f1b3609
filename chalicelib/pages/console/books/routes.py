"""Pages of the books: all money in words, accounts, journals, and the result of a group buy."""

from typing import Any

from chalicelib.campaigns.routes import list_campaigns, read_campaign
from chalicelib.pages.console.books.forms import SettledQuery, SettleForm
from chalicelib.pages.console.books.model import KINDS, cause_said, said
from chalicelib.pages.console.downloads import handed_out
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.console.said import CAMPAIGN
from chalicelib.pages.shell import N_, Content, Page, Redirect, Visit, ask, may
from chalicelib.settlement.books.forms import JournalQuery, TableFormat
from chalicelib.settlement.books.routes import list_accounts, list_journals, prove_accounts
from chalicelib.settlement.campaigns.routes import read_settlement, settle_campaign
from chalicelib.settlement.errors import PeriodInvalid
from chalicelib.web import Paged, staff

pages = Console(__name__)

_LOOKS = staff("manager", "analyst")
_TABS = {
    "completed": N_("To be settled"),
    "at_pickup": N_("Still being collected"),
    "settled": N_("Settled"),
}


@pages.page("/console/books", allow=_LOOKS, query=TableFormat, paged=True)
def books(visit: Visit[Any]) -> Page | Content | Redirect:
    """What became of all money, in words, and the accounts."""
    if visit.query.format in ("csv", "xlsx"):
        return handed_out(visit, ask(visit, list_accounts, query=visit.query))
    found = ask(visit, list_accounts, query=TableFormat(), limit=visit.limit, cursor=visit.cursor)
    return Page(
        "console/books/books.html",
        {
            "proof": ask(visit, prove_accounts),
            "accounts": [(said(each.account), each) for each in found.items],
            "kinds": KINDS,
            "following": visit.following(found.last_key),
        },
    )


@pages.page("/console/books/journals", allow=_LOOKS, query=JournalQuery, paged=True)
def journals(visit: Visit[Any]) -> Page | Content | Redirect:
    """What was booked, the latest first."""
    asked, wrong = visit.query, None
    if asked.format in ("csv", "xlsx"):
        return handed_out(visit, ask(visit, list_journals, query=asked))
    try:
        found = ask(visit, list_journals, query=asked, limit=visit.limit, cursor=visit.cursor)
    except PeriodInvalid as refusal:
        found, wrong = Paged([], None), refusal
    return Page(
        "console/books/journals.html",
        {
            "asked": asked,
            "wrong": wrong,
            "account": said(asked.account) if asked.account else None,
            "journals": [
                (cause_said(each.cause), each, [(said(entry.account), entry) for entry in each.entries])
                for each in found.items
            ],
            "following": visit.following(found.last_key),
        },
    )


@pages.page("/console/books/campaigns", allow=_LOOKS, query=SettledQuery, paged=True)
def campaigns(visit: Visit[Any]) -> Page:
    """The group buys that are to be settled."""
    status = visit.query.status
    found = ask(visit, list_campaigns, query={"status": status}, limit=visit.limit, cursor=visit.cursor)
    return Page(
        "console/books/campaigns.html",
        {
            "status": status,
            "tabs": _TABS,
            "campaigns": found.items,
            "following": visit.following(found.last_key),
        },
    )


@pages.page("/console/books/campaigns/{id}", allow=_LOOKS)
def result(visit: Visit[Any]) -> Page:
    """What a group buy has earned, and what is still outstanding of it."""
    campaign = ask(visit, read_campaign)
    settlement = ask(visit, read_settlement)
    left = settlement.outstanding
    amounts = (left.held, left.refunds, left.commission_frozen)
    outstanding = any(each.amount_minor for each in amounts) or left.orders or left.cases
    return Page(
        "console/books/result.html",
        {
            "campaign": campaign,
            "state": CAMPAIGN[campaign.status],
            "result": settlement,
            "left": left,
            "outstanding": bool(outstanding),
            "may_settle": may(visit, settle_campaign),
        },
    )


@pages.form("/console/books/campaigns/{id}/settle", allow=staff("manager"), body=SettleForm, again=result)
def settle(visit: Visit[SettleForm]) -> Redirect:
    """Settles it: nothing of it is booked any more."""
    ask(visit, settle_campaign)
    return Redirect(f"/books/campaigns/{visit.path['id']}", flash=N_("The group buy is settled."))
