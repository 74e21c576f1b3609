"""A member's e-mail or phone number is replaced: by themselves, or by the team for someone who has lost the old one."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from chalicelib.db import Transaction, beginning_with, change
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.principal import Principal
from chalicelib.members.identity_changes.model import Holder, IdentityUnchanged, Kind, Side, masked, proving
from chalicelib.members.identity_changes.service import proofs
from chalicelib.members.model.identities import Identity
from chalicelib.members.records import IdentityRecord, MemberRecord
from chalicelib.members.search.service import index
from chalicelib.members.service.members import get_member
from chalicelib.members.sessions.service import end_tokens
from chalicelib.tenants.service.audit import audit
from chalicelib.tenants.service.brand import get_tenant


def ask(
    tenant_id: str, member_id: str, wanted: Identity, prove_with: Kind | None, named: str | None, now: datetime
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
    proofs.send_codes(Holder("member", tenant_id, member_id), proof, wanted, tenant, locale, now)
    return proof


def ask_for(tenant_id: str, member_id: str, wanted: Identity, now: datetime) -> None:
    """Sends a member who has lost their old identity a code to the new one, which they tell the team.

    Raises NotFound, IdentityUnchanged, TooManyIdentityCodes.
    """
    member = _unlike(tenant_id, member_id, wanted)
    tenant = get_tenant(tenant_id)
    locale = member.locale or tenant.locale
    proofs.send_codes(Holder("member", tenant_id, member_id), None, wanted, tenant, locale, now)


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

    def decide(member: MemberRecord, tx: Transaction) -> MemberRecord:
        proofs.use(tx, holder, digests)
        before = _replace(member, wanted, tx, now)
        changes: dict[str, Any] = {wanted.kind: {"from": masked(before) if before else None, "to": masked(wanted)}}
        if reason:
            changes["reason"] = reason
        audit(tx, tenant_id, by, "member.identity_changed", f"member:{member_id}", now, changes)
        return member

    read = beginning_with(found, partial(_unlike, tenant_id, member_id, wanted))
    return change(read, decide, refused=proofs.refuse)


def _replace(member: MemberRecord, wanted: Identity, tx: Transaction, now: datetime) -> Identity | None:
    """Makes the new identity the member's in the place of the one that is answered, and ends their tokens."""
    tenant_id, ordinal, value = member.tenant_id, int(member.ordinal), getattr(member, wanted.kind)
    before = Identity(wanted.kind, value) if value else None
    if before is not None:
        old = IdentityRecord.address(tenant_id, before)
        tx.delete("before", IdentityRecord, *old, condition=IdentityRecord.ordinal == ordinal)
    tx.create(proofs.IDENTITY, IdentityRecord(*IdentityRecord.address(tenant_id, wanted), ordinal=ordinal))
    told = before or proving(member.email, member.phone, _kind(wanted), None)
    setattr(member, wanted.kind, wanted.value)
    end_tokens(member)
    if told is not None:
        data = {"told_by": told.kind, "told": told.value, "shown": masked(wanted), "locale": member.locale}
        member.emit("member.identity_changed", now, **data)
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
