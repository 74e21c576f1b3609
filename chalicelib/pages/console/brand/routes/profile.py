"""Pages of the brand's face, and of what a new shop still needs."""

from dataclasses import replace
from typing import Any

from chalicelib.campaigns.assortment.routes import list_products
from chalicelib.campaigns.routes import list_campaigns
from chalicelib.kernel.errors import Invalid
from chalicelib.media.forms import UploadForm
from chalicelib.media.routes import ask_for_picture
from chalicelib.pages.console.brand.forms import ProfileForm
from chalicelib.pages.console.brand.model import SoFar, steps
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.shell import N_, Content, Page, Redirect, Visit, ask, ask_at, may
from chalicelib.payments.accounts.routes import list_payment_settings
from chalicelib.pickup_points.routes import list_pickup_points
from chalicelib.tenants.routes import change_tenant, read_tenant
from chalicelib.tenants.views import TenantView
from chalicelib.web import staff

pages = Console(__name__)

_ANY = staff("manager", "editor", "planner", "service", "analyst", "technical")
_MANAGERS = staff("manager")
_MOST_LOOKED_AT = 100


@pages.page("/console/brand", allow=_ANY)
def profile(visit: Visit[Any]) -> Page:
    """The brand as it stands, to be changed by who may."""
    tenant, revision = ask_at(visit, read_tenant)
    values = {
        "tenant": tenant,
        "revision": revision,
        "may_change": may(visit, change_tenant),
        "shop": visit.shop,
        "languages": _languages(tenant.locale),
        "texts": {each.kind: each for each in tenant.legal_texts},
    }
    return Page("console/brand/profile.html", values)


def _languages(locale: str) -> list[tuple[str, str]]:
    """Those to choose from, by their own names; one that the brand has besides is kept."""
    known = [("zh", "中文"), ("en", "English")]
    return known if locale in dict(known) else [*known, (locale, locale)]


@pages.form("/console/brand", allow=_MANAGERS, body=ProfileForm, again=profile)
def save(visit: Visit[ProfileForm]) -> Redirect:
    """Changes the face of the brand."""
    tenant: TenantView = ask(visit, read_tenant)
    try:
        ask(visit, change_tenant, body=visit.body.edit(tenant.brand.colours))
    except Invalid as refusal:
        raise _of_the_page(refusal) from refusal
    return Redirect("/brand", flash=N_("It is saved. Neighbours see it within a minute."))


def _of_the_page(refusal: Invalid) -> Invalid:
    """What the brand stands for is one field of lines here, and a list in the API."""
    at = "/brand/values"
    errors = tuple(replace(each, pointer=at) if each.pointer.startswith(at) else each for each in refusal.errors)
    return Invalid(refusal.detail, detail_zh=refusal.detail_zh, errors=errors)


@pages.form("/console/brand/uploads", allow=staff("manager", "editor"), body=UploadForm)
def upload(visit: Visit[UploadForm]) -> Content:
    """For the script of the page: where to send a logo, and what it is called afterwards."""
    granted = ask(visit, ask_for_picture, body=visit.body)
    return Content(granted.model_dump_json(), "application/json")


@pages.page("/console/brand/setup", allow=_ANY)
def setup(visit: Visit[None]) -> Page:
    """What a new shop still needs, with the way to each."""
    found = steps(_so_far(visit))
    left = sum(not each.done for each in found)
    return Page("console/brand/setup.html", {"steps": found, "left": left, "shop": visit.in_shop("")})


def _so_far(visit: Visit[None]) -> SoFar:
    tenant: TenantView = ask(visit, read_tenant)
    products = _list(visit, list_products)
    points, campaigns = (_list(visit, each, limit=1) for each in (list_pickup_points, list_campaigns))
    accounts = ask(visit, list_payment_settings).items if may(visit, list_payment_settings) else None
    return SoFar(
        confirmed=tenant.owner_confirmed,
        pictured_product=None if products is None else any(each.image for each in products),
        pickup_point=None if points is None else bool(points),
        pays_online=None if accounts is None else any(each.enabled for each in accounts),
        texts=frozenset(each.kind for each in tenant.legal_texts),
        campaign=None if campaigns is None else bool(campaigns),
    )


def _list(visit: Visit[None], handler: Any, limit: int = _MOST_LOOKED_AT) -> list[Any] | None:
    """The first of a list; None for who does not see it."""
    if not may(visit, handler):
        return None
    found: list[Any] = list(ask(visit, handler, limit=limit).items)
    return found
