"""What a function needs is imported when it is needed.

All functions share one package and one `app.py`. A relay that starts cold must not pay for the models of a hundred
routes, nor the notices' worker for the campaigns, nor an order for the reports.
"""

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import reduce
from importlib import import_module
from operator import or_
from typing import Any, TypeVar

T = TypeVar("T")


class Lazy(Mapping[str, T]):
    """Objects by name, each imported from its ``module:attribute``, or a whole ``module``, when it is first asked for.

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


_provided: dict[str, Callable[[], Any]] = {}


def provide(name: str, get: Callable[[], Any]) -> None:
    """Names what a lower layer needs of a higher one; called by the composition root, which alone knows both."""
    _provided[name] = get


def provided(name: str) -> Any:
    """What the composition root has named so; imported when it is first asked for. Raises KeyError."""
    return _provided[name]()


def _imported(place: str) -> Any:
    name, _, attribute = place.partition(":")
    module = import_module(name)
    return getattr(module, attribute) if attribute else module


@contextmanager
def uncollected() -> Iterator[None]:
    """Imports inside without garbage collection, and spares what is there by its end from every later one.

    Modules are never garbage. To go through them over and over costs a fifth of an import, and 30 ms at some request.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def warm(function: str, edges: Mapping[str, Callable[[], None]], workers: Mapping[str, object]) -> None:
    """Loads what the function that is starting will need, while Lambda still gives it the whole CPU.

    ``function`` is Lambda's ``_HANDLER`` without its module: ``app`` for the API and ``pages``, whose shares ``edges``
    load, ``relay``, ``<queue>_worker``, or empty outside Lambda, where nothing is loaded ahead.
    """
    with uncollected():
        if function in edges:
            edges[function]()
        elif function == "relay":
            _ = tuple(workers.values())
        elif (queue := function.removesuffix("_worker")) in tuple(workers):
            _ = workers[queue]
