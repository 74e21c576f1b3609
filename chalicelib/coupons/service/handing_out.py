"""A member gets a coupon of a batch, by a code or as a grant: never more of a batch than one person may have."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.coupons.errors import BatchPaused, EnoughCoupons, OnlyForNewMembers
from chalicelib.coupons.model.parts import first_part
from chalicelib.coupons.model.states import USABLE
from chalicelib.coupons.records import GRANTED, BatchRecord, CouponRecord, PartRecord, PersonCouponRecord, persons
from chalicelib.coupons.service.people import has_ordered
from chalicelib.db import Refused, Transaction, fetch_many
from chalicelib.kernel.clock import zone
from chalicelib.members.records import MemberRecord
from chalicelib.tenants.service.brand import get_tenant


@dataclass(slots=True)
class Owned:
    """A member with what they have of a batch, by place; and by each address of theirs whether that person has."""

    member: MemberRecord
    coupons: list[CouponRecord | None]
    persons: dict[str, PersonCouponRecord | None]

    @property
    def free_place(self) -> int | None:
        """The place of the next coupon; None where all are taken."""
        return self.coupons.index(None) if None in self.coupons else None

    def usable(self, now: datetime) -> CouponRecord | None:
        """A coupon that they can use, or could once its time has come."""
        return next((each for each in self.coupons if each is not None and each.status(now) in USABLE), None)

    def caused_by(self, cause: str) -> CouponRecord | None:
        """The coupon that the same cause gave them already."""
        return next((each for each in self.coupons if each is not None and each.cause == cause), None)


def read_owned(batch: BatchRecord, members: Sequence[MemberRecord]) -> list[Owned]:
    """What each member has of a batch, read together."""
    places, people = range(int(batch.per_member)), []
    addresses: list[tuple[type[CouponRecord | PersonCouponRecord], str, str]] = []
    for member in members:
        mine = persons(member.identities) if batch.first_order_only else []
        people.append(mine)
        addresses += [(CouponRecord, *CouponRecord.slot(batch, member.id, n)) for n in places]
        addresses += [
            (PersonCouponRecord, *PersonCouponRecord.address(batch.tenant_id, batch.id, each)) for each in mine
        ]
    found = iter(fetch_many(addresses, consistent=True) if addresses else ())
    return [
        Owned(member, [next(found) for _ in places], {each: next(found) for each in mine})
        for member, mine in zip(members, people, strict=True)
    ]


def check_may_have(batch: BatchRecord, owned: Owned) -> int:
    """The place of a member's next coupon. Raises EnoughCoupons, OnlyForNewMembers."""
    place = owned.free_place
    if place is None:
        raise EnoughCoupons(
            "You have had this coupon as often as one person may; it is among your coupons.",
            detail_zh="该优惠券已达每人领取上限，请在“我的优惠券”中查看。",
        )
    if batch.first_order_only:
        others = (each for each in owned.persons.values() if each is not None and each.member_id != owned.member.id)
        if next(others, None) is not None or has_ordered(owned.member):
            raise OnlyForNewMembers(
                "This coupon is for people who have not ordered here before.",
                detail_zh="该优惠券仅限从未在本店下单的新会员。",
            )
    return place


def give(
    tx: Transaction, batch: BatchRecord, owned: Owned, place: int, cause: str, now: datetime, *, tells: bool = False
) -> CouponRecord:
    """Adds a member's next coupon of a batch, of which they are told where it ``tells``. Who does it counts it too, see
    :func:`count`.
    """
    member_id = owned.member.id
    window = batch.validity.window(now, zone(get_tenant(batch.tenant_id).timezone))
    coupon = CouponRecord.of(batch, CouponRecord.slot(batch, member_id, place), cause, window, now)
    if tells:
        coupon.emit(GRANTED, now, member_id=member_id, coupon_id=coupon.id)
    tx.create(f"coupon:{member_id}", coupon)
    for n, (person, known) in enumerate(owned.persons.items()):
        if known is None:
            mine = PersonCouponRecord(
                *PersonCouponRecord.address(batch.tenant_id, batch.id, person), member_id=member_id
            )
            tx.create(f"person:{member_id}:{n}", mine)
    return coupon


def count(tx: Transaction, batch: BatchRecord, coupons: int, seed: str) -> None:
    """Adds to what a batch has given, while it gives anything; refused as ``part`` where it is paused."""
    place = PartRecord.address(batch.tenant_id, batch.id, first_part(seed, int(batch.parts)))
    actions = [PartRecord.granted.add(coupons), PartRecord.rev.add(1)]
    tx.update("part", PartRecord, *place, actions=actions, condition=PartRecord.open == True)  # noqa: E712


def check_open(refusal: Refused) -> None:
    """Raises BatchPaused where that is why a transaction was refused."""
    if "part" in refusal.names:
        raise paused()


def paused() -> BatchPaused:
    """The refusal of a batch that hands nothing out at present."""
    return BatchPaused(
        "Nothing is handed out of this batch while it is paused; resume it first.",
        detail_zh="该批次已暂停发放，请先恢复。",
    )
