"""A brand makes invite codes, changes them, and sees who came by them."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.channels.service import get_channel
from chalicelib.coupons.service.batches import get_batch
from chalicelib.db import Page, Refused, Transaction, change, check_revision, fetch_many
from chalicelib.kernel.counting import counted
from chalicelib.kernel.errors import Conflict, Invalid, NotFound
from chalicelib.kernel.ids import new_id
from chalicelib.kernel.principal import Principal
from chalicelib.kernel.typed_codes import ALPHABET
from chalicelib.kernel.unset import UNSET, Unset, fields_set
from chalicelib.members.records import MemberRecord
from chalicelib.recruitment.errors import BelowJoined, InviteCodeOver, InviteCodeTaken
from chalicelib.recruitment.model.codes import LENGTHS, Length, Status, folded
from chalicelib.recruitment.records import InviteCodeRecord, InviteUses, OriginRecord
from chalicelib.tenants.service.audit import audit


@dataclass(frozen=True, slots=True)
class NewCode:
    """An invite code as it is asked for: the brand's own ``code``, as it is shown, or one that is drawn."""

    code: str | None = None
    length: Length = "long"
    title: str | None = None
    most: int | None = None
    until_at: datetime | None = None
    channel_id: str | None = None
    batch_id: str | None = None


@dataclass(frozen=True, slots=True)
class CodeChanges:
    """What of an invite code is to change; what is ``UNSET`` stays, None takes away."""

    title: str | Unset | None = UNSET
    most: int | Unset | None = UNSET
    until_at: datetime | Unset | None = UNSET
    channel_id: str | Unset | None = UNSET
    batch_id: str | Unset | None = UNSET


@dataclass(slots=True)
class Invite:
    """An invite code with what was used of it."""

    code: InviteCodeRecord
    uses: InviteUses


def create_code(tenant_id: str, wanted: NewCode, by: Principal, now: datetime) -> Invite:
    """Makes an invite code that lets people in at once. Raises InviteCodeTaken, and Invalid for an end that is over, or
    an unknown channel or batch of coupons.
    """
    _check(tenant_id, wanted, now)
    shown = wanted.code or "".join(secrets.choice(ALPHABET) for _ in range(LENGTHS[wanted.length]))
    code_id = new_id(now)
    code = InviteCodeRecord(
        *InviteCodeRecord.address(tenant_id, code_id), id=code_id, code=shown, title=wanted.title,
        channel_id=wanted.channel_id, batch_id=wanted.batch_id, created_at=now, created_by=by.label,
    )  # fmt: skip
    place = InviteUses.address(tenant_id, folded(shown))
    uses = InviteUses(*place, code_id=code_id, most=wanted.most, until_at=wanted.until_at)
    tx = Transaction()
    tx.create("code", code)
    tx.create("uses", uses)
    audit(tx, tenant_id, by, "invite_code.created", f"invite_code:{code_id}", now, {"title": wanted.title})
    try:
        tx.commit()
    except Refused as refusal:
        if "uses" in refusal.names:
            raise _taken() from refusal
        raise
    return Invite(code, uses)


def get_code(tenant_id: str, code_id: str) -> Invite:
    """An invite code. Raises NotFound."""
    code = InviteCodeRecord.fetch(*InviteCodeRecord.address(tenant_id, code_id), consistent=True)
    if code is None:
        raise NotFound("There is no such invite code.", detail_zh="没有该邀请码。")
    return _with_uses([code])[0]


def list_codes(
    tenant_id: str, limit: int, cursor: dict[str, Any] | None, channel_id: str | None = None
) -> tuple[list[Invite], dict[str, Any] | None]:
    """The brand's invite codes, newest first; those of a channel alone where one is named. And where more begin."""
    keep = None if channel_id is None else lambda each: each.channel_id == channel_id
    page = InviteCodeRecord.page(
        InviteCodeRecord.of_tenant(tenant_id), index="gsi1", limit=limit, cursor=cursor, newest_first=True, keep=keep
    )
    return _with_uses(page.items), page.last_key


def edit_code(
    tenant_id: str, code_id: str, changes: CodeChanges, if_match: int | None, by: Principal, now: datetime
) -> Invite:
    """Changes what is named, for who joins from now on. Raises NotFound, Stale, InviteCodeOver for one that is revoked,
    BelowJoined, and Invalid as for a new one.
    """
    said = fields_set(changes)
    _check(tenant_id, NewCode(**{name: said[name] for name in ("until_at", "channel_id", "batch_id") if name in said}),
           now)  # fmt: skip

    def decide(found: Invite, tx: Transaction) -> Invite:
        code, uses = found.code, found.uses
        check_revision(code, if_match)
        if uses.revoked:
            raise InviteCodeOver(
                "The invite code was revoked for good; make a new one.", detail_zh="该邀请码已作废，请新建邀请码。"
            )
        for name in ("title", "channel_id", "batch_id"):
            setattr(code, name, said.get(name, getattr(code, name)))
        actions = [
            getattr(InviteUses, name).remove() if said[name] is None else getattr(InviteUses, name).set(said[name])
            for name in ("most", "until_at")
            if name in said
        ]
        if actions:
            fits = InviteUses.uses <= said["most"] if said.get("most") is not None else InviteUses.pk.exists()
            tx.update("uses", InviteUses, str(uses.pk), str(uses.sk), actions=actions, condition=fits)
        tx.replace("code", code)
        told = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in said.items()}
        audit(tx, tenant_id, by, "invite_code.changed", f"invite_code:{code_id}", now, told)
        return found

    def refused(refusal: Refused) -> None:
        if "uses" in refusal.names:
            raise _below(get_code(tenant_id, code_id)) from refusal

    change(lambda: get_code(tenant_id, code_id), decide, refused=refused)
    return get_code(tenant_id, code_id)


def revoke_code(tenant_id: str, code_id: str, by: Principal, now: datetime) -> Invite:
    """Lets nobody in by it any more, for good; who joined by it stays. Done again, it changes nothing. Raises
    NotFound.
    """

    def decide(found: Invite, tx: Transaction) -> Invite:
        if not found.uses.revoked:
            place, revoked = (str(found.uses.pk), str(found.uses.sk)), InviteUses.revoked
            tx.update("uses", InviteUses, *place, actions=[revoked.set(True)], condition=InviteUses.pk.exists())
            tx.replace("code", found.code)
            audit(tx, tenant_id, by, "invite_code.revoked", f"invite_code:{code_id}", now)
        return found

    change(lambda: get_code(tenant_id, code_id), decide)
    return get_code(tenant_id, code_id)


def came_by(tenant_id: str, source: str, limit: int, cursor: dict[str, Any] | None) -> Page[MemberRecord]:
    """The members who came by ``invite:<id>`` or ``channel:<id>``, latest joined first; of one whose history became
    another's, nobody.
    """
    partition = OriginRecord.partition(tenant_id, source)
    page = OriginRecord.page(partition, limit=limit, cursor=cursor, newest_first=True)
    places = [(MemberRecord, *MemberRecord.address(tenant_id, each.member_id)) for each in page.items]
    found: Sequence[MemberRecord | None] = fetch_many(places, consistent=True) if places else []
    return Page([each for each in found if each is not None and each.united_with is None], page.last_key)


def _with_uses(codes: Sequence[InviteCodeRecord]) -> list[Invite]:
    places = [(InviteUses, *InviteUses.address(each.tenant_id, folded(each.code))) for each in codes]
    found = fetch_many(places, consistent=True) if places else []
    return [Invite(code, uses) for code, uses in zip(codes, found, strict=True)]


def status_of(invite: Invite, now: datetime) -> Status:
    """What an invite code is at ``now``."""
    return invite.uses.status(now)


def _check(tenant_id: str, wanted: NewCode, now: datetime) -> None:
    if wanted.until_at is not None and wanted.until_at <= now:
        raise Invalid.at("/expires_at", "Choose a time to come: this one is over.", "请选择将来的时间。")
    try:
        if wanted.channel_id is not None:
            get_channel(tenant_id, wanted.channel_id)
    except NotFound as unknown:
        raise Invalid.at("/channel_id", unknown.detail, unknown.detail_zh) from unknown
    try:
        if wanted.batch_id is not None:
            get_batch(tenant_id, wanted.batch_id)
    except NotFound as unknown:
        raise Invalid.at("/coupon_batch_id", unknown.detail, unknown.detail_zh) from unknown


def _taken() -> Conflict:
    return InviteCodeTaken(
        "Another invite code of yours reads like this one, now or earlier; choose another.",
        detail_zh="该邀请码与已有或曾用的邀请码相同，请换一个。",
    )


def _below(invite: Invite) -> Conflict:
    joined = int(invite.uses.uses)
    return BelowJoined(
        f"{counted(joined, 'person has', 'people have')} joined by this code already; allow at least as many.",
        detail_zh=f"已有 {joined} 人通过该邀请码加入，上限不能低于此数。",
        extra={"joined": joined},
    )


def check_channel(tenant_id: str, channel_id: str) -> None:
    """Raises NotFound unless there is such a channel."""
    get_channel(tenant_id, channel_id)
