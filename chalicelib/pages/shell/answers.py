"""What the handler of a page may return."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_COOKIE_VALUE = re.compile(r"[!#-+\--:<-\[\]-~]{0,3800}")
"""RFC 6265, *cookie-octet*; browsers keep 4,096 bytes with name and attributes."""


@dataclass(frozen=True, slots=True)
class Cookie:
    """A cookie under the shop's path: for ``seconds`` or, with 0, ended. ``within`` narrows the path.

    Raises ValueError for a value that no browser keeps as it is.
    """

    name: str
    value: str
    seconds: int
    within: str = ""

    def __post_init__(self) -> None:
        if not _COOKIE_VALUE.fullmatch(self.value):
            raise ValueError(f"no cookie can hold what {self.name} is given")


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
    status: int = 200


Answer = Page | Redirect | Content
