"""What of an order its member can review."""

from datetime import datetime

from chalicelib.db import fetch_many
from chalicelib.orders.discounts.model import off_lines
from chalicelib.orders.model import Status as OrderStatus
from chalicelib.orders.records import OrderRecord
from chalicelib.reviews.model.reviews import Part, bought, id_of, last_day
from chalicelib.reviews.records import ReviewRecord, addresses


def parts_of(order: OrderRecord) -> list[Part]:
    """What an order says of its lines. Goods that came in exchange for others are reviewed as those, and what was paid
    back whole has nothing to review.
    """
    if order.origin is not None or order.status in (OrderStatus.REFUNDED, OrderStatus.CANCELLED):
        return []
    picked, off, back = order.picked_units, off_lines(order.discounts), order.refunded_lines or {}
    sent_back = order.returned_units or {}
    return [
        Part(
            line.given,
            picked.get(line.offer_id, 0),
            sent_back.get(line.offer_id, 0),
            line.total_minor - off.get(line.offer_id, 0),
            back.get(line.offer_id, 0),
        )
        for line in order.lines
    ]


def reviews_of(order: OrderRecord, *, consistent: bool = False) -> dict[str, ReviewRecord | None]:
    """The review of each SKU of an order that was given, whatever became of it since; None where there is none."""
    skus = list(dict.fromkeys(sku_id for line in order.lines for sku_id in line.given))
    ids = [id_of(order.tenant_id, order.id, sku_id) for sku_id in skus]
    found = fetch_many(addresses(order.tenant_id, ids), consistent=consistent)
    return dict(zip(skus, found, strict=True))


def is_over(order: OrderRecord, now: datetime) -> bool:
    """Whether an order was collected too long ago to be reviewed."""
    collected_at: datetime | None = order.picked_up_at
    return collected_at is not None and now >= last_day(collected_at)


def waiting(order: OrderRecord, now: datetime) -> int:
    """How many articles of an order its member can still review."""
    can = bought(parts_of(order))
    if not can or is_over(order, now):
        return 0
    reviewed = reviews_of(order)
    return sum(reviewed.get(each) is None for each in can)


def stands(order: OrderRecord, review: ReviewRecord) -> bool:
    """Whether what was reviewed is still bought."""
    return review.sku_id in bought(parts_of(order))
