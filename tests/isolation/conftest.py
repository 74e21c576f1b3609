"""Two brands with one of everything, made once a module."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.kernel import clock as product_clock
from infra.local import application
from infra.local.engine import Engine
from infra.local.pump import Pump
from infra.local.resources import Resources
from tests.builders import Shop
from tests.conftest import Api, Drain, Sweep
from tests.isolation.conformance import Conforming
from tests.isolation.world import Contents, World, furnish

_made: dict[str, tuple[World, Contents, float]] = {}


@pytest.fixture(scope="module")
def world(_engine_process: Any, _gateway: Any) -> Iterator[World]:
    """Two brands as they were when they had just been made: making them takes seconds, putting them back a moment."""
    engine, resources = _engine_process
    if engine.url not in _made:
        _made[engine.url] = _furnished(engine, resources, Api(_gateway))
    found, contents, offset = _made[engine.url]
    contents.restore(found)
    product_clock.set_offset(offset)
    yield replace(found)
    product_clock.set_offset(0)


def _furnished(engine: Engine, resources: Resources, api: Api) -> tuple[World, Contents, float]:
    """Two brands, everything that followed worked off: the brands, what is stored of them, and the time."""
    engine.empty()
    caller, drain = Conforming(api), Drain(Pump(application.load(), engine, resources))
    sweep = Sweep(drain)

    def move(**units: float) -> None:
        product_clock.set_offset(product_clock.offset() + timedelta(**units).total_seconds())

    ours, theirs = (furnish(Shop(caller), drain, sweep, move) for _ in range(2))
    # That a key is used is written down once an hour: for these tests it is, now.
    for token in (token for brand in (ours, theirs) for token in (brand.shop.api_key, *brand.keys.values())):
        assert caller.call("GET", "/v1/tenant", token=token).status == 200
    made = World(engine, resources, caller, ours, theirs, sweep)
    return made, Contents.of(made), product_clock.offset()
