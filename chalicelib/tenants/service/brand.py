"""Use cases of a brand: read, change, and the clock of its days. Sign-up is in ``sign_up``, people are in ``staff``."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.db import Refused, Transaction
from chalicelib.kernel.errors import NotFound, Stale, Unavailable
from chalicelib.kernel.principal import Principal
from chalicelib.tenants.model import BRAND_FIELDS, changed, merged
from chalicelib.tenants.records import DayClock, StaffRecord, Tenant
from chalicelib.tenants.service.audit import audit

_TRIES = 5


def get_tenant(tenant_id: str, *, consistent: bool = False) -> Tenant:
    """The brand. Raises NotFound."""
    found = Tenant.fetch(*Tenant.address(tenant_id), consistent=consistent)
    if found is None:
        raise NotFound("There is no such tenant.", detail_zh="没有该品牌。")
    return found


def edit_tenant(
    tenant_id: str, changes: Mapping[str, Any], if_match: int | None, by: Principal, now: datetime
) -> Tenant:
    """Sets the fields named in ``changes`` (``name``, ``locale``, ``brand``); also in the brand, the rest stays.

    Raises Stale when ``if_match`` is not the stored revision.
    """
    for _ in range(_TRIES):
        tenant = get_tenant(tenant_id, consistent=True)
        if if_match is not None and if_match != tenant.rev:
            raise Stale(f"The brand is at revision {tenant.rev}, not {if_match}; read it again.")
        before = {"name": tenant.name, "locale": tenant.locale, **tenant.brand}
        after = merged(before, changes)
        if after == before:
            return tenant
        tenant.name, tenant.locale = after["name"], after["locale"]
        tenant.brand = {name: after[name] for name in BRAND_FIELDS if after.get(name) is not None}
        tx = Transaction()
        tx.replace("tenant", tenant)
        audit(tx, tenant_id, by, "tenant.changed", f"tenant:{tenant_id}", now, changed(before, after))
        try:
            tx.commit()
        except Refused:
            continue
        return tenant
    raise Unavailable("Others changed the brand at the same time; please send it again.", retry_after=1)


def day_clock(tenant_id: str, due_at: datetime) -> DayClock:
    """The record that falls due at ``due_at``, on the ``rollup`` queue as ``tenant.day_ended``."""
    clock = DayClock(*DayClock.address(tenant_id))
    clock.schedule(due_at, "tenant.day_ended", "rollup", lane="night")
    return clock


def staff_with_role(tenant_id: str, role: str) -> list[StaffRecord]:
    """The people who hold the role itself, longest serving first. Every tenant has an ``owner``."""
    people = StaffRecord.every(StaffRecord.partition(tenant_id))
    return [person for person in people if role in person.roles]
