"""Fixtures of insight."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.builders import Shop
from tests.conftest import Clock
from tests.insight.figures import BY_HAND, Figures
from tests.memory import Memory


@pytest.fixture
def new_figures(new_shop: Callable[..., Shop], drain: Callable[[], None]) -> Callable[..., Figures]:
    """Signs up brands whose figures are read."""
    return lambda **fields: Figures(new_shop(**fields), drain)


@pytest.fixture
def figures(new_figures: Callable[..., Figures], clock: Clock, memory: Memory) -> Figures:
    """The figures of a brand in New York that sells in dollars; it is ten o'clock there, on 10 January 2028."""
    clock.set(datetime(2028, 1, 10, 15, tzinfo=UTC))
    memory.begins_at("10 January 2028")
    return new_figures(timezone="America/New_York", currency="USD")


@pytest.fixture
def rolled(figures: Figures) -> Figures:
    """Figures with the orders of the case by hand, rolled up."""

    def made() -> None:
        figures.import_orders(BY_HAND)
        figures.roll()

    figures.shop.once("by hand, rolled up", made)
    return figures
