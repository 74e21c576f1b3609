"""How many orders a second are placed and worked off, for as long as one likes, on a machine of two processors.

One process takes the shoppers' calls, another is the relay and the workers, and the engine is a third: all that the
product and its store need. What counts is the time from the first call until nothing waits any more.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.bench.buying import Buying
from infra.bench.figure import Figure, at_least, told
from infra.bench.stage import Brand, Stage
from infra.local import application
from infra.local.engine import Engine
from infra.local.pump import Pump
from infra.local.resources import Resources

ORDERS, WARM_UP, SHOPPERS, A_SECOND, PROCESSORS = 900, 20, 4, 75, 2
LAMBDA_POLLS = 0.25
"""Seconds between two looks at a stream: Lambda's base rate is four a second ("Polling and batching streams", AWS
Lambda Developer Guide)."""

_TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Run:
    """Seconds for ``orders`` with all that they set in motion, and processor time in milliseconds."""

    orders: int
    seconds: float
    calls_ms: float
    workers_ms: float
    engine_ms: float

    @property
    def a_second(self) -> float:
        return self.orders / self.seconds

    @property
    def each_ms(self) -> float:
        """Processor time of an order, the engine's included."""
        return (self.calls_ms + self.workers_ms + self.engine_ms) / self.orders


def figures(stage: Stage) -> Iterator[Figure]:
    """Lines of the table about orders that keep coming."""
    run = sustain(stage)
    parts = ("calls", run.calls_ms), ("relay and workers", run.workers_ms), ("engine", run.engine_ms)
    said = ", ".join(f"{name} {ms / run.orders:.1f} ms" for name, ms in parts)
    yield at_least("orders a second, placed and worked off", A_SECOND, run.a_second, "/s", f"{ORDERS} orders; {said}")
    yield told(
        "… if two processors had nothing else to do",
        f"{PROCESSORS * 1000 / run.each_ms:.0f} /s",
        f"{run.each_ms:.1f} ms of processor time an order, of all three processes",
    )


def sustain(stage: Stage) -> Run:
    """Places orders, each by a member of its own and so many at a time, while another process works off what they set
    in motion.
    """
    brand = Brand(stage, "sustained-bench")
    shop = Buying(stage, brand, brand.members(ORDERS + WARM_UP))
    for _ in range(WARM_UP):
        shop.run(lambda _, call: call())
    context = multiprocessing.get_context("spawn")
    ended = context.Event()
    worker = context.Process(target=_work, args=(stage.pump.engine.port, stage.made, ended), daemon=True)
    worker.start()
    _wait_until_quiet(stage)
    engine_pid = stage.pump.engine.pid
    engine_ms, workers_ms = _processor_ms(engine_pid), _processor_ms(worker.pid)
    started, busy = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(SHOPPERS) as shoppers:
        list(shoppers.map(lambda _: shop.run(lambda _, call: call()), range(ORDERS)))
    calls = (time.process_time() - busy) * 1000
    _wait_until_quiet(stage)
    seconds = time.perf_counter() - started
    workers_ms, engine_ms = _processor_ms(worker.pid) - workers_ms, _processor_ms(engine_pid) - engine_ms
    run = Run(ORDERS, seconds, calls, workers_ms, engine_ms)
    ended.set()
    worker.join()
    return run


def _work(port: int, made: Resources, ended: Any) -> None:
    """The relay and every worker, in a process of their own; the environment is the parent's."""
    engine = Engine(port=port)
    pump = Pump(application.load(), engine, made)
    # Powertools prints every hundred values of a metric, also where metrics are turned off.
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
        while not ended.is_set():
            pump.drain()
            time.sleep(LAMBDA_POLLS)


def _wait_until_quiet(stage: Stage) -> None:
    while any(stage.pump.pending().values()):
        time.sleep(0.05)


def _processor_ms(pid: int | None) -> float:
    """Milliseconds of processor time that a process has taken, as Linux tells."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * _TICK_MS
