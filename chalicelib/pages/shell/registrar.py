"""Pages that state whom they let in and what they take, in one place, as the routes of the API do."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from chalice.app import Blueprint, Response
from pydantic import BaseModel

from chalicelib.pages.shell import handling
from chalicelib.pages.shell.answers import Answer
from chalicelib.pages.shell.declared import Handler, PageRoute
from chalicelib.pages.shell.visit import Place, Visit
from chalicelib.web.principal import Allow

M = TypeVar("M", bound=BaseModel)


class Pages(Blueprint):
    """A Blueprint whose routes are pages. ``declared`` lists them, ``frame`` is what their templates may use."""

    frame: Mapping[str, Any] = {}

    def __init__(self, import_name: str) -> None:
        super().__init__(import_name)
        self.declared: list[PageRoute] = []

    def page(
        self,
        path: str,
        *,
        allow: Allow,
        query: type[BaseModel] | None = None,
        paged: bool = False,
        place: Place | None = None,
        camera: bool = False,
    ) -> Callable[[Callable[[Visit[None]], Answer]], Callable[[Visit[None]], Answer]]:
        """Declares what is shown at a path. Without a session a page that is not for anyone leads to the sign-in and
        back. ``place`` is by the path, unless it is given. Only with ``camera`` may the page ask for the camera.
        """

        def declare(handler: Callable[[Visit[None]], Answer]) -> Callable[[Visit[None]], Answer]:
            self.add(
                PageRoute(
                    "GET",
                    path,
                    handler,
                    allow,
                    query=query,
                    paged=paged,
                    place=place or _place(path),
                    frame=self.frame,
                    camera=camera,
                )
            )
            return handler

        return declare

    def form(
        self, path: str, *, allow: Allow, body: type[M], again: Handler | None = None, camera: bool = False
    ) -> Callable[[Callable[[Visit[M]], Answer]], Callable[[Visit[M]], Answer]]:
        """Declares what a form does. Its fields make the ``body``; what is refused is shown by ``again``, beside the
        fields and with the input kept, or without it by a page of its own. ``camera`` is of the page that it answers.
        """

        def declare(handler: Callable[[Visit[M]], Answer]) -> Callable[[Visit[M]], Answer]:
            self.add(
                PageRoute(
                    "POST",
                    path,
                    handler,
                    allow,
                    body=body,
                    again=again,
                    place=_place(path),
                    frame=self.frame,
                    camera=camera,
                )
            )
            return handler

        return declare

    def add(self, route: PageRoute) -> None:
        """Makes a declared route one of these pages."""
        self.declared.append(route)

        def view(**path_parameters: str) -> Response:
            request = self.current_request
            asked = handling.without_slash if request.context["path"].endswith("/") else handling.answer
            return asked(route, request, path_parameters)

        name: Any = route.handler.__name__
        view.__name__ = name
        self.route(route.path, methods=[route.method], content_types=[], name=name)(view)


def _place(path: str) -> Place:
    return "console" if path.startswith("/console") else "shop"
