"""What a function needs is imported when it is needed.

All functions share one package and one `app.py`. A relay that starts cold must not pay for the models of a hundred
routes, nor the notices' worker for the campaigns.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import Any, TypeVar

from chalice.app import Chalice

T = TypeVar("T")


class LazyApp(Chalice):
    """A Chalice app whose HTTP routes are registered when someone first looks at them.

    That is the first request, or the packager. ``load`` receives the app and registers its blueprints.
    """

    def __init__(self, app_name: str, load: Callable[[Chalice], None]) -> None:
        self._load: Callable[[Chalice], None] | None = load
        self._loading = False
        self._lock = threading.RLock()
        self._routes: dict[str, dict[str, Any]] = {}
        super().__init__(app_name=app_name)

    @property
    def routes(self) -> dict[str, dict[str, Any]]:
        """The routing table; complete whoever asks, from whatever thread."""
        if self._load is not None:
            with self._lock:
                self._load_once()
        return self._routes

    @routes.setter
    def routes(self, routes: dict[str, dict[str, Any]]) -> None:
        self._routes = routes

    def _load_once(self) -> None:
        if self._load is None or self._loading:
            return  # while they are being registered, the routes are looked at by the one who registers them
        self._loading = True
        try:
            self._load(self)
            self._load = None
        finally:
            self._loading = False


class Lazy(Mapping[str, T]):
    """Objects by name, each imported from its ``module:attribute`` when it is first asked for."""

    def __init__(self, places: Mapping[str, str]) -> None:
        self._places = places

    def __getitem__(self, name: str) -> T:
        module, _, attribute = self._places[name].partition(":")
        found: T = getattr(import_module(module), attribute)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def warm(function: str, app: LazyApp, workers: Mapping[str, object]) -> None:
    """Loads what the function that is starting will need, while Lambda still gives it the whole CPU.

    ``function`` is Lambda's ``_HANDLER`` without its module: ``app`` for the API, ``relay``, ``<queue>_worker``, or
    empty outside Lambda, where nothing is loaded ahead.
    """
    if function == "app":
        _ = app.routes
    elif function == "relay":
        _ = tuple(workers.values())
    elif (queue := function.removesuffix("_worker")) in tuple(workers):
        _ = workers[queue]
