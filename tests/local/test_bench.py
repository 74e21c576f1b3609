"""The benchmark's counts are right on any machine, so they hold in every run of the tests."""

import pytest

from chalicelib.kernel import remembering
from infra.bench import engine as operations
from infra.bench import pages, rush, wake
from infra.bench.buying import Buying
from infra.bench.ledger import Part
from infra.bench.prices import dollars
from infra.bench.stage import Brand, Stage
from infra.local.engine import Engine
from infra.local.gateway import Gateway


@pytest.fixture
def stage(engine: Engine, _gateway: Gateway, request: pytest.FixtureRequest) -> Stage:
    return Stage(*request.getfixturevalue("_engine_process"))


def test_each_operation_of_the_engine_costs_what_is_said(stage: Stage) -> None:
    found = list(operations.figures(stage))
    assert {figure.what for figure in found} > set(operations.COSTS)
    assert [(figure.what, figure.goal, figure.measured) for figure in found if figure.met is False] == []


def test_an_order_sets_in_motion_what_is_said(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    # What is remembered for a minute stays so, however long this takes.
    monkeypatch.setattr(remembering, "monotonic", lambda: 0.0)
    brand = Brand(stage, "wake")
    shop = Buying(stage, brand, brand.members(1 + wake.TOGETHER))
    stage.pump.drain()
    for count, said in ((1, wake.ALONE), (wake.TOGETHER, wake.FULL)):
        ledger = wake.ordered(shop, count)
        assert {name: wake.cost(part) for name, part in ledger.parts.items() if name not in wake.CALLS} == said
        assert {name: ledger[name].calls for name in wake.CALLS} == dict.fromkeys(wake.CALLS, count)
        assert (ledger["order"].tables.write_units, ledger["order"].tables.index_write_units) == (4 * count, 2 * count)


@pytest.mark.verify
def test_every_page_is_weighed_and_is_within_its_budget(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "ROUNDS", 1)
    found = list(pages.figures(stage))
    assert "page /s/{slug}" in {figure.what for figure in found}
    sizes = [figure for figure in found if "compressed" in figure.what]
    assert [(figure.what, figure.met) for figure in sizes] == [
        (f"{kind} of a page, compressed", True) for kind in pages.MOST_KB
    ]


def test_dollars_are_those_of_each_service() -> None:
    part = Part(calls=1_000, cpu_ms=1_000_000)
    part.tables.write_units, part.tables.index_write_units, part.tables.read_units = 700_000, 300_000, 1_000_000
    part.requests["SendMessageBatch"] = 1_000_000
    found = dollars("orders_worker", part, asked_over_http=True)
    assert (found.gateway, found.queues) == (pytest.approx(0.0035), pytest.approx(0.40))
    assert found.tables == pytest.approx(0.625 + 0.125)
    # A thousand seconds of a whole processor of 1,769 MB, the waits for a million answers at 512 MB, and the calls.
    seconds = 1_000 * 1_769 / 1_024 + 1_000_000 * 0.005 / 2
    assert found.functions == pytest.approx(seconds * 0.0000166667 + 0.0002)


@pytest.mark.usefixtures("as_deployed")
def test_the_table_has_every_kind_of_key_of_every_rush() -> None:
    found = list(rush.figures())
    assert len(found) == 58
    assert all(figure.met for figure in found)
