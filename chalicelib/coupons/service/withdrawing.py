"""A coupon goes back to the brand where what it was given for turned out to be nothing."""

from chalicelib.coupons.model.states import IN_ORDER, USABLE, State
from chalicelib.coupons.records import BatchRecord, CouponRecord
from chalicelib.coupons.service.handing_out import read_owned
from chalicelib.db import Transaction, change
from chalicelib.members.service.members import get_member


def withdraw(tenant_id: str, member_id: str, batch_id: str, cause: str) -> bool:
    """Takes the coupon back that a cause gave a member, as far as no order has it; answers whether one does. Done
    again, it changes nothing. Raises NotFound where there is no such member.
    """
    batch = BatchRecord.fetch(*BatchRecord.address(tenant_id, batch_id))
    if batch is None:
        return False

    def read() -> CouponRecord | None:
        return read_owned(batch, [get_member(tenant_id, member_id, consistent=True)])[0].caused_by(cause)

    def decide(coupon: CouponRecord | None, tx: Transaction) -> bool:
        if coupon is not None and coupon.state in USABLE:
            coupon.state = State.WITHDRAWN.value
            tx.replace("coupon", coupon)
        return coupon is not None and coupon.state in IN_ORDER

    return change(read, decide)
