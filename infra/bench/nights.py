"""What a night reads against what a reading of the whole history would, on real orders."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from unittest.mock import patch

from chalicelib.db import Meter, metered
from chalicelib.insight.imports.service import order_files
from chalicelib.kernel import clock
from infra.bench.figure import Figure, told
from infra.bench.stage import Brand, Stage
from infra.package import ROOT

FEWER = 50
_SHARED = ROOT.parent / "shared" / "data" / "cdnow" / "orders_sample.csv"
_DEMO = ROOT / "infra" / "local" / "demo" / "orders.csv.gz"
_A_DAY = 24 * 3600


def figures(stage: Stage) -> Iterator[Figure]:
    """Lines of the table about the nightly rollup."""
    brand = Brand(stage, "nights-bench")
    source, content = demo_or_sample()
    stage.ask("POST", "/v1/imports", {"kind": "orders", "csv": content}, brand.key)
    stage.pump.drain()
    days = sorted(line.split(",")[2][:10] for line in content.splitlines()[1:])
    rescan = _rescan(stage, brand, days[0], days[-1])
    night = _night(stage, brand, days[-1])
    fewer = rescan.items_read / max(1, night.items_read)
    how = f"{source}, {len(days):,} orders: {night.items_read} records against {rescan.items_read:,}"
    yield Figure("nightly reads against a rescan", f"≥ {FEWER}× fewer", f"{fewer:.0f}× fewer", fewer >= FEWER, how)
    yield told("read requests of that night", str(night.reads), f"of the rescan {rescan.reads}, of up to 1 MB each")
    yield told("write requests of that night", str(night.writes), "aggregates of the day and the month that changed")


def demo_or_sample() -> tuple[str, str]:
    """Which orders there are to measure with, and their file."""
    if _SHARED.exists():
        return "CDNOW sample", _SHARED.read_text()
    return "demo orders (CDNOW is not beside this repository)", gzip.decompress(_DEMO.read_bytes()).decode()


def _rescan(stage: Stage, brand: Brand, first: str, last: str) -> Meter:
    stage.ask("POST", "/v1/rollups", {"from_on": first, "to_on": last}, brand.key)
    with metered() as meter:
        stage.pump.drain()
    return meter


def _night(stage: Stage, brand: Brand, on: str) -> Meter:
    header = "order_ref,member,ordered_on,quantity,amount_minor,currency\n"
    _pass(stage)  # who came with the history is taken in
    late = {"kind": "orders", "csv": f"{header}late-1,late-member,{on},1,100,CNY\n"}
    with patch.object(order_files, "after_import", return_value=None):  # the night is to find the day dirty
        stage.ask("POST", "/v1/imports", late, brand.key)
        stage.pump.drain()
    meter = _pass(stage)
    clock.set_offset(0)
    return meter


def _pass(stage: Stage) -> Meter:
    """A night passes."""
    clock.set_offset(clock.offset() + _A_DAY)
    for schedule in stage.pump.schedules:
        stage.pump.run_schedule(schedule, clock.now())
    with metered() as meter:
        stage.pump.drain()
    return meter
