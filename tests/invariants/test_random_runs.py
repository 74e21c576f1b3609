"""Random lives of a brand: whatever is done, delivered, repeated or killed in whichever order, the books hold."""

from __future__ import annotations

import secrets
import sys
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings

from chalicelib.db.records import DUE_SHARDS
from infra.local.pump import Pump
from tests.calls import Api
from tests.faults import Faults, faults
from tests.invariants.machine import Life, run_state_machine_as_test

__all__ = ["faults"]

STEPS, PARTS = 50, 4


@pytest.fixture
def world(engine: Any, api: Api, drain: Any, faults: Faults, clock: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Where lives are lived: retries do not wait, the clock comes back, and a sweep looks into one partition alone."""
    monkeypatch.setattr("time.sleep", lambda _: None)
    monkeypatch.setitem(DUE_SHARDS, "due", 1)
    pump: Pump = drain.pump
    return engine, api, pump, faults


def live(world: Any, runs: int, seed_of_all: int) -> None:
    """So many runs of fifty steps, each on an empty store. The seed chooses what happens; ids and codes stay random."""
    Life.world = world
    Life.tried.clear()
    run_state_machine_as_test(
        seed(seed_of_all)(Life),
        settings=settings(
            max_examples=runs, stateful_step_count=STEPS, deadline=None, database=None,
            suppress_health_check=list(HealthCheck), phases=(Phase.generate,), report_multiple_bugs=False,
        ),
    )  # fmt: skip
    answers = ", ".join(f"{name}: {n}" for name, n in sorted(Life.tried.items()))
    sys.stdout.write(
        f"\n{runs} runs of {STEPS} steps, seed {seed_of_all}; {sum(Life.tried.values())} answers: {answers}\n"
    )


@pytest.mark.parametrize("part", range(PARTS))
def test_two_hundred_lives(world: Any, part: int) -> None:
    live(world, 200 // PARTS, part)


@pytest.mark.verify
@pytest.mark.parametrize("part", range(PARTS))
def test_a_thousand_lives(world: Any, part: int) -> None:
    live(world, 1_000 // PARTS, secrets.randbits(32))
