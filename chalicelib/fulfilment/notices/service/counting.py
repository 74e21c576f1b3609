"""Counting a campaign's orders by pickup point, some thousand for each message, with what each count is for.

A worker that dies repeats what it was at: how far the count has come is kept with its sums, in one write.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import Refused, Transaction, fetch_many
from chalicelib.db.records import PAGE
from chalicelib.fulfilment.notices.model import AtPoint, Occasion
from chalicelib.fulfilment.notices.records import PointsRecord
from chalicelib.kernel.principal import SYSTEM
from chalicelib.orders.changes.records import OrderChangeRecord, change_address
from chalicelib.orders.model import Status
from chalicelib.orders.passes.service.collecting import NO_SHOW
from chalicelib.orders.records import OrderRecord, campaign_orders

ORDERS_AT_A_TIME = 10_000
"""Orders read for one message, and at most a page more: 10 MB, some seconds."""

_WAITING = frozenset({Status.PLACED, Status.READY})

Tell = Callable[[CampaignRecord, Mapping[int, AtPoint]], None]
"""What is done with a count when it is complete."""


def count(campaign: CampaignRecord, occasion: Occasion, tell: Tell, now: datetime) -> None:
    """Counts on, and asks for the next message, or has told what it comes to; that is done once. Repeated at any step,
    it goes on there.
    """
    points = PointsRecord.of(campaign.tenant_id, campaign.id, occasion)
    if points.told_at is not None:
        return
    sums, complete = _count_on(campaign, occasion, points)
    if complete:
        tell(campaign, sums)
        points.by_point, points.told_at = {}, now
    else:
        points.by_point = sums
        points.ask_for_more(now)
    tx = Transaction()
    points.write(tx)
    with suppress(Refused):  # another worker has counted on meanwhile
        tx.commit()


def forget(campaign: CampaignRecord, occasion: Occasion) -> None:
    """Has a count that is on its way begin anew: orders are being changed."""
    points = PointsRecord.of(campaign.tenant_id, campaign.id, occasion)
    if points.rev and points.told_at is None:
        points.by_point, points.shard, points.after = {}, 0, None
        tx = Transaction()
        points.write(tx)
        with suppress(Refused):  # another worker has just counted on; whoever counts next begins anew
            tx.commit()


def _count_on(campaign: CampaignRecord, occasion: Occasion, points: PointsRecord) -> tuple[dict[int, AtPoint], bool]:
    """The sums after the next orders, and whether these were the last."""
    position = {point.id: n for n, point in enumerate(campaign.pickup_points)}
    kinds = {offer.offer_id: (str(n), offer.sku_id) for n, offer in enumerate(campaign.goods)}
    sums, read = points.by_point, 0
    while read < ORDERS_AT_A_TIME:
        partition = campaign_orders(campaign.tenant_id, campaign.id, int(points.shard))
        page = OrderRecord.page(partition, index="gsi1", limit=PAGE, cursor=points.after)
        read += PAGE
        wanted = _not_collected(page.items) if occasion is Occasion.NOT_COLLECTED else _sold(page.items)
        for order in wanted:
            if (n := position.get(order.pickup_point_id)) is not None:
                sums.setdefault(n, AtPoint()).add(_goods(order, kinds))
        points.after = page.last_key
        if page.last_key is None:
            points.shard = int(points.shard) + 1
            if points.shard >= int(campaign.shards):
                return sums, True
    return sums, False


def _sold(orders: Iterable[OrderRecord]) -> list[OrderRecord]:
    return [order for order in orders if order.is_sold and order.forfeited_at is None]


def _not_collected(orders: Sequence[OrderRecord]) -> list[OrderRecord]:
    """Those that were left behind, whole or in part. One that the index still shows waiting is read as it stands."""
    waiting = [order for order in orders if order.status in _WAITING]
    as_they_stand = dict(zip((order.id for order in waiting), _read(waiting), strict=True))
    found, in_part = [], []
    for listed in orders:
        order = as_they_stand.get(listed.id, listed)
        if order is None or order.delivery_to is not None or order.origin is not None:
            continue
        if order.cancelled_by == NO_SHOW:
            found.append(order)
        elif order.picked_up_by == SYSTEM:
            in_part.append(order)
    ended = fetch_many([(OrderChangeRecord, *_ended(order)) for order in in_part], consistent=True)
    return [*found, *(order for order, change in zip(in_part, ended, strict=True) if change is not None)]


def _read(orders: Sequence[OrderRecord]) -> list[OrderRecord | None]:
    return fetch_many([(OrderRecord, order.pk, order.sk) for order in orders], consistent=True)


def _ended(order: OrderRecord) -> tuple[str, str]:
    return change_address(order.tenant_id, order.id, NO_SHOW)


def _goods(order: OrderRecord, kinds: Mapping[str, tuple[str, str]]) -> dict[str, int]:
    """The units of an order by kind of goods: an offer's own by its position, others by their SKU."""
    goods: dict[str, int] = {}
    for line in order.lines:
        kind, own = kinds.get(line.offer_id, (line.sku_id, line.sku_id))
        for sku_id, units in line.given.items():
            each = kind if sku_id == own else sku_id
            goods[each] = goods.get(each, 0) + units
    return goods
