"""Dollars for what functions took, at AWS's published prices on demand.

Region us-east-1 (N. Virginia), December 2025, without any free tier and in the first tier of each price list:
aws.amazon.com/api-gateway/pricing (REST APIs), /lambda/pricing (x86), /dynamodb/pricing/on-demand (standard class,
the prices since November 2024) and /sqs/pricing (standard queues). Not in it, since they do not grow with orders or
are small beside these: empty polls of the queues, storage, backups, logs, traces, and what leaves AWS.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache

from infra.bench.ledger import Part
from infra.package import ROOT

_MILLION = 1_000_000
GATEWAY_REQUEST = 3.50 / _MILLION
FUNCTION_REQUEST = 0.20 / _MILLION
GIGABYTE_SECOND = 0.0000166667
WRITE_UNIT = 0.625 / _MILLION
READ_UNIT = 0.125 / _MILLION
QUEUE_REQUEST = 0.40 / _MILLION
"""Of up to 64 KB, however many messages of a batch are in it."""

FULL_PROCESSOR = 1_769
"""Megabytes of memory for which Lambda gives one whole processor; less memory gets as much less of it ("Configure
Lambda function memory", AWS Lambda Developer Guide)."""

WAIT_MS = 5.0
"""For which a function waits for each answer of a table or queue. An assumption: AWS promises single-digit
milliseconds."""


@dataclass(frozen=True, slots=True)
class Dollars:
    """What something costs, by service."""

    gateway: float = 0.0
    functions: float = 0.0
    tables: float = 0.0
    queues: float = 0.0

    @property
    def total(self) -> float:
        return self.gateway + self.functions + self.tables + self.queues

    def __add__(self, other: Dollars) -> Dollars:
        return Dollars(
            self.gateway + other.gateway,
            self.functions + other.functions,
            self.tables + other.tables,
            self.queues + other.queues,
        )


def dollars(function: str, part: Part, *, asked_over_http: bool = False) -> Dollars:
    """What a function's calls cost, with all that they asked for."""
    memory = memory_of(function)
    busy_ms = part.cpu_ms * max(1.0, FULL_PROCESSOR / memory) + part.asked * WAIT_MS
    return Dollars(
        gateway=part.calls * GATEWAY_REQUEST if asked_over_http else 0.0,
        functions=part.calls * FUNCTION_REQUEST + busy_ms / 1000 * memory / 1024 * GIGABYTE_SECOND,
        tables=part.units * WRITE_UNIT + part.tables.read_units * READ_UNIT,
        queues=sum(part.requests.values()) * QUEUE_REQUEST,
    )


def memory_of(function: str) -> int:
    """Megabytes of a function as it is deployed."""
    return _memory()[function]


@cache
def _memory() -> dict[str, int]:
    """Megabytes of each function as it is deployed."""
    declared = json.loads((ROOT / ".chalice" / "config.json").read_text())["stages"]["prod"]["lambda_functions"]
    return {name: each["lambda_memory_size"] for name, each in declared.items()}
