"""Pages of webhooks: endpoints, their secrets, and what became of what was sent to them."""

from typing import Any

from chalicelib.kernel.errors import Invalid
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.console.webhooks.forms import EndpointTyped, Nothing, RotationTyped, StatusTyped
from chalicelib.pages.console.webhooks.model import (
    ACTIVE,
    DELIVERIES,
    DISABLED,
    FAILING,
    GIVEN_UP,
    REASONS,
    hears_all,
    kinds,
)
from chalicelib.pages.shell import N_, Page, Redirect, Visit, ask, ask_at
from chalicelib.web import staff
from chalicelib.webhooks.forms import DeliveryQuery
from chalicelib.webhooks.routes import (
    add_endpoint,
    change_endpoint,
    delete_endpoint,
    list_deliveries,
    list_endpoints,
    read_endpoint,
    retry_delivery,
    rotate_secret,
    test_endpoint,
)
from chalicelib.webhooks.views import AttemptView, IssuedEndpointView

pages = Console(__name__)

_WHO = staff("manager", "technical")
_STATES = {"active": ACTIVE, "failing": FAILING, "disabled": DISABLED}


@pages.page("/console/webhook-endpoints", allow=_WHO, paged=True)
def endpoints(visit: Visit[None]) -> Page:
    """Where events are sent to."""
    found = ask(visit, list_endpoints, limit=visit.limit, cursor=visit.cursor)
    values = {"endpoints": found.items, "following": visit.following(found.last_key), **_said()}
    return Page("console/webhooks/endpoints.html", values)


@pages.page("/console/webhook-endpoints/new", allow=_WHO)
def new(visit: Visit[Any]) -> Page:
    """Where, and which events."""
    values = {"endpoint": None, "revision": None, "every": visit.fields.get("which", "all") == "all"}
    return Page("console/webhooks/form.html", {**values, "ticked": _ticked(visit), "kinds": kinds(visit.language)})


@pages.form("/console/webhook-endpoints", allow=_WHO, body=EndpointTyped, again=new)
def add(visit: Visit[EndpointTyped]) -> Page:
    """Events go there from now on; its secret is shown this once."""
    _some(visit.body)
    issued: IssuedEndpointView = ask(visit, add_endpoint, body=visit.body.stated())
    return Page("console/webhooks/secret.html", {"endpoint": issued, "added": True})


@pages.page("/console/webhook-endpoints/{id}", allow=_WHO, query=DeliveryQuery, paged=True)
def endpoint(visit: Visit[Any]) -> Page:
    """An endpoint, and what was sent to it, newest first."""
    return _endpoint(visit)


def _endpoint(visit: Visit[Any], tested: AttemptView | None = None) -> Page:
    found, revision = ask_at(visit, read_endpoint)
    status = visit.query.status if visit.query else None
    query = {"status": status} if status else {}
    deliveries = ask(visit, list_deliveries, query=query, limit=visit.limit, cursor=visit.cursor)
    values = {
        "endpoint": found,
        "revision": revision,
        "tested": tested,
        "deliveries": deliveries.items,
        "following": visit.following(deliveries.last_key) if visit.binding else "",
        "status": status or "",
        "shown": DELIVERIES,
        "given_up": GIVEN_UP,
        "reasons": REASONS,
        **_said(),
    }
    return Page("console/webhooks/endpoint.html", values)


@pages.page("/console/webhook-endpoints/{id}/edit", allow=_WHO)
def edit(visit: Visit[Any]) -> Page:
    """Changes where, and which events."""
    found, revision = ask_at(visit, read_endpoint)
    every = hears_all(found.event_types)
    values = {
        "endpoint": found,
        "revision": revision,
        "every": visit.fields.get("which", "all" if every else "some") == "all",
        "ticked": _ticked(visit) if visit.fields else set(found.event_types),
        "kinds": kinds(visit.language),
    }
    return Page("console/webhooks/form.html", values)


@pages.form("/console/webhook-endpoints/{id}", allow=_WHO, body=EndpointTyped, again=edit)
def change(visit: Visit[EndpointTyped]) -> Redirect:
    """Keeps the change."""
    _some(visit.body)
    ask(visit, change_endpoint, body=visit.body.stated())
    return Redirect(f"/webhook-endpoints/{visit.path['id']}", flash=N_("It is saved."))


@pages.form("/console/webhook-endpoints/{id}/status", allow=_WHO, body=StatusTyped, again=_endpoint)
def switch(visit: Visit[StatusTyped]) -> Redirect:
    """Sends nothing there any more, or sends there again."""
    ask(visit, change_endpoint, body={"status": visit.body.status})
    on, off = N_("Events are sent there again."), N_("Nothing is sent there any more.")
    return Redirect(f"/webhook-endpoints/{visit.path['id']}", flash=on if visit.body.status == "active" else off)


@pages.form("/console/webhook-endpoints/{id}/test", allow=_WHO, body=Nothing, again=_endpoint)
def try_out(visit: Visit[Nothing]) -> Page:
    """Sends a test event at once, and says what came of it."""
    return _endpoint(visit, ask(visit, test_endpoint))


@pages.form("/console/webhook-endpoints/{id}/rotate-secret", allow=_WHO, body=RotationTyped, again=_endpoint)
def rotate(visit: Visit[RotationTyped]) -> Page:
    """A new secret, shown this once."""
    issued: IssuedEndpointView = ask(visit, rotate_secret, body={"overlap_hours": visit.body.overlap_hours})
    return Page("console/webhooks/secret.html", {"endpoint": issued, "added": False})


@pages.page("/console/webhook-endpoints/{id}/delete", allow=_WHO)
def ask_whether_to_delete(visit: Visit[Any]) -> Page:
    """What will be lost."""
    found, revision = ask_at(visit, read_endpoint)
    return Page("console/webhooks/delete.html", {"endpoint": found, "revision": revision})


@pages.form("/console/webhook-endpoints/{id}/delete", allow=_WHO, body=Nothing, again=ask_whether_to_delete)
def delete(visit: Visit[Nothing]) -> Redirect:
    """It is gone, with its secret."""
    ask(visit, delete_endpoint)
    return Redirect("/webhook-endpoints", flash=N_("The endpoint is deleted."))


@pages.form(
    "/console/webhook-endpoints/{id}/deliveries/{delivery_id}/retry", allow=_WHO, body=Nothing, again=_endpoint
)  # fmt: skip
def send_again(visit: Visit[Nothing]) -> Redirect:
    """Sends an event there once more."""
    ask(visit, retry_delivery)
    return Redirect(f"/webhook-endpoints/{visit.path['id']}", flash=N_("It is sent again in a moment."))


def _said() -> dict[str, Any]:
    return {"states": _STATES, "hears_all": hears_all}


def _ticked(visit: Visit[Any]) -> set[str]:
    """The events that the form came with."""
    return {value for name, value in visit.fields.items() if name.startswith("event_types.")}


def _some(typed: EndpointTyped) -> None:
    """Raises Invalid where some events are wanted and none is named."""
    if typed.nothing_chosen:
        raise Invalid.at(
            "/event_types", "Tick at least one event, or choose every event.", "请至少勾选一个事件，或选择全部事件。"
        )
