"""The desk: all open cases of a brand, or of one of its team, the most pressing first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.cases.records import CaseEntry
from chalicelib.db import Page
from chalicelib.kernel.clock import sortable

_EARLIEST = "0"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases to list; None narrows nothing. Overdue means at or after the time by which its owner had to act."""

    owner: str | None = None
    kind: str | None = None
    overdue: bool | None = None


def list_desk(
    tenant_id: str, now: datetime, limit: int, cursor: dict[str, Any] | None, wanted: Wanted
) -> Page[CaseEntry]:
    """Open cases by when their owner has to act next."""
    index, partition = "gsi1", CaseEntry.of_tenant(tenant_id)
    if wanted.owner is not None:
        index, partition = "gsi2", CaseEntry.of_owner(tenant_id, wanted.owner)
    # What is due at this very moment is late: its key ends in an id, which sorts after the moment itself.
    limit_of_late = f"{sortable(now)}$"
    between = None
    if wanted.overdue is not None:
        between = (_EARLIEST, limit_of_late) if wanted.overdue else (limit_of_late, "~")
    where: Any = None if wanted.kind is None else CaseEntry.kind == wanted.kind
    return CaseEntry.page(partition, index=index, between=between, where=where, limit=limit, cursor=cursor)
