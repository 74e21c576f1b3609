"""A member's timeline, a page at a time."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from chalicelib.insight.timelines.model import Entry, Kind, Place, latest
from chalicelib.insight.timelines.service.sources import SOURCES, Wanted
from chalicelib.kernel.clock import zone
from chalicelib.members.records import SourcesRecord
from chalicelib.members.service.members import get_member
from chalicelib.tenants.service.brand import get_tenant


def read_timeline(
    tenant_id: str, member_id: str, kinds: Collection[Kind], limit: int, cursor: Mapping[str, Any] | None, now: datetime
) -> tuple[list[Entry], dict[str, Any] | None]:
    """Entries of some kinds, latest first, and where to go on, None at the end. Of one whose history is another's it is
    the other's. Each source reads one entry more than the page has at most. Raises NotFound.
    """
    member = get_member(tenant_id, member_id)
    united = SourcesRecord.fetch(*SourcesRecord.address(tenant_id, int(member.ordinal)))
    ordinals = [int(member.ordinal), *(united.ordinals if united else ())]
    after = Place.from_json(cursor) if cursor else None
    points_from = cursor.get("points") if cursor else None
    wanted = Wanted(member, ordinals, kinds, zone(get_tenant(tenant_id).timezone), now, after, limit, points_from)
    pages = [
        sorted((each for each in source(wanted) if each.kind in kinds), key=lambda each: each.place, reverse=True)
        for gives, source in SOURCES
        if not gives.isdisjoint(kinds)
    ]
    found = latest(pages, after, limit + 1)
    page = found[:limit]
    if len(found) <= limit:
        return page, None
    numbers = [each.number for each in page if each.number is not None]
    return page, page[-1].place.as_json() | {"points": min(numbers, default=points_from)}
