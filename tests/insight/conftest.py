"""Fixtures of insight."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.builders import Shop
from tests.insight.books import BY_HAND, Books


@pytest.fixture
def new_books(new_shop: Callable[..., Shop], drain: Callable[[], None]) -> Callable[..., Books]:
    """Signs up brands and opens their books."""
    return lambda **fields: Books(new_shop(**fields), drain)


@pytest.fixture
def books(new_books: Callable[..., Books], clock: Any) -> Books:
    """The books of a brand in New York that sells in dollars; it is ten o'clock there, on 10 January 2028."""
    clock.set(datetime(2028, 1, 10, 15, tzinfo=UTC))
    return new_books(timezone="America/New_York", currency="USD")


@pytest.fixture
def rolled(books: Books) -> Books:
    """Books with the orders of the case by hand, rolled up."""
    books.import_orders(BY_HAND)
    books.roll()
    return books
