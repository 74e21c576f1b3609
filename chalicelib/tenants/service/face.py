"""A brand as the messages that it sends show it."""

from chalicelib.notices.brands.model import Brand
from chalicelib.tenants.service.audit import audit
from chalicelib.tenants.service.brand import get_tenant

__all__ = ["audit", "brand"]


def brand(tenant_id: str) -> Brand:
    """The brand's name and face. Raises NotFound."""
    tenant = get_tenant(tenant_id)
    face = tenant.brand or {}
    return Brand(
        tenant.name, tenant.slug, tenant.locale, tenant.timezone, tenant.currency,
        logo=face.get("logo") or "", colour=(face.get("colours") or {}).get("primary", ""),
    )  # fmt: skip
