"""Handing an order over: at its pickup point, against its code, each unit once."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from chalicelib.campaigns.model.campaign import FROM_LOCK, FROM_PICKUP
from chalicelib.campaigns.model.campaign import in_words as campaign_in_words
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service.reading import get_campaign
from chalicelib.db import Transaction, change
from chalicelib.kernel.clock import instant
from chalicelib.kernel.counting import are, counted
from chalicelib.kernel.errors import FieldError, IdempotencyMismatch
from chalicelib.kernel.principal import Principal
from chalicelib.orders.bundles.model import by_goods
from chalicelib.orders.changes.records import as_of
from chalicelib.orders.changes.service import recording
from chalicelib.orders.errors import (
    AlreadyPickedUp,
    BalanceUnpaid,
    CampaignNotLocked,
    CodeLocked,
    CodeMissing,
    MoreThanOrdered,
    NotAtPickup,
    NotCollectable,
    NotInOrder,
    NotTheLeader,
    OrderForfeited,
    UnitsPickedUp,
    WrongCode,
    WrongPickupPoint,
)
from chalicelib.orders.model import Line, Status, in_words, may_become
from chalicelib.orders.pickup_code.model import MOST_WRONG_CODES, Tries, check_possible, same_code
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.reading import get_order
from chalicelib.pickup_points.records import PickupPointRecord
from chalicelib.tenants.service.brand import wall_time


def hand_over(
    tenant_id: str,
    order_id: str,
    code: str | None,
    pickup_point_id: str,
    by: Principal,
    key: str,
    now: datetime,
    lines: Mapping[str, int] | None = None,
) -> OrderRecord:
    """Hands an order over, or so many units of its lines by offer id; the first time it is taken as paid in full.

    The order is picked up when nothing of it is left. A wrong code is answered only after it was counted on the order,
    so however many come at once, no more than ten are told so before the order locks; what can be no code is not
    counted. ``key`` is an Idempotency-Key, or empty: the same person with the same key and code gets the same answer
    again; anyone else learns that the order was picked up. Without a ``code`` it was brought to the member's door.
    Raises NotFound, NotTheLeader, CodeLocked, AlreadyPickedUp, NotCollectable, OrderForfeited, CampaignNotLocked,
    NotAtPickup, WrongPickupPoint, BalanceUnpaid, CodeMissing, CodeImpossible, WrongCode, NotInOrder, UnitsPickedUp,
    MoreThanOrdered, IdempotencyMismatch.
    """
    check_leader(tenant_id, pickup_point_id, by)
    mark = hashlib.sha256(f"{by.label}\0{key}".encode()).hexdigest()[:32] if key else None

    def decide(order: OrderRecord, tx: Transaction) -> OrderRecord | WrongCode:
        right = order.delivery_to is not None if code is None else same_code(code, order.pickup_code, order.id)
        if right and mark and (earlier := _done(order, mark, lines)):
            return earlier
        check_order(order, pickup_point_id, now)
        check_at_pickup(get_campaign(tenant_id, order.campaign_id, consistent=True))
        if not right and code is None:
            raise _code_missing()
        if not right and code is not None:
            check_possible(code)
            return _wrong_code(tx, order, now)
        order.without_code = True if code is None else None
        hand_out(tx, order, lines, by.label, mark, now)
        return order

    done = change(lambda: get_order(tenant_id, order_id, consistent=True), decide)
    if isinstance(done, WrongCode):
        raise done
    return done


def check_locked(campaign: CampaignRecord) -> None:
    """Raises CampaignNotLocked before a campaign's lock, and for one that was cancelled."""
    if campaign.status not in FROM_LOCK:
        raise CampaignNotLocked(
            f"The campaign is {campaign_in_words(campaign.status)}; this can be done once it is locked.",
            detail_zh="活动尚未成团，暂不能进行此操作。",
            extra={"campaign_status": campaign.status},
        )


def check_at_pickup(campaign: CampaignRecord) -> None:
    """Raises CampaignNotLocked, and NotAtPickup from the lock on until the goods wait at the pickup points."""
    check_locked(campaign)
    if campaign.status not in FROM_PICKUP:
        raise NotAtPickup(
            f"The campaign is {campaign_in_words(campaign.status)}: its goods are not at the pickup point yet. "
            "They are handed over once the brand has recorded that they are there.",
            detail_zh="本次活动的商品尚未到达自提点，请等商家确认已送达自提点后再核销。",
            extra={"campaign_status": campaign.status},
        )


def check_leader(tenant_id: str, pickup_point_id: str, by: Principal) -> None:
    """Members hand over only where they are the leader at this moment; before anything is told of the order."""
    if by.kind != "member":
        return
    point = PickupPointRecord.fetch(*PickupPointRecord.address(tenant_id, pickup_point_id))
    if point is None or point.leader_id != by.id:
        raise NotTheLeader("Only this pickup point's leader hands over here.", detail_zh="只有该自提点的团长可以核销。")


def check_order(order: OrderRecord, pickup_point_id: str, now: datetime) -> None:
    """Raises what keeps an order from being handed over at a pickup point, but for its campaign: AlreadyPickedUp,
    OrderForfeited, NotCollectable, WrongPickupPoint, BalanceUnpaid, CodeLocked.
    """
    if order.status == Status.PICKED_UP:
        at = wall_time(order.tenant_id, order.picked_up_at)
        raise AlreadyPickedUp(
            f"The order was picked up at {at}.",
            detail_zh=f"该订单已于 {at} 取货。",
            extra={"picked_up_at": order.picked_up_at},
        )
    if order.forfeited_at is not None:
        raise OrderForfeited(
            "The order was not collected in time and was forfeited.",
            detail_zh="该订单逾期未取，已按活动规则失效。",
            extra={"forfeited_at": order.forfeited_at},
        )
    if not may_become(order.status, Status.PICKED_UP):
        raise NotCollectable(
            f"The order is {in_words(order.status)}; it is not handed over.",
            detail_zh="订单当前状态不可取货。",
            extra={"order_status": order.status},
        )
    if order.pickup_point_id != pickup_point_id:
        raise WrongPickupPoint("The order is not collected at this pickup point.", detail_zh="该订单不在此自提点取货。")
    if order.balance_due_at is not None and order.totals.due:
        until = wall_time(order.tenant_id, order.balance_due_at)
        raise BalanceUnpaid(
            f"The balance of this order is paid online, until {until}; it is handed over once that has arrived.",
            detail_zh=f"该订单的尾款尚未支付，须由顾客在 {until} 前在线支付后方可核销。",
            extra={"balance_due_at": instant(order.balance_due_at)},
        )
    if seconds := order.tries.seconds_locked(now):
        minutes = -(-seconds // 60)
        raise CodeLocked(
            f"Too many wrong codes were tried on this order; it can be handed over again in {minutes} min.",
            detail_zh=f"取货码错误次数过多，请在 {minutes} 分钟后再试。",
            retry_after=seconds,
        )


def _wrong_code(tx: Transaction, order: OrderRecord, now: datetime) -> WrongCode:
    """Adds that the try is counted; the refusal, to be raised once it is."""
    order.tries = order.tries.after_wrong_code(now)
    tx.replace("order", order)
    seconds = order.tries.seconds_locked(now)
    left = 0 if seconds else MOST_WRONG_CODES - order.tries.wrong
    minutes = -(-seconds // 60)
    more, more_zh = f"Tries left before it is locked for a while: {left}.", f"还可尝试 {left} 次。"
    if not left:
        more, more_zh = f"It is locked now; try again in {minutes} min.", f"请在 {minutes} 分钟后再试。"
    return WrongCode(
        f"The code is not this order's. {more}", detail_zh=f"取货码不正确，{more_zh}", extra={"tries_left": left}
    )


def _code_missing() -> CodeMissing:
    message = "This order is collected: enter the code that the member shows. Only deliveries go without."
    return CodeMissing.at("/code", message, "该订单为自提，请输入顾客出示的取货码；仅送货上门的订单可不填。")


def _done(order: OrderRecord, mark: str, lines: Mapping[str, int] | None) -> OrderRecord | None:
    """The answer that was given to the same request before, if it was."""
    if order.status == Status.PICKED_UP and order.handover_key == mark:
        return order
    handed = recording.find(order, f"handover:{mark}") if order.picked else None
    if handed is None:
        return None
    if handed.body_hash != _hash_of(lines):
        message = "This Idempotency-Key already handed other lines over; use a new key."
        raise IdempotencyMismatch(message, detail_zh="该幂等键已用于另一次核销，请使用新的键。")
    return as_of(order, handed)


def _hash_of(lines: Mapping[str, int] | None) -> str:
    return hashlib.sha256(repr(lines and sorted(lines.items())).encode()).hexdigest()[:32]


def _left(order: OrderRecord) -> dict[str, int]:
    """The units of each line that were not handed over yet."""
    picked = order.picked or {}
    return {line.offer_id: left for line in order.lines if (left := line.quantity - picked.get(line.offer_id, 0))}


def hand_out(
    tx: Transaction, order: OrderRecord, asked: Mapping[str, int] | None, by: str, mark: str | None, now: datetime
) -> None:
    """Adds the handover of all that is left, or of what is ``asked`` by offer id, of a bundle also by part.

    Only of an order that goes in parts each part is kept; the usual one is a single write.
    """
    left = _left(order)
    lines = left if asked is None else by_goods(order.lines, asked)
    _check_lines(order.lines, lines, left)
    complete = all(lines.get(offer_id, 0) == units for offer_id, units in left.items())
    handed = None
    if order.picked or not complete:
        handed = recording.start(order, "handed_over", cause=f"handover:{mark or order.rev}", by=by, now=now)
        handed.body_hash = _hash_of(asked)
        picked = order.picked or {}
        order.picked = picked | {offer_id: picked.get(offer_id, 0) + units for offer_id, units in lines.items()}
    order.take_cash()
    order.tries = Tries()
    if complete:
        order.picked_up_at, order.picked_up_by, order.handover_key = now, by, mark
        order.move_to(Status.PICKED_UP, now)
    else:
        order.cash_at = order.cash_at or now
        order.emit("order.changed", now, order_id=order.id)
    if handed is not None:
        recording.write(tx, order, handed)
    else:
        tx.replace("order", order)


def _check_lines(ordered: list[Line], lines: Mapping[str, int], left: Mapping[str, int]) -> None:
    known = {line.offer_id for line in ordered}
    for n, (offer_id, units) in enumerate(lines.items()):
        if offer_id not in known:
            message = "The order has no line of this offer; read the order again."
            errors = (FieldError(f"/lines/{n}/offer_id", message),)
            raise NotInOrder(message, detail_zh="订单中没有该商品，请重新读取订单。", errors=errors)
        rest = left.get(offer_id, 0)
        if rest == 0:
            raise UnitsPickedUp(
                "All units of this line were handed over already.",
                detail_zh="该商品已全部取走。",
                extra={"offer_id": offer_id, "left": 0},
            )
        if units > rest:
            raise MoreThanOrdered(
                f"Only {counted(rest, 'unit')} of this line {are(rest)} left; you gave {units}.",
                detail_zh=f"该商品仅剩 {rest} 件可取，不能核销 {units} 件。",
                extra={"offer_id": offer_id, "left": rest},
            )
