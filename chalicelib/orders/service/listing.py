"""Lists of orders: a member's, a campaign's, or all of a tenant's, newest first, by what is asked for."""

import heapq
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from chalicelib.campaigns.records import CampaignRecord, campaign_list
from chalicelib.campaigns.service.reading import get_campaign
from chalicelib.db import Page
from chalicelib.kernel.clock import sortable, zone
from chalicelib.kernel.local_day import day_bounds
from chalicelib.members.enrolment.service import find_ordinals
from chalicelib.members.model.identities import Identity, member_id
from chalicelib.orders.model import OWED, PAY_AT_PICKUP, SOLD, PaymentState, Status
from chalicelib.orders.pickup_code.records import PickupCodeRecord
from chalicelib.orders.records import OrderRecord, campaign_orders, in_state, member_orders
from chalicelib.orders.service.reading import get_orders
from chalicelib.tenants.service.brand import get_tenant

CAMPAIGNS_AT_A_TIME = 100
_MOST_READS = 20
_MOST_READS_IN_VAIN = 100
"""Reads for a page that has orders, and for one that has none yet: few callers go on after an empty page."""

_CLOCKS_DIFFER = timedelta(minutes=1)

_FIRST_ON, _LAST_ON = date(1970, 1, 1), date(2999, 12, 31)
"""Every order was placed between these days."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which orders are wanted; None leaves a side open.

    ``due`` asks whether anything is still to be paid. ``from_on`` and ``to_on`` are local days of placing, both
    included; an exchange, which nobody placed, is left out by them. ``phone`` (E.164) is the whole number of the
    member, ``pickup_code`` the whole code, as it is stored. ``q`` is what somebody remembers of the member or the
    order, a number or an address only with ``contacts``; it leads to ``member_ids`` or ``order_ids``.
    """

    campaign_id: str | None = None
    member_id: str | None = None
    pickup_point_id: str | None = None
    status: str | None = None
    payment: PaymentState | None = None
    payment_method: str | None = None
    due: bool | None = None
    from_on: date | None = None
    to_on: date | None = None
    phone: str | None = None
    pickup_code: str | None = None
    q: str | None = None
    contacts: bool = True
    member_ids: tuple[str, ...] | None = None
    order_ids: tuple[str, ...] | None = None

    def condition(self, given: str = "") -> Any:
        """The filter of a query, or None where nothing is left out; ``given`` is what holds in its partition anyway.
        What it lets pass is still to be asked :meth:`passes`.
        """
        wanted = [
            getattr(OrderRecord, name) == value
            for name in ("campaign_id", "member_id", "pickup_point_id", "status")
            if name != given and (value := getattr(self, name)) is not None
        ]
        if self.payment_method == PAY_AT_PICKUP:
            wanted.append(OrderRecord.payment_method.does_not_exist())
        elif self.payment_method is not None:
            wanted.append(OrderRecord.payment_method == self.payment_method)
        if self.due or self.payment in (PaymentState.UNPAID, PaymentState.PART_PAID):
            wanted.append(in_state(OWED))
        if self.payment in (PaymentState.PART_REFUNDED, PaymentState.REFUNDED):
            wanted.append(OrderRecord.refunded_minor > 0)
        if self.from_on is not None or self.to_on is not None:
            wanted.append(OrderRecord.origin.does_not_exist())
        condition = None
        for each in wanted:
            condition = each if condition is None else condition & each
        return condition

    @property
    def computes(self) -> bool:
        """Whether anything is asked that follows from an order's totals, which are not stored."""
        return self.due is not None or self.payment is not None

    def passes(self, order: OrderRecord) -> bool:
        """Whether an order is wanted that the condition has let pass."""
        if self.payment is not None and order.payment != self.payment:
            return False
        return self.due is None or self.due == bool(order.totals.due)

    def placed_within(self, tenant_id: str) -> tuple[datetime, datetime] | None:
        """The half-open range of instants of the days asked for; None where all days are."""
        if self.from_on is None and self.to_on is None:
            return None
        tz = zone(get_tenant(tenant_id).timezone)
        first, last = self.from_on or _FIRST_ON, self.to_on or _LAST_ON
        return day_bounds(first, tz)[0], day_bounds(last, tz)[1]


def list_own_orders(tenant_id: str, member_id: str, limit: int, cursor: dict[str, Any] | None) -> Page[OrderRecord]:
    """A member's orders, newest first."""
    return list_orders(tenant_id, Filter(member_id=member_id), limit, cursor)


def list_orders(
    tenant_id: str, wanted: Filter, limit: int, cursor: dict[str, Any] | None, now: datetime | None = None
) -> Page[OrderRecord]:
    """Orders, newest first; those placed after ``now``, where it is given, are not looked for.

    A member's come from the member's index, a phone number leads to its member, a search to the members whom it finds,
    and a pickup code to its orders once their goods wait at the pickup point. Otherwise the shards of the campaigns in
    question are merged by the time of placing; without a campaign, those of the newest hundred campaigns, then of the
    next hundred. A page is empty and still continues only where a hundred reads found nothing. Raises NotFound for an
    unknown campaign, TooManyMembers.
    """
    found = of_member(tenant_id, wanted)
    if found is None:
        return Page([], None)
    within = found.placed_within(tenant_id)
    if found.pickup_code is not None or found.order_ids is not None:
        return Page(_of_ids(tenant_id, found, within), None)
    if found.member_ids is not None:
        return _of_members(tenant_id, found.member_ids, found, within, limit, cursor)
    if found.member_id is not None:
        return _of_member(tenant_id, found.member_id, found, within, limit, cursor)
    return _of_campaigns(tenant_id, found, within, limit, cursor, now)


def _of_campaigns(
    tenant_id: str,
    wanted: Filter,
    within: tuple[datetime, datetime] | None,
    limit: int,
    cursor: dict[str, Any] | None,
    now: datetime | None,
) -> Page[OrderRecord]:
    position, budget = cursor or {}, _Budget()
    items: list[OrderRecord] = []
    while True:
        campaigns = _campaigns(tenant_id, wanted.campaign_id, position.get("campaigns"))
        streams = [stream for campaign in campaigns.items for stream in _streams(campaign, wanted, within, now)]
        before = _merge(streams, items, limit, position.get("before"), budget)
        if before is not None:
            return Page(items, {"campaigns": position.get("campaigns"), "before": before})
        position = {"campaigns": campaigns.last_key}
        budget.spend(1)
        if campaigns.last_key is None:
            return Page(items, None)
        if len(items) == limit or budget.is_spent(items):
            return Page(items, position)


def of_member(tenant_id: str, wanted: Filter) -> Filter | None:
    """The filter by the members or orders to whom its phone number or its search leads; None where it is nobody's, or
    another's than the member who is asked for, so that nothing can match. Raises TooManyMembers.
    """
    by_phone = _by_phone(tenant_id, wanted)
    if by_phone is None or by_phone.q is None:
        return by_phone
    from chalicelib.orders.service.searching import seek  # a cold start has no need of it

    sought = seek(tenant_id, by_phone.q, contacts=by_phone.contacts)
    if sought.order_ids:
        return replace(by_phone, q=None, order_ids=sought.order_ids)
    ids = tuple(each for each in sought.member_ids if by_phone.member_id in (None, each))
    return replace(by_phone, q=None, member_ids=ids) if ids else None


def _by_phone(tenant_id: str, wanted: Filter) -> Filter | None:
    if wanted.phone is None:
        return wanted
    if not wanted.contacts:
        return None
    ordinals = list(find_ordinals(tenant_id, [Identity("phone", wanted.phone)]).values())
    found = member_id(tenant_id, ordinals[0]) if ordinals else None
    if found is None or wanted.member_id not in (None, found):
        return None
    return replace(wanted, phone=None, member_id=found)


def sold_orders(
    campaign: CampaignRecord, pickup_point_id: str | None = None, states: Iterable[Status] = SOLD
) -> Iterator[OrderRecord]:
    """Every sold order of a campaign, or of one of its pickup points, first come first; read as it is asked for."""
    where = in_state(states)
    if pickup_point_id is not None:
        where &= OrderRecord.pickup_point_id == pickup_point_id
    shards = [
        OrderRecord.every(campaign_orders(campaign.tenant_id, campaign.id, shard), index="gsi1", where=where)
        for shard in range(int(campaign.shards))
    ]
    return heapq.merge(*shards, key=lambda order: str(order.gsi1sk))


def _of_member(
    tenant_id: str,
    of: str,
    wanted: Filter,
    within: tuple[datetime, datetime] | None,
    limit: int,
    cursor: dict[str, Any] | None,
) -> Page[OrderRecord]:
    return OrderRecord.page(
        member_orders(tenant_id, of),
        index="gsi2", newest_first=True, limit=limit, cursor=cursor, where=wanted.condition("member_id"),
        between=within and (sortable(within[0]), sortable(within[1])), keep=wanted.passes if wanted.computes else None,
    )  # fmt: skip


def _of_members(
    tenant_id: str,
    those: Sequence[str],
    wanted: Filter,
    within: tuple[datetime, datetime] | None,
    limit: int,
    cursor: dict[str, Any] | None,
) -> Page[OrderRecord]:
    from chalicelib.orders.service.searching import of_members  # as above

    return of_members(
        tenant_id, those, wanted.condition(), wanted.passes if wanted.computes else None,
        within and (sortable(within[0]), sortable(within[1])), limit, cursor["before"] if cursor else None,
    )  # fmt: skip


def _of_ids(tenant_id: str, wanted: Filter, within: tuple[datetime, datetime] | None) -> list[OrderRecord]:
    """The orders that are named, or of a code, and wanted: one, unless two drew the same code."""
    ids = wanted.order_ids
    if ids is None:
        led_to = PickupCodeRecord.every(PickupCodeRecord.partition(tenant_id, wanted.pickup_code or ""))
        ids = tuple(each.order_id for each in led_to)
    orders = get_orders(tenant_id, ids)
    names = ("campaign_id", "member_id", "pickup_point_id", "status", "payment_method", "pickup_code")
    asked = {name: value for name in names if (value := getattr(wanted, name)) is not None}
    matching = [
        order
        for order in orders
        if wanted.passes(order) and all(_value(order, name) == value for name, value in asked.items())
        if within is None or (order.origin is None and within[0] <= order.placed_at < within[1])
    ]
    return sorted(matching, key=lambda order: str(order.gsi2sk), reverse=True)


def _value(order: OrderRecord, name: str) -> str:
    return order.method if name == "payment_method" else str(getattr(order, name))


@dataclass(slots=True)
class _Budget:
    """The reads that a page may take: few once it has orders, more while it has none."""

    spent: int = 0

    def spend(self, reads: int) -> None:
        self.spent += reads

    def is_spent(self, found: Sequence[OrderRecord]) -> bool:
        return self.spent >= (_MOST_READS if found else _MOST_READS_IN_VAIN)


@dataclass(slots=True)
class _Stream:
    """One shard of a campaign's orders, read backwards in time, page by page.

    ``frontier`` is a sort key above everything that was not read yet, or None at the end; ``oldest`` is below all.
    ``flows`` where the last read brought all that it asked for, and there is more.
    """

    partition: str
    condition: Any
    keep: Callable[[OrderRecord], bool] | None
    frontier: str | None
    oldest: str
    read: deque[OrderRecord] = field(default_factory=deque)
    cursor: dict[str, Any] | None = None
    flows: bool = False

    @property
    def position(self) -> str:
        """The sort key up to which this stream may still bring orders; empty at its end."""
        return str(self.read[0].gsi1sk) if self.read else self.frontier or ""

    def start_at(self, position: str) -> None:
        """Leaves out what was placed later; a campaign that opened later has nothing to read."""
        frontier = min(self.position, position)
        self.frontier = frontier if frontier > self.oldest else None

    def read_on(self, limit: int) -> int:
        """Reads up to so many orders; answers what it took from the budget: much where a filter ended it early."""
        upper, flowed = self.frontier or "", self.flows
        page = OrderRecord.page(
            self.partition, index="gsi1", between=(self.oldest, upper), newest_first=True,
            limit=limit, cursor=self.cursor, where=self.condition, keep=self.keep,
        )  # fmt: skip
        self.read.extend(order for order in page.items if order.gsi1sk != upper)
        self.cursor = page.last_key
        self.frontier = page.last_key["gsi1sk"]["S"] if page.last_key else None
        self.flows = page.last_key is not None and len(page.items) == limit
        if page.last_key is None or self.flows:
            return 0 if flowed else 1
        return _MOST_READS


def _campaigns(tenant_id: str, campaign_id: str | None, cursor: dict[str, Any] | None) -> Page[CampaignRecord]:
    if campaign_id is not None:
        return Page([get_campaign(tenant_id, campaign_id)], None)
    return CampaignRecord.page(
        campaign_list(tenant_id), index="gsi1", newest_first=True, limit=CAMPAIGNS_AT_A_TIME, cursor=cursor
    )


def _streams(
    campaign: CampaignRecord, wanted: Filter, within: tuple[datetime, datetime] | None, now: datetime | None
) -> list[_Stream]:
    if campaign.published_at is None or campaign.opens_at is None or campaign.closes_at is None:
        return []
    # No order of a campaign is placed after its close, which may only move to a later time; an exchange stands there.
    # Campaigns that are still open begin level, now: else those that close late would use a page's reads up.
    level = min(campaign.closes_at, now + _CLOCKS_DIFFER) if now else campaign.closes_at
    newest, oldest = f"{sortable(level)}~", sortable(campaign.begins_at - _CLOCKS_DIFFER)
    if within is not None:
        newest, oldest = min(newest, sortable(within[1])), max(oldest, sortable(within[0]))
    shards = range(int(campaign.shards))
    partitions = [campaign_orders(campaign.tenant_id, campaign.id, shard) for shard in shards]
    condition, keep = wanted.condition("campaign_id"), wanted.passes if wanted.computes else None
    return [_Stream(partition, condition, keep, newest, oldest) for partition in partitions]


def _merge(
    streams: Sequence[_Stream], items: list[OrderRecord], limit: int, before: str | None, budget: _Budget
) -> str | None:
    """Adds the newest orders placed before a position, up to ``limit`` in all; answers the position of the next page.

    A stream is read only when its turn has come, so campaigns that closed earlier cost nothing. Those that begin level
    are asked for their share of the page, and for more only where it ends. A filter that matches little ends the page
    after some reads; the next page goes on from there.
    """
    start = before or max((stream.position for stream in streams), default="")
    for stream in streams:
        stream.start_at(start)
    # Two more than a share: what is uneven, and the order at the upper end that the page before has shown.
    share = limit // max(1, sum(stream.position == start for stream in streams)) + 2
    while len(items) < limit:
        top = max(streams, key=lambda stream: stream.position, default=None)
        if top is None or not top.position:
            return None
        if top.read:
            items.append(top.read.popleft())
        elif budget.is_spent(items) and top.position < start and not top.flows:
            return top.position
        else:
            missing = (limit - len(items)) // max(1, sum(stream.flows for stream in streams)) + 1
            budget.spend(top.read_on(max(share, missing) if top.flows else share))
    more = any(stream.position for stream in streams)
    return str(items[-1].gsi1sk) if more else None
