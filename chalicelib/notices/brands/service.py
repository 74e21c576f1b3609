"""Asks for a brand, and writes into its audit log: both are kept above notices, and named by the composition root."""

import time
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol

from chalicelib.db import Transaction
from chalicelib.kernel.principal import Principal
from chalicelib.loading import provided
from chalicelib.notices.brands.model import Brand

_REMEMBERED_SECONDS = 60


class Brands(Protocol):
    """Whoever keeps brands and their audit log."""

    def brand(self, tenant_id: str) -> Brand:
        """The brand as its messages show it. Raises NotFound."""

    def audit(
        self,
        tx: Transaction,
        tenant_id: str,
        principal: Principal,
        action: str,
        target: str,
        now: datetime,
        changes: Mapping[str, Any] | None = None,
    ) -> None:
        """Adds who did what to the transaction."""


def brand_of(tenant_id: str) -> Brand:
    """The brand, remembered by each process for up to a minute: a burst of messages reads it once.

    Raises NotFound.
    """
    return _remembered(tenant_id, int(time.monotonic() // _REMEMBERED_SECONDS))


@lru_cache(maxsize=1_000)
def _remembered(tenant_id: str, minute: int) -> Brand:
    return _brands().brand(tenant_id)


def audit(
    tx: Transaction,
    tenant_id: str,
    principal: Principal,
    action: str,
    target: str,
    now: datetime,
    changes: Mapping[str, Any] | None = None,
) -> None:
    """Adds an entry of the audit log to a transaction; the arguments are those of the domain that keeps the log."""
    _brands().audit(tx, tenant_id, principal, action, target, now, changes)


def _brands() -> Brands:
    brands: Brands = provided("brands")
    return brands
