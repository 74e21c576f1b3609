"""The audit log: who changed what, written in the same transaction as the change."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.db import Page, Transaction
from chalicelib.kernel.ids import new_id
from chalicelib.kernel.principal import Principal
from chalicelib.tenants.records import AuditEntry


def audit(
    tx: Transaction,
    tenant_id: str,
    principal: Principal,
    action: str,
    target: str,
    now: datetime,
    changes: Mapping[str, Any] | None = None,
    *events: str,
) -> None:
    """Adds an entry to the transaction: ``action`` such as ``product.changed``, ``target`` such as ``product:01J…``.

    ``changes`` holds what was set; never a secret. A transaction takes one entry. ``events`` ride on it, where what
    they are about is there no more to carry them: with the entry's id.
    """
    entry = AuditEntry(
        AuditEntry.partition(tenant_id),
        new_id(now),
        at=now,
        actor_kind=principal.kind,
        actor_id=principal.id,
        actor_name=principal.name or None,
        action=action,
        target=target,
        changes=dict(changes) if changes else None,
    )
    for event in filter(None, events):
        entry.emit(event, now, entry_id=entry.id)
    tx.put("audit", entry)


def audit_job(
    tx: Transaction,
    tenant_id: str,
    by: str,
    action: str,
    target: str,
    now: datetime,
    changes: Mapping[str, Any],
    *,
    entry_id: str,
) -> None:
    """Adds an entry of what a job did: ``by`` is the label of who began it, such as ``night``. The commit is refused at
    ``audit`` where the entry stands already.
    """
    kind, _, name = by.partition(":")
    entry = AuditEntry(
        AuditEntry.partition(tenant_id), entry_id,
        at=now, actor_kind=kind, actor_id=name, action=action, target=target, changes=dict(changes),
    )  # fmt: skip
    tx.create("audit", entry)


def audit_log(
    tenant_id: str, *, target: str | None, action: str | None, limit: int, cursor: dict[str, Any] | None
) -> Page[AuditEntry]:
    """Entries, newest first; of one target, of one action, or all."""
    where = None if action is None else AuditEntry.action == action
    if target is None:
        partition, index = AuditEntry.partition(tenant_id), None
    else:
        partition, index = AuditEntry.partition_of(tenant_id, target), "gsi1"
    return AuditEntry.page(partition, index=index, newest_first=True, where=where, limit=limit, cursor=cursor)
