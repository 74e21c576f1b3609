"""The cutoff of orders, inside the write: a bucket takes orders and cancellations only in its window."""

from collections.abc import Iterable
from datetime import datetime

from pynamodb.expressions.condition import Condition

from chalicelib.campaigns.stock.records import UNFENCED, StockBucket
from chalicelib.db import Refused
from chalicelib.orders.basket.service.checks import closed, not_open
from chalicelib.orders.stock.model.cutoff import gate


def within_window(now: datetime) -> Condition:
    """The condition under which a bucket takes orders and cancellations: open, and its window holds ``now``."""
    held: Condition = (StockBucket.status == UNFENCED) & (StockBucket.opens_at <= now) & (StockBucket.closes_at > now)
    return held


def takes_orders(bucket: StockBucket, now: datetime) -> bool:
    """Whether a bucket that was read meets ``within_window``."""
    return gate(bucket.status, bucket.opens_at, bucket.closes_at, now) == "open"


def is_closed(refused: Refused, now: datetime) -> bool:
    """Whether a bucket refused because its campaign takes no orders at ``now``."""
    buckets = [refused.item(name, StockBucket) for name in refused.names if name.startswith("stock:")]
    return not all(takes_orders(each, now) for each in buckets if each)


def check_open(buckets: Iterable[StockBucket | None], now: datetime) -> None:
    """Raises CampaignClosed or CampaignNotOpen where one of the buckets takes no orders at ``now``."""
    for bucket in buckets:
        says = gate(bucket.status, bucket.opens_at, bucket.closes_at, now) if bucket else "not_open"
        if says == "closed":
            raise closed()
        if says == "not_open":
            raise not_open(bucket.opens_at if bucket else None)
