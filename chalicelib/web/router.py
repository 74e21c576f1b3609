"""Routes that state what they take, whom they let in and what they answer, in one place.

Each method takes by name what a route of its kind may declare; `Route` says what each of these means. The type checker
holds a handler to the body that its declaration names.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar, overload

from chalice.app import Blueprint, Response
from pydantic import BaseModel

from chalicelib.routing import CORS
from chalicelib.web import handling
from chalicelib.web.call import Call
from chalicelib.web.principal import Allow
from chalicelib.web.route import MOST_BODY_BYTES, Documented, Errors, Handler, Route

_ROUTES: dict[Handler, Route] = {}

B = TypeVar("B")
M = TypeVar("M", bound=BaseModel)
R = TypeVar("R")


class Router(Blueprint):
    """A Blueprint whose routes are declared with their types. ``declared`` lists them."""

    def __init__(self, import_name: str) -> None:
        super().__init__(import_name)
        self.declared: list[Route] = []

    def get(
        self,
        path: str,
        *,
        allow: Allow,
        summary: str,
        tag: str = "platform",
        query: type[BaseModel] | None = None,
        answer: Any = None,
        status: int = 200,
        errors: Errors = (),
        paged: bool = False,
        beside: type[BaseModel] | None = None,
        csv: bool = False,
        xlsx: bool = False,
        html: bool = False,
        svg: bool = False,
        documented: Callable[[], Documented] | None = None,
    ) -> "Declaration[None]":
        """Declares a GET route."""
        # fmt: off
        return Declaration(self, partial(
            Route, "GET", path, allow=allow, summary=summary, tag=tag, query=query, answer=answer, status=status,
            errors=errors, paged=paged, beside=beside, csv=csv, xlsx=xlsx, html=html, svg=svg,
            documented=documented,
        ))
        # fmt: on

    @overload
    def post(
        self,
        path: str,
        *,
        allow: Allow,
        summary: str,
        body: None = None,
        tag: str = ...,
        query: type[BaseModel] | None = ...,
        answer: Any = ...,
        status: int = ...,
        errors: Errors = ...,
        idempotency: bool = ...,
        html: bool = ...,
    ) -> "Declaration[None]": ...

    @overload
    def post(
        self,
        path: str,
        *,
        allow: Allow,
        summary: str,
        body: type[M],
        tag: str = ...,
        query: type[BaseModel] | None = ...,
        answer: Any = ...,
        status: int = ...,
        errors: Errors = ...,
        idempotency: bool = ...,
        most_body_bytes: int = ...,
    ) -> "Declaration[M]": ...

    def post(
        self,
        path: str,
        *,
        allow: Allow,
        summary: str,
        body: type[BaseModel] | None = None,
        tag: str = "platform",
        query: type[BaseModel] | None = None,
        answer: Any = None,
        status: int = 200,
        errors: Errors = (),
        idempotency: bool = False,
        most_body_bytes: int = MOST_BODY_BYTES,
        html: bool = False,
    ) -> "Declaration[Any]":
        """Declares a POST route; without ``body``, what is sent is left unread."""
        # fmt: off
        return Declaration(self, partial(
            Route, "POST", path, allow=allow, summary=summary, body=body, tag=tag, query=query, answer=answer,
            status=status, errors=errors, idempotency=idempotency, most_body_bytes=most_body_bytes, html=html,
        ))
        # fmt: on

    def patch(
        self,
        path: str,
        *,
        allow: Allow,
        summary: str,
        body: type[M],
        tag: str = "platform",
        answer: Any = None,
        status: int = 200,
        errors: Errors = (),
        idempotency: bool = False,
    ) -> "Declaration[M]":
        """Declares a PATCH route."""
        # fmt: off
        return Declaration(self, partial(
            Route, "PATCH", path, allow=allow, summary=summary, body=body, tag=tag, answer=answer, status=status,
            errors=errors, idempotency=idempotency,
        ))
        # fmt: on

    @overload
    def put(
        self,
        path: str,
        *,
        allow: Allow,
        summary: str,
        body: None = None,
        tag: str = ...,
        answer: Any = ...,
        status: int = ...,
        errors: Errors = ...,
    ) -> "Declaration[None]": ...

    @overload
    def put(
        self,
        path: str,
        *,
        allow: Allow,
        summary: str,
        body: type[M],
        tag: str = ...,
        answer: Any = ...,
        status: int = ...,
        errors: Errors = ...,
    ) -> "Declaration[M]": ...

    def put(
        self,
        path: str,
        *,
        allow: Allow,
        summary: str,
        body: type[BaseModel] | None = None,
        tag: str = "platform",
        answer: Any = None,
        status: int = 200,
        errors: Errors = (),
    ) -> "Declaration[Any]":
        """Declares a PUT route; without ``body``, what is sent is left unread."""
        # fmt: off
        return Declaration(self, partial(
            Route, "PUT", path, allow=allow, summary=summary, body=body, tag=tag, answer=answer, status=status,
            errors=errors,
        ))
        # fmt: on

    def delete(
        self,
        path: str,
        *,
        allow: Allow,
        summary: str,
        tag: str = "platform",
        query: type[BaseModel] | None = None,
        answer: Any = None,
        status: int = 200,
        errors: Errors = (),
    ) -> "Declaration[None]":
        """Declares a DELETE route."""
        # fmt: off
        return Declaration(self, partial(
            Route, "DELETE", path, allow=allow, summary=summary, tag=tag, query=query, answer=answer, status=status,
            errors=errors,
        ))
        # fmt: on

    def add(self, route: Route) -> None:
        """Makes a declared route one of this router's."""
        self.declared.append(route)

        def view(**path_parameters: str) -> Response:
            return handling.answer(route, self.current_request, path_parameters)

        name = view.__name__ = route.handler.__name__
        self.route(route.path, methods=[route.method], cors=CORS, content_types=[], name=name)(view)


@dataclass(frozen=True, slots=True)
class Declaration(Generic[B]):
    """A declaration that waits for its handler, which is left as it is. ``B`` is the body that it receives."""

    router: Router
    route: Callable[[Handler], Route]

    def __call__(self, handler: Callable[[Call[B]], R]) -> Callable[[Call[B]], R]:
        route = self.route(handler)
        self.router.add(route)
        _ROUTES[handler] = route
        return handler


def route_of(handler: Callable[[Call[Any]], Any]) -> Route:
    """The declaration of a route by its handler. Raises KeyError."""
    return _ROUTES[handler]
