"""What a route's declaration says."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple, Self

from pydantic import BaseModel

from chalicelib.kernel.errors import DomainError, Stale
from chalicelib.web.call import Call
from chalicelib.web.principal import Allow

Method = Literal["GET", "POST", "PATCH", "PUT", "DELETE"]
Handler = Callable[[Call[Any]], Any]
Errors = tuple[type[DomainError], ...]

MOST_BODY_BYTES = 256 * 1024


class Documented(NamedTuple):
    """What the API document says that a route takes and answers, where it is too much to be loaded for each request."""

    query: type[BaseModel]
    answer: Any


@dataclass(frozen=True, slots=True)
class Route:
    """The declaration of a route: what it does at run time, and what the API document says of it.

    ``beside`` is what a page says of the whole list, next to its items.
    """

    method: Method
    path: str
    handler: Handler
    allow: Allow
    summary: str
    tag: str = "platform"
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    answer: Any = None
    status: int = 200
    errors: Errors = ()
    paged: bool = False
    beside: type[BaseModel] | None = None
    csv: bool = False
    xlsx: bool = False
    html: bool = False
    svg: bool = False
    idempotency: bool = False
    most_body_bytes: int = MOST_BODY_BYTES
    documented: Callable[[], Documented] | None = None

    def in_full(self) -> Self:
        """The route as the API document shows it."""
        return replace(self, **self.documented()._asdict()) if self.documented else self

    @property
    def private(self) -> bool:
        """Whether answers may be for one person alone: all but what anyone reads at an address that is no secret."""
        return not self.allow.public or self.method != "GET" or "{token}" in self.path

    @property
    def honours_if_match(self) -> bool:
        """Whether it changes a resource as it was read: by its method, or by declaring that it may be stale."""
        return self.method in {"PATCH", "PUT", "DELETE"} or Stale in self.errors
