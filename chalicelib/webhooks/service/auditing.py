"""The audit log is kept by a domain above, which the composition root connects with this one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from chalicelib.db import Transaction
from chalicelib.kernel.principal import Principal


class Audit(Protocol):
    """Adds an entry to a transaction."""

    def __call__(
        self,
        tx: Transaction,
        tenant_id: str,
        principal: Principal,
        action: str,
        target: str,
        now: datetime,
        changes: Mapping[str, Any] | None = None,
    ) -> None: ...


_audit: list[Audit] = []


def use_audit(audit: Audit) -> None:
    """Connects with whoever keeps the audit log; called once by the composition root."""
    _audit[:] = [audit]


def audit(
    tx: Transaction,
    tenant_id: str,
    principal: Principal,
    action: str,
    target: str,
    now: datetime,
    changes: Mapping[str, Any] | None = None,
) -> None:
    """Adds an entry to the transaction of the deed: no change of the team's goes without one."""
    _audit[0](tx, tenant_id, principal, action, target, now, changes)
