"""Tells the old identity that another one has taken its place."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.members.identity_changes.model import IdentityChanged
from chalicelib.members.identity_changes.service.proofs import destination
from chalicelib.members.model.identities import Identity
from chalicelib.notices.telling.service import tell_address
from chalicelib.tenants.service.brand import get_tenant


def tell_old(tenant_id: str, cause: str, data: Mapping[str, Any], now: datetime) -> None:
    """Tells whoever reads the old identity, once for the event ``cause``."""
    tenant = get_tenant(tenant_id)
    to = destination(Identity(data["told_by"], data["told"]), data["locale"] or tenant.locale)
    tell_address(tenant_id, to, IdentityChanged(tenant.name, data["shown"]), ("identity-changed", cause), now)
