"""Use cases of a brand: read and change. Sign-up is in ``sign_up``, people are in ``staff``."""

from datetime import datetime

from chalicelib.db import Transaction, change, check_revision
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.percent import rate_text, read_percent
from chalicelib.kernel.principal import Principal
from chalicelib.tenancy import brand_of
from chalicelib.tenants.model import BRAND_FIELDS, TenantChanges, changed, merged
from chalicelib.tenants.records import Tenant
from chalicelib.tenants.service.audit import audit


def get_tenant(tenant_id: str, *, consistent: bool = False) -> Tenant:
    """The brand. Raises NotFound."""
    found = Tenant.fetch(*Tenant.address(tenant_id), consistent=consistent)
    if found is None:
        raise NotFound("There is no such tenant.", detail_zh="没有该品牌。")
    return found


def wall_time(tenant_id: str, moment: datetime) -> str:
    """An instant as the brand's clocks show it, for messages to people: ``2026-11-22 16:00``."""
    return f"{moment.astimezone(zone(get_tenant(tenant_id).timezone)):%Y-%m-%d %H:%M}"


def _basis_points(rate: str | None) -> int | None:
    return None if rate is None else read_percent(rate)


def edit_tenant(tenant_id: str, changes: TenantChanges, if_match: int | None, by: Principal, now: datetime) -> Tenant:
    """Sets what the changes name. Raises Stale when ``if_match`` is not the stored revision, and Invalid for a logo
    that was not uploaded or is no picture.
    """
    if isinstance(changes.logo, str):
        # Imported here: whoever reads a brand or a product names no picture.
        from chalicelib.media.service import pictures

        pictures.keep(tenant_id, [("/brand/logo", changes.logo)])

    def decide(tenant: Tenant, tx: Transaction) -> Tenant:
        check_revision(tenant, if_match)
        before = {
            "name": tenant.name, "locale": tenant.locale, "country": tenant.stored_country, **tenant.brand,
            "tax_rate": rate_text(tenant.tax_bps), "delivery_tax_rate": rate_text(tenant.delivery_tax_bps),
        }  # fmt: skip
        after = merged(before, changes)
        if after != merged(before, TenantChanges()):
            tenant.name, tenant.locale, tenant.stored_country = after["name"], after["locale"], after.get("country")
            tenant.tax_bps = _basis_points(after.get("tax_rate"))
            tenant.delivery_tax_bps = _basis_points(after.get("delivery_tax_rate"))
            tenant.brand = {name: after[name] for name in BRAND_FIELDS if after.get(name) is not None}
            tx.replace("tenant", tenant)
            audit(tx, tenant_id, by, "tenant.changed", f"tenant:{tenant_id}", now, changed(before, after))
        return tenant

    edited = change(lambda: get_tenant(tenant_id, consistent=True), decide)
    brand_of.forget()
    return edited
