"""Everybody who is affected hears of it once, by the medium that reaches them, in their language; nobody else does.

Every message that may lead to a notice is delivered twice, and all that wait come in any order.
"""

import ast
import random
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chalicelib.notices.model.catalogue import every_notice
from infra.local.engine import Engine
from tests.builders import Shop
from tests.conftest import Clock, Drain
from tests.notices.told import (
    brand_stories,  # noqa: F401 - they are told too
    table,
)
from tests.notices.told.delivery import TwiceAndShuffled
from tests.notices.told.dying import Dying, DyingWorld
from tests.notices.told.stories import STORIES, Story
from tests.notices.told.world import World

ROWS = table.read()
NAMED = [
    each.value
    for path in Path(__file__).parent.glob("*stories.py")
    for each in ast.walk(ast.parse(path.read_text()))
    if isinstance(each, ast.Constant) and each.value in ROWS
]
"""The rows that stories name, each where it happens."""

SAMPLE = random.Random("a").choice(STORIES)
"""Told in every run by workers that end; `make verify` has all."""

OUTSIDE = {
    "order_ready": "what is given in exchange, whose case tells of it: tests/aftersales",
}
"""Members' notices of orders and money that no story here causes, and where they are tested."""


@pytest.fixture
def noon(clock: Clock) -> None:
    """At noon in Shanghai, when nothing is held for the morning."""
    clock.set(datetime.now(UTC).replace(hour=4, minute=0, second=0, microsecond=0))


@pytest.fixture
def world(new_shop: Callable[..., Shop], engine: Engine, clock: Clock, drain: Drain, noon: None) -> World:
    return World(new_shop(locale="zh"), engine, clock, TwiceAndShuffled(drain.pump, "told"))


@pytest.mark.parametrize("tale", STORIES, ids=lambda each: each.__name__)
def test_everybody_is_told_as_the_table_says(world: World, tale: Story) -> None:
    wrong = {}
    for event in tale(world):
        heard = world.heard()
        if heard != ROWS[event]:
            wrong[event] = {"missing": ROWS[event] - heard, "too much": heard - ROWS[event]}
    assert not wrong, "\n".join(f"{event}: {each}" for event, each in wrong.items())


@pytest.mark.parametrize(
    "tale",
    [pytest.param(each, marks=() if each is SAMPLE else pytest.mark.verify) for each in STORIES],
    ids=lambda each: each.__name__,
)
def test_nobody_misses_a_row_where_workers_end_after_each_write(
    tale: Story, new_shop: Callable[..., Shop], engine: Engine, clock: Clock, drain: Drain, noon: None,
    record_property: Callable[[str, object], None],
) -> None:  # fmt: skip
    """In the inbox once, by e-mail or text at least once. A letter goes twice where the worker ended between the
    provider's answer and its note of that, and only there.
    """
    queues = Dying(drain.pump, "told", clock)
    w = DyingWorld(new_shop(locale="zh"), engine, clock, queues)
    with queues.counting():
        wrong = {event: found for event in tale(w) if (found := w.told_as(ROWS[event]))}
    assert not wrong, "\n".join(f"{event}: {each}" for event, each in wrong.items())
    record_property("workers_ended", queues.ended)
    record_property("doubled_letters", w.doubled)
    assert queues.ended > w.doubled > 0


def test_each_row_is_told_by_one_story() -> None:
    assert sorted(NAMED) == sorted(ROWS)


def test_the_table_has_every_notice_of_members_orders_and_money() -> None:
    of_members = {
        template
        for template, kind in every_notice().items()
        if kind.telling.audience == "member" and kind.__module__.split(".")[1] in ("orders", "payments")
    }
    heard = {template for row in ROWS.values() for _, _, template in row}
    assert of_members - heard == OUTSIDE.keys()


@pytest.mark.parametrize(
    ("row", "heard"),
    [
        ("| placed | email order_placed | | sms order_placed; sms again |", [("ann", "email", "order_placed", 1)]),
        ("| nobody hears | | | |", []),
    ],
)
def test_a_cell_is_read_as_it_is_written(row: str, heard: list[tuple[str, str, str, int]], tmp_path: Path) -> None:
    (tmp_path / "some.md").write_text(f"| what happens | Ann (e-mail) | Bo | Cy |\n|---|---|---|---|\n{row}\n")
    (found,) = table.read(tmp_path).values()
    assert [(*key, times) for key, times in found.items()][:1] == heard
    assert sum(found.values()) == 3 * len(heard)
