"""What layers below the tenants need of them: a brand's name, zone and currency, and its audit log.

Messages and webhooks stand below tenants, which tell people things by them; the composition root knows both.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.db import Transaction
from chalicelib.kernel.principal import Principal
from chalicelib.kernel.remembering import for_a_minute
from chalicelib.loading import provided


@dataclass(frozen=True, slots=True)
class Brand:
    """A tenant as its messages and pages show it; ``timezone`` is an IANA name, ``locale`` a BCP 47 tag. ``logo`` is an
    https address, ``colour`` such as ``#1f6feb``; both empty where the brand has none, as is its ``slogan``.
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


@for_a_minute(most=1_000)
def brand_of(tenant_id: str) -> Brand:
    """The brand, up to a minute old. Raises NotFound."""
    found = provided("tenant")(tenant_id)
    face = found.brand or {}
    colour = (face.get("colours") or {}).get("primary", "")
    return Brand(
        found.name, found.timezone, found.currency, found.locale, face.get("logo") or "", colour, found.slug,
        face.get("slogan") or "", bool(face.get("story")),
    )  # fmt: skip


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
