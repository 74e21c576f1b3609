"""Pages of API keys: what there is, who answers for it, and how a key comes, changes and goes."""

from dataclasses import replace
from typing import Any

from chalicelib.kernel.errors import Invalid
from chalicelib.pages.console.keys.forms import KeyForm, Nothing, RotationForm
from chalicelib.pages.console.keys.views import STATES, TICKS
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.shell import N_, Page, Redirect, Visit, ask
from chalicelib.tenants.forms import ApiKeyQuery
from chalicelib.tenants.routes import (
    create_api_key,
    list_api_keys,
    revoke_api_key,
    rotate_api_key,
    take_over_api_key,
)
from chalicelib.web import staff

pages = Console(__name__)

_KEYS = staff("manager", "technical")


@pages.page("/console/api-keys", allow=_KEYS, query=ApiKeyQuery, paged=True)
def show_all(visit: Visit[Any]) -> Page:
    """The keys, each with who answers for it and what can be done with it."""
    found = ask(visit, list_api_keys, query=visit.query or {}, limit=visit.limit, cursor=visit.cursor)
    values = {
        "keys": found.items,
        "states": STATES,
        "scopes": {each.code: each.name for each in TICKS} | {"*": N_("everything")},
        "following": visit.following(found.last_key),
    }
    return Page("console/keys/list.html", values)


@pages.page("/console/api-keys/new", allow=_KEYS)
def begin(visit: Visit[Any]) -> Page:
    """An empty form, with the roles that the key can be given: those of who asks."""
    ticks = [each for each in TICKS if each.code != "owner" and visit.principal.has(each.code)]
    return Page("console/keys/new.html", {"ticks": ticks, "every": visit.principal.has()})


@pages.form("/console/api-keys", allow=_KEYS, body=KeyForm, again=begin)
def add(visit: Visit[KeyForm]) -> Page:
    """Makes a key, and shows its secret, once."""
    try:
        made = ask(visit, create_api_key, body=visit.body.key(visit.brand.timezone))
    except Invalid as refusal:
        raise _of_the_page(refusal) from refusal
    return Page("console/keys/secret.html", {"name": made.name, "secret": made.secret, "old_ends_at": None})


def _of_the_page(refusal: Invalid) -> Invalid:
    """The API's fields, as the page calls them."""
    called = {"/expires_at": "/last_on"}
    errors = tuple(replace(each, pointer=called.get(each.pointer, each.pointer)) for each in refusal.errors)
    return Invalid(refusal.detail, detail_zh=refusal.detail_zh, errors=errors)


@pages.form("/console/api-keys/{id}/rotate", allow=_KEYS, body=RotationForm, again=show_all)
def rotate(visit: Visit[RotationForm]) -> Page:
    """Gives a key a new secret, shown once; the present one goes on working for a while."""
    made = ask(visit, rotate_api_key, body={"overlap_hours": visit.body.overlap_hours})
    values = {"name": made.name, "secret": made.secret, "old_ends_at": made.old_secret_ends_at}
    return Page("console/keys/secret.html", values)


@pages.form("/console/api-keys/{id}/take-over", allow=_KEYS, body=Nothing, again=show_all)
def take_over(visit: Visit[Nothing]) -> Redirect:
    """Whoever presses the button answers for the key from now on."""
    ask(visit, take_over_api_key)
    return Redirect("/api-keys", flash=N_("You answer for the key now. Give it a new secret when you can."))


@pages.form("/console/api-keys/{id}/revoke", allow=_KEYS, body=Nothing, again=show_all)
def revoke(visit: Visit[Nothing]) -> Redirect:
    """Ends a key at once, for good."""
    ask(visit, revoke_api_key)
    return Redirect("/api-keys", flash=N_("The key is revoked. It does not work any more."))
