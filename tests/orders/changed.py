"""Where an order, or its campaign, may have come to when something in it changes: set on the stage directly."""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.campaigns.model import Status as CampaignStatus
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import TenantRecord, Transaction
from chalicelib.orders.history import OrderChangeRecord
from chalicelib.orders.records import OrderRecord, RefundRecord
from chalicelib.orders.service.listing import get_order
from tests.orders.stage import Stage


def write(record: TenantRecord) -> None:
    tx = Transaction()
    tx.replace("record", record)
    tx.commit()


def paid(stage: Stage, order: OrderRecord, amount_minor: int | None = None, method: str | None = "test") -> OrderRecord:
    """The order after a payment of its total, or of another amount."""
    order = again(stage, order)
    order.payment_method = method
    order.paid_minor = order.total_minor if amount_minor is None else amount_minor
    write(order)
    return order


def again(stage: Stage, order: OrderRecord) -> OrderRecord:
    """The order as it stands."""
    return get_order(stage.tenant_id, order.id, consistent=True)


def locked(stage: Stage, campaign: CampaignRecord, final_prices: Sequence[int] = ()) -> CampaignRecord:
    """The campaign after its lock, its offers at those final prices."""
    stage.lock(campaign)
    campaign = stage.again(campaign)
    finals = [*final_prices, *[None] * len(campaign.offers)]
    campaign.offers = [
        replace(offer, final_price_minor=final) for offer, final in zip(campaign.offers, finals, strict=False)
    ]
    write(campaign)
    return campaign


def at_pickup(stage: Stage, campaign: CampaignRecord) -> CampaignRecord:
    """The campaign once its goods wait at the pickup points."""
    campaign = stage.again(campaign)
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
