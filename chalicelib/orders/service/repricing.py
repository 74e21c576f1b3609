"""A ladder's final price for everyone: the lower price on each order, and the difference back to who has paid."""

from datetime import datetime

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import Refused, Transaction
from chalicelib.orders.deltas import lowered, priced
from chalicelib.orders.model import SOLD
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service import changing
from chalicelib.orders.service.passes import Pass
from chalicelib.orders.service.pickup import LOCKED
from chalicelib.orders.service.refunds import SYSTEM

CAUSE = "ladder"


def final_prices(campaign: CampaignRecord) -> dict[str, int]:
    """The unit price that each offer came to at the close, in minor units, by offer id; only ladders have one."""
    return {offer.offer_id: offer.final_price_minor for offer in campaign.offers if offer.final_price_minor is not None}


def _wanted(campaign: CampaignRecord) -> bool:
    return campaign.status in LOCKED and bool(final_prices(campaign))


def _visit(campaign: CampaignRecord, order: OrderRecord, now: datetime) -> bool:
    """Lowers the order's prices to the final ones; an order that has them, or pays less, is left as it is."""
    final = final_prices(campaign)
    lower = {line.offer_id: min(line.unit_price_minor, final.get(line.offer_id, line.unit_price_minor))
             for line in order.lines}  # fmt: skip
    lines = priced(order.lines, lower)
    if lines == tuple(order.lines):
        return True
    change = changing.start(order, "repriced", cause=CAUSE, by=SYSTEM, now=now)
    goods = order.goods_minor
    changing.set_lines(order, lines)
    order.discount_minor = lowered(int(order.discount_minor), goods, order.goods_minor)
    tx = Transaction()
    changing.refund_excess(tx, order, change, CAUSE, of=order.total_minor)
    order.emit("order.changed", now, order_id=order.id)
    changing.write(tx, order, change)
    try:
        tx.commit()
    except Refused:
        return False
    return True


REPRICE = Pass("reprice", SOLD, _wanted, _visit)
"""Every order of a locked ladder costs the final step's price; what was paid beyond it is refunded."""
