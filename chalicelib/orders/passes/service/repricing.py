"""What the lock makes final for every order: a ladder's price, with the difference back to who has paid, and until
when the balance of a pre-order is due.
"""

from datetime import datetime

from chalicelib.campaigns.model.campaign import FROM_LOCK
from chalicelib.campaigns.model.kinds import Kind
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import Refused, Transaction
from chalicelib.kernel.principal import SYSTEM
from chalicelib.orders.history.service import recording as changing
from chalicelib.orders.lines.model import lowered, priced
from chalicelib.orders.model import SOLD
from chalicelib.orders.passes.service.walking import Pass
from chalicelib.orders.payment.service import balance
from chalicelib.orders.records import OrderRecord

CAUSE = "ladder"


def final_prices(campaign: CampaignRecord) -> dict[str, int]:
    """The unit price that each offer came to at the close, in minor units, by offer id; only ladders have one."""
    return {offer.offer_id: offer.final_price_minor for offer in campaign.offers if offer.final_price_minor is not None}


def _wanted(campaign: CampaignRecord) -> bool:
    return campaign.status in FROM_LOCK and (campaign.kind == Kind.PRE_ORDER or bool(final_prices(campaign)))


def _visit(campaign: CampaignRecord, order: OrderRecord, now: datetime) -> bool:
    if campaign.kind != Kind.PRE_ORDER:
        return _reprice(campaign, order, now)
    tx = Transaction()
    return not balance.ask(tx, order, campaign, now) or _committed(tx)


def _committed(tx: Transaction) -> bool:
    try:
        tx.commit()
    except Refused:
        return False
    return True


def _reprice(campaign: CampaignRecord, order: OrderRecord, now: datetime) -> bool:
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
    return _committed(tx)


REPRICE = Pass("reprice", SOLD, _wanted, _visit)
"""Every order of a locked ladder costs the final step's price, and what was paid beyond it is refunded; who owes the
balance of a locked pre-order is asked for it, until so long after the close as it came to be."""
