"""Use cases of being signed in: a further token without a new code, and the end of all tokens of a person.

Tokens are stored nowhere. Each says how often its holder had signed out everywhere when it was issued, which the record
of the person counts: signing out once more ends every earlier token, whatever clocks say.
"""

from dataclasses import replace
from datetime import datetime
from functools import partial

from chalicelib.db import Transaction, change, tenant_scope
from chalicelib.kernel.principal import Principal, signed_out
from chalicelib.members.records import MemberRecord
from chalicelib.members.service.members import get_member
from chalicelib.members.sessions.model import renewed_seconds
from chalicelib.members.sign_in.model import Audience
from chalicelib.members.sign_in.service.sign_in import SignedIn
from chalicelib.tenants.records import StaffRecord
from chalicelib.tenants.service.audit import audit
from chalicelib.tenants.service.staff import get_staff


def sign_outs(tenant_id: str, member_id: str) -> int | None:
    """How often a member has signed out everywhere, as of now; None where there is no such member, also where theirs
    has become another's.
    """
    with tenant_scope(tenant_id):
        member = MemberRecord.at(tenant_id, member_id, consistent=True)
    return member.times_signed_out if member is not None and member.united_with is None else None


def renew(who: Principal, now: datetime) -> SignedIn:
    """Another token for someone who is signed in, which goes back to the same code.

    Raises SignInAgain, and Unauthenticated for a member who is no more.
    """
    audience: Audience = "staff" if who.kind == "staff" else "member"
    seconds = renewed_seconds(audience, who.proved_at, now)
    if audience == "staff":
        return SignedIn(audience, who, seconds)
    member = MemberRecord.at(who.tenant_id, who.id)
    if member is None:
        raise signed_out()
    return SignedIn(audience, replace(who, name=member.name or ""), seconds)


def sign_out(who: Principal, now: datetime) -> None:
    """Ends every token of the caller, this one too."""
    if who.kind == "staff":
        sign_out_staff(who.tenant_id, who.id, who, now)
    else:
        sign_out_member(who.tenant_id, who.id, who, now)


def sign_out_member(tenant_id: str, member_id: str, by: Principal, now: datetime) -> None:
    """Ends every token of a member. Raises NotFound."""

    def decide(member: MemberRecord, tx: Transaction) -> None:
        end_tokens(member)
        tx.replace("member", member)
        if by.kind != "member":
            audit(tx, tenant_id, by, "member.signed_out", f"member:{member_id}", now)

    change(partial(get_member, tenant_id, member_id, consistent=True), decide)


def sign_out_staff(tenant_id: str, staff_id: str, by: Principal, now: datetime) -> None:
    """Ends every token of someone on the staff, who may sign in again. Raises NotFound."""

    def decide(person: StaffRecord, tx: Transaction) -> None:
        end_tokens(person)
        tx.replace("staff", person)
        audit(tx, tenant_id, by, "staff.signed_out", f"staff:{staff_id}", now)

    change(partial(get_staff, tenant_id, staff_id, consistent=True), decide)


def end_tokens(person: MemberRecord | StaffRecord) -> None:
    """Ends all tokens that the person has, with the write of their record."""
    person.sign_outs = person.times_signed_out + 1
