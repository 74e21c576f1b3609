"""What a journey asks of a member."""

from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib.journeys.model.running import Known, Why
from chalicelib.journeys.records import WayRecord
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.members.model.classes import Thresholds
from chalicelib.members.records import MemberRecord
from chalicelib.notices.recipients.model import Recipient
from chalicelib.tenancy import brand_of
from chalicelib.tenants.records import Tenant


def is_here(member: MemberRecord) -> bool:
    """Whether somebody may be in a journey: not who is blocked, has left, or whose history is another's."""
    return not member.blocked and member.left_at is None and member.united_with is None


def why_leaves(member: MemberRecord) -> Why | None:
    """Why somebody goes no further who was in a journey; None for who does."""
    if member.left_at is not None:
        return Why.BRAND
    return Why.BLOCKED if member.blocked else None


def zone_of(member: MemberRecord, tenant: Tenant) -> ZoneInfo:
    """The member's zone, if they said one, else the brand's."""
    wishes = member.wishes
    return zone((wishes.timezone if wishes else None) or tenant.timezone)


def known(member: MemberRecord, tenant: Tenant, way: WayRecord, now: datetime) -> Known:
    """What conditions ask, as it is now; the class is by where the brand's classes part."""
    today = local_date(now, zone(tenant.timezone))
    found = member.class_on(today, Thresholds.from_json(tenant.class_thresholds))
    ordered = bool(way.orders)
    return Known(
        zone_of(member, tenant), member.agrees_to_news, ordered, ordered or member.first_ordered_on is not None,
        found.value if found else None, member.segment_ids or (),
    )  # fmt: skip


def recipient(member: MemberRecord) -> Recipient | None:
    """The member as they are told something; None where they cannot be."""
    record = member.recipient
    return record.recipient(brand_of(member.tenant_id)) if record else None
