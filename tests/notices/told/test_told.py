"""Everybody who is affected hears of it once, by the medium that reaches them, in their language; nobody else does.

Every message of every queue is delivered twice, and all that wait in any order.
"""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from infra.local.engine import Engine
from tests.builders import Shop
from tests.conftest import Clock, Drain
from tests.notices.told import (
    brand_stories,  # noqa: F401 - they are told too
    table,
)
from tests.notices.told.delivery import TwiceAndShuffled
from tests.notices.told.stories import STORIES, Story
from tests.notices.told.world import World

ROWS = table.read()
_SEEN: set[str] = set()


@pytest.fixture
def world(new_shop: Callable[..., Shop], engine: Engine, clock: Clock, drain: Drain) -> World:
    """At noon in Shanghai, when nothing is held for the morning."""
    noon = datetime.now(UTC).replace(hour=4, minute=0, second=0, microsecond=0)
    clock.set(noon)
    return World(new_shop(locale="zh"), engine, clock, TwiceAndShuffled(drain.pump, "told"))


@pytest.mark.parametrize("tale", STORIES, ids=lambda each: each.__name__)
def test_everybody_is_told_as_the_table_says(world: World, tale: Story) -> None:
    wrong = {}
    for event in tale(world):
        heard = world.heard()
        _SEEN.add(event)
        if heard != ROWS[event]:
            wrong[event] = {"missing": ROWS[event] - heard, "too much": heard - ROWS[event]}
    assert not wrong
