"""What a function needs is imported when it is needed.

All functions share one package and one `app.py`. A relay that starts cold must not pay for the models of a hundred
routes, nor the notices' worker for the campaigns.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from functools import reduce
from importlib import import_module
from operator import or_
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
    """Objects by name, each imported from its ``module:attribute`` when it is first asked for.

    Several places under one name are united by ``|``: such as the consumers of several domains that share a queue.
    """

    def __init__(self, places: Mapping[str, str | tuple[str, ...]]) -> None:
        self._places = places
        self._found: dict[str, T] = {}

    def __getitem__(self, name: str) -> T:
        if name not in self._found:
            places = self._places[name]
            self._found[name] = reduce(or_, map(_imported, (places,) if isinstance(places, str) else places))
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def _imported(place: str) -> Any:
    module, _, attribute = place.partition(":")
    return getattr(import_module(module), attribute)


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
