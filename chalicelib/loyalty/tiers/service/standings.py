"""A member's standing: read with the member, changed by what they did, written with the tier that the member shows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pynamodb.expressions.update import Action

from chalicelib.db import Transaction, change, fetch_many
from chalicelib.db.records import Record
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.local_day import local_date
from chalicelib.loyalty.tiers.model.standing import Month, Standing, after, brought_to, month_of
from chalicelib.loyalty.tiers.model.tiers import Privileges, Tiers
from chalicelib.loyalty.tiers.records import TIER_CHANGED, StandingRecord, TiersRecord
from chalicelib.members.model.identities import member_id as id_of
from chalicelib.members.records import MemberRecord
from chalicelib.tenants.records import Tenant

Address = tuple[type[Record], str, str]


@dataclass(slots=True)
class Stand:
    """A member with their standing and the brand's tiers. ``is_new`` marks a standing that is not stored yet,
    ``changed`` one that is to be written.
    """

    tenant: Tenant
    member: MemberRecord
    record: StandingRecord
    tiers: Tiers
    is_new: bool
    changed: bool = False

    @property
    def tier(self) -> str | None:
        """The code of the tier that the member has, by what is known of them."""
        return self.record.standing.tier(self.tiers)

    @property
    def privileges(self) -> Privileges:
        return self.tiers.privileges(self.tier)

    def today(self, now: datetime) -> date:
        """The brand's day."""
        return local_date(now, zone(self.tenant.timezone))


def read_stand(tenant_id: str, member_id: str) -> Stand:
    """Where a member stands, read consistently. Raises NotFound."""
    return read_with(tenant_id, member_id, lambda _: ())[0]


def read_with(
    tenant_id: str, member_id: str, further: Callable[[str], Sequence[Address]]
) -> tuple[Stand, Sequence[Any]]:
    """Where a member stands, and what is stored under further addresses of theirs, all in one request. Of somebody
    whose history is another's it is the other. Raises NotFound.
    """
    found = fetch_many(
        [
            (Tenant, *Tenant.address(tenant_id)),
            (MemberRecord, *MemberRecord.address(tenant_id, member_id)),
            *addresses(tenant_id, member_id),
            *further(member_id),
        ],
        consistent=True,
    )
    tenant, member, record, stored = found[:4]
    if member is None:
        raise NotFound("There is no such member.", detail_zh="没有该会员。")
    if member.united_with is not None:
        return read_with(tenant_id, id_of(tenant_id, int(member.united_with)), further)
    return stand_of(tenant, member, record, stored), found[4:]


def addresses(tenant_id: str, member_id: str) -> list[Address]:
    """Where a member's standing and the brand's tiers are, for :func:`stand_of`."""
    return [
        (StandingRecord, *StandingRecord.address(tenant_id, member_id)), (TiersRecord, *TiersRecord.address(tenant_id))
    ]  # fmt: skip


def stand_of(tenant: Tenant, member: MemberRecord, record: StandingRecord | None, stored: TiersRecord | None) -> Stand:
    """Where a member stands, by what is stored of it."""
    standing = record or StandingRecord(*StandingRecord.address(tenant.id, member.id), timezone=tenant.timezone)
    return Stand(tenant, member, standing, stored.tiers if stored else Tiers(), is_new=record is None)


def count(stand: Stand, on: date, done: Month, now: datetime) -> None:
    """Counts what the member did in the month of a local day, or what was given back of it."""
    if done != Month():
        today = stand.today(now)
        put(stand, after(brought(stand, today), stand.tiers, today, month_of(on), done), now)


def look(stand: Stand, now: datetime) -> None:
    """Takes away what has been lost by now, and gives what changed tiers bring."""
    put(stand, brought(stand, stand.today(now)), now)


def brought(stand: Stand, today: date) -> Standing:
    """The standing of a day."""
    return brought_to(stand.record.standing, stand.tiers, today)


def put(stand: Stand, standing: Standing, now: datetime) -> None:
    """Replaces a standing; another tier than before is an event."""
    before = stand.tier
    if standing == stand.record.standing:
        return
    stand.record.standing, stand.changed = standing, True
    tier = stand.tier
    if tier != before:
        rose = stand.tiers.place(tier) > stand.tiers.place(before)
        stand.record.emit(TIER_CHANGED, now, member_id=stand.member.id, tier=tier, before=before, rose=rose)


def write(tx: Transaction, stand: Stand, *, points: int | None = None) -> None:
    """Adds a standing that was changed, and what the member themselves shows: their tier and, where it is given, the
    balance of their points. The commit is refused where the member's history has become another's.
    """
    if stand.changed and stand.is_new:
        tx.create("standing", stand.record)
    elif stand.changed:
        tx.replace("standing", stand.record)
    member, shown = stand.member, stand.tier
    address = MemberRecord, str(member.pk), str(member.sk)
    still_theirs = MemberRecord.pk.exists() & MemberRecord.united_with.does_not_exist()
    actions: list[Action] = []
    if shown != member.tier:
        actions.append(MemberRecord.tier.remove() if shown is None else MemberRecord.tier.set(shown))
    if points is not None and points != member.points:
        actions.append(MemberRecord.points.set(points))
    if actions:
        # Without its earlier events, which the relay would be called for in vain.
        actions += [MemberRecord.rev.add(1), MemberRecord.outbox.remove()]
        tx.update("member", *address, actions=actions, condition=still_theirs)
    else:
        tx.check("member", *address, still_theirs)


def bring_up_to_date(tenant_id: str, member_id: str, now: datetime) -> None:
    """Looks at a member's standing, and writes it where that changes anything."""

    def decide(stand: Stand, tx: Transaction) -> None:
        look(stand, now)
        if stand.changed and not stand.is_new:
            write(tx, stand)

    change(lambda: read_stand(tenant_id, member_id), decide)
