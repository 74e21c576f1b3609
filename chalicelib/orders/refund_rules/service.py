"""A brand reads and sets its refund rules."""

from datetime import datetime
from typing import cast

from chalicelib.db import Transaction, change, check_revision
from chalicelib.kernel.principal import Principal
from chalicelib.orders.refund_rules.model import Pays, RefundRules
from chalicelib.orders.refund_rules.records import RefundRulesRecord
from chalicelib.tenants.service.audit import audit
from chalicelib.tenants.service.brand import get_tenant


def rules_of(record: RefundRulesRecord | None, currency: str) -> RefundRules:
    """What a brand has set, or else what is usual."""
    if record is None:
        return RefundRules(currency)
    return RefundRules(currency, cast(Pays, record.pays), {role: int(cap) for role, cap in (record.caps or {}).items()})


def get_rules(tenant_id: str) -> tuple[RefundRules, int]:
    """The rules, and their revision, which is 0 until they are set."""
    found = RefundRulesRecord.fetch(*RefundRulesRecord.address(tenant_id), consistent=True)
    return rules_of(found, get_tenant(tenant_id).currency), int(found.rev) if found else 0


def pays_when(tenant_id: str) -> Pays:
    """When a granted return of the brand pays back."""
    found = RefundRulesRecord.fetch(*RefundRulesRecord.address(tenant_id), consistent=True)
    return rules_of(found, "").pays


def set_rules(
    tenant_id: str, wanted: RefundRules, if_match: int | None, by: Principal, now: datetime
) -> tuple[RefundRules, int]:
    """Sets the rules; what was decided before stays as it was decided. Raises Stale."""

    def decide(found: RefundRulesRecord | None, tx: Transaction) -> tuple[RefundRules, int]:
        record = found or RefundRulesRecord(*RefundRulesRecord.address(tenant_id), rev=0)
        check_revision(record, if_match)
        before = rules_of(found, wanted.currency)
        if found is not None and before == wanted:
            return wanted, int(record.rev)
        record.pays, record.caps, record.updated_at = wanted.pays, dict(wanted.caps), now
        if found is None:
            record.rev = 1
            tx.create("rules", record)
        else:
            tx.replace("rules", record)
        told = {"from": _told(before), "to": _told(wanted)}
        audit(tx, tenant_id, by, "refund_rules.changed", f"tenant:{tenant_id}", now, told)
        return wanted, int(record.rev)

    return change(lambda: RefundRulesRecord.fetch(*RefundRulesRecord.address(tenant_id), consistent=True), decide)


def _told(rules: RefundRules) -> dict[str, object]:
    return {"pays": rules.pays, "caps": dict(rules.caps)}
