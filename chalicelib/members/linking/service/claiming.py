"""Somebody signs in with an address that the brand has named: they become that member, with all their history.

Only a sign-in proves an address. Whoever proves one first claims the member; another address that the brand has
written beside it is nobody's proof: who signs in with that one is another person.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from chalicelib.db import Transaction, beginning_with, change
from chalicelib.members.birthdays.service import standing as birthdays
from chalicelib.members.consents import service as consents
from chalicelib.members.enrolment.model import Admission
from chalicelib.members.enrolment.service import Newcomer, admitted, find_ordinals, join
from chalicelib.members.linking.service.adopting import give
from chalicelib.members.linking.service.following import follow
from chalicelib.members.model.identities import Identity
from chalicelib.members.records import PROFILE_CHANGED, IdentityRecord, MemberRecord
from chalicelib.members.search.service import index

Redeem = Callable[[str], Admission | None]
"""What somebody redeems who claims a member, by the member's id; None for nothing."""


def _nothing(_: str) -> None:
    """Nothing is redeemed."""


@dataclass(slots=True)
class _Found:
    """An identity with the member to whom it leads."""

    identity: IdentityRecord | None
    member: MemberRecord | None


def claim(
    tenant_id: str, arrived: Newcomer, now: datetime, known: IdentityRecord | None = None,
    *, admit: Callable[[], Admission] = Admission, redeem: Redeem = _nothing,
) -> MemberRecord:  # fmt: skip
    """The member who somebody is that has just proved an address; what they say of themselves counts where nobody has
    claimed the member yet.

    An address that was only named for a member whom somebody else has claimed leaves that member, and a new one joins.
    ``known`` is what was read of the address already; ``admit`` says whether and how somebody new may join, and raises
    where they may not; ``redeem`` says what comes with claiming a member, by their id, in the same write. Raises
    Unavailable when others keep drawing ordinals first.
    """

    def decide(found: _Found, tx: Transaction) -> MemberRecord | None:
        identity, member = found.identity, found.member
        if identity is None:
            return None
        if member is not None and member.unclaimed:
            if not member.blocked:
                _redeem(tx, member, redeem(member.id))
            _take(tx, member, identity, arrived, now)
            return member
        if member is None or identity.named:
            _leave(tx, member, identity, arrived.identity)
            return None
        return member

    first = _read(tenant_id, arrived.identity) if known is None else _with_member(tenant_id, known)
    read = beginning_with(first, lambda: _read(tenant_id, arrived.identity))
    return change(read, decide) or _join(tenant_id, arrived, now, admit, redeem)


def _redeem(tx: Transaction, member: MemberRecord, redeemed: Admission | None) -> None:
    if redeemed is not None:
        member.joined_by = redeemed.joined_by
        redeemed.along(tx)


def remember(tenant_id: str, identity: Identity) -> None:
    """Has an address lead to the member whom a file of earlier days named by it, when every name was taken for a
    reference of the brand's own; to nobody new where that member has been claimed.
    """
    reference = Identity("ref", identity.value)
    known = find_ordinals(tenant_id, [reference])
    if known:
        give(tenant_id, known[reference], identity)


def _join(
    tenant_id: str, arrived: Newcomer, now: datetime, admit: Callable[[], Admission], redeem: Redeem
) -> MemberRecord:
    """Someone new; or else whom an import has made of the same address in the meantime."""
    admission = admit()
    newcomer = admitted(arrived, admission)
    joined = join(tenant_id, [newcomer], now, along=admission.along, refused=admission.refused)
    return joined.members.get(newcomer.identity) or claim(tenant_id, arrived, now, admit=admit, redeem=redeem)


def _read(tenant_id: str, identity: Identity) -> _Found:
    found = IdentityRecord.fetch(*IdentityRecord.address(tenant_id, identity), consistent=True)
    return _Found(None, None) if found is None else _with_member(tenant_id, found)


def _with_member(tenant_id: str, found: IdentityRecord) -> _Found:
    address = MemberRecord.address_of_ordinal(tenant_id, int(found.ordinal))
    return _Found(found, MemberRecord.fetch(*address, consistent=True))


def _take(tx: Transaction, member: MemberRecord, identity: IdentityRecord, arrived: Newcomer, now: datetime) -> None:
    """The member is theirs who has arrived, with what they say of themselves."""
    proved_to_be_theirs(tx, member, arrived.identity, now)
    birthday = member.birthday
    member.name = arrived.name or member.name
    # What the brand's people wrote down is shown to them from now on, and theirs to change.
    member.profile, member.consent = {**(member.profile or {}), **arrived.profile}, dict(arrived.consent)
    member.locale = arrived.locale or member.locale
    birthdays.keep(tx, member, birthday, now)
    consents.note(tx, member, None)
    identity.named = None
    index(tx, member)
    member.emit(PROFILE_CHANGED, now, member_id=member.id)
    tx.replace("identity", identity)
    tx.replace("member", member)


def proved_to_be_theirs(tx: Transaction, member: MemberRecord, proved: Identity, now: datetime) -> None:
    """A member whom nobody had claimed is theirs who proved an identity. Other addresses that the brand wrote down are
    neither shown nor written to any more."""
    _disprove(tx, member, proved)
    others = [each for each in member.identities if each.kind != "ref" and each != proved]
    references = [each for each in member.identities if each.kind == "ref" and each.value != member.external_ref]
    member.email = proved.value if proved.kind == "email" else None
    member.phone = proved.value if proved.kind == "phone" else None
    follow(tx, member, None)
    member.further = [[each.kind, each.value] for each in (*others, *references)] or None
    member.claimed_at = now
    member.leaving_with = None


def _disprove(tx: Transaction, member: MemberRecord, proved: Identity) -> None:
    """Marks the addresses beside the proved one, which may have been written down before they were marked."""
    for each in member.identities:
        if each.kind != "ref" and each.value in (member.email, member.phone) and each != proved:
            tx.update(
                each.kind,
                IdentityRecord,
                *IdentityRecord.address(member.tenant_id, each),
                actions=[IdentityRecord.named.set(True), IdentityRecord.rev.add(1)],
                condition=IdentityRecord.ordinal == int(member.ordinal),
            )


def _leave(tx: Transaction, member: MemberRecord | None, record: IdentityRecord, identity: Identity) -> None:
    """The address leads to the member no more."""
    unchanged = IdentityRecord.rev == int(record.rev)
    tx.delete("identity", IdentityRecord, str(record.pk), str(record.sk), unchanged)
    if member is not None:
        no_longer_leads(member, identity)
        tx.replace("member", member)


def no_longer_leads(member: MemberRecord, identity: Identity) -> None:
    """Notes on a record that one of its further identities is another's, or is shown now."""
    kept = [each for each in member.further or () if each != [identity.kind, identity.value]]
    member.further = kept or None
