"""A Chalice app behind one entrance: API Gateway passes every path on, and the route is found here.

Chalice dispatches by the gateway's resource, which is `/{proxy+}` for all requests. So the event is rewritten to what
it would be if the gateway knew the path, and the router that declares it is registered then and not before.
"""

import base64
import threading
from collections.abc import Callable
from functools import cached_property
from typing import Any

from chalice.app import Chalice

from chalicelib.loading import uncollected
from chalicelib.routing import refusals
from chalicelib.routing.paths import Index, Paths
from chalicelib.routing.refusals import Answer, Event, Refusals
from chalicelib.routing.security import guarded

MOST_QUERY_FIELDS = 500


class RoutedApp(Chalice):
    """Registers a router at the first request for one of its paths; safe to call from many threads.

    ``index`` says which router a path needs, ``register`` receives the app and that router's name, and ``refused``
    gives what is answered where no router is needed. ``arriving`` sees a request first, and says where it leads.
    """

    def __init__(
        self,
        app_name: str,
        index: Index,
        register: Callable[[Chalice, str], None],
        refused: Callable[[], Refusals] = lambda: refusals,
        arriving: Callable[[Event], Event] = lambda event: event,
    ) -> None:
        super().__init__(app_name=app_name)
        self._index = index
        self._register = register
        self._refused = refused
        self._arriving = arriving
        self._registered: set[str] = set()
        self._registering = threading.RLock()
        # All that the packager sees: it makes the API and the function's permission of it, and infra/package.py makes
        # of its one operation the entrance for every path. No request is dispatched to it.
        self.route("/", methods=["GET"], content_types=[])(_entrance)

    @cached_property
    def _paths(self) -> Paths:
        return Paths(self._index)

    def __call__(self, event: Event, context: Any) -> Answer:
        """Answers a request as API Gateway sent it, by its route or with the refusal that is due without one."""
        return guarded(self._answered(self._arriving(event), context), event.get("headers"))

    def _answered(self, event: Event, context: Any) -> Answer:
        asked = event.get("requestContext") or {}
        method = str(asked.get("httpMethod"))
        # What stands before the rest of a path says which function has it, as the gateway names both.
        rest = (event.get("pathParameters") or {}).get("proxy") or ""
        path = str(event.get("resource") or "/").replace("{proxy+}", rest)
        matched = self._paths.match(path)
        if matched is None:
            return self._refused().no_such_path(event, path)
        resource, parameters = matched
        methods = self._index[resource]
        if method == "OPTIONS":
            return self._refused().preflight(event, methods)
        served = "GET" if method == "HEAD" else method
        if served not in methods:
            return self._refused().wrong_method(event, path, methods)
        if sum(map(len, (event.get("multiValueQueryStringParameters") or {}).values())) > MOST_QUERY_FIELDS:
            return self._refused().too_many_fields(event, MOST_QUERY_FIELDS)
        self.ensure_registered(methods[served])
        context_of_route = {**asked, "resourcePath": resource, "httpMethod": served}
        routed = {"resource": resource, "httpMethod": served, "pathParameters": parameters}
        answer: Answer = super().__call__({**event, **routed, "requestContext": context_of_route}, context)
        return _without_body(answer) if method == "HEAD" else answer

    def ensure_registered(self, router: str) -> None:
        """Registers a router unless it is."""
        if router in self._registered:
            return
        with self._registering, uncollected():
            if router not in self._registered:
                self._register(self, router)
                self._registered.add(router)


def _entrance() -> None:
    """Every path of the API."""


def _without_body(answer: Answer) -> Answer:
    """The answer to HEAD: the headers of GET, and how long its body would be."""
    text = answer.get("body") or ""
    length = len(base64.b64decode(text) if answer.get("isBase64Encoded") else text.encode())
    headers = {**(answer.get("headers") or {}), "Content-Length": str(length)}
    return {**answer, "headers": headers, "body": "", "isBase64Encoded": False}
