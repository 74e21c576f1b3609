"""What the handler of a page may return."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Cookie:
    """A cookie under the shop's path: for ``seconds`` or, with 0, ended. ``within`` narrows the path."""

    name: str
    value: str
    seconds: int
    within: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A template of this package, such as ``storefront/home/home.html``, and its values."""

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200
    cookies: tuple[Cookie, ...] = ()


@dataclass(frozen=True, slots=True)
class Redirect:
    """Off to another page of the shop, by its path within the shop; the ``flash`` is shown there once.

    ``outside`` is for whom a use case sends elsewhere, such as to a provider's page: a whole address.
    """

    to: str
    flash: str = ""
    cookies: tuple[Cookie, ...] = ()
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """Something that is no page: a manifest, a drawing, a script. ``cache`` is its Cache-Control."""

    text: str
    content_type: str
    cache: str = "no-store"
    headers: Mapping[str, str] = field(default_factory=dict)


Answer = Page | Redirect | Content
