"""Use cases of members: read, search, change. ``enrolment`` makes them, ``sign_in`` signs them in."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from chalicelib.db import Page, Refused, Transaction, change, check_revision, fetch_many
from chalicelib.db.transaction import MOST_OPERATIONS
from chalicelib.kernel.context import token_sign_outs
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.principal import Principal, signed_out
from chalicelib.kernel.unset import UNSET
from chalicelib.members.enrolment.service import find_ordinals, ordinals_given
from chalicelib.members.model.identities import Identity
from chalicelib.members.model.profiles import MemberChanges, consent_after, profile_after
from chalicelib.members.model.status import MemberBlocked, Status
from chalicelib.members.records import MemberRecord
from chalicelib.tenants.service.audit import audit


def get_member(tenant_id: str, member_id: str, *, consistent: bool = False) -> MemberRecord:
    """The member. Raises NotFound."""
    member = MemberRecord.at(tenant_id, member_id, consistent=consistent)
    if member is None:
        raise NotFound(f"There is no member {member_id}.", detail_zh=f"没有会员 {member_id}。")
    return member


def check_signed_in(member: MemberRecord) -> None:
    """Raises Unauthenticated where the request came with this member's token and they have signed out since it was
    issued. For routes that read the member anyway, see ``web.principal.Allow``.
    """
    of_token = token_sign_outs.get()
    # Fewer than the token knows of are those of a replica that lags behind.
    if of_token is not None and member.times_signed_out > of_token:
        raise signed_out()


def check_may_order(member: MemberRecord) -> None:
    """Raises MemberBlocked for someone whom the brand has blocked."""
    if member.blocked:
        raise MemberBlocked(
            "The store has blocked this membership; it can be read but not used to order. Please ask the store.",
            detail_zh="该会员已被商家限制下单，请联系商家。",
        )


def members_by_ordinal(tenant_id: str, ordinals: Sequence[int]) -> list[MemberRecord]:
    """The members with these places in the tenant's bitmaps, in that order; one since erased is left out."""
    addresses = [(MemberRecord, *MemberRecord.address_of_ordinal(tenant_id, ordinal)) for ordinal in ordinals]
    return [member for member in fetch_many(addresses, consistent=True) if member is not None]


def list_members(tenant_id: str, limit: int, cursor: Mapping[str, Any] | None) -> Page[MemberRecord]:
    """Members, latest joined first. Ordinals have no gap, so a page is a range of them and needs no index."""
    end = cursor["below"] if cursor else ordinals_given(tenant_id)
    start = max(0, end - limit)
    members = members_by_ordinal(tenant_id, range(end - 1, start - 1, -1))
    return Page(members, {"below": start} if start else None)


def search_members(tenant_id: str, searches: Sequence[Sequence[Identity]]) -> list[MemberRecord]:
    """The members that fit every search; one fits a search when any of its identities is theirs, exactly."""
    found = find_ordinals(tenant_id, [identity for search in searches for identity in search])
    fitting = [{found[who] for who in search if who in found} for search in searches]
    return members_by_ordinal(tenant_id, sorted(set.intersection(*fitting)))


def edit_me(
    tenant_id: str, member_id: str, changes: MemberChanges, if_match: int | None, now: datetime
) -> MemberRecord:
    """Changes what a member says of themselves. Raises Stale when ``if_match`` is not the stored revision."""

    def decide(member: MemberRecord, tx: Transaction) -> MemberRecord:
        check_revision(member, if_match)
        if changes.profile.name is not UNSET:
            member.name = changes.profile.name
        member.locale = changes.locale or member.locale
        member.profile = profile_after(member.profile, changes.profile)
        member.consent = consent_after(member.consent, changes.consent, now)
        tx.replace("member", member)
        return member

    return change(lambda: get_member(tenant_id, member_id, consistent=True), decide)


def name_unnamed(tenant_id: str, member_id: str, name: str, now: datetime) -> None:
    """Gives a name to a member who has none; who has one keeps it. Raises NotFound."""

    def decide(member: MemberRecord, tx: Transaction) -> None:
        if not member.name:
            member.name = name
            tx.replace("member", member)

    change(lambda: get_member(tenant_id, member_id, consistent=True), decide)


def set_status(
    tenant_id: str,
    member_id: str,
    status: Status,
    reason: str,
    if_match: int | None,
    by: Principal,
    now: datetime,
) -> MemberRecord:
    """Blocks a member from ordering, or lifts it. Raises NotFound or Stale."""

    def decide(member: MemberRecord, tx: Transaction) -> MemberRecord:
        check_revision(member, if_match)
        if member.status != status:
            member.status = status.value
            tx.replace("member", member)
            changes = {"status": status.value, "reason": reason}
            audit(tx, tenant_id, by, "member.changed", f"member:{member_id}", now, changes)
        return member

    return change(lambda: get_member(tenant_id, member_id, consistent=True), decide)


def note_activity(tenant_id: str, last_active_on: Mapping[int, date]) -> None:
    """Moves members' last active day forward, by ordinal; an earlier day than the known one changes nothing."""
    note_active(members_by_ordinal(tenant_id, list(last_active_on)), last_active_on)


def note_active(members: Sequence[MemberRecord], last_active_on: Mapping[int, date]) -> None:
    """As ``note_activity``, of members who were just read; those without a day are left alone."""
    late = [member for member in members if _seen_before(member, last_active_on.get(int(member.ordinal)))]
    for start in range(0, len(late), MOST_OPERATIONS):
        chunk = late[start : start + MOST_OPERATIONS]
        try:
            _note(chunk, last_active_on)
        except Refused:
            # Someone changed one of them meanwhile: each on its own, and that one keeps its later day.
            for member in chunk:
                with suppress(Refused):
                    _note([member], last_active_on)


def _seen_before(member: MemberRecord, on: date | None) -> bool:
    """Whether the member was not yet known to be active on or after the day."""
    known: date | None = member.last_active_on
    return on is not None and (known is None or known < on)


def _note(members: Sequence[MemberRecord], last_active_on: Mapping[int, date]) -> None:
    tx = Transaction()
    known = MemberRecord.last_active_on
    for member in members:
        on = last_active_on[int(member.ordinal)]
        tx.update(
            member.id,
            MemberRecord,
            *MemberRecord.address(member.tenant_id, member.id),
            # Without its earlier events, which the relay would be called for in vain.
            actions=[known.set(on), MemberRecord.rev.add(1), MemberRecord.outbox.remove()],
            condition=MemberRecord.pk.exists() & (known.does_not_exist() | (known < on)),
        )
    tx.commit()
