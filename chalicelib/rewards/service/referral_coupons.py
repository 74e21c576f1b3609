"""The coupons of a referral's reward: one to who brought the friend, and one to the friend.

Each is known by the order that earned the reward, and follows in a write of its own, which holds on to the referral. A
coupon that an order has used when the reward goes back stays used; whoever has it is given no other one for the friend.
"""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from chalicelib.coupons.service.by_cause import Gift, add_gift, read_gift
from chalicelib.coupons.service.withdrawing import withdraw
from chalicelib.db import Transaction, change
from chalicelib.kernel.errors import NotFound
from chalicelib.notices.telling.service import tell_member
from chalicelib.recruitment.model.notices import ReferralReversed, ReferralRewarded
from chalicelib.recruitment.model.referrals import Earlier, State
from chalicelib.recruitment.records import ReferralRecord
from chalicelib.tenants.service.brand import get_tenant


def give_coupons(tenant_id: str, friend_id: str, order_id: str, now: datetime) -> None:
    """Gives the coupons of a reward that stands, each once, and tells who brought the friend."""
    found = _standing(tenant_id, friend_id, order_id)
    if found is None:
        return
    kept = _withdraw(found, found.earlier)  # the message that takes them back may be on its way yet
    for owner, batch_id, cause in _coupons(found, _of(found)):
        if owner not in kept:
            with suppress(NotFound):  # they are gone
                _give(found, owner, batch_id, cause, now)
    notice = ReferralRewarded(get_tenant(tenant_id).name)
    tell_member(tenant_id, found.referrer_id, notice, (order_id, "referral"), now, subject_id=order_id)


def take_coupons(tenant_id: str, friend_id: str, order_id: str, now: datetime) -> None:
    """Takes the coupons of a reward back that has gone back, as far as no order has them, and tells who had it."""
    found = ReferralRecord.fetch(*ReferralRecord.address(tenant_id, friend_id), consistent=True)
    if found is None or (found.order_id == order_id and found.state == State.REWARDED):
        return
    _withdraw(found, found.earlier)
    notice = ReferralReversed(get_tenant(tenant_id).name)
    tell_member(tenant_id, found.referrer_id, notice, (order_id, "referral-back"), now, subject_id=order_id)


def _withdraw(referral: ReferralRecord, rewards: Iterable[Earlier]) -> set[str]:
    """Takes the coupons of rewards back that went back; who keeps one, since an order has it."""
    kept = set[str]()
    for reward in rewards:
        for owner, batch_id, cause in _coupons(referral, reward):
            with suppress(NotFound):
                if withdraw(referral.tenant_id, owner, batch_id, cause):
                    kept.add(owner)
    return kept


def _of(referral: ReferralRecord) -> Earlier:
    return Earlier(str(referral.order_id), referral.batch_id, referral.friend_batch_id)


def _coupons(referral: ReferralRecord, reward: Earlier) -> list[tuple[str, str, str]]:
    """Whose coupon of which batch, and the cause by which it is known."""
    named = ((referral.referrer_id, reward.batch_id, f"referral:{reward.order_id}"),
             (referral.friend_id, reward.friend_batch_id, f"referred:{reward.order_id}"))  # fmt: skip
    return [(owner, batch_id, cause) for owner, batch_id, cause in named if batch_id]


def _give(referral: ReferralRecord, owner: str, batch_id: str, cause: str, now: datetime) -> None:
    """Only while the reward stands: who takes it back afterwards finds the coupon."""

    def decide(gift: Gift | None, tx: Transaction) -> None:
        if _standing(referral.tenant_id, referral.friend_id, str(referral.order_id)) is None:
            return
        if add_gift(tx, gift, cause, now) is not None:
            stands = (ReferralRecord.state == State.REWARDED.value) & (ReferralRecord.order_id == referral.order_id)
            tx.check("referral", ReferralRecord, str(referral.pk), str(referral.sk), stands)

    change(lambda: read_gift(referral.tenant_id, batch_id, owner, now), decide)


def _standing(tenant_id: str, friend_id: str, order_id: str) -> ReferralRecord | None:
    """The referral, where the reward that this order earned stands."""
    found = ReferralRecord.fetch(*ReferralRecord.address(tenant_id, friend_id), consistent=True)
    return found if found and found.state == State.REWARDED and found.order_id == order_id else None
