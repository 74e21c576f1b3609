"""Members and staff as they can be told something."""

from collections.abc import Iterator

from chalicelib.members.records import MemberRecord
from chalicelib.notices.model.people import Person
from chalicelib.notices.recipients.model import Preferences, Recipient
from chalicelib.tenants.records import StaffRecord
from chalicelib.tenants.service.brand import get_tenant


def recipient(tenant_id: str, person: Person) -> Recipient | None:
    """The person as they can be told something; None for nobody, and for whoever has left."""
    if person.kind == "staff":
        found = StaffRecord.at(tenant_id, person.id)
        return _of_staff(found) if found else None
    member = MemberRecord.at(tenant_id, person.id)
    return _of_member(member) if member and member.united_with is None else None


def team(tenant_id: str) -> Iterator[Recipient]:
    """Everybody on the brand's staff."""
    return map(_of_staff, StaffRecord.every(StaffRecord.partition(tenant_id)))


def _of_staff(staff: StaffRecord) -> Recipient:
    tenant = get_tenant(staff.tenant_id)
    return Recipient(
        Person.staff(staff.id), tenant.locale, tenant.timezone,
        email=staff.email, name=staff.name, roles=frozenset(staff.roles),
    )  # fmt: skip


def _of_member(member: MemberRecord) -> Recipient:
    tenant = get_tenant(member.tenant_id)
    return Recipient(
        Person.member(member.id), member.locale or tenant.locale, tenant.timezone,
        email=member.email, phone=member.phone, name=member.name,
        preferences=Preferences(marketing=(member.consent or {}).get("marketing", {}).get("granted") is True),
    )  # fmt: skip
