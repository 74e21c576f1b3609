"""A member's e-mail or phone number is replaced: by themselves, or by the team for someone who has lost the old one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from chalicelib.db import Refused, Transaction, beginning_with, change
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.principal import Principal
from chalicelib.members.identity_changes.model import Holder, IdentityUnchanged, Kind, Side, masked, proving
from chalicelib.members.identity_changes.service import proofs
from chalicelib.members.linking.service.claiming import no_longer_leads, proved_to_be_theirs
from chalicelib.members.model.identities import Identity
from chalicelib.members.records import PROFILE_CHANGED, IdentityRecord, MemberRecord
from chalicelib.members.search.service import index
from chalicelib.members.service.members import get_member
from chalicelib.members.sessions.service import end_tokens
from chalicelib.tenants.service.audit import audit
from chalicelib.tenants.service.brand import get_tenant


@dataclass(frozen=True, slots=True)
class _Named:
    """An address that a file wrote down beside another of a member's, and nobody had proved; ``of`` is that member."""

    identity: IdentityRecord
    of: MemberRecord


def ask(
    tenant_id: str,
    member_id: str,
    wanted: Identity,
    prove_with: Kind | None,
    named: str | None,
    source: str,
    now: datetime,
) -> Identity:
    """Sends a member codes to the new identity and to one of their own, which is answered; in the language ``named``,
    else theirs, else the brand's. Raises IdentityUnchanged, Invalid, TooManyIdentityCodes.
    """
    member = _unlike(tenant_id, member_id, wanted)
    proof = proving(member.email, member.phone, _kind(wanted), prove_with)
    if proof is None:
        raise Invalid.at(
            "/prove_with",
            "You have no such address or number to prove who you are with; ask the store to help.",
            "您没有可用于验证身份的邮箱或手机号，请联系商家协助。",
        )
    tenant = get_tenant(tenant_id)
    locale = named or member.locale or tenant.locale
    proofs.send_codes(Holder("member", tenant_id, member_id), proof, wanted, tenant, locale, source, now)
    return proof


def ask_for(tenant_id: str, member_id: str, wanted: Identity, source: str, now: datetime) -> None:
    """Sends a member who has lost their old identity a code to the new one, which they tell the team.

    Raises NotFound, IdentityUnchanged, TooManyIdentityCodes.
    """
    member = _unlike(tenant_id, member_id, wanted)
    tenant = get_tenant(tenant_id)
    locale = member.locale or tenant.locale
    proofs.send_codes(Holder("member", tenant_id, member_id), None, wanted, tenant, locale, source, now)


def confirm(
    tenant_id: str,
    member_id: str,
    wanted: Identity,
    codes: Mapping[Side, str],
    reason: str | None,
    by: Principal,
    now: datetime,
) -> MemberRecord:
    """Replaces the identity where the codes are right, each once. Every token of the member ends; the old identity is
    told. Raises CodesRefused, IdentityTaken, NotFound.
    """
    found, holder = _unlike(tenant_id, member_id, wanted), Holder("member", tenant_id, member_id)
    digests = proofs.tried(holder, codes, wanted, now)
    named: list[_Named | None] = [None]

    def decide(member: MemberRecord, tx: Transaction) -> MemberRecord:
        proofs.use(tx, holder, digests)
        before = _replace(member, wanted, named[0], tx, now, own=by.kind == "member")
        changes: dict[str, Any] = {wanted.kind: {"from": masked(before) if before else None, "to": masked(wanted)}}
        if reason:
            changes["reason"] = reason
        audit(tx, tenant_id, by, "member.identity_changed", f"member:{member_id}", now, changes)
        return member

    def refused(refusal: Refused) -> None:
        named[0] = None if proofs.CODES in refusal.names else _only_named(found, refusal)
        if named[0] is None:
            proofs.refuse(refusal)

    read = beginning_with(found, partial(_unlike, tenant_id, member_id, wanted))
    return change(read, decide, refused=refused)


def _only_named(member: MemberRecord, refusal: Refused) -> _Named | None:
    """What a refused change met, where that is no sign-in of anybody's: whoever has proved the address may have it.

    None also where it leads to somebody else who has not come yet: signing in with it, they become that member.
    """
    taken = refusal.item(proofs.IDENTITY, IdentityRecord)
    if taken is None or not taken.named:
        return None
    address = MemberRecord.address_of_ordinal(member.tenant_id, int(taken.ordinal))
    of = MemberRecord.fetch(*address, consistent=True)
    return None if of is None or (of.unclaimed and of.id != member.id) else _Named(taken, of)


def _take(tx: Transaction, member: MemberRecord, wanted: Identity, named: _Named | None) -> None:
    """The new identity leads to the member, and no more to whom the brand had named by it."""
    ordinal = int(member.ordinal)
    if named is None:
        address = IdentityRecord.address(member.tenant_id, wanted)
        tx.create(proofs.IDENTITY, IdentityRecord(*address, ordinal=ordinal))
        return
    if int(named.of.ordinal) != ordinal:
        no_longer_leads(named.of, wanted)
        tx.replace("named", named.of)
    no_longer_leads(member, wanted)
    named.identity.ordinal, named.identity.named = ordinal, None
    tx.replace(proofs.IDENTITY, named.identity)


def _replace(
    member: MemberRecord, wanted: Identity, named: _Named | None, tx: Transaction, now: datetime, *, own: bool
) -> Identity | None:
    """Makes the new identity the member's in the place of the one that is answered, and ends their tokens. Who had not
    come yet has now; only where they did it on their ``own`` was another identity proved besides.
    """
    tenant_id, ordinal, value = member.tenant_id, int(member.ordinal), getattr(member, wanted.kind)
    before = Identity(wanted.kind, value) if value else None
    if before is not None:
        old = IdentityRecord.address(tenant_id, before)
        tx.delete("before", IdentityRecord, *old, condition=IdentityRecord.ordinal == ordinal)
    _take(tx, member, wanted, named)
    told = before or proving(member.email, member.phone, _kind(wanted), None)
    unclaimed = member.unclaimed
    setattr(member, wanted.kind, wanted.value)
    if unclaimed and own:
        member.claimed_at = now
    elif unclaimed:
        proved_to_be_theirs(tx, member, wanted, now)
    end_tokens(member)
    if told is not None:
        data = {"told_by": told.kind, "told": told.value, "shown": masked(wanted), "locale": member.locale}
        member.emit("member.identity_changed", now, **data)
    member.emit(PROFILE_CHANGED, now, member_id=member.id)
    index(tx, member)
    tx.replace("member", member)
    return before


def _unlike(tenant_id: str, member_id: str, wanted: Identity) -> MemberRecord:
    """The member, whose identity of that kind is another one so far. Raises NotFound, IdentityUnchanged."""
    member = get_member(tenant_id, member_id, consistent=True)
    if getattr(member, wanted.kind) == wanted.value:
        raise IdentityUnchanged("This is already in use here; nothing changes.", detail_zh="已在使用，无需更改。")
    return member


def _kind(wanted: Identity) -> Kind:
    return "email" if wanted.kind == "email" else "phone"
