"""Counting a closed campaign's orders: each shard of their index in parts, and each part kept in the shard's tally.

A worker that dies repeats the part it was at, and what one message counts is bounded, however many orders a shard has.
Of two workers at one shard the tally's revision lets one go on.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import Refused, Transaction, fetch_many
from chalicelib.db.records import PAGE
from chalicelib.kernel.errors import Unavailable
from chalicelib.orders.counting.records import MetRecord, TallyRecord
from chalicelib.orders.ending.service.teams import all_filled
from chalicelib.orders.records import OrderRecord, campaign_orders

ORDERS_AT_A_TIME = 20_000
"""Orders read for one message, and at most a part more: 20 MB, a few seconds."""
PAGES_OF_A_PART = 4
TEAMS_OF_A_PART = 100
"""So many teams end a part early: each hundred of them is a request."""
PARTS_AT_ONCE = 100
"""Parts whose members are in memory together: 80,000 of them at most, 8 MB, and what one request reads."""
_MET_KEPT = timedelta(days=30)
"""So long the members of a part are kept; a count takes minutes, and is reminded of for as long as it takes."""


class IndexBehind(Unavailable):
    """The index does not show every order of the buckets yet. It does in a moment: the message comes again."""

    code, title, title_zh = "index_behind", "Orders are still being indexed", "订单索引尚未更新"


@dataclass
class _Part:
    """What the next orders of a shard come to. ``after`` is where the ones after them begin, None at the end."""

    after: dict[str, Any] | None
    read: int = 0
    orders: int = 0
    amount_minor: int = 0
    members: set[str] = field(default_factory=set)
    teams: set[str] = field(default_factory=set)
    taken: Counter[str] = field(default_factory=Counter)
    waits: bool = False

    def add(self, order: OrderRecord) -> None:
        self.waits = self.waits or order.pending is not None
        self.orders += 1
        self.amount_minor += order.goods_minor
        self.members.add(order.member_id)
        if order.team_id is not None:
            self.teams.add(order.team_id)
        for line in order.lines:
            for stock, takes in line.sources:
                self.taken.update({f"{stock}:{take.bucket}": take.units for take in takes})


def tally(campaign: CampaignRecord, now: datetime) -> list[TallyRecord] | None:
    """A tally of every shard, counting what is not counted yet.

    None when the rest is left to another message, which it has asked for, or to another worker who is as far; and where
    an order's change waits for its payment, whose end asks for this again. Raises IndexBehind where an order's team
    still forms.
    """
    tallies = _so_far(campaign)
    read = 0
    for shard, found in enumerate(tallies):
        while not found.is_done(campaign.closes_at):
            part = _part(campaign, shard, found.after)
            if part.waits:
                return None
            read += part.read
            met = _add(found, part, campaign.closes_at, now)
            more = read >= ORDERS_AT_A_TIME and (found.after is not None or found is not tallies[-1])
            if more:
                found.emit("orders.counting", now, campaign_id=campaign.id)
            try:
                _keep([found], met)
            except Refused:
                return None  # another worker has counted on meanwhile
            if more:
                return None
    return tallies


def forget(tallies: Iterable[TallyRecord]) -> None:
    """Has every shard counted anew, unless another worker is at it already."""
    for each in tallies:
        each.begin()
    with suppress(Refused):
        _keep(tallies)


def _so_far(campaign: CampaignRecord) -> list[TallyRecord]:
    addresses = [TallyRecord.address(campaign.tenant_id, campaign.id, n) for n in range(int(campaign.shards))]
    known: list[TallyRecord | None] = fetch_many([(TallyRecord, *each) for each in addresses], consistent=True)
    tallies = [found or TallyRecord(*new, rev=0) for new, found in zip(addresses, known, strict=True)]
    for each in tallies:
        if each.closes_at != campaign.closes_at:
            each.begin()
    return tallies


def _part(campaign: CampaignRecord, shard: int, after: dict[str, Any] | None) -> _Part:
    partition = campaign_orders(campaign.tenant_id, campaign.id, shard)
    part = _Part(after)
    for _ in range(PAGES_OF_A_PART):
        page = OrderRecord.page(partition, index="gsi1", limit=PAGE, cursor=part.after)
        part.after, part.read = page.last_key, part.read + len(page.items)
        for order in page.items:
            if order.is_sold:
                part.add(order)
        if part.after is None or len(part.teams) >= TEAMS_OF_A_PART:
            break
    if not all_filled(campaign.tenant_id, part.teams):
        raise IndexBehind("A team still forms that the index did not show; the message will come again.")
    return part


def _add(found: TallyRecord, part: _Part, closes_at: datetime | None, now: datetime) -> MetRecord | None:
    """Adds a part to its shard's tally; answers with its members where there are more parts to come."""
    found.closes_at, found.after = closes_at, part.after
    found.orders = int(found.orders) + part.orders
    found.amount_minor = int(found.amount_minor) + part.amount_minor
    found.taken = dict(part.taken + Counter(found.taken))
    if part.after is not None:
        found.parts = int(found.parts) + 1
        gone_at = int((now + _MET_KEPT).timestamp())
        return MetRecord(*found.met(int(found.parts)), members=sorted(part.members), expires_at=gone_at)
    found.participants = _participants(found, part.members)
    return None


def _participants(found: TallyRecord, last: set[str]) -> int:
    """How many members were met in any part, the ``last`` one included. Where there are many parts they are read once
    for each of some ranges of members, so that no more than those of ``PARTS_AT_ONCE`` are in memory.
    """
    parts = int(found.parts)
    ranges = 1 + parts // PARTS_AT_ONCE
    addresses = [(MetRecord, *found.met(n + 1)) for n in range(parts)]
    participants = 0
    for each in range(ranges):
        members = {member for member in last if _range_of(member, ranges) == each}
        for start in range(0, parts, PARTS_AT_ONCE):
            for met in fetch_many(addresses[start : start + PARTS_AT_ONCE], consistent=True):
                members.update(member for member in met.members if _range_of(member, ranges) == each)
        participants += len(members)
    return participants


def _range_of(member_id: str, ranges: int) -> int:
    """By another hash than the one that chose the shard: all members of a shard agree in that."""
    return int.from_bytes(hashlib.sha256(member_id.encode()).digest()[:4]) % ranges if ranges > 1 else 0


def _keep(tallies: Iterable[TallyRecord], met: MetRecord | None = None) -> None:
    """Raises Refused where another worker has counted on meanwhile."""
    tx = Transaction()
    for each in tallies:
        each.write(tx)
    if met is not None:
        tx.put("met", met)
    tx.commit()
