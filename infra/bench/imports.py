"""How many orders an import takes in a second, from the first message to the last event of who joined by it."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator
from unittest.mock import patch

from chalicelib.db import metered
from chalicelib.insight.imports.service import order_files
from infra.bench.figure import Figure, told
from infra.bench.nights import demo_or_sample
from infra.bench.stage import Brand, Stage
from infra.package import ROOT

_MOST_ROWS = 20_000
_FULL = ROOT.parent / "shared" / "data" / "cdnow" / "orders.csv.gz"
_BEFORE = "before items were sent as they are: 1,308 a second, 1,784 a CPU-second"


def figures(stage: Stage) -> Iterator[Figure]:
    """Lines of the table about imports."""
    source, content = _file()
    brand, orders = Brand(stage, "imports-bench"), content.count("\n") - 1
    with patch.object(order_files, "after_import", return_value=None):  # the rollup is measured by itself
        stage.ask("POST", "/v1/imports", {"kind": "orders", "csv": content}, brand.key)
        began, worked = time.perf_counter(), time.process_time()
        with metered() as meter:
            stage.pump.drain()
    wall, cpu = time.perf_counter() - began, time.process_time() - worked
    how = f"{source}, {orders:,} orders of which nobody was a member, with all that follows; {_BEFORE}"
    yield told("orders imported a second", f"{orders / wall:,.0f}", how)
    yield told("orders imported a CPU-second of ours", f"{orders / cpu:,.0f}", "the engine is a process of its own")
    requests = (meter.reads + meter.writes) / orders
    yield told(
        "requests an imported order", f"{requests:.2f}", f"before: 0.12; {meter.write_units / orders:.1f} write units"
    )


def _file() -> tuple[str, str]:
    if not _FULL.exists():
        return demo_or_sample()
    lines = gzip.decompress(_FULL.read_bytes()).decode().splitlines(keepends=True)
    return "CDNOW", "".join(lines[: _MOST_ROWS + 1])
