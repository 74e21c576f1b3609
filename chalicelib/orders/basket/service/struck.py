"""Which prices may be struck out beside the lines of a basket."""

from datetime import datetime

from chalicelib.campaigns.model.offers import Offer
from chalicelib.campaigns.model.struck import Struck, struck, struck_by_promotion
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.orders.basket.service.pricing import Basket
from chalicelib.tenancy import brand_of


def struck_lines(basket: Basket) -> list[Struck | None]:
    """What is struck out beside each line; None where nothing may be. What only some members have, or a coupon or
    points give, or depends on the whole basket, is no reduction that everybody is told of.
    """
    found: list[Struck | None] = []
    for n, (item, offer) in enumerate(zip(basket.quote.items, basket.offers, strict=True)):
        off, begins_at = _public(basket, n)
        if begins_at is None:
            found.append(struck(offer))
        else:
            unit = -(-(item.total_minor - off) // item.quantity)
            found.append(_by_promotion(basket, offer, unit, begins_at))
    return found


def _public(basket: Basket, line: int) -> tuple[int, datetime | None]:
    """What promotions for everybody take off a line, and when the first of them began; None where none does."""
    public = {each.id: each for each in basket.promotions if each.is_public_price}
    applied = [each for each in basket.quote.discounts if each.promotion_id in public and each.shares_minor[line]]
    begins = [public[each.promotion_id].starts_at for each in applied if each.promotion_id]
    return sum(each.shares_minor[line] for each in applied), min(begins, default=None)


def _by_promotion(basket: Basket, offer: Offer, unit_minor: int, begins_at: datetime) -> Struck | None:
    opens_at, _ = basket.campaign.window
    tz = zone(brand_of(basket.campaign.tenant_id).timezone)
    return struck_by_promotion(offer, unit_minor, local_date(max(opens_at, begins_at), tz))
