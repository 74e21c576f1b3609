"""Pages of what comes in: recorded line by line, with what it means for orders, and what was recorded so far."""

from typing import Any

from chalicelib.fulfilment.receiving.forms import NewReceipt
from chalicelib.fulfilment.receiving.routes import list_receipts, read_supply, record_receipt
from chalicelib.kernel.errors import DomainError, Invalid
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.console.supply.forms import ReceiveQuery, carried, filled_lines, of_the_form, part_of
from chalicelib.pages.console.supply.views import effects, lines_of, of_locked, sought, supplier_names, titles_of_others
from chalicelib.pages.shell import N_, Page, Redirect, Visit, ask, may
from chalicelib.web import staff

pages = Console(__name__)

_LOOKS = staff("manager", "planner", "service", "analyst")
_EDITS = staff("manager", "planner")


def _form(visit: Visit[Any]) -> Page:
    """The form of one supplier's delivery, with what was typed so far and the SKUs that were looked for."""
    supply = ask(visit, read_supply)
    sent, query = visit.fields, visit.query
    supplier_id = sent.get("supplier_id", "") if sent else (query.supplier_id if query else "") or ""
    part = part_of(sent) if sent else (query.part if query else 1)
    lines, more = lines_of(supply, supplier_id, part)
    words = sent.get("_seek", "")
    return Page(
        "console/supply/receive.html",
        {
            "campaign_id": visit.path["id"],
            "supplier_id": supplier_id,
            "supplier": supplier_names(visit).get(supplier_id, ""),
            "lines": lines,
            "part": part,
            "more": more,
            "seek": words,
            "found": sought(visit, words),
            "titles": {line.sku_id: line.title for line in supply.lines},
        },
    )


@pages.page("/console/supply/{id}/receive", allow=_EDITS, query=ReceiveQuery)
def receive(visit: Visit[None]) -> Page | Redirect:
    """The form for what came from one supplier."""
    campaign = of_locked(visit)
    return campaign if isinstance(campaign, Redirect) else _form(visit)


@pages.form("/console/supply/{id}/receive", allow=_EDITS, body=NewReceipt, again=receive)
def look(visit: Visit[NewReceipt]) -> Page:
    """The same form with what was typed, and the SKUs that are called as was asked for."""
    return _form(visit)


@pages.form("/console/supply/{id}/receipts", allow=_EDITS, body=NewReceipt, again=receive)
def record(visit: Visit[NewReceipt]) -> Page | Redirect:
    """Records it; what costs orders something is said first."""
    receipt, kept = filled_lines(visit.body)
    supply = ask(visit, read_supply)
    if not kept:
        raise Invalid.at("/lines", "Say of at least one line what came.", "请至少填写一行的到货情况。")
    follows = effects(receipt, supply)
    if follows and visit.fields.get("_step") != "record":
        values = {"campaign_id": visit.path["id"], "effects": follows, "carried": carried(visit.fields)}
        return Page("console/supply/effects.html", values)
    try:
        ask(visit, record_receipt, body=receipt)
    except DomainError as refusal:
        refusal.errors = of_the_form(refusal.errors, kept)
        raise
    said = N_("It is recorded. Orders are being adjusted to it.") if follows else N_("It is recorded.")
    return Redirect(f"/supply/{visit.path['id']}", flash=said)


@pages.page("/console/supply/{id}/receipts", allow=_LOOKS, paged=True)
def receipts(visit: Visit[None]) -> Page | Redirect:
    """What was recorded so far, the latest first."""
    campaign = of_locked(visit)
    if isinstance(campaign, Redirect):
        return campaign
    found = ask(visit, list_receipts, limit=visit.limit, cursor=visit.cursor)
    supply = ask(visit, read_supply)
    return Page(
        "console/supply/receipts.html",
        {
            "campaign": campaign,
            "receipts": found.items,
            "following": visit.following(found.last_key),
            "titles": {line.sku_id: line.title for line in supply.lines},
            "others": titles_of_others(visit, found.items),
            "names": supplier_names(visit),
            "may_record": may(visit, record_receipt),
        },
    )
