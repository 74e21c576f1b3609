"""Orders as their pages meet them: placed by pickup, and a shop that takes payments online."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.builders import Shop, made
from tests.orders.test_held_routes import paid


@pytest.fixture
def order(shop: Shop) -> Any:
    """Three units at 9.00, paid when they are collected."""
    return made(shop.order(quantity=3))


@pytest.fixture
def online(shop: Shop) -> Any:
    """A campaign that takes payments by the test provider, too: two offers, delivery for 6.00."""
    other = shop.product(price=1_000)["skus"][0]["id"]
    return shop.campaign(
        payment_methods=["pickup", "test"],
        offers=[shop.offer(), shop.offer(sku_id=other, price=500)],
        delivery={"fee": shop.money(600)},
    )


@pytest.fixture
def pay(shop: Shop) -> Callable[[Any], Any]:
    """The order after its payment has come: `pay(made(shop.order(campaign=online, payment_method="test")))`."""

    def arrived(placed: Any) -> Any:
        paid(shop, placed)
        return placed

    return arrived
