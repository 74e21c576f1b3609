"""A brand reads and sets its rules of enquiries, and its canned replies."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.db import Transaction, change, check_revision
from chalicelib.enquiries.model.rules import CannedReply, EnquiryRules
from chalicelib.enquiries.records import CannedRepliesRecord, EnquiryRulesRecord
from chalicelib.kernel.principal import Principal
from chalicelib.tenants.service.audit import audit


def get_rules(tenant_id: str) -> tuple[EnquiryRules, int]:
    """The rules, and their revision, which is 0 until they are set."""
    found = EnquiryRulesRecord.fetch(*EnquiryRulesRecord.address(tenant_id), consistent=True)
    return (found.rules or EnquiryRules(), int(found.rev)) if found else (EnquiryRules(), 0)


def set_rules(
    tenant_id: str, wanted: EnquiryRules, if_match: int | None, by: Principal, now: datetime
) -> tuple[EnquiryRules, int]:
    """Sets the rules for what is asked, and waits, from now on. Raises Stale."""

    def decide(found: EnquiryRulesRecord | None, tx: Transaction) -> int:
        record = found or EnquiryRulesRecord(*EnquiryRulesRecord.address(tenant_id), rev=0)
        check_revision(record, if_match)
        if found is not None and found.rules == wanted:
            return int(found.rev)
        record.rules, record.updated_at = wanted, now
        _write(tx, record)
        audit(tx, tenant_id, by, "enquiry_rules.changed", f"tenant:{tenant_id}", now, wanted.as_json())
        return int(record.rev)

    address = EnquiryRulesRecord.address(tenant_id)
    return wanted, change(lambda: EnquiryRulesRecord.fetch(*address, consistent=True), decide)


def get_replies(tenant_id: str) -> tuple[list[CannedReply], int]:
    """The canned replies in their order, and their revision, which is 0 until there are any."""
    found = CannedRepliesRecord.fetch(*CannedRepliesRecord.address(tenant_id), consistent=True)
    return (found.replies, int(found.rev)) if found else ([], 0)


def set_replies(
    tenant_id: str, wanted: Sequence[CannedReply], if_match: int | None, by: Principal, now: datetime
) -> tuple[list[CannedReply], int]:
    """Sets all canned replies. Raises Stale."""

    def decide(found: CannedRepliesRecord | None, tx: Transaction) -> int:
        record = found or CannedRepliesRecord(*CannedRepliesRecord.address(tenant_id), rev=0)
        check_revision(record, if_match)
        if found is not None and found.replies == list(wanted):
            return int(found.rev)
        record.replies, record.updated_at = wanted, now
        _write(tx, record)
        told = {"titles": [each.title for each in wanted]}
        audit(tx, tenant_id, by, "canned_replies.changed", f"tenant:{tenant_id}", now, told)
        return int(record.rev)

    address = CannedRepliesRecord.address(tenant_id)
    return list(wanted), change(lambda: CannedRepliesRecord.fetch(*address, consistent=True), decide)


def _write(tx: Transaction, record: EnquiryRulesRecord | CannedRepliesRecord) -> None:
    if record.rev == 0:
        record.rev = 1
        tx.create("settings", record)
    else:
        tx.replace("settings", record)
