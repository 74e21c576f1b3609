"""A brand's catalogue over HTTP, and short words for what its tests do all the time."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.builders import Reply, Shop, made


class Seller:
    """A brand at work on its catalogue."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.id, self.slug, self.money = shop.tenant_id, shop.slug, shop.money
        self.get, self.post, self.patch = shop.brand.get, shop.brand.post, shop.brand.patch

    def sku(self, code: str, price: int = 1000, **more: Any) -> dict[str, Any]:
        """A new SKU's fields."""
        return {"code": code, "title": code, "price": self.money(price), **more}

    def product(self, title: str = "Green tea", *skus: dict[str, Any], **details: Any) -> Any:
        """A product that exists; its one SKU is named after it unless told otherwise."""
        wanted = {"title": title, "skus": list(skus) or [self.sku(title.replace(" ", "-"))], **details}
        return made(self.post("/v1/products", wanted))

    def adjust(self, sku_id: str, delta: Any, key: str, reason: str = "count") -> Reply:
        """Corrects a SKU's stock under an Idempotency-Key."""
        body = {"delta": delta, "reason": reason}
        return self.post(f"/v1/skus/{sku_id}/adjustments", body, headers={"Idempotency-Key": key})

    def browse(self, query: str = "") -> Reply:
        """What a shopper sees in the list."""
        return self.shop.caller.call("GET", f"{self.shop.path}/products{query}")

    def show(self, product_id: str) -> Reply:
        """What a shopper sees of a product."""
        return self.shop.caller.call("GET", f"{self.shop.path}/products/{product_id}")


@pytest.fixture
def brand(shop: Shop) -> Seller:
    """A brand whose currency is the yuan."""
    return Seller(shop)


@pytest.fixture
def other(new_shop: Callable[..., Shop]) -> Seller:
    """Another brand."""
    return Seller(new_shop())
