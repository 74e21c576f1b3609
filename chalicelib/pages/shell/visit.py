"""One look at a page: who looks, at whose shop, in which language, and what a form sent along."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Literal, TypeVar
from urllib.parse import urlencode

from pydantic import BaseModel, ValidationError

from chalicelib.kernel.cursor import encode
from chalicelib.kernel.errors import DomainError
from chalicelib.kernel.language import Language, named, nearest
from chalicelib.kernel.principal import Principal
from chalicelib.legal_texts.model import Kind, outstanding
from chalicelib.pages.shell import accepting, assets
from chalicelib.pages.shell.answers import Cookie
from chalicelib.pages.shell.counting import Counting
from chalicelib.settings import secret
from chalicelib.tenancy import Brand
from chalicelib.web.colours import dress
from chalicelib.web.problems import faults_of, refuse_fields

Place = Literal["shop", "console", "static"]
B = TypeVar("B")
F = TypeVar("F", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Visit(Generic[B]):
    """What a page's handler receives. ``now`` is the product's clock; ``body`` is the validated form.

    ``fields`` is what a form sent, as it was sent, to be shown again beside ``refused``, what it was refused for.
    ``place`` is where the page stands: a shop, the console of a brand's team, or neither. ``key`` is the form's own
    idempotency key and ``revision`` what it was read at. ``partial`` says that a script asks for a part of the page.
    ``root`` is the path under which the product is reached, without a trailing slash, and ``target`` the path and query
    that were asked for, below it. ``base_url`` is where the visitor is, as far as the product's or, with ``own_host``,
    the brand's own domain goes; ``product_url`` is where programs reach the product.
    """

    principal: Principal
    tenant_id: str
    slug: str
    brand: Brand
    now: datetime
    language: Language
    path: Mapping[str, str]
    query: Any
    body: B
    root: str
    base_url: str
    product_url: str
    request_id: str
    target: str
    headers: Mapping[str, str]
    cookies: Mapping[str, str]
    csrf: str
    place: Place = "shop"
    own_host: bool = False
    source: str = ""
    key: str = ""
    revision: int | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    refused: DomainError | None = None
    flash: str = ""
    visitor: str = ""
    new_cookies: tuple[Cookie, ...] = ()
    given: Mapping[str, list[str]] = field(default_factory=dict)
    limit: int = 20
    cursor: dict[str, Any] | None = None
    binding: str = ""

    @property
    def member_id(self) -> str:
        """The signed-in member; empty for who is not."""
        return self.principal.id if self.principal.kind == "member" else ""

    @property
    def unaccepted(self) -> list[Kind]:
        """The brand's legal texts that nobody is known to have accepted in this browser as they stand."""
        return outstanding(self.brand.legal_texts, accepting.known(self.cookies.get(accepting.ACCEPTED, "")))

    @property
    def counting(self) -> Counting:
        """Whether what is done in this browser may be counted."""
        return Counting.of(self.cookies, self.headers)

    @property
    def partial(self) -> bool:
        """Whether a script of the page asks for a part of it."""
        return self.headers.get("hx-request") == "true"

    @property
    def language_named(self) -> Language | None:
        """The language that the visitor chose, or their browser asks for; None where the page has the brand's."""
        chosen = self.cookies.get("language")
        return nearest(chosen) if chosen in ("zh", "en") else named(self.headers.get("accept-language"))

    @property
    def home(self) -> str:
        """Where the pages of this place begin, below the root; its cookies are bound to that path. Empty at a brand's
        own domain, which is its shop's alone.
        """
        if self.place == "console":
            return "/console"
        return "" if self.own_host else f"/s/{self.slug}"

    def at(self, path: str) -> str:
        """A path within the place as a link has it: ``at("/orders")``."""
        before = f"{self.root}{self.home}"
        return f"{before}{path}" if before or path.startswith("/") else f"/{path}"

    def in_shop(self, path: str) -> str:
        """A path within the brand's shop, wherever the page stands."""
        return self.at(path) if self.own_host else f"{self.root}/s/{self.slug}{path}"

    @property
    def shop(self) -> str:
        """The shop's address, to be passed on: the brand's own domain where it has one."""
        return self.brand.shop(self.base_url)

    @property
    def canonical(self) -> str:
        """The one address of a page of the shop, which can be read at two: at the brand's own domain."""
        return f"{self.shop}{self.target.partition('?')[0].removeprefix(self.home)}"

    def again(self, **changes: str) -> str:
        """This page with some of its query changed: ``again(cursor=following)``. A list begins anew otherwise."""
        asked = {name: values[0] for name, values in self.given.items() if values[0] and name != "cursor"}
        query = urlencode({name: value for name, value in {**asked, **changes}.items() if value})
        return self.root + self.target.partition("?")[0] + (f"?{query}" if query else "")

    def asset(self, name: str) -> str:
        """Where a script or a style sheet is. Raises KeyError for one that is not there."""
        return self.root + assets.path(name)

    @property
    def colour(self) -> str:
        """The shop's colour, such as ``#1f6feb``."""
        return dress(self.brand.colour)[0]

    @property
    def theme(self) -> str:
        """Where the style sheet of the shop's colour is."""
        return f"{self.root}/static/theme/{self.colour.removeprefix('#')}.css"

    def following(self, last_key: dict[str, Any] | None) -> str:
        """The cursor of the next page of a list, empty at its end."""
        return encode(last_key, self.binding, secret("cursors")) if last_key else ""

    def form(self, model: type[F], values: Mapping[str, Any]) -> F:
        """A form of the API, filled in from what was typed. Raises Invalid with the API's pointers."""
        return filled(model, values, self.language)


def filled(model: type[F], values: Mapping[str, Any], language: Language) -> F:
    """The form, numbers and truths read from text. Raises Invalid."""
    try:
        return model.model_validate(values, strict=False)
    except ValidationError as fault:
        raise refuse_fields(faults_of(fault, language)) from fault
