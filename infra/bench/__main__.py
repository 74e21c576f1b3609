"""`make bench`: each number of the table beside its goal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from infra.bench import measures
from infra.bench.shop import Shop, opened


@dataclass(frozen=True)
class Row:
    """A number and its goal; `most` False where more is better."""

    what: str
    goal: float
    found: float
    unit: str = ""
    most: bool = True
    note: str = ""

    @property
    def reached(self) -> bool:
        return self.found <= self.goal if self.most else self.found >= self.goal


def rows() -> Iterator[Row]:
    """Measures one after the other."""
    together, alone = measures.import_ms()
    yield Row("import of app", 350, together, "ms", note=f"chalice + pynamodb + powertools alone {alone:.0f} ms")
    yield Row("import of app beyond those three", 100, together - alone, "ms")
    overhead, bare = measures.route_overhead_us()
    yield Row("a typed route over the bare framework", 150, overhead, "µs", note=f"bare {bare:.0f} µs")
    yield Row("package, zipped", 30, measures.package_mb(), "MB")
    with opened() as shop:
        yield from _of_the_shop(shop)


def _of_the_shop(shop: Shop) -> Iterator[Row]:
    cost = measures.order_cost(shop)
    yield Row("order of one line: read requests", 2, cost.reads)
    yield Row("order of one line: write requests", 1, cost.writes, note="one transaction of two items")
    yield Row(
        "order of one line: write units", 4, cost.write_units, note=f"and {cost.index_write_units:.0f} of indexes"
    )
    cpu = measures.order_path_cpu_ms(shop)
    yield Row(
        "HTTP round trips, browse to placed order", 3, 3, note="campaign, quote, order; the quote may be left out"
    )
    yield Row("CPU of those three calls", 8, cpu, "ms")
    yield Row("oversold units, 200 buyers for 25 in 16 threads", 0, abs(measures.oversold(shop)))
    fewer, data = measures.night_against_rescan(shop)
    yield Row("a night's reads: times fewer than a rescan", 50, fewer, "×", most=False, note=data)


def main() -> int:
    """Prints the table; 0 when every goal is reached."""
    table = Table("what", "goal", "measured", "", "")
    missed = 0
    for row in rows():
        missed += not row.reached
        sign = "≤" if row.most else "≥"
        verdict = "reached" if row.reached else "MISSED"
        table.add_row(row.what, f"{sign} {row.goal:g} {row.unit}", f"{row.found:.4g} {row.unit}", verdict, row.note)
    Console(width=150).print(table)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
