"""A member gets a coupon of a batch, such as for having joined: once a cause, as far as the batch gives anything."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.coupons.errors import EnoughCoupons, OnlyForNewMembers, TermsRefused
from chalicelib.coupons.model.rules import worth
from chalicelib.coupons.records import BatchRecord, CouponRecord
from chalicelib.coupons.service.handing_out import Owned, check_may_have, count, give, paused, read_owned
from chalicelib.db import Transaction, change
from chalicelib.kernel.errors import Invalid
from chalicelib.members.service.members import get_member
from chalicelib.pricing.model import Words


@dataclass(slots=True)
class Gift:
    """A batch, while it gives anything, with what a member has of it."""

    batch: BatchRecord
    owned: Owned


def read_gift(tenant_id: str, batch_id: str | None, member_id: str, now: datetime) -> Gift | None:
    """What a member may be given of a batch; None where it is paused or over, or there is none. Raises NotFound where
    there is no such member.
    """
    if batch_id is None:
        return None
    batch = BatchRecord.fetch(*BatchRecord.address(tenant_id, batch_id), consistent=True)
    if batch is None or batch.paused or batch.validity.over(now):
        return None
    member = get_member(tenant_id, member_id, consistent=True)
    return Gift(batch, read_owned(batch, [member])[0])


def add_gift(tx: Transaction, gift: Gift | None, cause: str, now: datetime) -> CouponRecord | None:
    """Adds the coupon to a transaction, with a message to the member. None where the cause gave one before, or the
    member has had as many as one person may; a new member's alone where they are none.
    """
    if gift is None or gift.owned.caused_by(cause) is not None or gift.owned.member.blocked:
        return None
    try:
        place = check_may_have(gift.batch, gift.owned)
    except (EnoughCoupons, OnlyForNewMembers):
        return None
    coupon = give(tx, gift.batch, gift.owned, place, cause, now, tells=True)
    count(tx, gift.batch, 1, cause)
    return coupon


def add_named(
    tx: Transaction, tenant_id: str, batch_id: str, member_id: str, cause: str, now: datetime
) -> CouponRecord:
    """Adds a coupon of a batch that somebody of the team chose for a member to a transaction, with a message to them:
    once a cause. Who commits it calls :func:`handing_out.check_open` with a refusal.

    Raises Invalid for a batch or a member that there is not, BatchPaused, TermsRefused for one that has ended,
    EnoughCoupons, OnlyForNewMembers, each worded for the team.
    """
    batch = BatchRecord.fetch(*BatchRecord.address(tenant_id, batch_id), consistent=True)
    if batch is None:
        message = "There are no such coupons; choose from your batches."
        raise Invalid.at("/batch_id", message, "没有该优惠券批次，请从列表中选择。")
    if batch.paused:
        raise paused()
    if batch.validity.over(now):
        message = "These coupons have ended, so nobody can use one any more; choose another batch."
        raise TermsRefused.at("/batch_id", message, "该批次优惠券已过期，请选择其他批次。")
    member = get_member(tenant_id, member_id, consistent=True)
    if member.blocked:
        message = "This member is blocked from ordering, and cannot use a coupon."
        raise Invalid.at("/batch_id", message, "该会员已被限制下单，无法使用优惠券。")
    owned = read_owned(batch, [member])[0]
    try:
        place = check_may_have(batch, owned)
    except EnoughCoupons as refusal:
        message = "This member has had as many of these coupons as one person may; choose another batch."
        raise EnoughCoupons.at("/batch_id", message, "该会员已达每人领取上限，请选择其他批次。") from refusal
    except OnlyForNewMembers as refusal:
        message = "These coupons are for people who have not ordered yet; choose another batch."
        raise OnlyForNewMembers.at("/batch_id", message, "该优惠券仅限从未下单的会员，请选择其他批次。") from refusal
    coupon = give(tx, batch, owned, place, cause, now, tells=True)
    count(tx, batch, 1, cause)
    return coupon


def give_coupon(tenant_id: str, batch_id: str, member_id: str, cause: str, now: datetime) -> None:
    """Gives a member a coupon of a batch, once a cause. Raises NotFound where there is no such member."""

    def decide(gift: Gift | None, tx: Transaction) -> None:
        add_gift(tx, gift, cause, now)

    change(lambda: read_gift(tenant_id, batch_id, member_id, now), decide)


def coupon_in_words(batch: BatchRecord | None, now: datetime) -> Words | None:
    """What a coupon of a batch gives; None while the batch gives none."""
    if batch is None or batch.paused or batch.validity.over(now):
        return None
    said = worth(batch.terms)
    return Words(f"a coupon ({said.en})", f"优惠券（{said.zh}）")
