"""Use cases of how seldom members are asked."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.db import Transaction, change, check_revision
from chalicelib.kernel.principal import Principal
from chalicelib.surveys.model.sending import QUIET_DAYS
from chalicelib.surveys.records import SurveyRulesRecord
from chalicelib.tenants.service.audit import audit


@dataclass(frozen=True, slots=True)
class SurveyRules:
    """How seldom members are asked: not within ``quiet_days`` days of the last time."""

    quiet_days: int
    revision: int


def get_rules(tenant_id: str) -> SurveyRules:
    """The brand's rules of asking."""
    found = SurveyRulesRecord.fetch(*SurveyRulesRecord.address(tenant_id))
    return SurveyRules(int(found.quiet_days), int(found.rev)) if found else SurveyRules(QUIET_DAYS, 0)


def set_rules(tenant_id: str, quiet_days: int, if_match: int | None, by: Principal, now: datetime) -> SurveyRules:
    """Sets how seldom members are asked, from now on. Raises Stale."""
    address = SurveyRulesRecord.address(tenant_id)

    def decide(found: SurveyRulesRecord | None, tx: Transaction) -> SurveyRules:
        record = found or SurveyRulesRecord(*address, rev=0)
        check_revision(record, if_match)
        record.quiet_days, record.updated_at = quiet_days, now
        if found is None:
            record.rev = 1
            tx.create("rules", record)
        else:
            tx.replace("rules", record)
        audit(tx, tenant_id, by, "survey_rules.changed", "survey-rules", now, {"quiet_days": quiet_days})
        return SurveyRules(quiet_days, int(record.rev))

    return change(lambda: SurveyRulesRecord.fetch(*address, consistent=True), decide)
