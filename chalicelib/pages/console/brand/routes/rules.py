"""Pages of the brand's rules: how urgent a complaint is, and what may be given back."""

from typing import Any

from chalicelib.complaints.routes import (
    read_complaint_causes,
    read_complaint_rules,
    set_complaint_cause,
    set_complaint_rules,
)
from chalicelib.kernel.errors import Invalid
from chalicelib.orders.refund_rules.routes import read_refund_rules, set_refund_rules
from chalicelib.pages.console.brand import views
from chalicelib.pages.console.brand.forms import CausePage, ComplaintsForm, RefundsForm
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.shell import N_, Page, Redirect, Visit, ask, ask_at, may
from chalicelib.pages.shell.typed import written
from chalicelib.web import staff

pages = Console(__name__)

_READERS = staff("manager", "service", "analyst")


@pages.page("/console/refund-rules", allow=_READERS)
def refunds(visit: Visit[Any]) -> Page:
    """When a return is paid back, and who may give back how much by goodwill."""
    rules, revision = ask_at(visit, read_refund_rules)
    caps = rules.goodwill_caps
    values = {
        "rules": rules,
        "revision": revision,
        "caps": {name: written(getattr(caps, name)) for name in ("service", "manager")},
        "may_change": may(visit, set_refund_rules),
        "choices": views.PAYS,
    }
    return Page("console/brand/refunds.html", values)


@pages.form("/console/refund-rules", allow=staff(), body=RefundsForm, again=refunds)
def set_refunds(visit: Visit[RefundsForm]) -> Redirect:
    """Sets both."""
    ask(visit, set_refund_rules, body=visit.body.rules(visit.brand.currency))
    return Redirect("/refund-rules", flash=N_("It is saved."))


@pages.page("/console/complaint-rules", allow=_READERS)
def complaints(visit: Visit[Any]) -> Page:
    """Which words and amounts make a complaint how urgent."""
    rules, revision = ask_at(visit, read_complaint_rules)
    amounts = {name: written(getattr(rules.importance, name)) for name in ("normal_from", "high_from")}
    values = {
        "rules": rules,
        "rows": views.rows(rules, visit.fields),
        "revision": revision,
        "amounts": amounts,
        "may_change": may(visit, set_complaint_rules),
        "categories": views.CATEGORIES,
        "urgencies": views.URGENCIES,
        "importances": views.IMPORTANCES,
    }
    return Page("console/brand/complaints.html", values)


@pages.form("/console/complaint-rules", allow=staff("manager"), body=ComplaintsForm, again=complaints)
def set_complaints(visit: Visit[ComplaintsForm]) -> Redirect:
    """Sets all of them."""
    try:
        ask(visit, set_complaint_rules, body=visit.body.book(visit.brand.currency))
    except Invalid as refusal:
        raise visit.body.as_typed(refusal) from refusal
    return Redirect("/complaint-rules", flash=N_("It is saved. It holds for complaints from now on."))


@pages.page("/console/complaint-causes", allow=_READERS)
def causes(visit: Visit[Any]) -> Page:
    """What complaints may be about, by category: the standard causes and the brand's own."""
    found, revision = ask_at(visit, read_complaint_causes)
    values = {
        "by_category": {
            words: [each for each in found.causes if each.category == code] for code, words in views.CATEGORIES
        },
        "revision": revision,
        "may_change": may(visit, set_complaint_cause),
        "categories": views.CATEGORIES,
    }
    return Page("console/brand/causes.html", values)


@pages.form("/console/complaint-causes", allow=staff("manager"), body=CausePage, again=causes)
def set_cause(visit: Visit[CausePage]) -> Redirect:
    """Adds one, pauses one, or takes one up again."""
    if not visit.body.cause.strip():
        raise Invalid.at("/cause", "Give it a short code, such as unripe.", "请填写简短的代码，例如 unripe。")
    for name in ("zh", "en") if visit.body.category else ():
        if not getattr(visit.body, name).strip():
            raise Invalid.at(f"/{name}", "Fill this in, too.", "请填写此项。")
    ask(visit, set_complaint_cause, path={"name": visit.body.cause}, body=visit.body.wanted())
    return Redirect("/complaint-causes", flash=N_("It is saved. It holds for complaints from now on."))
