"""What our router adds to Chalice: the same answer from a bare view and from a typed route."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

from chalice.app import Chalice

from chalicelib.kernel import clock
from chalicelib.routing import RoutedApp
from chalicelib.tenants.service import directory
from chalicelib.web import Body, Call, Quantity, Router, Title, View, anyone, member
from chalicelib.web.handling import use_directory, use_members
from chalicelib.web.tokens import issue
from infra.bench.figure import Figure, at_most, told
from infra.index import index
from infra.local.application import API_SECONDS, LambdaContext
from infra.local.events import rest_event

ROUNDS, BATCH = 60, 50
_TENANT = "01J9ZQ0W7N8RXC5B2M4T6V8Y0A"


class _Wish(Body):
    title: Title
    quantity: Quantity


class _Kettle(View):
    title: str
    quantity: int


def figures() -> Iterator[Figure]:
    """Lines of the table about a route that does nothing but take and give."""
    use_directory(directory)
    use_members(lambda tenant_id, member_id: 0)
    bare, typed = _bare(), _typed()
    get, post = _event("GET", "/v1/kettles"), _event("POST", "/v1/kettles", b'{"title":"tea","quantity":2}')
    known_get, known_post = _known(get), _known(post)
    slug = "bench"
    token = issue("member", _TENANT, slug, _TENANT, frozenset(), clock.now(), 3600)
    signed = _event("GET", f"/v1/stores/{slug}/kettles", b"", {"Authorization": f"Bearer {token}"})
    calls = {
        "bare GET": lambda: bare(known_get, _CONTEXT),
        "bare POST": lambda: bare(known_post, _CONTEXT),
        "typed GET": lambda: typed(get, _CONTEXT),
        "typed POST": lambda: typed(post, _CONTEXT),
        "member": lambda: typed(signed, _CONTEXT),
    }
    took = _interleaved(calls)
    over_get, over_post = took["typed GET"] - took["bare GET"], took["typed POST"] - took["bare POST"]
    how = f"a validated body and a typed answer; bare {took['bare POST']:.0f} µs, ours {took['typed POST']:.0f} µs"
    yield at_most("one route's overhead over bare Chalice", 150, over_post, "µs", how)
    yield told("the same without a body", f"{over_get:.0f} µs", f"bare Chalice answers in {took['bare GET']:.0f} µs")
    yield told("a member's token verified besides", f"{took['member'] - took['typed GET']:.0f} µs", "HS256, PyJWT")


def bare_microseconds() -> float:
    """How long bare Chalice takes here to answer a GET: a measure of this machine's speed."""
    bare, get = _bare(), _known(_event("GET", "/v1/kettles"))
    return _interleaved({"bare": lambda: bare(get, _CONTEXT)})["bare"]


_CONTEXT = LambdaContext("api", API_SECONDS)


def _bare() -> Chalice:
    app = Chalice(app_name="bare")

    @app.route("/v1/kettles")
    def kettle() -> Any:
        return {"title": "tea", "quantity": 2}

    @app.route("/v1/kettles", methods=["POST"])
    def make() -> Any:
        request: Any = app.current_request
        wish = request.json_body
        return {"title": wish["title"], "quantity": wish["quantity"]}

    return app


def _typed() -> RoutedApp:
    routes = Router(__name__)

    @routes.get("/v1/kettles", allow=anyone(), answer=_Kettle, summary="Read")
    def kettle(call: Call[None]) -> _Kettle:
        return _Kettle(title="tea", quantity=2)

    @routes.post("/v1/kettles", allow=anyone(), body=_Wish, answer=_Kettle, summary="Make")
    def make(call: Call[_Wish]) -> _Kettle:
        return _Kettle(title=call.body.title, quantity=call.body.quantity)

    @routes.get("/v1/stores/{slug}/kettles", allow=member(), answer=_Kettle, summary="Read")
    def own_kettle(call: Call[None]) -> _Kettle:
        return _Kettle(title="tea", quantity=2)

    return RoutedApp("typed", index({"kettles": routes}), lambda app, _: app.register_blueprint(routes))


def _event(method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> dict[str, Any]:
    given = {"Content-Type": "application/json", "Accept": "application/json", "Host": "api.example", **(headers or {})}
    return rest_event(method, path, tuple(given.items()), body)


def _known(event: dict[str, Any]) -> dict[str, Any]:
    """The event as a gateway sends it that knows the path: bare Chalice finds no route itself."""
    context = {**event["requestContext"], "resourcePath": event["path"]}
    return {**event, "resource": event["path"], "pathParameters": {}, "requestContext": context}


def _interleaved(calls: dict[str, Callable[[], Any]]) -> dict[str, float]:
    """Median microseconds of each call, in turns, so that all of them meet the same disturbances."""
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for call in calls.values():
        answer = call()
        if answer["statusCode"] != 200:
            raise RuntimeError(f"What is measured is refused: {answer}")
    for round_number in range(ROUNDS):
        for name, call in calls.items():
            started = time.process_time()
            for _ in range(BATCH):
                call()
            if round_number:
                taken[name].append((time.process_time() - started) / BATCH * 1_000_000)
    return {name: median(values) for name, values in taken.items()}
