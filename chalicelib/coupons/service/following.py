"""What becomes of an order's coupon follows from the order, in its own write: see ``TenantRecord.following``."""

from dataclasses import replace

from pynamodb.expressions.update import Action

from chalicelib.coupons.model.in_order import InOrder
from chalicelib.coupons.model.states import State
from chalicelib.coupons.records import CouponRecord, PartRecord
from chalicelib.coupons.service.using import COUPON, PART, forget_left
from chalicelib.db import Following


def follow(
    tenant_id: str, member_id: str, order_id: str, has: InOrder, amount_minor: int | None, *, stands: bool
) -> tuple[InOrder | None, list[Following]]:
    """What an order goes on having of its coupon, which takes so much off it now, None for an order that came to
    nothing; and what changes with that. An order that ``stands`` has used it, and waits for no payment any more.

    The batch has back what is taken off no more. It gives nothing more: that is asked for when an order is priced.
    """
    if amount_minor is None:
        return None, _given_back(tenant_id, member_id, order_id, has)
    kept = replace(has, amount_minor=min(has.amount_minor, amount_minor), held=has.held and not stands)
    if kept == has:
        return has, []
    actions: list[Action] = [CouponRecord.amount_minor.set(kept.amount_minor), CouponRecord.rev.add(1)]
    if not kept.held:
        actions.append(CouponRecord.state.set(State.USED.value))
    changed = [_of_coupon(tenant_id, member_id, order_id, has, actions)]
    if back := has.amount_minor - kept.amount_minor:
        changed.append(_of_part(tenant_id, has, 0, back))
    return kept, changed


def _given_back(tenant_id: str, member_id: str, order_id: str, has: InOrder) -> list[Following]:
    """The coupon is the member's again, and the batch has its use and the amount. One whose time is over meanwhile is
    expired, by the clock. Given back once: a second time the coupon names no order.
    """
    gone = (CouponRecord.order_id, CouponRecord.amount_minor, CouponRecord.part, CouponRecord.used_at)
    actions: list[Action] = [
        CouponRecord.state.set(State.RETURNED.value), CouponRecord.rev.add(1), *(each.remove() for each in gone)
    ]  # fmt: skip
    if has.remind_at is not None:
        pk, _ = CouponRecord.address(tenant_id, member_id, has.coupon_id)
        actions += CouponRecord.due_again(pk, has.remind_at)
    return [
        _of_coupon(tenant_id, member_id, order_id, has, actions), _of_part(tenant_id, has, 1, has.amount_minor)
    ]  # fmt: skip


def _of_coupon(tenant_id: str, member_id: str, order_id: str, has: InOrder, actions: list[Action]) -> Following:
    address = CouponRecord.address(tenant_id, member_id, has.coupon_id)
    return Following(COUPON, CouponRecord, address, actions, CouponRecord.order_id == order_id)


def _of_part(tenant_id: str, has: InOrder, uses: int, amount_minor: int) -> Following:
    """So much goes back to the part that it came from."""
    forget_left(has.batch_id)
    actions = [
        PartRecord.uses_left.add(uses), PartRecord.budget_left_minor.add(amount_minor),
        PartRecord.used.add(-uses), PartRecord.spent_minor.add(-amount_minor), PartRecord.rev.add(1),
    ]  # fmt: skip
    address = PartRecord.address(tenant_id, has.batch_id, has.part)
    return Following(PART, PartRecord, address, actions, PartRecord.pk.exists())
