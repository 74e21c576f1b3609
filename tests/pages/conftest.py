"""What tests of pages share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from infra.local.engine import Engine
from infra.local.gateway import Gateway
from tests.builders import Shop
from tests.pages.site import Desk, Visitor


@pytest.fixture
def new_visitor(engine: Engine, _gateway: Gateway) -> Callable[..., Visitor]:
    """Browsers: `new_visitor(shop, language="zh")`."""
    return lambda shop, **fields: Visitor(_gateway, shop.slug, **fields)


@pytest.fixture
def visitor(shop: Shop, new_visitor: Callable[..., Visitor]) -> Visitor:
    """A browser at the shop that nobody is signed in with."""
    return new_visitor(shop)


@pytest.fixture
def shopper(shop: Shop, new_visitor: Callable[..., Visitor]) -> Visitor:
    """A browser that the shop's shopper is signed in with."""
    return new_visitor(shop).signed_in(shop.shopper)


@pytest.fixture
def new_desk(engine: Engine, _gateway: Gateway) -> Callable[..., Desk]:
    """Browsers at the console: `new_desk(shop)` is the owner's, `new_desk(shop, "analyst")` one of that role's."""

    def opened(shop: Shop, *roles: str, **fields: Any) -> Desk:
        desk = Desk(_gateway, shop.slug, **fields)
        desk.with_token(shop.team_token(*(roles or ("owner",))))
        return desk

    return opened


@pytest.fixture
def desk(shop: Shop, new_desk: Callable[..., Desk]) -> Desk:
    """A browser at the console that the shop's owner is signed in with."""
    return new_desk(shop)
