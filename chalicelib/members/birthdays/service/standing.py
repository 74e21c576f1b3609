"""Birthdays stand where they are looked for, in the transaction that says them."""

from datetime import date, datetime, timedelta

from chalicelib.db import Transaction
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.members.birthdays.records import MORNING, BirthdayRecord, CalendarRecord
from chalicelib.members.records import MemberRecord
from chalicelib.tenants.service.brand import get_tenant


def keep(tx: Transaction, member: MemberRecord, before: str | None, now: datetime) -> None:
    """Adds to a transaction that a member is found by their birthday as it is, and no more by the one of ``before``.

    Called for each write of a record whose profile may have changed. The first birthday of a brand begins its calendar.
    """
    tenant_id, ordinal, birthday = member.tenant_id, int(member.ordinal), member.birthday
    if birthday == before:
        return
    if before is not None:
        tx.delete(f"birthday of {ordinal}", BirthdayRecord, *BirthdayRecord.address(tenant_id, before, ordinal))
    if birthday is not None:
        place = BirthdayRecord.address(tenant_id, birthday, ordinal)
        tx.put(f"new birthday of {ordinal}", BirthdayRecord(*place, ordinal=ordinal))
        _begin(tx, tenant_id, now)


def forget(tx: Transaction, member: MemberRecord) -> None:
    """Adds to the transaction that deletes a member that their birthday leads to nobody."""
    if member.birthday is not None:
        place = BirthdayRecord.address(member.tenant_id, member.birthday, int(member.ordinal))
        tx.delete("birthday", BirthdayRecord, *place)


def _begin(tx: Transaction, tenant_id: str, now: datetime) -> None:
    """Adds the brand's calendar, where there is none."""
    place = CalendarRecord.address(tenant_id)
    if CalendarRecord.fetch(*place, consistent=True) is None:
        timezone = get_tenant(tenant_id).timezone
        tx.create("birthdays", CalendarRecord(*place, next_on=_next_morning(timezone, now), timezone=timezone))


def _next_morning(timezone: str, now: datetime) -> date:
    """The first local day whose morning is yet to come."""
    today, wall = local_date(now, zone(timezone)), now.astimezone(zone(timezone)).time()
    return today if wall < MORNING else today + timedelta(days=1)
