"""What an order takes of the budgets of promotions, and of its member's uses of them, in the order's own write.

What it holds beyond what promotions take off it goes back with its next write, whatever that is: see
``OrderRecord.following``.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from chalicelib.db import Transaction, fetch_many
from chalicelib.orders.discounts.model import by_promotion
from chalicelib.orders.records import OrderRecord
from chalicelib.promotions.model.holding import Wanted
from chalicelib.promotions.model.promotion import Promotion
from chalicelib.promotions.records import PromotionRecord
from chalicelib.promotions.service import using
from chalicelib.promotions.service.using import Funding


class PricedAnew(Exception):
    """A promotion does not pay for an order that was priced with it: it is priced anew, and written then."""


def wanted(taken_off: Mapping[str, int], promotions: Iterable[Promotion], funding: Funding) -> list[Wanted]:
    """What an order wants of the promotions that take so much off it, in minor units by id."""
    limited = [each for each in promotions if each.is_limited and each.id in taken_off]
    return [funding.wanted(each, taken_off[each.id]) for each in limited]


def take(tx: Transaction, order: OrderRecord, promotions: Iterable[Promotion], funding: Funding) -> None:
    """Adds what an order takes of the promotions that it was priced with, refused as ``budget:…`` and ``use:…``."""
    _take(tx, order, order.taken_off, promotions, funding)


def take_again(tx: Transaction, order: OrderRecord, now: datetime) -> bool:
    """Adds that an order which gave everything back takes it again, at the price at which it was placed; False where
    a promotion cannot pay for it any more.
    """
    taken_off = by_promotion(order.discounts)
    if not taken_off:
        return True
    addresses = [(PromotionRecord, *PromotionRecord.address(order.tenant_id, each)) for each in taken_off]
    found: list[PromotionRecord | None] = fetch_many(addresses, consistent=True)
    promotions = [each.promotion for each in found if each is not None]
    funding = Funding()
    if using.find_shares(order.tenant_id, order.member_id, wanted(taken_off, promotions, funding), funding, now):
        return False
    _take(tx, order, taken_off, promotions, funding)
    return True


def _take(
    tx: Transaction,
    order: OrderRecord,
    taken_off: Mapping[str, int],
    promotions: Iterable[Promotion],
    funding: Funding,
) -> None:
    held = order.held
    for each in wanted(taken_off, promotions, funding):
        held[each.promotion.id] = using.take(tx, order.tenant_id, order.id, order.member_id, each, funding)
    order.held = held
