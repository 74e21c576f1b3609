"""By which days a brand parts its members into classes, and the class that a member has on its local day."""

from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.db import Transaction, change, check_revision
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.kernel.principal import Principal
from chalicelib.members.model.classes import MemberClass, Thresholds
from chalicelib.members.records import MemberRecord
from chalicelib.tenancy import brand_of
from chalicelib.tenants.records import Tenant
from chalicelib.tenants.service.audit import audit
from chalicelib.tenants.service.brand import get_tenant

CLASSES_CHANGED = "classes.changed"
"""The brand has set anew where its classes part."""


@dataclass(frozen=True, slots=True)
class Classing:
    """The brand's local day, and where its classes part."""

    today: date
    thresholds: Thresholds

    def of(self, member: MemberRecord) -> MemberClass | None:
        """The class of a member on that day; None for who has not ordered."""
        return member.class_on(self.today, self.thresholds)


def classing(tenant_id: str, now: datetime) -> Classing:
    """How members are classed at ``now``. It reads nothing that the process has not remembered of the brand, for a
    minute at most.
    """
    brand = brand_of(tenant_id)
    return Classing(local_date(now, zone(brand.timezone)), Thresholds.from_json(brand.class_thresholds))


def get_thresholds(tenant_id: str) -> tuple[Thresholds, int]:
    """Where the classes part, and the brand's revision."""
    tenant = get_tenant(tenant_id, consistent=True)
    return Thresholds.from_json(tenant.class_thresholds), int(tenant.rev)


def set_thresholds(
    tenant_id: str, wanted: Thresholds, if_match: int | None, by: Principal, now: datetime
) -> tuple[Thresholds, int]:
    """Sets where the classes part, for what is asked from now on; nothing is written of members. Raises Stale."""

    def decide(tenant: Tenant, tx: Transaction) -> tuple[Thresholds, int]:
        check_revision(tenant, if_match)
        before = Thresholds.from_json(tenant.class_thresholds)
        if before != wanted:
            tenant.class_thresholds = wanted.as_json()
            tenant.emit(CLASSES_CHANGED, now)
            tx.replace("tenant", tenant)
            told = {"from": before.as_json(), "to": wanted.as_json()}
            audit(tx, tenant_id, by, "classes.changed", f"tenant:{tenant_id}", now, told)
        return wanted, int(tenant.rev)

    changed = change(lambda: get_tenant(tenant_id, consistent=True), decide)
    brand_of.forget()
    return changed
