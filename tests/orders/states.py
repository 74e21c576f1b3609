"""Where an order, or its campaign, may have come to when something in it changes: set on the store directly."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.campaigns.model.campaign import Status as CampaignStatus
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import TenantRecord, Transaction
from chalicelib.kernel import clock
from chalicelib.orders.basket.service.reading import Wish
from chalicelib.orders.changes.records import OrderChangeRecord
from chalicelib.orders.changes.service.editing import Edit, edit
from chalicelib.orders.ending.service.cancelling import release
from chalicelib.orders.model import DeliveryAddress
from chalicelib.orders.payment.service import capture as payment
from chalicelib.orders.placing.service import place
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refunds.records import RefundRecord
from chalicelib.orders.service.reading import get_order
from tests.orders.store import BODY_HASH, Store


def write(record: TenantRecord) -> None:
    tx = Transaction()
    tx.replace("record", record)
    tx.commit()


def paid(store: Store, order: OrderRecord, amount_minor: int | None = None, method: str | None = "test") -> OrderRecord:
    """The order after a payment of its total, or of another amount."""
    order = again(store, order)
    order.payment_method = method
    order.paid_minor = order.total_minor if amount_minor is None else amount_minor
    write(order)
    return order


def again(store: Store, order: OrderRecord) -> OrderRecord:
    """The order as it stands."""
    return get_order(store.tenant_id, order.id, consistent=True)


def locked(store: Store, campaign: CampaignRecord, final_prices: Sequence[int] = ()) -> CampaignRecord:
    """The campaign after its lock, its offers at those final prices."""
    store.lock(campaign)
    campaign = store.again(campaign)
    finals = [*final_prices, *[None] * len(campaign.offers)]
    campaign.offers = [
        replace(offer, final_price_minor=final) for offer, final in zip(campaign.offers, finals, strict=False)
    ]
    write(campaign)
    return campaign


def at_pickup(store: Store, campaign: CampaignRecord) -> CampaignRecord:
    """The campaign once its goods wait at the pickup points."""
    campaign = store.again(campaign)
    campaign.status = CampaignStatus.AT_PICKUP.value
    write(campaign)
    return campaign


def refunds(order: OrderRecord) -> list[tuple[str, int]]:
    """Cause and amount of every refund, oldest first."""
    found = RefundRecord.every(order.pk, begins_with="refund#", consistent=True)
    return [(refund.cause, int(refund.amount_minor)) for refund in sorted(found, key=lambda each: each.requested_at)]


def changes(order: OrderRecord) -> list[tuple[str, str]]:
    """Type and author of every change, oldest first."""
    found = OrderChangeRecord.every(order.pk, begins_with="change#", consistent=True)
    return [(change.type, change.by) for change in sorted(found, key=lambda each: each.at)]


def edited(store: Store, order: OrderRecord, *quantities: int | None, **more: object) -> OrderRecord:
    """New quantities for the campaign's offers in their order; None leaves an offer as it is."""
    offers = store.again(_campaign(store, order)).offers
    lines = tuple(
        (offer.offer_id, units) for offer, units in zip(offers, quantities, strict=False) if units is not None
    )
    now = more.pop("now", None) or clock.now()
    key, body_hash = str(more.pop("key", "edit-1")), str(more.pop("body_hash", BODY_HASH))
    wanted = Edit(lines, key, body_hash, **more)  # type: ignore[arg-type]
    assert isinstance(now, datetime)
    return edit(store.tenant_id, order.member_id, order.id, wanted, now)


def _campaign(store: Store, order: OrderRecord) -> CampaignRecord:
    return CampaignRecord(*CampaignRecord.address(store.tenant_id, order.campaign_id), id=order.campaign_id)


def charged(store: Store, order: OrderRecord, now: datetime | None = None) -> bool:
    """A payment of what may be charged has arrived."""
    order = again(store, order)
    tx = Transaction()
    amount = payment.expected(order, clock.now()) or (order.pending or {}).get("amount", 1)
    wanted = payment.capture(tx, order, "payment-1", amount, now or clock.now())
    if wanted:
        tx.commit()
    return wanted


def paid_online(
    store: Store, campaign: CampaignRecord, *quantities: int, member: int = 0, delivery: DeliveryAddress | None = None
) -> OrderRecord:
    """An order that was paid online."""
    lines = tuple((offer.offer_id, units) for offer, units in zip(campaign.offers, quantities, strict=False) if units)
    wish = Wish(campaign.id, lines, store.point_id, "test", delivery=delivery)
    order = place(store.tenant_id, store.member(member), wish, f"online-{member}", BODY_HASH, clock.now())
    assert charged(store, order)
    return again(store, order)


def released(order: OrderRecord) -> None:
    """The order is cancelled as one of a cancelled campaign is."""
    tx = Transaction()
    release(tx, order, clock.now())
    tx.commit()


def units_of(order: OrderRecord) -> list[int]:
    return [line.quantity for line in order.lines]
