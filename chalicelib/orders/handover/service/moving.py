"""Moving an order after the cutoff, until it is handed over: by the brand's people, with a reason."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service.reading import get_campaign
from chalicelib.db import Transaction, change
from chalicelib.kernel.errors import IdempotencyMismatch
from chalicelib.kernel.ids import derived_id
from chalicelib.kernel.principal import Principal
from chalicelib.kernel.unset import UNSET, Unset
from chalicelib.orders.basket.service.checks import check_point
from chalicelib.orders.changes.records import OrderChangeRecord, as_of
from chalicelib.orders.changes.service import recording
from chalicelib.orders.errors import DeliveryUnavailable, NotAdjustable, UnitsPickedUp
from chalicelib.orders.handover.service.pickup import check_locked
from chalicelib.orders.model import DeliveryAddress, Place, Status, in_words
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.reading import get_order
from chalicelib.tenants.service.audit import audit

_MOVABLE = frozenset({Status.PLACED, Status.READY})


@dataclass(frozen=True, slots=True)
class Move:
    """Where an order is to be handed over instead, and why. A ``pickup_point_id`` of None stays as it is; a
    ``delivery`` of None is one that is collected instead. ``key`` is the Idempotency-Key with the hash of its body.
    """

    pickup_point_id: str | None
    delivery: DeliveryAddress | Unset | None
    reason: str
    key: str
    body_hash: str

    def place(self, order: OrderRecord) -> Place:
        """Where the order is to be handed over."""
        delivery = order.delivery_address if self.delivery is UNSET else self.delivery
        return Place(self.pickup_point_id or order.pickup_point_id, delivery)


def move(tenant_id: str, order_id: str, wanted: Move, by: Principal, now: datetime) -> OrderRecord:
    """Moves an order of a locked campaign to another of its pickup points or to another address.

    Nobody pays more after the cutoff: to bring it to the door is free then, and the fee of a delivery goes back where
    the order is collected instead. The same key moves once and answers the same; the member is told. Raises NotFound,
    CampaignNotLocked, NotAdjustable, UnitsPickedUp, NotAPickupPoint, DeliveryUnavailable, IdempotencyMismatch.
    """
    cause = f"move:{derived_id(tenant_id, by.label, wanted.key)}"

    def decide(order: OrderRecord, tx: Transaction) -> OrderRecord:
        if done := recording.find(order, cause):
            if done.body_hash != wanted.body_hash:
                message = "This Idempotency-Key already moved the order in another way; use a new key."
                raise IdempotencyMismatch(message, detail_zh="该幂等键已用于另一次变更，请使用新的键。")
            return as_of(order, done)
        campaign = get_campaign(tenant_id, order.campaign_id, consistent=True)
        place = wanted.place(order)
        _check(order, campaign, place)
        made = recording.start(
            order, "moved", cause=cause, by=by.label, reason=wanted.reason, now=now, body_hash=wanted.body_hash
        )
        _set(tx, order, place, made)
        order.emit("order.changed", now, order_id=order.id)
        order.emit("order.moved", now, order_id=order.id, change_id=made.id)
        audit(tx, tenant_id, by, "order.moved", f"order:{order_id}", now, {"reason": wanted.reason})
        recording.write(tx, order, made)
        return order

    return change(lambda: get_order(tenant_id, order_id, consistent=True), decide)


def _check(order: OrderRecord, campaign: CampaignRecord, place: Place) -> None:
    check_locked(campaign)
    if order.status not in _MOVABLE or order.forfeited_at is not None:
        raise NotAdjustable(
            f"The order is {in_words(order.status)}; only one that is placed or ready is moved.",
            detail_zh="只有已下单或待取货的订单可以变更交付地点。",
            extra={"order_status": order.status},
        )
    if order.picked:
        raise UnitsPickedUp(
            "A part of the order was handed over already; the rest stays where it is.",
            detail_zh="该订单已部分取货，其余商品不能变更交付地点。",
        )
    check_point(campaign, place.pickup_point_id)
    if place.delivery is not None and campaign.delivery is None:
        message = "The campaign does not deliver; name another of its pickup points."
        raise DeliveryUnavailable.at("/delivery", message, "本活动不提供配送，请选择其他自提点。")


def _set(tx: Transaction, order: OrderRecord, place: Place, made: OrderChangeRecord) -> None:
    deposit_only = recording.owes_deposit_only(order)
    order.place = place
    if place.delivery is None:
        order.delivery_minor = 0
    owed = int(order.deposit_minor or 0) if deposit_only else order.total_minor
    recording.refund_excess(tx, order, made, f"move:{made.id}", of=owed)
