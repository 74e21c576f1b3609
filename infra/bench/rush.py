"""A rush that no machine here could carry: five thousand orders a second, against what DynamoDB promises a partition.

Nothing is sent. The product's own functions say which keys each order touches (bucket, order list, member list, due
list), and the capacity that each key is asked for is added up second by second. Buyers come as a Poisson stream.

The limits are those that AWS publishes for one partition key of a table or an index: 1,000 write units and 3,000 read
units a second ("Best practices for designing and using partition keys effectively", Amazon DynamoDB Developer Guide).
A transactional write of an item of up to a kilobyte takes 2 write units, also when its condition fails; an index entry
of up to a kilobyte takes 1; an eventually consistent read of up to 4 KB takes half a read unit ("Read and write
operations", the same guide).
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from chalicelib.campaigns.stock.model import bucket_count, split
from chalicelib.coupons.model import parts as coupons
from chalicelib.coupons.service.using import REMEMBERED as USED_UP
from chalicelib.db.tenant_records import due_shard
from chalicelib.orders.model import shard_of
from chalicelib.orders.rush.service import REMEMBERED
from chalicelib.orders.stock.model.buckets import first_bucket, take_units
from chalicelib.promotions.model.budget import Left, divided, first_part, parts_for, shares_of
from infra.bench.figure import Figure, at_most

WRITE_LIMIT, READ_LIMIT = 1_000, 3_000
TRANSACTIONAL, INDEXED, GLANCED = 2.0, 1.0, 0.5
"""Units of a transactional write, of an index entry, and of an eventually consistent read, of one kilobyte."""

PAYING_SECONDS = 4
"""So long after its order each payment lands. People take longer; then the two waves overlap less."""

BUSY_SECONDS = 0.05
"""How long an order keeps a process of Lambda busy: so many processes share the rush, each with a memory of its own."""

MEMBERS = 500_000
PROMOTIONS_KILOBYTES = 64
"""As many active promotions as there may be."""
CAMPAIGN_KILOBYTES = 16
"""A campaign with many offers and a long text."""


@dataclass(frozen=True, slots=True)
class Rush:
    """So many orders a second of one unit each, for an offer of so many units; ``online`` orders are paid later."""

    orders_per_second: int
    seconds: int
    units: int
    online: bool
    seed: int = 1
    promoted: int = 0
    """So many orders the budget of a promotion pays for; 0 without one."""
    coded: int = 0
    """So many orders may use the coupon of the one code that all have entered; 0 without one."""


@dataclass(slots=True)
class Load:
    """Units asked of each partition key in the second at hand, and the most that any key of a kind was asked for."""

    now: dict[tuple[str, str], float] = field(default_factory=lambda: defaultdict(float))
    most: dict[str, float] = field(default_factory=dict)
    sold: int = 0
    refused: int = 0
    promoted: int = 0
    coded: int = 0

    def add(self, kind: str, key: object, units: float) -> None:
        """Asks a key for units."""
        self.now[kind, str(key)] += units

    def second_over(self) -> None:
        """Keeps the busiest key of each kind, and starts the next second."""
        for (kind, _), units in self.now.items():
            self.most[kind] = max(self.most.get(kind, 0.0), units)
        self.now.clear()


def simulate(rush: Rush) -> Load:
    """Runs the rush and returns what it asked of the busiest keys. Units sold never pass what there was."""
    chance = random.Random(rush.seed)
    buckets = bucket_count(rush.orders_per_second, rush.units, online=rush.online)
    parts = [int(part.uses or 0) for part in divided(None, rush.promoted, parts_for(None, rush.promoted, "CNY"))]
    processes = round(rush.orders_per_second * BUSY_SECONDS)
    uses = coupons.divided(rush.coded, coupons.number_of_parts(rush.coded, None, None)) if rush.coded else []
    stock = split(rush.units, buckets)
    shop = _Shop(Load(), stock, rush.online, processes, parts if rush.promoted else [], uses, chance)
    unpaid = [list[tuple[str, str, int]]() for _ in range(rush.seconds + PAYING_SECONDS)]
    for second in range(rush.seconds):
        buyers = _poisson(chance, rush.orders_per_second)
        for n in range(buyers):
            order_id, member_id = f"{chance.getrandbits(80):020X}{n:06d}", f"member-{chance.randrange(MEMBERS)}"
            bucket = shop.order(order_id, member_id, chance.randrange(shop.processes), second + n / buyers)
            if bucket is not None and rush.online:
                unpaid[second + PAYING_SECONDS].append((order_id, member_id, bucket))
        for order_id, member_id, bucket in unpaid[second]:
            shop.pay(order_id, member_id, bucket)
        shop.load.second_over()
    return shop.load


@dataclass(slots=True)
class _Shop:
    """The order path of so many processes, as far as it asks anything of DynamoDB."""

    load: Load
    free: list[int]
    online: bool
    processes: int
    parts: list[int]
    uses: list[int]
    chance: random.Random
    campaign_seen: dict[int, float] = field(default_factory=dict)
    promotions_seen: dict[int, float] = field(default_factory=dict)
    sold_out_seen: dict[int, float] = field(default_factory=dict)
    spent_seen: dict[int, float] = field(default_factory=dict)
    used_up_seen: dict[int, float] = field(default_factory=dict)

    def order(self, order_id: str, member_id: str, process: int, at: float) -> int | None:
        """The bucket that gives the unit, or None for a refusal."""
        if not self._remembers(self.campaign_seen, process, at):
            self.load.add("campaign, reads", "", GLANCED * CAMPAIGN_KILOBYTES / 4)
            self.campaign_seen[process] = at
        if self.parts and not self._remembers(self.promotions_seen, process, at):
            self.load.add("promotions, reads", "", GLANCED * PROMOTIONS_KILOBYTES / 4)
            self.promotions_seen[process] = at
        bucket = None if self._remembers(self.sold_out_seen, process, at) else self._take(order_id, process, at)
        if bucket is None:
            self.load.refused += 1
            return None
        self.load.sold += 1
        if self.uses:
            self._use_coupon(order_id, member_id, bucket, process, at)
        if self.parts and not self._remembers(self.spent_seen, process, at):
            self._fund(order_id, bucket, process, at)
        self._listed(order_id, member_id)
        return bucket

    def _fund(self, order_id: str, bucket: int, process: int, at: float) -> None:
        """The part of a budget that is asked first or, after a look at all of them, another; each refusal is one of the
        whole order, which asks its bucket again.
        """
        part = first_part(order_id, "promotion", len(self.parts))
        self.load.add("budget, writes", part, TRANSACTIONAL)
        if self.parts[part] == 0:
            for n in range(len(self.parts)):
                self.load.add("budget, reads", n, 2 * GLANCED)
            self.load.add("bucket, writes", bucket, TRANSACTIONAL)
            left = [Left(None, uses) for uses in self.parts]
            shares = shares_of(left, 0, 1, self.chance.randrange(len(left)))
            if shares is None:
                self.spent_seen[process] = at
                return
            part = shares[0].part
            self.load.add("budget, writes", part, TRANSACTIONAL)
        self.parts[part] -= 1
        self.load.promoted += 1

    def _use_coupon(self, order_id: str, member_id: str, bucket: int, process: int, at: float) -> None:
        """The member's coupon and the part of its batch that is asked first or, after a look at all of them, another.
        Each refusal is one of the whole order. Who is told that all are used up orders again without it.
        """
        self.load.add("a member's coupon, reads", member_id, GLANCED)
        if self._remembers(self.used_up_seen, process, at, USED_UP):
            return
        part = coupons.first_part(order_id, len(self.uses))
        while True:
            self.load.add("a member's coupon, writes", member_id, TRANSACTIONAL)
            self.load.add("coupon part, writes", part, TRANSACTIONAL)
            if self.uses[part]:
                self.uses[part] -= 1
                self.load.coded += 1
                return
            self.load.add("bucket, writes", bucket, TRANSACTIONAL)
            if self.parts:
                first = first_part(order_id, "promotion", len(self.parts))
                self.load.add("budget, writes", first, TRANSACTIONAL)
            for n in range(len(self.uses)):
                self.load.add("coupon part, reads", n, 2 * GLANCED)
            left = [coupons.Left(uses, coupons.UNLIMITED) for uses in self.uses]
            found = coupons.part_that_pays(left, 0, part)
            if found is None:
                self.used_up_seen[process] = at
                return
            part = found

    def pay(self, order_id: str, member_id: str, bucket: int) -> None:
        """A held order's units are sold."""
        self.load.add("bucket, writes", bucket, TRANSACTIONAL)
        self._listed(order_id, member_id)

    def _take(self, order_id: str, process: int, at: float) -> int | None:
        """The first bucket that is asked or, after a look at all of them, the next with stock."""
        bucket = first_bucket(order_id, "offer", len(self.free))
        self.load.add("bucket, writes", bucket, TRANSACTIONAL)
        if self.free[bucket] == 0:
            takes = take_units(self.free, 1, bucket)
            for n in range(len(self.free)):
                # A glance; where all seems empty, a second look that is consistent and costs twice as much.
                self.load.add("bucket, reads", n, GLANCED if takes else 3 * GLANCED)
            if takes is None:
                self.sold_out_seen[process] = at
                return None
            bucket = takes[0].bucket
            self.load.add("bucket, writes", bucket, TRANSACTIONAL)
        self.free[bucket] -= 1
        return bucket

    def _listed(self, order_id: str, member_id: str) -> None:
        """The index entries that a write of the order makes; a held order stands in the due index until it is paid."""
        self.load.add("list of a campaign's orders", shard_of(member_id, len(self.free)), INDEXED)
        self.load.add("list of a member's orders", member_id, INDEXED)
        if self.online:
            self.load.add("list of what is due", due_shard(order_id), INDEXED)

    @staticmethod
    def _remembers(seen: dict[int, float], process: int, at: float, long: timedelta | None = None) -> bool:
        return at - seen.get(process, -1e9) < (REMEMBERED if long is None else long).total_seconds()


def _poisson(chance: random.Random, mean: int) -> int:
    """How many come in a second. For means of thousands the normal distribution is as good."""
    return max(0, round(chance.gauss(mean, mean**0.5)))


RUSHES: Sequence[tuple[str, Rush]] = (
    ("paid at pickup, stock for all", Rush(5_000, 10, 60_000, online=False)),
    ("paid at pickup, sold out at half time", Rush(5_000, 10, 25_000, online=False)),
    ("paid online, stock for all", Rush(5_000, 12, 70_000, online=True)),
    ("paid online, sold out at half time", Rush(5_000, 12, 30_000, online=True)),
    ("paid at pickup, five units for everyone", Rush(5_000, 5, 5, online=False)),
    ("paid at pickup, a budget for all", Rush(5_000, 5, 40_000, online=False, promoted=40_000)),
    ("paid at pickup, a budget for half", Rush(5_000, 10, 60_000, online=False, promoted=25_000)),
    ("a code and a budget for all", Rush(5_000, 5, 40_000, online=False, promoted=40_000, coded=40_000)),
    ("a code and a budget for half", Rush(5_000, 10, 60_000, online=False, promoted=25_000, coded=25_000)),
)


def figures() -> Iterator[Figure]:
    """The busiest key of each kind against its limit, for each rush."""
    for name, rush in RUSHES:
        load = simulate(rush)
        for kind, most in sorted(load.most.items()):
            limit = READ_LIMIT if kind.endswith("reads") else WRITE_LIMIT
            yield at_most(f"busiest {kind}", limit, most, "units/s", f"{rush.orders_per_second} orders/s, {name}")
