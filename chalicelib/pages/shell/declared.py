"""What a page's declaration says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel

from chalicelib.pages.shell.answers import Answer
from chalicelib.pages.shell.visit import Place, Visit
from chalicelib.web.principal import Allow

Handler = Callable[[Visit[Any]], Answer]

MOST_FORM_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class PageRoute:
    """A page, or a form that acts. ``again`` makes the page anew that holds the form, with what it was refused for.
    ``frame`` is what templates of its place may use besides. ``camera`` says that the page may ask for the camera.
    """

    method: Literal["GET", "POST"]
    path: str
    handler: Handler
    allow: Allow
    query: type[BaseModel] | None = None
    body: type[BaseModel] | None = None
    again: Handler | None = None
    paged: bool = False
    place: Place = "shop"
    frame: Mapping[str, Any] = field(default_factory=dict)
    camera: bool = False
