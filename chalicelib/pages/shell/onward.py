"""Where a visitor goes on: never out of the place that they are at. Pure."""

import json
from typing import Annotated, Any
from urllib.parse import unquote

from pydantic import StringConstraints

from chalicelib.web import Body, Query

MOST_CHARACTERS = 1_000
"""Of a way on that an address or a form carries."""

Path = Annotated[str, StringConstraints(max_length=MOST_CHARACTERS)]
Kept = Annotated[str, StringConstraints(max_length=80_000)]


class Next(Query):
    """Where a visitor was going."""

    next: Path = ""


class Onward(Body):
    """Where a visitor was going, and what they had written there."""

    next: Path = ""
    kept: Kept = ""


def carried(target: str) -> str:
    """The way back to a path and query: without the query where that is too long, nowhere where the path is."""
    return next((each for each in (target, target.partition("?")[0]) if len(each) <= MOST_CHARACTERS), "")


def within(path: str, home: str) -> str:
    """The path below a place's ``home``, such as ``/s/green-valley``, where a visitor goes on, without what stands
    before it; the home itself for any other address.
    """
    inside = path.startswith((f"{home}/", f"{home}?")) and path.isprintable() and not _climbs(path.partition("?")[0])
    return path.removeprefix(home) if inside else ""


def _climbs(path: str) -> bool:
    """Whether a browser could take it for a path that leads elsewhere: upwards, or to another host."""
    return "\\" in path or "//" in path or not {".", ".."}.isdisjoint(unquote(path).split("/"))


def written(kept: str, home: str) -> tuple[str, dict[str, str]] | None:
    """The form that was kept over signing in: its path within the place, and its fields."""
    try:
        found: Any = json.loads(kept) if kept else None
        to = within(str(found["to"]), home)
        sent = {str(name): str(value) for name, value in found["fields"].items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return (to, sent) if to else None
