"""Random runs: whatever is done, delivered, repeated or killed in whichever order, the invariants hold."""

from __future__ import annotations

import itertools
import random
import secrets
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings

from chalicelib.db.tenant_records import DUE_SHARDS
from chalicelib.kernel import clock
from chalicelib.kernel.remembering import forget_everything
from infra.local.engine import Engine
from infra.local.pump import Pump
from tests.calls import Api
from tests.faults import Faults, faults
from tests.invariants.machine import CareRun, RandomRun, run_state_machine_as_test

__all__ = ["faults"]

STEPS, PARTS = 50, 4
RUNS, RUNS_VERIFIED = 4, 1_000
"""Of each test, over all of its parts."""
RUNS_OF_CARE, RUNS_OF_CARE_VERIFIED = 3, 400


class _Ticking(datetime):
    """A clock by which a millisecond goes by each time it is read."""

    ticks = itertools.count()

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return datetime(2026, 3, 2, 1, tzinfo=UTC) + timedelta(milliseconds=next(cls.ticks))


@dataclass
class Product:
    """The product as the runs use it. Chance and time are its own: a seed gives the same run on every machine."""

    engine: Engine
    api: Api
    pump: Pump
    faults: Faults
    chance: random.Random = field(default_factory=random.Random)

    def begin(self) -> None:
        """Empty tables at the beginning of time."""
        self.engine.empty()
        forget_everything()
        clock.set_offset(0)
        self.chance.seed(1)
        _Ticking.ticks = itertools.count()


@pytest.fixture
def product(
    engine: Engine, api: Api, drain: Any, faults: Faults, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> Product:
    """Retries do not wait, the clock comes back, and a sweep looks into one partition alone."""
    made = Product(engine, api, drain.pump, faults)
    monkeypatch.setattr("time.sleep", lambda _: None)
    monkeypatch.setattr("chalicelib.kernel.clock.datetime", _Ticking)
    monkeypatch.setattr("os.urandom", made.chance.randbytes)
    monkeypatch.setattr("random._urandom", made.chance.randbytes)
    monkeypatch.setitem(DUE_SHARDS, "due", 1)
    return made


def run(product: Product, runs: int, seed_of_all: int, machine: type[RandomRun | CareRun] = RandomRun) -> None:
    """So many runs of fifty steps, each on empty tables. The seed chooses all that happens, and is printed first."""
    sys.stdout.write(f"\n{runs} runs of {STEPS} steps, seed {seed_of_all}\n")
    machine.product = product
    machine.tried.clear()
    run_state_machine_as_test(
        seed(seed_of_all)(machine),
        settings=settings(
            max_examples=runs, stateful_step_count=STEPS, deadline=None, database=None,
            suppress_health_check=list(HealthCheck), phases=(Phase.generate,), report_multiple_bugs=False,
        ),
    )  # fmt: skip
    answers = ", ".join(f"{name}: {n}" for name, n in sorted(machine.tried.items()))
    sys.stdout.write(f"{sum(machine.tried.values())} answers: {answers}\n")


@pytest.mark.parametrize("part", range(PARTS))
def test_random_runs(product: Product, part: int) -> None:
    run(product, RUNS // PARTS, part)


def test_random_runs_of_customer_care(product: Product) -> None:
    run(product, RUNS_OF_CARE, 0, CareRun)


@pytest.mark.verify
@pytest.mark.parametrize("part", range(PARTS))
def test_hundreds_of_random_runs_of_customer_care(product: Product, part: int) -> None:
    run(product, RUNS_OF_CARE_VERIFIED // PARTS, secrets.randbits(32), CareRun)


@pytest.mark.verify
@pytest.mark.parametrize("part", range(PARTS))
def test_a_thousand_random_runs(product: Product, part: int) -> None:
    run(product, RUNS_VERIFIED // PARTS, secrets.randbits(32))
