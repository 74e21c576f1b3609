"""Who belongs to which group of members, as bits: what retention is grouped by."""

from datetime import date

from chalicelib.insight.model import bitmaps
from chalicelib.insight.model.cohorts import newcomers
from chalicelib.insight.model.first_orders import by_first_order
from chalicelib.insight.model.member_groups import GroupBy, MemberGroup
from chalicelib.insight.model.slices import UNKNOWN, Dimension
from chalicelib.insight.reports.service.classes import ClassHistory
from chalicelib.insight.reports.service.titles import titles
from chalicelib.insight.reports.service.window import History
from chalicelib.insight.rollups.service.slices import each_day
from chalicelib.kernel.errors import Invalid, NotFound
from chalicelib.loyalty.tiers.service.setting import get_tiers
from chalicelib.members.model.classes import Thresholds
from chalicelib.members.service.members import members_by_ordinal
from chalicelib.segments.service.reading import all_segments, get_segment, members_of
from chalicelib.tenants.records import Tenant

MOST_READ = 20_000
"""Tiers stand on members alone, so that each is read: so many take about 200 requests, and a few seconds."""

NONE = "none"
"""The group of those who have no tier."""

NOT_KNOWN = "unknown"
"""The group of those of whose first order it is not known."""


_OF_FIRST_ORDERS = {GroupBy.CHANNEL: Dimension.CHANNEL, GroupBy.PICKUP_POINT: Dimension.PICKUP_POINT}


def groups_of(tenant: Tenant, by: GroupBy, segment_id: str | None, past: History, from_on: date) -> list[MemberGroup]:
    """The groups of those who ordered first from a local day on. By class, at the end of the last day of ``past``, and
    by tier, as it is now, each member is in one; in segments, as they are now, some are in several and some in none;
    by channel and pickup point of the first order some are in two, who had two orders on that day.

    Raises Invalid for a segment that there is not, or that was deleted meanwhile, and for more members than are read.
    """
    if by is GroupBy.CLASS:
        return _classes(tenant, past)
    if by is GroupBy.SEGMENT:
        return _segments(tenant.id, segment_id)
    first = _first_orders(past, from_on)
    if by is GroupBy.TIER:
        return _tiers(tenant.id, bitmaps.union(first.values()))
    return _by_first_orders(tenant.id, _OF_FIRST_ORDERS[by], first)


def _first_orders(past: History, from_on: date) -> dict[date, int]:
    """Local days to those whose first order it was."""
    days = {on.toordinal(): rollup.members for on, rollup in past.days(from_on, past.ends_on).items()}
    return {date.fromordinal(day): new for day, new in newcomers(days, past.members_before(from_on)).items()}


def _by_first_orders(tenant_id: str, dimension: Dimension, first: dict[date, int]) -> list[MemberGroup]:
    if not first:
        return []
    found = by_first_order(first, each_day(tenant_id, dimension, min(first), max(first)))
    named = titles(tenant_id, dimension, [value for value in found if value != UNKNOWN])
    groups = {value: MemberGroup(value, named.get(value), bits) for value, bits in found.items() if value != UNKNOWN}
    if UNKNOWN in found:  # a file may say so itself
        said = found.get(NOT_KNOWN, 0)
        groups[NOT_KNOWN] = MemberGroup(NOT_KNOWN, None, found[UNKNOWN] | said)
    return list(groups.values())


def _classes(tenant: Tenant, past: History) -> list[MemberGroup]:
    found = ClassHistory.of(past, Thresholds.from_json(tenant.class_thresholds)).on(past.ends_on)
    return [MemberGroup(each.value, None, bits) for each, bits in found.items()]


def _tiers(tenant_id: str, everyone: int) -> list[MemberGroup]:
    if everyone.bit_count() > MOST_READ:
        raise Invalid.at(
            "?group_by",
            f"Tiers of at most {MOST_READ} members are read at once, and these are {everyone.bit_count()}; narrow the "
            "days, or make a segment of each tier and group by segment.",
            f"一次最多读取 {MOST_READ} 位会员的等级，当前为 {everyone.bit_count()} 位；请缩小日期范围，"
            "或为每个等级建立人群并按人群分组。",
        )
    found: dict[str | None, list[int]] = {}
    for member in members_by_ordinal(tenant_id, list(bitmaps.ordinals(everyone))):
        found.setdefault(member.tier, []).append(int(member.ordinal))
    tiers, _ = get_tiers(tenant_id)
    known = [MemberGroup(each.code, each.title, bitmaps.of(found.pop(each.code, ()))) for each in tiers.tiers]
    left = [ordinal for ordinals in found.values() for ordinal in ordinals]
    return [*known, MemberGroup(NONE, None, bitmaps.of(left))]


def _segments(tenant_id: str, segment_id: str | None) -> list[MemberGroup]:
    wanted = [segment_id] if segment_id else [each.id for each in all_segments(tenant_id)]
    return [_segment(tenant_id, each) for each in wanted]


def _segment(tenant_id: str, segment_id: str) -> MemberGroup:
    """Its members, and only then whether it still is: deleting one says so before anybody is taken out of it."""
    members = members_of(tenant_id, segment_id)
    try:
        segment = get_segment(tenant_id, segment_id)
    except NotFound:
        raise Invalid.at(
            "?segment_id",
            "There is no such segment; it may have been deleted. Choose from the list of segments.",
            "没有该人群，可能已被删除；请从人群列表中选择。",
        ) from None
    return MemberGroup(segment_id, str(segment.title), members, counting=segment.counting is not None)
