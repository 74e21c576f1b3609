"""Reading orders: one, a member's, a campaign's, or all of a tenant's, newest first."""

import heapq
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from chalicelib.campaigns.records import CampaignRecord, campaign_list
from chalicelib.campaigns.service import get_campaign
from chalicelib.db import Page
from chalicelib.kernel.clock import sortable
from chalicelib.kernel.errors import NotFound
from chalicelib.orders.model import SOLD
from chalicelib.orders.records import OrderRecord, campaign_orders, in_state, member_orders

CAMPAIGNS_AT_A_TIME = 100
_MOST_READS = 20
_CLOCKS_DIFFER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which orders are wanted; None leaves a side open."""

    campaign_id: str | None = None
    member_id: str | None = None
    pickup_point_id: str | None = None
    status: str | None = None

    def condition(self) -> Any:
        """The filter of a query, or None where nothing is left out."""
        wanted = [
            getattr(OrderRecord, name) == value
            for name in ("campaign_id", "member_id", "pickup_point_id", "status")
            if (value := getattr(self, name)) is not None
        ]
        condition = None
        for each in wanted:
            condition = each if condition is None else condition & each
        return condition


def get_order(tenant_id: str, order_id: str, *, consistent: bool = False) -> OrderRecord:
    """An order of the tenant. Raises NotFound."""
    found = OrderRecord.fetch(*OrderRecord.address(tenant_id, order_id), consistent=consistent)
    if found is None:
        raise _no_order(order_id)
    return found


def get_own_order(tenant_id: str, member_id: str, order_id: str, *, consistent: bool = False) -> OrderRecord:
    """A member's own order; another member's does not exist for him. Raises NotFound."""
    order = get_order(tenant_id, order_id, consistent=consistent)
    if order.member_id != member_id:
        raise _no_order(order_id)
    return order


def list_own_orders(tenant_id: str, member_id: str, limit: int, cursor: dict[str, Any] | None) -> Page[OrderRecord]:
    """A member's orders, newest first."""
    return list_orders(tenant_id, Filter(member_id=member_id), limit, cursor)


def list_orders(
    tenant_id: str, wanted: Filter, limit: int, cursor: dict[str, Any] | None, now: datetime | None = None
) -> Page[OrderRecord]:
    """Orders, newest first; those placed after ``now``, where it is given, are not looked for.

    A member's come from the member's index. Otherwise the shards of the campaigns in question are merged by the time of
    placing; without a campaign, those of the newest hundred campaigns, then of the next hundred. Raises NotFound for
    an unknown campaign.
    """
    if wanted.member_id is not None:
        return OrderRecord.page(
            member_orders(tenant_id, wanted.member_id),
            index="gsi2", newest_first=True, limit=limit, cursor=cursor, where=wanted.condition(),
        )  # fmt: skip
    position = cursor or {}
    following: dict[str, Any] | None = None
    if wanted.campaign_id is not None:
        campaigns: Sequence[CampaignRecord] = [get_campaign(tenant_id, wanted.campaign_id)]
    else:
        batch = CampaignRecord.page(
            campaign_list(tenant_id),
            index="gsi1", newest_first=True, limit=CAMPAIGNS_AT_A_TIME, cursor=position.get("campaigns"),
        )  # fmt: skip
        campaigns, following = batch.items, batch.last_key
    streams = [stream for campaign in campaigns for stream in _streams(campaign, wanted, now)]
    items, before = _merge(streams, limit, position.get("before"))
    if before is not None:
        return Page(items, {"campaigns": position.get("campaigns"), "before": before})
    return Page(items, {"campaigns": following} if following else None)


def sold_orders(campaign: CampaignRecord, pickup_point_id: str | None = None) -> Iterator[OrderRecord]:
    """Every sold order of a campaign, or of one of its pickup points, first come first; read as it is asked for."""
    where = in_state(SOLD)
    if pickup_point_id is not None:
        where &= OrderRecord.pickup_point_id == pickup_point_id
    shards = [
        OrderRecord.every(campaign_orders(campaign.tenant_id, campaign.id, shard), index="gsi1", where=where)
        for shard in range(int(campaign.shards))
    ]
    return heapq.merge(*shards, key=lambda order: str(order.gsi1sk))


@dataclass(slots=True)
class _Stream:
    """One shard of a campaign's orders, read backwards in time, page by page.

    ``frontier`` is a sort key above everything that was not read yet, or None at the end.
    """

    partition: str
    condition: Any
    frontier: str | None
    read: deque[OrderRecord] = field(default_factory=deque)
    cursor: dict[str, Any] | None = None

    @property
    def position(self) -> str:
        """The sort key up to which this stream may still bring orders; empty at its end."""
        return str(self.read[0].gsi1sk) if self.read else self.frontier or ""

    def read_on(self, limit: int) -> None:
        upper = self.frontier or ""
        page = OrderRecord.page(
            self.partition, index="gsi1", between=("0", upper), newest_first=True,
            limit=limit, cursor=self.cursor, where=self.condition,
        )  # fmt: skip
        self.read.extend(order for order in page.items if order.gsi1sk != upper)
        self.cursor = page.last_key
        self.frontier = page.last_key["gsi1sk"]["S"] if page.last_key else None


def _streams(campaign: CampaignRecord, wanted: Filter, now: datetime | None) -> list[_Stream]:
    if campaign.published_at is None or campaign.closes_at is None:
        return []
    # No order of a campaign is placed after its close, which may only move to a later time; an exchange stands there.
    # Campaigns that are still open begin level, now: else those that close late would use a page's reads up.
    level = min(campaign.closes_at, now + _CLOCKS_DIFFER) if now else campaign.closes_at
    newest = f"{sortable(level)}~"
    shards = range(int(campaign.shards))
    partitions = [campaign_orders(campaign.tenant_id, campaign.id, shard) for shard in shards]
    return [_Stream(partition, wanted.condition(), newest) for partition in partitions]


def _merge(streams: Sequence[_Stream], limit: int, before: str | None) -> tuple[list[OrderRecord], str | None]:
    """The newest orders placed before a position, and the position of the next page.

    A stream is read only when its turn has come, so campaigns that closed earlier cost nothing. A filter that matches
    little ends the page after some reads; the next page goes on from there.
    """
    start = before or max((stream.position for stream in streams), default="")
    for stream in streams:
        stream.frontier = min(stream.position, start)
    items: list[OrderRecord] = []
    reads = 0
    while len(items) < limit:
        top = max(streams, key=lambda stream: stream.position, default=None)
        if top is None or not top.position:
            return items, None
        if top.read:
            items.append(top.read.popleft())
        elif reads >= _MOST_READS and top.position < start:
            return items, top.position
        else:
            # One more than is wanted, for the order at the upper end that the page before has shown.
            top.read_on(limit + 1)
            reads += 1
    more = any(stream.position for stream in streams)
    return items, str(items[-1].gsi1sk) if more else None


def _no_order(order_id: str) -> NotFound:
    return NotFound(f"There is no order {order_id}.", detail_zh=f"订单 {order_id} 不存在。")
