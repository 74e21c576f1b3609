"""Pages of suppliers: the list, one with what it delivers, the forms for both, and the terms for one SKU."""

from datetime import date
from typing import Any

from chalicelib.campaigns.assortment.routes import list_products
from chalicelib.catalog.routes.products import get_sku
from chalicelib.catalog.service.set_aside import get_skus
from chalicelib.fulfilment.receiving.routes import read_supplier_rate
from chalicelib.fulfilment.suppliers.forms import SupplierFilter
from chalicelib.fulfilment.suppliers.routes import (
    agree_terms,
    create_supplier,
    edit_supplier,
    end_terms,
    get_supplier,
    list_suppliers,
    list_terms,
)
from chalicelib.fulfilment.suppliers.views import TermsView
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import DomainError, Stale
from chalicelib.kernel.local_day import local_date
from chalicelib.pages.console.causes import causes_in_words
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.console.suppliers import views
from chalicelib.pages.console.suppliers.forms import (
    Nothing,
    Search,
    StatusForm,
    SupplierText,
    TermsText,
    beside_the_fields,
)
from chalicelib.pages.shell import N_, Page, Redirect, Visit, ask, ask_at, may
from chalicelib.web import staff

pages = Console(__name__)

_EDITS = staff("manager", "planner")
_LOOKS = staff("manager", "planner", "analyst")
_MOST = 100


@pages.page("/console/suppliers", allow=_LOOKS, query=SupplierFilter, paged=True)
def suppliers(visit: Visit[None]) -> Page:
    """The list, newest first."""
    found = ask(visit, list_suppliers, query=visit.query, limit=visit.limit, cursor=visit.cursor)
    values = {
        "suppliers": found.items,
        "following": visit.following(found.last_key),
        "status": visit.query.status or "",
        "statuses": views.STATUSES,
        "edits": may(visit, create_supplier),
        "licence_of": {each.id: views.worst(each, _today(visit)) for each in found.items},
    }
    return Page("console/suppliers/list.html", values)


def _today(visit: Visit[Any]) -> date:
    return local_date(visit.now, zone(visit.brand.timezone))


@pages.page("/console/suppliers/new", allow=_EDITS)
def write_supplier(visit: Visit[Any]) -> Page:
    """The form of a new supplier."""
    values = {"supplier": None, "stored": views.NEW, "revision": None, "below": views.BELOW}
    return Page("console/suppliers/edit.html", values)


@pages.form("/console/suppliers", allow=_EDITS, body=SupplierText, again=write_supplier)
def add(visit: Visit[SupplierText]) -> Redirect:
    """Adds a supplier."""
    asked = visit.body.asked(visit.brand.currency)
    try:
        made = ask(visit, create_supplier, body=asked)
    except DomainError as refusal:
        raise beside_the_fields(refusal) from refusal
    return Redirect(f"/suppliers/{made.id}", flash=N_("The supplier is added. Say next what it delivers."))


@pages.page("/console/suppliers/{id}", allow=_LOOKS, paged=True)
def show_supplier(visit: Visit[Any]) -> Page:
    """A supplier, and what it delivers on which terms."""
    supplier, revision = ask_at(visit, get_supplier)
    found = ask(visit, list_terms, limit=visit.limit, cursor=visit.cursor)
    values = {
        "supplier": supplier,
        "revision": revision,
        "terms": found.items,
        "skus": get_skus(visit.tenant_id, [each.sku_id for each in found.items]),
        "following": "" if visit.refused else visit.following(found.last_key),
        "statuses": views.STATUSES,
        "below": views.BELOW,
        "edits": may(visit, edit_supplier),
        "licences": views.licensed(supplier, _today(visit)),
        "causes": causes_in_words(visit),
        "rate": ask(visit, read_supplier_rate, query={}) if may(visit, read_supplier_rate) else None,
    }
    return Page("console/suppliers/supplier.html", values)


@pages.page("/console/suppliers/{id}/change", allow=_EDITS)
def write_change(visit: Visit[Any]) -> Page:
    """The form, filled in; where somebody else was faster, at the newest revision, with how it stands."""
    supplier, newest = ask_at(visit, get_supplier)
    as_read = visit.revision is not None and not isinstance(visit.refused, Stale)
    values = {
        "supplier": supplier,
        "stored": views.filled_in(supplier),
        "revision": visit.revision if as_read else newest,
        "below": views.BELOW,
    }
    return Page("console/suppliers/edit.html", values)


@pages.form("/console/suppliers/{id}/change", allow=_EDITS, body=SupplierText, again=write_change)
def change(visit: Visit[SupplierText]) -> Redirect:
    """Changes what is said of the supplier."""
    asked = visit.body.changed(visit.brand.currency)
    try:
        ask(visit, edit_supplier, body=asked)
    except DomainError as refusal:
        raise beside_the_fields(refusal) from refusal
    return Redirect(f"/suppliers/{visit.path['id']}", flash=N_("The supplier is changed."))


@pages.form("/console/suppliers/{id}/status", allow=_EDITS, body=StatusForm, again=show_supplier)
def set_status(visit: Visit[StatusForm]) -> Redirect:
    """Archives the supplier, or takes it back."""
    ask(visit, edit_supplier, body={"status": visit.body.status})
    archived = visit.body.status == "archived"
    flash = N_("The supplier is archived. You can bring it back.") if archived else N_("The supplier is in use again.")
    return Redirect(f"/suppliers/{visit.path['id']}", flash=flash)


@pages.page("/console/suppliers/{id}/skus", allow=_EDITS, query=Search, paged=True)
def choose_sku(visit: Visit[None]) -> Page:
    """The goods, to choose one that the supplier delivers."""
    supplier = ask(visit, get_supplier)
    asked = {"status": "active"} | ({"q": visit.query.q} if visit.query.q else {})
    found = ask(visit, list_products, query=asked, limit=visit.limit, cursor=visit.cursor)
    values = {
        "supplier": supplier,
        "products": found.items,
        "following": visit.following(found.last_key),
        "q": visit.query.q,
    }
    return Page("console/suppliers/choose.html", values)


@pages.page("/console/suppliers/{id}/skus/{sku_id}", allow=_EDITS)
def write_terms(visit: Visit[Any]) -> Page:
    """The form of the terms for a SKU, as they are agreed or as is usual."""
    supplier, agreed = ask(visit, get_supplier), _agreed(visit)
    values = {
        "supplier": supplier,
        "sku": ask(visit, get_sku, path={"id": visit.path["sku_id"]}),
        "agreed": agreed,
        "stored": views.terms_filled_in(agreed),
        "below": views.BELOW,
        "rounding": views.ROUNDING,
    }
    return Page("console/suppliers/terms.html", values)


@pages.form("/console/suppliers/{id}/skus/{sku_id}", allow=_EDITS, body=TermsText, again=write_terms)
def agree(visit: Visit[TermsText]) -> Redirect:
    """Agrees the terms, in place of earlier ones."""
    asked = visit.body.asked(visit.brand.currency)
    try:
        ask(visit, agree_terms, body=asked)
    except DomainError as refusal:
        raise beside_the_fields(refusal) from refusal
    return Redirect(f"/suppliers/{visit.path['id']}", flash=N_("The terms are agreed."))


@pages.form("/console/suppliers/{id}/skus/{sku_id}/end", allow=_EDITS, body=Nothing, again=write_terms)
def end(visit: Visit[Nothing]) -> Redirect:
    """Ends the terms for a SKU."""
    ask(visit, end_terms)
    return Redirect(f"/suppliers/{visit.path['id']}", flash=N_("The terms have ended. Agree them anew to undo it."))


def _agreed(visit: Visit[Any]) -> TermsView | None:
    """The terms for the SKU of the address; None where nothing is agreed."""
    cursor = None
    while True:
        found = ask(visit, list_terms, limit=_MOST, cursor=cursor)
        terms = next((each for each in found.items if each.sku_id == visit.path["sku_id"]), None)
        cursor = found.last_key
        if terms is not None or cursor is None:
            return terms
