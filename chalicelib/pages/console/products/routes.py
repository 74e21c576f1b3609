"""Pages of products: the list, one product, the form for a new one and for changing it."""

from typing import Any

from chalicelib.campaigns.assortment.routes import list_products
from chalicelib.catalog.forms import ProductFilter
from chalicelib.catalog.routes.products import create_product, edit_product, get_product
from chalicelib.kernel.errors import DomainError, Stale
from chalicelib.media.forms import UploadForm
from chalicelib.media.routes import ask_for_picture
from chalicelib.pages.console.products import views
from chalicelib.pages.console.products.forms import MOST_IMAGES, ProductForm, StatusForm, beside_the_fields
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.shell import N_, Content, Page, Redirect, Visit, ask, ask_at, may
from chalicelib.web import staff

pages = Console(__name__)

_READERS = staff("manager", "editor", "planner", "service", "analyst")
_EDITORS = staff("manager", "editor")


@pages.page("/console/products", allow=_READERS, query=ProductFilter, paged=True)
def products(visit: Visit[None]) -> Page:
    """The list, narrowed and sorted as its address says."""
    found = ask(visit, list_products, query=visit.query, limit=visit.limit, cursor=visit.cursor)
    values = {
        "products": found.items,
        "following": visit.following(found.last_key),
        "asked": visit.query,
        "narrowed": bool(visit.query.model_dump(exclude_defaults=True)),
        "statuses": views.STATUSES,
        "available": views.AVAILABLE,
        "sorts": views.SORTS,
        "edits": may(visit, create_product),
    }
    return Page("console/products/list.html", values)


@pages.page("/console/products/new", allow=_EDITORS)
def write_product(visit: Visit[None]) -> Page:
    """The form of a new product."""
    return _writing(visit)


def _writing(visit: Visit[Any]) -> Page:
    """As often as another row for a SKU is asked for."""
    values: dict[str, Any] = {
        "product": None,
        "revision": None,
        "to": "/products",
        "most_photos": MOST_IMAGES,
        "overtaken": [],
    }
    return Page("console/products/edit.html", {**values, **views.form(visit, views.NEW)})


@pages.form("/console/products", allow=_EDITORS, body=ProductForm, again=_writing)
def add(visit: Visit[ProductForm]) -> Page | Redirect:
    """Adds a product with its SKUs."""
    if visit.body.more:
        return _writing(visit)
    asked = visit.body.asked(visit.brand.currency)
    try:
        made = ask(visit, create_product, body=asked)
    except DomainError as refusal:
        raise beside_the_fields(refusal, visit.body.rows) from refusal
    return Redirect(f"/products/{made.id}", flash=N_("The product is added. You can offer it in a group buy now."))


@pages.page("/console/products/{id}", allow=_READERS)
def show_product(visit: Visit[Any]) -> Page:
    """A product with its SKUs, their costs and stock."""
    product, revision = ask_at(visit, get_product)
    values = {
        "product": product,
        "revision": revision,
        "edits": may(visit, edit_product),
        "statuses": views.STATUSES,
        "allergens": views.ALLERGENS,
        "units": views.UNITS,
        "per": views.PER,
        "supply": views.SUPPLY,
    }
    return Page("console/products/product.html", values)


@pages.page("/console/products/{id}/change", allow=_EDITORS)
def write_change(visit: Visit[None]) -> Page:
    """The form, filled in; where somebody else was faster, with how it stands now, and at that revision."""
    return _changing(visit)


def _changing(visit: Visit[Any]) -> Page:
    product, newest = ask_at(visit, get_product)
    stored = views.filled_in(product)
    as_read = visit.revision is not None and not isinstance(visit.refused, Stale)
    values = {
        "product": product,
        "revision": visit.revision if as_read else newest,
        "to": f"/products/{product.id}/change",
        "most_photos": MOST_IMAGES,
        "overtaken": views.overtaken(visit, stored),
    }
    return Page("console/products/edit.html", {**values, **views.form(visit, stored)})


@pages.form("/console/products/{id}/change", allow=_EDITORS, body=ProductForm, again=_changing)
def change(visit: Visit[ProductForm]) -> Page | Redirect:
    """Changes what is said of the product, and its SKUs; adds those that are new."""
    if visit.body.more:
        return _changing(visit)
    asked = visit.body.asked(visit.brand.currency)
    try:
        ask(visit, edit_product, body=asked)
    except DomainError as refusal:
        raise beside_the_fields(refusal, visit.body.rows) from refusal
    return Redirect(f"/products/{visit.path['id']}", flash=N_("The product is changed."))


@pages.form("/console/products/{id}/status", allow=_EDITORS, body=StatusForm, again=show_product)
def set_status(visit: Visit[StatusForm]) -> Redirect:
    """Archives the product, or takes it back."""
    ask(visit, edit_product, body={"status": visit.body.status})
    archived = N_("The product is archived. It is in no shop and can be offered nowhere until you bring it back.")
    flash = archived if visit.body.status == "archived" else N_("The product is for sale again.")
    return Redirect(f"/products/{visit.path['id']}", flash=flash)


@pages.form("/console/products/uploads", allow=_EDITORS, body=UploadForm)
def upload(visit: Visit[UploadForm]) -> Content:
    """For the script of the form: where to send a photo, and its address afterwards."""
    return Content(ask(visit, ask_for_picture, body=visit.body).model_dump_json(), "application/json")
