"""What the lock makes final for every order: a ladder's price, with the difference back to who has paid, and until
when the balance of a pre-order is due.
"""

from datetime import datetime

from chalicelib.campaigns.model.campaign import FROM_LOCK
from chalicelib.campaigns.model.kinds import Kind
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import Transaction
from chalicelib.kernel.principal import SYSTEM
from chalicelib.orders.changes.model import priced
from chalicelib.orders.changes.service import recording
from chalicelib.orders.model import SOLD
from chalicelib.orders.passes.service.walking import changing_pass
from chalicelib.orders.payment.service import balance
from chalicelib.orders.records import OrderRecord

CAUSE = "ladder"


def final_prices(campaign: CampaignRecord) -> dict[str, int]:
    """The unit price that each offer came to at the close, in minor units, by offer id, a bundle's by part; only
    ladders have one.
    """
    return {goods.offer_id: goods.final_price_minor for goods in campaign.goods if goods.final_price_minor is not None}


def _wanted(campaign: CampaignRecord) -> bool:
    return campaign.status in FROM_LOCK and (campaign.kind == Kind.PRE_ORDER or bool(final_prices(campaign)))


def _make_final(tx: Transaction, campaign: CampaignRecord, order: OrderRecord, now: datetime) -> None:
    if campaign.kind == Kind.PRE_ORDER:
        balance.ask(tx, order, campaign, now)
    else:
        _reprice(tx, campaign, order, now)


def _reprice(tx: Transaction, campaign: CampaignRecord, order: OrderRecord, now: datetime) -> None:
    """Lowers the order's prices to the final ones; an order that has them, or pays less, is left as it is."""
    final = final_prices(campaign)
    lower = {line.offer_id: min(line.unit_price_minor, final.get(line.offer_id, line.unit_price_minor))
             for line in order.lines}  # fmt: skip
    lines = priced(order.lines, lower)
    if lines == tuple(order.lines):
        return
    repriced = recording.start(order, "repriced", cause=CAUSE, by=SYSTEM, now=now)
    recording.set_lines(order, lines)
    refunded = int(order.refunded_minor)
    recording.refund_excess(tx, order, repriced, CAUSE, of=order.total_minor)
    if int(order.refunded_minor) == refunded:  # of a refund its member hears anyway
        repriced.emit("order.price_fell", now, order_id=order.id, change_id=repriced.id)
    order.emit("order.changed", now, order_id=order.id)
    recording.write(tx, order, repriced)


REPRICE = changing_pass("reprice", SOLD, _wanted, _make_final)
"""Every order of a locked ladder costs the final step's price, and what was paid beyond it is refunded; who owes the
balance of a locked pre-order is asked for it, until so long after the close as it came to be."""
