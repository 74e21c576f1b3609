"""`python -m infra.bench.insight_costs`: what nights and weekly recounts of many large brands cost a month.

Measured is one night of one such brand (tests/insight/test_scale.py prints it); all else are assumptions, each of them
a parameter. docs/scale.md says what they mean.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, fields

from infra.bench.prices import (
    FULL_PROCESSOR,
    FUNCTION_REQUEST,
    GIGABYTE_SECOND,
    QUEUE_REQUEST,
    READ_UNIT,
    WAIT_MS,
    WRITE_UNIT,
    memory_of,
)

_NIGHTS, _WEEKS = 30.4, 30.4 / 7


@dataclass(frozen=True)
class Assumed:
    """The brands, and what one of their nights took."""

    brands: int = 10_000
    orders: int = 20_000
    days_kept: int = 365
    requests: int = 21
    read_units: int = 717
    write_units: int = 582
    processor_seconds: float = 2.0
    recount_seconds: float = 1.3
    order_bytes: int = 120

    def night(self) -> dict[str, float]:
        """Dollars of one night of one brand."""
        return {
            "functions": FUNCTION_REQUEST + _function("rollup_worker", self.processor_seconds, self.requests),
            "reads": self.read_units * READ_UNIT,
            "writes": self.write_units * WRITE_UNIT,
            "queues": 6 * QUEUE_REQUEST,
        }

    def recount(self) -> dict[str, float]:
        """Dollars of one recount of one brand: all of its orders are read, consistently, and compared once."""
        seconds = self.recount_seconds * self.days_kept * 2  # reading, and as long again for what stands and comparing
        units = self.days_kept * self.orders * self.order_bytes / 4096
        return {
            "functions": 24 * FUNCTION_REQUEST + _function("recompute_worker", seconds, 2 * self.days_kept),
            "reads": units * READ_UNIT,
            "writes": 60 * WRITE_UNIT,
            "queues": 100 * QUEUE_REQUEST,
        }


def _function(name: str, processor_seconds: float, requests: float) -> float:
    memory = memory_of(name)
    seconds = processor_seconds * max(1.0, FULL_PROCESSOR / memory) + requests * WAIT_MS / 1000
    return seconds * memory / 1024 * GIGABYTE_SECOND


def main() -> None:
    """Prints the model with its parameters, which the command line may change."""
    parser = argparse.ArgumentParser(prog="python -m infra.bench.insight_costs", description=__doc__)
    for each in fields(Assumed):
        parser.add_argument(f"--{each.name.replace('_', '-')}", type=type(each.default), default=each.default)
    assumed = Assumed(**vars(parser.parse_args()))
    print(assumed)
    total = 0.0
    for what, times, parts in (("nights", _NIGHTS, assumed.night()), ("recounts", _WEEKS, assumed.recount())):
        of_all = {name: dollars * times * assumed.brands for name, dollars in parts.items()}
        total += sum(of_all.values())
        shown = ", ".join(f"{name} {dollars:,.0f}" for name, dollars in of_all.items())
        print(f"{what}: ${sum(of_all.values()):,.0f} a month for {assumed.brands:,} brands ({shown})")
    print(f"together: ${total:,.0f} a month, ${total / assumed.brands:.3f} a brand")


if __name__ == "__main__":
    main()
