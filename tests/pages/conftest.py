"""What tests of pages share."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from infra.local.engine import Engine
from infra.local.gateway import Gateway
from tests.builders import Shop
from tests.pages.site import Visitor


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
