"""The benchmark's counts are right on any machine, so they hold in every run of the tests."""

import pytest

from infra.bench import engine as operations
from infra.bench import rush
from infra.bench.stage import Stage
from infra.local.engine import Engine
from infra.local.gateway import Gateway


@pytest.fixture
def stage(engine: Engine, _gateway: Gateway, request: pytest.FixtureRequest) -> Stage:
    return Stage(*request.getfixturevalue("_engine_process"))


def test_each_operation_of_the_engine_costs_what_is_said(stage: Stage) -> None:
    found = list(operations.figures(stage))
    assert {figure.what for figure in found} > set(operations.COSTS)
    assert [(figure.what, figure.goal, figure.measured) for figure in found if figure.met is False] == []


def test_the_table_has_every_kind_of_key_of_every_rush() -> None:
    found = list(rush.figures())
    assert len(found) == 25
    assert all(figure.met for figure in found)
