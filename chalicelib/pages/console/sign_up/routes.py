"""Pages by which a brand signs up: what it is called, what follows from that, and its key, which is shown once."""

from dataclasses import replace
from typing import Any

from chalicelib.kernel.currencies import CURRENCIES
from chalicelib.kernel.principal import Principal
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.console.sign_up.forms import Beginning
from chalicelib.pages.console.sign_up.model import HOMES, ZONES, addresses, home_of
from chalicelib.pages.shell import Cookie, Page, Visit, ask, sessions
from chalicelib.tenancy import Brand
from chalicelib.tenants.forms import NewTenant
from chalicelib.tenants.routes import create_tenant
from chalicelib.tenants.views import SignedUpView
from chalicelib.web import anyone
from chalicelib.web.handling import known_tenants

pages = Console(__name__)

_SHOP_SECONDS = 400 * 24 * 3600


@pages.page("/console/sign-up", allow=anyone())
def begin(visit: Visit[Any]) -> Page:
    """Asks for a name and an e-mail address."""
    home = home_of(visit.headers.get("accept-language", ""), visit.language)
    countries = [(code, each.name) for code, each in HOMES.items()]
    return Page("console/sign_up/begin.html", {"countries": countries, "home": home})


@pages.form("/console/sign-up/look", allow=anyone(), body=Beginning, again=begin)
def look(visit: Visit[Beginning]) -> Page:
    """Shows what follows from it, to be seen before it is for good."""
    body = visit.body
    code = body.country if body.country in HOMES else home_of(visit.headers.get("accept-language", ""), visit.language)
    home = HOMES[code]
    free = (
        each for each in addresses(body.name, body.owner_email, code) if known_tenants().tenant_of_slug(each) is None
    )
    proposed = {
        "name": body.name,
        "owner_email": body.owner_email,
        "country": code,
        "slug": next(free, ""),
        "timezone": home.zones[0],
        "currency": home.currency,
        "locale": visit.language,
    }
    return _confirming(visit, proposed)


def _confirming(visit: Visit[Any], values: dict[str, str]) -> Page:
    home = HOMES.get(values.get("country", ""))
    zones = [*(home.zones if home else ()), *(each for each in ZONES if home is None or each not in home.zones)]
    shown = {
        "values": values,
        "zones": [(each, each.replace("_", " ")) for each in zones],
        "currencies": [(each, each) for each in CURRENCIES],
        "languages": [("zh", "中文"), ("en", "English")],
        "before": f"{visit.base_url}/s/",
    }
    return Page("console/sign_up/confirm.html", shown)


def _confirm_again(visit: Visit[Any]) -> Page:
    return _confirming(visit, {name: visit.fields.get(name, "") for name in NewTenant.model_fields})


@pages.form("/console/sign-up", allow=anyone(), body=NewTenant, again=_confirm_again)
def open_shop(visit: Visit[NewTenant]) -> Page:
    """The brand is there, its owner is signed in, and its key is shown, once."""
    made: SignedUpView = ask(visit, create_tenant, body=visit.body)
    tenant, keeper = made.tenant, made.api_key.keeper
    assert keeper is not None  # noqa: S101 - a new brand's key has its owner
    owner = Principal("staff", tenant.id, keeper.staff_id, frozenset({"owner"}), slug=tenant.slug)
    cookie = sessions.signed_in(owner, visit.now)
    values = {
        "secret": made.api_key.secret,
        "shop": f"{visit.base_url}/s/{tenant.slug}",
        "email": visit.body.owner_email,
        "brand": Brand(tenant.name, tenant.timezone, tenant.currency, tenant.locale),
        "visit": replace(sessions.with_session(visit, cookie), tenant_id=""),
    }
    return Page("console/sign_up/live.html", values, cookies=(cookie, Cookie("shop", tenant.slug, _SHOP_SECONDS)))
