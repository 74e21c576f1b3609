"""The cutoff of orders, inside the write: a bucket takes orders and cancellations only in its window."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from pynamodb.expressions.condition import Condition

from chalicelib.campaigns.model.early import NOT_AHEAD
from chalicelib.campaigns.stock.records import UNFENCED, StockBucket
from chalicelib.db import Refused
from chalicelib.orders.basket.service.checks import closed, not_open
from chalicelib.orders.stock.model.cutoff import Gate, gate


def within_window(now: datetime, ahead: timedelta | None) -> Condition:
    """The condition under which a bucket takes an order from a member who may order so long ``ahead`` of the opening;
    without ``ahead``, what becomes of an order that stands: whenever it was taken, until the close.
    """
    held: Condition = (StockBucket.status == UNFENCED) & (StockBucket.closes_at > now)
    return held if ahead is None else held & (StockBucket.opens_at <= now + ahead)


def takes_changes(bucket: StockBucket, now: datetime) -> bool:
    """Whether a bucket that was read meets ``within_window`` for an order that stands."""
    return _says(bucket, now, None) == "open"


def is_closed(refused: Refused, now: datetime) -> bool:
    """Whether a bucket refused because its campaign has closed, so that orders stand as they are."""
    buckets = [refused.item(name, StockBucket) for name in refused.names if name.startswith("stock:")]
    return not all(takes_changes(each, now) for each in buckets if each)


def check_open(buckets: Iterable[StockBucket | None], now: datetime, ahead: timedelta | None) -> None:
    """Raises CampaignClosed or CampaignNotOpen where one of the buckets does not meet ``within_window``."""
    for bucket in buckets:
        says = _says(bucket, now, ahead) if bucket else "not_open"
        if says == "closed":
            raise closed()
        if says == "not_open":
            raise not_open(bucket.opens_at - (ahead or NOT_AHEAD) if bucket else None)


def _says(bucket: StockBucket, now: datetime, ahead: timedelta | None) -> Gate:
    opens_at = now if ahead is None else bucket.opens_at - ahead
    return gate(bucket.status, opens_at, bucket.closes_at, now)
