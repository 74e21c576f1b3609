"""A member's points and their ledger, as they are shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.db import Page
from chalicelib.loyalty.points.model.lots import Holding
from chalicelib.loyalty.points.records import PointsEntryRecord, PointsRecord, member_entries
from chalicelib.members.service.members import get_member


@dataclass(frozen=True, slots=True)
class Shown:
    """What a member has, and a page of how it came about."""

    holding: Holding
    entries: Sequence[PointsEntryRecord]
    last_key: dict[str, Any] | None


def read_points(tenant_id: str, member_id: str, limit: int, cursor: dict[str, Any] | None) -> Shown:
    """A member's points, and their entries, newest first. Raises NotFound."""
    whose = get_member(tenant_id, member_id).id
    head = PointsRecord.fetch(*PointsRecord.address(tenant_id, whose), consistent=True)
    page: Page[PointsEntryRecord] = PointsEntryRecord.page(
        member_entries(tenant_id, whose), index="gsi1", newest_first=True, limit=limit, cursor=cursor
    )
    return Shown(head.holding if head else Holding(), page.items, page.last_key)
