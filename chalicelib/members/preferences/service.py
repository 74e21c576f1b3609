"""Use cases of preferences: they stand on the record of the person, whose copy brings them to whoever tells them."""

from datetime import datetime

from chalicelib.db import Transaction, change, check_revision
from chalicelib.kernel.principal import Principal
from chalicelib.members.consents import service as consents
from chalicelib.members.model.profiles import consent_after
from chalicelib.members.preferences.model import Wanted
from chalicelib.members.records import PROFILE_CHANGED, MemberRecord
from chalicelib.members.service.members import get_member
from chalicelib.notices.recipients.model import Wishes
from chalicelib.tenants.records import StaffRecord
from chalicelib.tenants.service.audit import audit
from chalicelib.tenants.service.staff import get_staff


def set_for_member(tenant_id: str, member_id: str, wanted: Wanted, if_match: int | None, now: datetime) -> MemberRecord:
    """Sets all that a member asks for. Wanting news gives the consent ``marketing``, and no longer wanting them
    withdraws it; it keeps its instant where neither changes. Raises Stale, NotFound.
    """

    def decide(member: MemberRecord, tx: Transaction) -> MemberRecord:
        check_revision(member, if_match)
        if (member.locale, member.wishes or Wishes(), member.agrees_to_news) != _all_of(wanted):
            member.locale, member.wishes = wanted.locale, wanted.wishes
            if member.agrees_to_news is not wanted.news:
                consent = member.consent
                member.consent = consent_after(consent, {"marketing": wanted.news}, now)
                consents.note(tx, member, consent)
            member.emit(PROFILE_CHANGED, now, member_id=member.id)
            tx.replace("member", member)
        return member

    return change(lambda: get_member(tenant_id, member_id, consistent=True), decide)


def set_for_staff(who: Principal, wanted: Wanted, if_match: int | None, now: datetime) -> StaffRecord:
    """Sets all that somebody on the staff asks for. Raises Stale, NotFound."""

    def decide(person: StaffRecord, tx: Transaction) -> StaffRecord:
        check_revision(person, if_match)
        if (person.locale, person.wishes or Wishes(), False) != _all_of(wanted):
            person.locale, person.wishes = wanted.locale, wanted.wishes
            tx.replace("staff", person)
            audit(tx, who.tenant_id, who, "staff.preferences_changed", f"staff:{person.id}", now)
        return person

    return change(lambda: get_staff(who.tenant_id, who.id, consistent=True), decide)


def _all_of(wanted: Wanted) -> tuple[str | None, Wishes, bool]:
    return wanted.locale, wanted.wishes, wanted.news
