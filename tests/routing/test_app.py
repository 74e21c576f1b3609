"""A request as API Gateway passes it on, answered by the route that is found, or refused in its place."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from chalice.app import Chalice, Response

from chalicelib.routing import CORS, RoutedApp
from infra.local.application import LambdaContext
from infra.local.events import rest_event

INDEX = {
    "/things": {"GET": "things", "POST": "things"},
    "/things/{id}": {"GET": "things", "DELETE": "changes"},
    "/other": {"GET": "other"},
}


class Shelf:
    """An app of three routers, and the names of those that it has registered, in order."""

    def __init__(self) -> None:
        self.registered: list[str] = []
        self.app = RoutedApp("shelf", INDEX, self.register)

    def register(self, app: Chalice, name: str) -> None:
        self.registered.append(name)

        def view(**path: str) -> Response:
            request = app.current_request
            assert request is not None
            return Response({"path": path, "resource": request.path, "method": request.method, "团": 1}, {"X-A": "b"})

        for path, methods in INDEX.items():
            for method in (method for method, router in methods.items() if router == name):
                app.route(path, methods=[method], name=f"{method} {path}")(view)

    def ask(self, method: str, target: str, **headers: str) -> dict[str, Any]:
        event = rest_event(method, target, headers=tuple(headers.items()), request_id="R1")
        answer: dict[str, Any] = self.app(event, LambdaContext("api", 5))
        return answer


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


def test_the_route_sees_the_path_as_if_the_gateway_knew_it(shelf: Shelf) -> None:
    answer = shelf.ask("GET", "/things/a%2Fb?x=1")

    seen = json.loads(answer["body"])
    assert seen == {"path": {"id": "a/b"}, "resource": "/things/{id}", "method": "GET", "团": 1}
    assert (answer["statusCode"], answer["headers"]["X-A"]) == (200, "b")


def test_a_request_registers_the_router_of_its_route_and_no_other_once(shelf: Shelf) -> None:
    assert shelf.registered == []
    shelf.ask("GET", "/things/1")
    shelf.ask("GET", "/things/2")
    assert shelf.registered == ["things"]
    shelf.ask("DELETE", "/things/1")
    assert shelf.registered == ["things", "changes"]


def test_a_refusal_registers_nothing(shelf: Shelf) -> None:
    for method, target in (("GET", "/nothing"), ("GET", "/"), ("PATCH", "/things"), ("OPTIONS", "/things")):
        shelf.ask(method, target)
    shelf.ask("GET", "/things?" + "a=1&" * 501)
    assert shelf.registered == []


@pytest.mark.parametrize(
    ("method", "target", "status", "code"),
    [
        ("GET", "/nothing/here", 404, "not_found"),
        ("GET", "/", 404, "not_found"),
        ("OPTIONS", "/nothing", 404, "not_found"),
        ("PATCH", "/things", 405, "method_not_allowed"),
        ("TRACE", "/things", 405, "method_not_allowed"),
        ("GET", "/things?" + "a=1&" * 501, 400, "malformed"),
    ],
)
def test_refusals_are_problem_documents_that_pages_of_other_origins_can_read(
    shelf: Shelf, method: str, target: str, status: int, code: str
) -> None:
    answer = shelf.ask(method, target)

    said, headers = json.loads(answer["body"]), answer["headers"]
    assert (answer["statusCode"], said["status"], said["code"], said["request_id"]) == (status, status, code, "R1")
    assert (headers["Content-Type"], headers["X-Request-Id"]) == ("application/problem+json", "R1")
    assert headers.items() >= CORS.get_access_control_headers().items()
    assert headers.get("Allow") == ("GET, POST" if status == 405 else None)
    chinese = json.loads(shelf.ask(method, target, **{"accept-language": "zh-CN,zh;q=0.9,en;q=0.8"})["body"])
    assert chinese["code"] == code
    assert not (chinese["title"] + chinese["detail"]).isascii()


def test_a_preflight_is_answered_with_the_methods_of_all_routers(shelf: Shelf) -> None:
    answer = shelf.ask("OPTIONS", "/things/1")

    assert (answer["statusCode"], answer["body"]) == (204, "")
    assert answer["headers"]["Access-Control-Allow-Methods"] == "DELETE,GET,OPTIONS"
    assert answer["headers"].items() >= CORS.get_access_control_headers().items()


def test_head_is_get_without_its_body(shelf: Shelf) -> None:
    whole, head = shelf.ask("GET", "/things"), shelf.ask("HEAD", "/things")

    assert (head["statusCode"], head["body"]) == (200, "")
    assert head["headers"] == whole["headers"] | {"Content-Length": str(len(whole["body"].encode()))}
    assert shelf.ask("HEAD", "/nothing")["statusCode"] == 404


def test_under_a_stage_or_a_base_path_the_route_is_the_same(shelf: Shelf) -> None:
    event = rest_event("GET", "/things/1")
    event["path"] = "/shop/things/1"
    event["requestContext"]["path"] = "/api/things/1"

    assert json.loads(shelf.app(event, LambdaContext("api", 5))["body"])["path"] == {"id": "1"}


@pytest.mark.parametrize("round_", range(20))
def test_first_requests_of_many_threads_register_a_router_once(shelf: Shelf, round_: int) -> None:
    start, seen = threading.Barrier(8), []

    def ask() -> None:
        start.wait()
        shelf.app.ensure_registered("things")
        seen.append(len(shelf.app.routes))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert shelf.registered == ["things"]
    assert len(set(seen)) == 1


def test_a_router_that_cannot_be_registered_is_tried_again(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    register, failures = shelf.register, [ImportError("on purpose")]

    def failing_once(app: Chalice, name: str) -> None:
        if failures:
            raise failures.pop()
        register(app, name)

    monkeypatch.setattr(shelf.app, "_register", failing_once)
    with pytest.raises(ImportError):
        shelf.ask("GET", "/things")
    assert shelf.ask("GET", "/things")["statusCode"] == 200
