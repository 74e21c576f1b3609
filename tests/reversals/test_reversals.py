"""The table of what goes back of orders, each row played with the real use cases and all that follows from them."""

from pathlib import Path

import pytest

from chalicelib.db import tenant_scope
from infra.local.engine import Engine
from tests.conftest import Clock, Drain
from tests.orders.store import open_store
from tests.reversals.table import Row, rows
from tests.reversals.world import World

QUEUES = {f"{name}_worker" for name in ("campaigns", "orders", "payments", "settlement", "service", "notify")}
"""Those from which money, points and messages to members follow."""

TABLE = list(rows(Path(__file__).with_name("reversals.md")))


def test_the_table_has_as_many_reversals_as_promised_and_each_its_number() -> None:
    assert len(TABLE) >= 40
    assert [row.number for row in TABLE] == [str(n) for n in range(1, len(TABLE) + 1)]


@pytest.mark.parametrize("row", TABLE, ids=[f"{row.number} {row.given}" for row in TABLE])
def test_what_goes_back_is_what_was_computed_by_hand(engine: Engine, drain: Drain, clock: Clock, row: Row) -> None:
    drain.pump.queues = [source for source in drain.pump.queues if source.function in QUEUES]
    store = open_store(locale="en")
    with tenant_scope(store.tenant_id):
        world = World.of(store, drain, row)
        for step in row.steps:
            world.play(step)
        world.settle()
        world.check()
        found = (world.back, world.kept, (world.spent, world.earned), world.coupon_now, world.budget, world.commission)
        assert found == (row.back, row.kept, row.points, row.coupon, row.budget, row.commission)
        assert any(row.told in text for text in world.told), world.told
