"""The tables: keys, records, reads, and transactions as the only way to write. Every request stays in its tenant."""

from chalicelib.db.at_once import at_once
from chalicelib.db.attributes import DateAttribute, InstantAttribute, JsonAttribute
from chalicelib.db.batch import delete_many, fetch_many, put_many, put_many_at_once
from chalicelib.db.change import Contended, ReadAgain, beginning_with, change, check_revision
from chalicelib.db.guard import TenantViolation, current_tenant, platform_scope, tenant_scope
from chalicelib.db.keys import key
from chalicelib.db.meter import Meter, metered
from chalicelib.db.records import InsightRecord, Page, PlatformRecord, Record
from chalicelib.db.tenant_records import Following, TenantRecord, due_shard
from chalicelib.db.transaction import Refused, Transaction

__all__ = [
    "Contended",
    "DateAttribute",
    "Following",
    "InsightRecord",
    "InstantAttribute",
    "JsonAttribute",
    "Meter",
    "Page",
    "PlatformRecord",
    "ReadAgain",
    "Record",
    "Refused",
    "TenantRecord",
    "TenantViolation",
    "Transaction",
    "at_once",
    "beginning_with",
    "change",
    "check_revision",
    "current_tenant",
    "delete_many",
    "due_shard",
    "fetch_many",
    "key",
    "metered",
    "platform_scope",
    "put_many",
    "put_many_at_once",
    "tenant_scope",
]
