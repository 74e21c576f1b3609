"""Two members turn out to be one person: what the one could still use becomes the other's."""

from contextlib import suppress
from datetime import datetime

from chalicelib.coupons.model.states import USABLE, State
from chalicelib.coupons.records import BatchRecord, CouponRecord
from chalicelib.coupons.service.handing_out import read_owned
from chalicelib.db import Transaction, change
from chalicelib.kernel.errors import NotFound
from chalicelib.members.records import MemberRecord
from chalicelib.members.service.members import get_member


def hand_on(tenant_id: str, gone_id: str, now: datetime) -> None:
    """Hands on what a member whose history is another's could still use; what stands in an order stays with it.

    A coupon for which the other has no place left in its batch stays as well: nobody has more than one person may.
    Done again, it hands nothing on twice.
    """
    with suppress(NotFound):
        stays = get_member(tenant_id, gone_id, consistent=True)
        if stays.id != gone_id:
            for coupon in CouponRecord.every(CouponRecord.partition(tenant_id, gone_id), consistent=True):
                if coupon.status(now) in USABLE:
                    _move(coupon, stays)


def _move(coupon: CouponRecord, stays: MemberRecord) -> None:
    batch = BatchRecord.fetch(*BatchRecord.address(coupon.tenant_id, coupon.batch_id))
    if batch is None:
        return

    def decide(found: CouponRecord | None, tx: Transaction) -> None:
        owned = read_owned(batch, [stays])[0]
        place = owned.free_place
        if found is None or found.state not in USABLE or place is None:
            return
        there = CouponRecord.of(
            batch, CouponRecord.slot(batch, stays.id, place), found.cause, (found.from_at, found.until_at), found.got_at
        )
        there.stored_terms, there.title, there.reminded = found.stored_terms, found.title, found.reminded
        found.state = State.MOVED.value
        tx.create("there", there)
        tx.replace("coupon", found)

    change(lambda: CouponRecord.fetch(str(coupon.pk), str(coupon.sk), consistent=True), decide)
