"""A brand reads and sets its rules of recruitment."""

from datetime import datetime

from chalicelib.coupons.records import BatchRecord
from chalicelib.db import Transaction, change, check_revision, fetch_many
from chalicelib.kernel.errors import FieldError
from chalicelib.kernel.principal import Principal
from chalicelib.recruitment.errors import RulesRefused
from chalicelib.recruitment.model.rules import Rules
from chalicelib.recruitment.records import RecruitmentRecord
from chalicelib.tenants.service.audit import audit


def rules_of(tenant_id: str) -> Rules:
    """The rules as they stand."""
    return get_rules(tenant_id)[0]


def get_rules(tenant_id: str) -> tuple[Rules, int]:
    """The rules, and their revision, which is 0 until they are set."""
    found = _read(tenant_id)
    return (found.rules, int(found.rev)) if found else (Rules(), 0)


def set_rules(tenant_id: str, wanted: Rules, if_match: int | None, by: Principal, now: datetime) -> tuple[Rules, int]:
    """Sets all rules, for whoever comes from now on. Raises Stale, and RulesRefused for coupons that there are not."""
    _check_batches(tenant_id, wanted)

    def decide(found: RecruitmentRecord | None, tx: Transaction) -> tuple[Rules, int]:
        record = found or RecruitmentRecord(*RecruitmentRecord.address(tenant_id), rev=0)
        check_revision(record, if_match)
        before = record.rules if found else Rules()
        if found is not None and before == wanted:
            return wanted, int(record.rev)
        record.rules, record.updated_at = wanted, now
        if found is None:
            record.rev = 1
            tx.create("rules", record)
        else:
            tx.replace("rules", record)
        told = {"from": before.as_json(), "to": wanted.as_json()}
        audit(tx, tenant_id, by, "recruitment.changed", f"tenant:{tenant_id}", now, told)
        return wanted, int(record.rev)

    return change(lambda: _read(tenant_id), decide)


def _check_batches(tenant_id: str, wanted: Rules) -> None:
    named = wanted.batches
    places = [(BatchRecord, *BatchRecord.address(tenant_id, each)) for each in dict.fromkeys(named.values())]
    known = {each.id for each in fetch_many(places) if each is not None} if places else set[str]()
    unknown = [
        FieldError(field, "There is no such batch of coupons.", "没有该批次的优惠券。")
        for field, batch_id in named.items()
        if batch_id not in known
    ]
    if unknown:
        raise RulesRefused(
            "The rules name coupons that there are not; choose from the batches of coupons.",
            detail_zh="规则中的优惠券批次不存在，请从已有批次中选择。", errors=tuple(unknown),
        )  # fmt: skip


def _read(tenant_id: str) -> RecruitmentRecord | None:
    return RecruitmentRecord.fetch(*RecruitmentRecord.address(tenant_id), consistent=True)
