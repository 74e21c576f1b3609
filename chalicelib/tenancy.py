"""What layers below the tenants need of them: a brand's name, zone and currency, and its audit log.

Messages and webhooks stand below tenants, which tell people things by them; the composition root knows both.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from chalicelib.db import Transaction
from chalicelib.kernel.clock import parse_instant
from chalicelib.kernel.language import Language
from chalicelib.kernel.principal import Principal
from chalicelib.kernel.remembering import for_a_minute
from chalicelib.loading import provided
from chalicelib.settings import settings


@dataclass(frozen=True, slots=True)
class InForce:
    """The version of a legal text that is in force, since when, and in which languages; ``must_accept`` has orders wait
    until a member has accepted it.
    """

    revision: int
    published_at: datetime
    must_accept: bool
    languages: tuple[Language, ...]


@dataclass(frozen=True, slots=True)
class Brand:
    """A tenant as its messages and pages show it; ``timezone`` is an IANA name, ``locale`` a BCP 47 tag. ``logo`` is an
    https address or, of a picture that the brand uploaded, its path; ``colour`` such as ``#1f6feb``; both empty where
    the brand has none, as is its ``slogan``. ``legal_texts`` are those in force, by kind. ``own_host`` is the brand's
    own domain while neighbours reach the shop there; ``class_thresholds`` are where it has its members' classes part.
    """

    name: str
    timezone: str
    currency: str
    locale: str
    logo: str = ""
    colour: str = ""
    slug: str = ""
    slogan: str = ""
    has_story: bool = False
    legal_texts: Mapping[str, InForce] = field(default_factory=dict)
    own_host: str = ""
    class_thresholds: Mapping[str, Any] | None = None

    def shop(self, reached: str) -> str:
        """Where the shop is, for links that are sent and shown: its own domain or, without one, its place below
        ``reached``, where the product is.
        """
        return origin_of(self.own_host) if self.own_host else f"{reached}/s/{self.slug}"


def origin_of(host: str) -> str:
    """How a browser names a brand's own domain. On a developer's machine it is served as the product itself is."""
    if not settings().local:
        return f"https://{host}"
    here = urlsplit(settings().public_url)
    return f"{here.scheme}://{host}" + (f":{here.port}" if here.port else "")


@for_a_minute(most=1_000)
def brand_of(tenant_id: str) -> Brand:
    """The brand, up to a minute old. Raises NotFound."""
    found = provided("tenant")(tenant_id)
    face = found.brand or {}
    colour = (face.get("colours") or {}).get("primary", "")
    return Brand(
        found.name, found.timezone, found.currency, found.locale, face.get("logo") or "", colour, found.slug,
        face.get("slogan") or "", bool(face.get("story")), in_force(found.legal_texts), found.own_host or "",
        found.class_thresholds,
    )  # fmt: skip


def in_force(stored: Mapping[str, Any]) -> dict[str, InForce]:
    """The legal texts in force, by kind, of what a tenant's record says of them."""
    return {
        kind: InForce(revision, parse_instant(at), must_accept, tuple(languages))
        for kind, (revision, at, must_accept, languages) in stored.items()
    }


def audit(
    tx: Transaction,
    tenant_id: str,
    principal: Principal,
    action: str,
    target: str,
    now: datetime,
    changes: Mapping[str, Any] | None = None,
) -> None:
    """Adds an entry of the audit log to the transaction, as the tenants' own changes do; never with a secret."""
    provided("audit")(tx, tenant_id, principal, action, target, now, changes)
