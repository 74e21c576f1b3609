"""JSON that comes from outside, read one way wherever it comes in: bodies, webhooks, answers of providers. Pure."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from chalicelib.kernel.text import forbidden

MOST_DEPTH = 64
"""Lists and objects inside each other; the deepest body of the API has 6."""


class NotTaken(ValueError):
    """What came is no JSON (RFC 8259), or nested too deeply; the message says which."""


class NamedTwice(NotTaken):
    """An object names a key more than once, of which readers differ in what they take; ``pointers`` say which keys."""

    def __init__(self, pointers: tuple[str, ...]) -> None:
        super().__init__(f"a key is named more than once: {', '.join(pointers)[:200]}")
        self.pointers = pointers


def read(raw: bytes | str) -> Any:
    """The value. Raises NotTaken or NamedTwice."""
    try:
        text = raw.decode() if isinstance(raw, bytes) else raw
        value = json.loads(text, object_pairs_hook=_object, parse_constant=_no_number)
    except RecursionError as deep:
        raise _too_deep() from deep
    except ValueError as broken:
        raise NotTaken(str(broken)) from broken
    twice = tuple(
        _pointer(place) + step(name)
        for place, inner in _places(value)
        if isinstance(inner, _Repeating)
        for name in inner.repeated
    )
    if twice:
        raise NamedTwice(twice)
    return value


def forbidden_texts(value: Any) -> list[str]:
    """Where texts, or the names of keys, hold what no carrier takes, as RFC 6901 pointers."""
    return [
        _pointer(place)
        for place, inner in _places(value)
        if any(isinstance(text, str) and forbidden(text) for text in (inner, place and place[1]))
    ]


def step(part: object) -> str:
    """One step of an RFC 6901 pointer."""
    return "/" + str(part).replace("~", "~0").replace("/", "~1")


class _Repeating(dict[str, Any]):
    """An object of which keys were named more than once."""

    repeated: tuple[str, ...]


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    whole = _Repeating(pairs)
    whole.repeated = tuple(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)
    return whole


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")


_Place = tuple[Any, object] | None
"""Where a value stands: the place of what it stands in, and its key or index there."""


def _places(value: Any) -> Iterator[tuple[_Place, Any]]:
    """Each value with its place, without recursion, since it is outsiders who choose the depth."""
    waiting: list[tuple[_Place, Any, int]] = [(None, value, 0)]
    while waiting:
        place, inner, depth = waiting.pop()
        yield place, inner
        if not isinstance(inner, (dict, list)):
            continue
        if depth == MOST_DEPTH:
            raise _too_deep()
        named = inner.items() if isinstance(inner, dict) else enumerate(inner)
        waiting += [((place, name), each, depth + 1) for name, each in named]


def _pointer(place: _Place) -> str:
    return "" if place is None else _pointer(place[0]) + step(place[1])


def _too_deep() -> NotTaken:
    return NotTaken(f"it is nested more than {MOST_DEPTH} levels deep")
