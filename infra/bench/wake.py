"""What an order sets in motion: the three calls of its member, the relay, and every worker that it wakes.

Each order is a member's first ever, which costs the most: it is an item of their history as well, and that they are
new now is told once for all who are taken in together, by a second wake of the relay and of what begins journeys.
Orders come alone, or so many at once that the batches of the stream and of the queues are full, as they are while a
store is busy.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import median

from chalicelib.notices.settings.service import brand_messages
from chalicelib.notices.templates.service.remembered import own_words
from chalicelib.tenancy import brand_of
from infra.bench.buying import Buying
from infra.bench.figure import Figure, at_most, told
from infra.bench.ledger import Ledger, Part, watched
from infra.bench.orders import GOALS_MACHINE
from infra.bench.prices import Dollars, dollars
from infra.bench.routes import bare_microseconds
from infra.bench.stage import Brand, Stage

TOGETHER = 50
"""Orders whose changes fill a batch of the stream: each changes the order and a stock bucket."""

ROUNDS, WARM_UP = 6, 2
CALLS = ("browse", "quote", "order")
API = "api_handler"
CALLS_MS, WHOLE_MS = 6, 15


@dataclass(frozen=True, slots=True)
class Cost:
    """What a function takes for some orders: requests to tables and items, write units with those of indexes, and
    messages that it sends or that reach it. ``calls`` is how often it is called.
    """

    calls: int
    reads: int
    items_read: int
    writes: int
    items_written: int
    units: float
    messages: int

    def __str__(self) -> str:
        tables = f"{self.reads} R of {self.items_read}, {self.writes} W of {self.items_written}, {self.units:g} units"
        return f"{tables}; {self.messages} messages; {self.calls} calls"


ALONE: Mapping[str, Cost] = {
    "relay": Cost(2, 0, 0, 0, 0, 0, 5),
    "orders_worker": Cost(1, 2, 2, 1, 2, 4, 1),
    "insight_worker": Cost(1, 15, 11, 7, 12, 19, 1),
    "broadcasts_worker": Cost(1, 1, 0, 0, 0, 0, 1),
    "service_worker": Cost(2, 6, 4, 0, 0, 0, 3),
    "notify_worker": Cost(1, 5, 1, 4, 5, 13, 1),
}
"""An order that comes by itself, without its three calls."""

FULL: Mapping[str, Cost] = {
    "relay": Cost(2, 0, 0, 0, 0, 0, 21),
    "orders_worker": Cost(1, 2, 51, 1, 51, 102, 5),
    "insight_worker": Cost(1, 35, 267, 13, 307, 512, 5),
    "broadcasts_worker": Cost(1, 1, 0, 0, 0, 0, 5),
    "service_worker": Cost(2, 6, 53, 0, 0, 0, 11),
    "notify_worker": Cost(1, 152, 50, 200, 250, 650, 5),
}
"""Fifty orders at once, each with its receipt by e-mail and in the inbox. Of a brand that no owner has confirmed yet,
whose messages to members who came by themselves are counted by one budget, and without endpoints: whether it has any is
all that is asked of events.
"""


def figures(stage: Stage) -> Iterator[Figure]:
    """Lines of the table about the wake of an order of one line."""
    brand = Brand(stage, "wake-bench")
    tokens = brand.members(1 + (WARM_UP + ROUNDS + 1) * TOGETHER)
    shop = Buying(stage, brand, tokens)
    stage.pump.drain()
    yield from _counts("alone", ALONE, ordered(shop, 1))
    for _ in range(WARM_UP):
        ordered(shop, TOGETHER)
    gc.freeze()  # as the start of a deployed function leaves it: what was imported is never looked through again
    rounds = [ordered(shop, TOGETHER) for _ in range(ROUNDS)]
    yield from _counts(f"of {TOGETHER}", FULL, rounds[0])
    yield from _times(rounds)
    yield from _dollars(rounds)


def ordered(shop: Buying, count: int) -> Ledger:
    """What so many orders took, once everything that they set in motion is done; nothing is remembered of before."""
    for remembered in (brand_of, brand_messages, own_words):
        remembered.forget()
    with watched(shop.stage) as (ledger, work_off):
        for _ in range(count):
            shop.run(lambda name, call: _called(ledger, name, call))
        work_off()
    return ledger


def _called(ledger: Ledger, name: str, call: object) -> None:
    with ledger.watch(name):
        assert callable(call)
        call()


def cost(part: Part) -> Cost:
    """The counts of a part, which are the same on every machine."""
    tables, messages = part.tables, part.messages
    return Cost(
        part.calls,
        tables.reads,
        tables.items_read,
        tables.writes,
        tables.items_written,
        part.units,
        messages["SendMessageBatch"] + messages["SendMessage"] + messages["ReceiveMessage"],
    )


def _counts(which: str, said: Mapping[str, Cost], ledger: Ledger) -> Iterator[Figure]:
    for name, part in ledger.parts.items():
        found = cost(part)
        queues = ", ".join(f"{n} {operation}" for operation, n in sorted(part.requests.items()))
        how = f"{part.tables.read_units:g} read units" + (f"; {queues}" if queues else "")
        if name in CALLS:
            yield told(f"an order {which}: {name}", str(found), how)
        else:
            goal = said.get(name)
            yield Figure(f"an order {which}: {name}", str(goal or "nothing"), str(found), found == goal, how)
    yield told(f"an order {which}: records of the stream", str(ledger.changes))
    yield told(f"an order {which}: all of it", _each(ledger), "each order's share, its three calls included")


def _each(ledger: Ledger) -> str:
    parts, orders = list(ledger.parts.values()), ledger["order"].calls
    costs = [cost(part) for part in parts]
    reads, writes, units = (sum(getattr(each, name) for each in costs) for name in ("reads", "writes", "units"))
    sent = sum(part.messages["SendMessageBatch"] + part.messages["SendMessage"] for part in parts)
    asked = sum(sum(part.requests.values()) for part in parts)
    told_as = (reads, "R"), (writes, "W"), (units, "units"), (sent, "messages"), (asked, "requests to queues")
    return ", ".join(f"{number / orders:.2f} {what}" for number, what in told_as)


def _times(rounds: list[Ledger]) -> Iterator[Figure]:
    spent = {name: median(each[name].cpu_ms / TOGETHER for each in rounds) for name in rounds[0].parts}
    said = ", ".join(f"{name} {ms:.2f}" for name, ms in spent.items())
    calls = sum(spent[name] for name in CALLS)
    how = f"process CPU of our functions, median of {len(rounds)} rounds of {TOGETHER} orders"
    yield at_most("CPU of an order's three calls", CALLS_MS, calls, "ms", how, digits=2)
    whole = sum(spent.values())
    yield at_most("CPU of an order with its whole wake", WHOLE_MS, whole, "ms", said, digits=2)
    here = bare_microseconds()
    yield told(
        "… at the speed of the machine the goal is from", f"{whole * GOALS_MACHINE / here:.2f} ms",
        f"bare Chalice answers a GET in {GOALS_MACHINE} µs there, in {here:.0f} µs here",
    )  # fmt: skip


def _dollars(rounds: list[Ledger]) -> Iterator[Figure]:
    each = {name: _thousand(name, rounds) for name in rounds[0].parts}
    whole = sum(each.values(), Dollars())
    by_service = ", ".join(
        f"{service} {getattr(whole, service):.4f}" for service in ("gateway", "functions", "tables", "queues")
    )
    yield told("dollars for 1,000 orders", f"${whole.total:.4f}", f"published prices, see prices.py: {by_service}")
    for name, price in each.items():
        yield told(f"… of which {name}", f"${price.total:.4f}")


def _thousand(name: str, rounds: list[Ledger]) -> Dollars:
    over_http = name in CALLS
    found = (dollars(API if over_http else name, each[name], asked_over_http=over_http) for each in rounds)
    whole = sum(found, Dollars())
    scale = 1_000 / (TOGETHER * len(rounds))
    return Dollars(whole.gateway * scale, whole.functions * scale, whole.tables * scale, whole.queues * scale)
