"""The world of two brands, made once a module."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.kernel import clock as product_clock
from infra.local import application
from infra.local.pump import Pump
from tests.builders import Shop
from tests.conftest import Api, Drain, Sweep
from tests.isolation.conformance import Conforming
from tests.isolation.world import World, furnish


@pytest.fixture(scope="module")
def world(_engine_process: Any, _gateway: Any) -> Iterator[World]:
    """Two furnished brands, everything that followed worked off."""
    engine, resources = _engine_process
    engine.empty()
    api, drain = Conforming(Api(_gateway)), Drain(Pump(application.load(), engine, resources))

    def move(**units: float) -> None:
        product_clock.set_offset(product_clock.offset() + timedelta(**units).total_seconds())

    sweep = Sweep(drain)
    ours, theirs = (furnish(Shop(api), drain, sweep, move) for _ in range(2))
    yield World(engine, resources, api, ours, theirs, sweep)
    product_clock.set_offset(0)
