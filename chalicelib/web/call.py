"""One request, parsed and authorised: all that a handler needs."""

import hashlib
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from chalicelib.kernel.language import Language, named
from chalicelib.kernel.principal import Principal
from chalicelib.web.tables import XLSX

B = TypeVar("B")


@dataclass(frozen=True, slots=True)
class Call(Generic[B]):
    """What a handler receives. ``now`` is the product's clock; ``body`` is validated; ids in ``path`` look like ids.

    ``source`` is the caller's network, as :func:`source_of` gives it.
    """

    principal: Principal
    tenant_id: str
    now: datetime
    body: B
    query: Any
    path: Mapping[str, str]
    headers: Mapping[str, str]
    raw_body: bytes
    locale: str
    request_id: str
    base_url: str
    limit: int = 20
    cursor: dict[str, Any] | None = None
    idempotency_key: str = ""
    if_match: int | None = None
    source: str = ""

    @property
    def body_hash(self) -> str:
        """Tells two bodies under one Idempotency-Key apart."""
        return hash_of(self.body if isinstance(self.body, BaseModel) else self.raw_body)

    def header(self, name: str) -> str | None:
        """A request header, by its name in any case."""
        return self.headers.get(name.lower())

    @property
    def language_named(self) -> Language | None:
        """The language of ours that the request asks for; None where it names neither, and the brand's is right."""
        return named(self.header("accept-language"))

    @property
    def wants_csv(self) -> bool:
        """Whether a table is wanted: by ``format`` in the query or, without it, by the Accept header."""
        asked = getattr(self.query, "format", None)
        return asked == "csv" or (asked is None and "text/csv" in (self.header("accept") or ""))

    @property
    def wants_xlsx(self) -> bool:
        """Whether a workbook is wanted: by ``format`` in the query or, without it, by the Accept header."""
        asked = getattr(self.query, "format", None)
        return asked == "xlsx" or (asked is None and XLSX in (self.header("accept") or ""))

    @property
    def wants_table(self) -> bool:
        """Whether a table is wanted, as CSV or as a workbook."""
        return self.wants_csv or self.wants_xlsx

    @property
    def takes_files(self) -> bool:
        """Whether the answer may be a binary file. API Gateway goes by the first type of the Accept header alone: to
        everyone else, browsers among them, it hands the file out as text in base64.
        """
        return (self.header("accept") or "").partition(",")[0].partition(";")[0].strip().lower() == XLSX

    @property
    def from_browser(self) -> bool:
        """Whether a person follows a link: a browser asks for pages, which no program does."""
        return "text/html" in (self.header("accept") or "").lower()

    @property
    def member_id(self) -> str:
        """The signed-in member. Only on routes that let members in."""
        return self.principal.id if self.principal.kind == "member" else ""


def hash_of(body: BaseModel | bytes) -> str:
    """What tells a body from others under one Idempotency-Key: SHA-256 of its fields in their order, or as it came,
    cut.
    """
    sent = body.model_dump_json().encode() if isinstance(body, BaseModel) else body
    return hashlib.sha256(sent).hexdigest()[:32]


def source_of(context: Mapping[str, Any]) -> str:
    """The network that a request came from, as the gateway saw it: an IPv4 address, or the /64 of an IPv6 address.

    One household or machine owns a whole /64 (RFC 6177) and may call from any address in it. Never from a header,
    which anybody may write. Empty where the gateway names no address: then all such callers count as one.
    """
    try:
        address = ipaddress.ip_address(str((context.get("identity") or {}).get("sourceIp") or ""))
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(address), 64), strict=False))
