"""Handing an order over: at its pickup point, against its code, once."""

import hashlib
from datetime import datetime

from chalicelib.campaigns.model import Status as CampaignStatus
from chalicelib.campaigns.records import CampaignRecord, PickupPointRecord
from chalicelib.campaigns.service import get_campaign
from chalicelib.db import Refused, Transaction
from chalicelib.kernel.clock import instant
from chalicelib.kernel.errors import Unavailable
from chalicelib.orders.errors import (
    AlreadyPickedUp,
    CampaignNotLocked,
    CodeLocked,
    NotCollectable,
    NotTheLeader,
    WrongCode,
    WrongPickupPoint,
)
from chalicelib.orders.handover import MOST_WRONG_CODES, Tries, same_code
from chalicelib.orders.model import Status, may_become
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.listing import get_order
from chalicelib.web.principal import Principal

_TRIES = MOST_WRONG_CODES + 2
S = CampaignStatus
LOCKED = frozenset({S.LOCKED, S.PURCHASING, S.RECEIVED, S.SORTED, S.AT_PICKUP, S.COMPLETED, S.SETTLED})
"""The states of a campaign from its lock on: what was ordered stands, and is bought, sorted and handed over."""


def hand_over(
    tenant_id: str, order_id: str, code: str, pickup_point_id: str, by: Principal, key: str, now: datetime
) -> OrderRecord:
    """Hands an order over and takes it as paid in full.

    A wrong code is answered only after it was counted on the order, so however many come at once, no more than ten are
    told so before the order locks. ``key`` is an Idempotency-Key, or empty: the same person with the same key and code
    gets the same answer again; anyone else learns that the order was picked up. Raises NotFound, NotTheLeader,
    CodeLocked, AlreadyPickedUp, NotCollectable, CampaignNotLocked, WrongPickupPoint, WrongCode.
    """
    _check_leader(tenant_id, pickup_point_id, by)
    mark = hashlib.sha256(f"{by.label}\0{key}".encode()).hexdigest()[:32] if key else None
    for _ in range(_TRIES):
        order = get_order(tenant_id, order_id, consistent=True)
        right = same_code(code, order.pickup_code)
        if order.status == Status.PICKED_UP and mark and mark == order.handover_key and right:
            return order
        _check_order(order, pickup_point_id, now)
        check_locked(get_campaign(tenant_id, order.campaign_id, consistent=True))
        try:
            if not right:
                raise _wrong_code(order, now)
            return _complete(order, by, mark, now)
        except Refused:
            continue
    raise Unavailable("The order is being handed over by others; please send it again.", retry_after=1)


def check_locked(campaign: CampaignRecord) -> None:
    """Raises CampaignNotLocked before a campaign's lock, and for one that was cancelled."""
    if campaign.status not in LOCKED:
        raise CampaignNotLocked(
            f"The campaign is {campaign.status}; this can be done once it is locked.",
            detail_zh="活动尚未成团，暂不能进行此操作。",
            extra={"campaign_status": campaign.status},
        )


def _check_leader(tenant_id: str, pickup_point_id: str, by: Principal) -> None:
    """Members hand over only where they are the leader at this moment; before anything is told of the order."""
    if by.kind != "member":
        return
    point = PickupPointRecord.fetch(*PickupPointRecord.address(tenant_id, pickup_point_id))
    if point is None or point.leader_id != by.id:
        raise NotTheLeader("Only this pickup point's leader hands over here.", detail_zh="只有该自提点的团长可以核销。")


def _check_order(order: OrderRecord, pickup_point_id: str, now: datetime) -> None:
    if order.status == Status.PICKED_UP:
        raise AlreadyPickedUp(
            f"The order was picked up at {instant(order.picked_up_at)}.",
            detail_zh="该订单已取货。",
            extra={"picked_up_at": order.picked_up_at},
        )
    if not may_become(order.status, Status.PICKED_UP):
        raise NotCollectable(
            f"The order is {order.status}; it is not handed over.",
            detail_zh="订单当前状态不可取货。",
            extra={"order_status": order.status},
        )
    if order.pickup_point_id != pickup_point_id:
        raise WrongPickupPoint("The order is not collected at this pickup point.", detail_zh="该订单不在此自提点取货。")
    if seconds := order.tries.seconds_locked(now):
        raise CodeLocked(
            "Too many wrong codes were tried on this order; try again later.",
            detail_zh="取货码错误次数过多，请稍后再试。",
            retry_after=seconds,
        )


def _wrong_code(order: OrderRecord, now: datetime) -> WrongCode:
    """Counts the try. Raises Refused when another came between: then the order is looked at afresh."""
    order.tries = order.tries.after_wrong_code(now)
    tx = Transaction()
    tx.replace("order", order)
    tx.commit()
    left = 0 if order.tries.seconds_locked(now) else MOST_WRONG_CODES - order.tries.wrong
    return WrongCode(
        f"The code is not this order's; {left} more tries before it is locked for a while.",
        detail_zh=f"取货码不正确，还可尝试 {left} 次。",
        extra={"tries_left": left},
    )


def _complete(order: OrderRecord, by: Principal, mark: str | None, now: datetime) -> OrderRecord:
    order.take_cash()
    order.schedule_next()
    order.picked_up_at, order.picked_up_by, order.handover_key = now, by.label, mark
    order.tries = Tries()
    order.move_to(Status.PICKED_UP, now)
    tx = Transaction()
    tx.replace("order", order)
    tx.commit()
    return order
