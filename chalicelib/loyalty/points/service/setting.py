"""A brand reads and sets its rules of points."""

from datetime import datetime

from chalicelib.db import Transaction, change, check_revision
from chalicelib.kernel.principal import Principal
from chalicelib.loyalty.points.model.rules import PointsRules
from chalicelib.loyalty.points.records import PointsRulesRecord
from chalicelib.tenants.service.audit import audit


def get_rules(tenant_id: str) -> tuple[PointsRules, int]:
    """The rules, and their revision, which is 0 until they are set."""
    found = _read(tenant_id)
    return (found.rules, int(found.rev)) if found else (PointsRules(), 0)


def set_rules(
    tenant_id: str, wanted: PointsRules, if_match: int | None, by: Principal, now: datetime
) -> tuple[PointsRules, int]:
    """Sets all rules, for what is done from now on: what was earned before keeps its rate and its last day. Raises
    Stale.
    """

    def decide(found: PointsRulesRecord | None, tx: Transaction) -> tuple[PointsRules, int]:
        record = found or PointsRulesRecord(*PointsRulesRecord.address(tenant_id), rev=0)
        check_revision(record, if_match)
        before = record.rules
        if found is not None and before == wanted:
            return wanted, int(record.rev)
        record.stored_rules, record.updated_at = wanted, now
        if found is None:
            record.rev = 1
            tx.create("rules", record)
        else:
            tx.replace("rules", record)
        told = {"from": before.as_json(), "to": wanted.as_json()}
        audit(tx, tenant_id, by, "points_rules.changed", f"tenant:{tenant_id}", now, told)
        return wanted, int(record.rev)

    return change(lambda: _read(tenant_id), decide)


def _read(tenant_id: str) -> PointsRulesRecord | None:
    return PointsRulesRecord.fetch(*PointsRulesRecord.address(tenant_id), consistent=True)
