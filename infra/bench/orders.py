"""What an order costs: requests and capacity units, round trips, and the processor time of our functions."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

from chalicelib.db import Meter, metered
from infra.bench.buying import Buying
from infra.bench.figure import Figure, at_most, exactly, told
from infra.bench.routes import bare_microseconds
from infra.bench.stage import Brand, Stage

ROUNDS = 200
WARM_UP = 20
_INDEXES_OF_AN_ORDER = 2
GOALS_MACHINE = 23
"""Microseconds for which bare Chalice answered where the goals were set."""


def figures(stage: Stage) -> Iterator[Figure]:
    """Lines of the table about one order of one line."""
    brand = Brand(stage, "orders-bench")
    shop = Buying(stage, brand, brand.members(1))
    yield from _cost(shop)
    yield from _processor_time(shop)


def _cost(shop: Buying) -> Iterator[Figure]:
    meters: dict[str, Meter] = {}

    def count(name: str, call: Callable[[], Any]) -> None:
        with metered() as meters[name]:
            call()

    shop.run(lambda _, call: call())  # from then on the process knows whose the store is
    shop.run(count)
    order = meters["order"]
    transactions = order.by_operation["TransactWriteItems"]
    yield exactly("write requests of an order", 1, order.writes, how=f"{transactions} TransactWriteItems, 2 items")
    yield exactly("write units of an order", 4, order.write_units, how="as DynamoDB reports them, tables only")
    yield at_most(
        "index write units of an order", _INDEXES_OF_AN_ORDER, order.index_write_units, "", "one for each list it is in"
    )
    yield at_most("read requests of an order", 2, order.reads, "", spelled(order))
    yield at_most("HTTP round trips, browse to placed order", 3, len(meters), "", "campaigns, quote, order; signed in")
    reads, writes = sum(m.reads for m in meters.values()), sum(m.writes for m in meters.values())
    said = ", ".join(f"{name}: {spelled(meter)}" for name, meter in meters.items())
    yield told("database requests, browse to placed order", f"{reads} reads, {writes} write", said)


def spelled(meter: Meter) -> str:
    """The requests of a meter, in words."""
    return " + ".join(f"{count} {name}" for name, count in meter.by_operation.items())


def time_spent(shop: Buying, rounds: int, warm_up: int) -> dict[str, list[float]]:
    """The processor time of each call, in milliseconds, without that of the first orders."""
    spent: dict[str, list[float]] = {}

    def clocked(name: str, call: Callable[[], Any]) -> None:
        started = time.process_time()
        call()
        spent.setdefault(name, []).append((time.process_time() - started) * 1000)

    for _ in range(warm_up + rounds):
        shop.run(clocked)
    return {name: values[warm_up:] for name, values in spent.items()}


def _processor_time(shop: Buying) -> Iterator[Figure]:
    each = time_spent(shop, ROUNDS, WARM_UP)
    whole = [sum(way) for way in zip(*each.values(), strict=True)]
    said = ", ".join(f"{name} {median(values):.2f}" for name, values in each.items())
    yield at_most(
        "CPU of our functions for that path", 6, median(whole), "ms",
        f"process CPU of the handlers, Chalice, pynamodb and botocore; not the engine; median of {ROUNDS}: {said}",
        digits=2,
    )  # fmt: skip
    here = bare_microseconds()
    yield told(
        "… at the speed of the machine the goal is from", f"{median(whole) * GOALS_MACHINE / here:.2f} ms",
        f"bare Chalice answers a GET in {GOALS_MACHINE} µs there, in {here:.0f} µs here",
    )  # fmt: skip
