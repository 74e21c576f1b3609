"""A brand with an API key, and short words for what tests of the catalogue do all the time."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.conftest import Api, Reply


@dataclass
class Brand:
    """A tenant, spoken to with its first API key."""

    api: Api
    id: str
    slug: str
    key: str
    currency: str

    def money(self, amount_minor: int) -> dict[str, Any]:
        return {"amount_minor": amount_minor, "currency": self.currency}

    def sku(self, code: str, price: int = 1000, **more: Any) -> dict[str, Any]:
        return {"code": code, "title": code, "price": self.money(price), **more}

    def get(self, path: str, **options: Any) -> Reply:
        return self.api.get(path, token=self.key, **options)

    def post(self, path: str, json: Any, **options: Any) -> Reply:
        return self.api.post(path, json, token=self.key, **options)

    def patch(self, path: str, json: Any, **options: Any) -> Reply:
        return self.api.patch(path, json, token=self.key, **options)

    def product(self, title: str = "Green tea", *skus: dict[str, Any], **details: Any) -> dict[str, Any]:
        """A product that exists; its one SKU is named after it unless told otherwise."""
        made = self.post(
            "/v1/products", {"title": title, "skus": list(skus) or [self.sku(title.replace(" ", "-"))], **details}
        )
        assert made.status == 201, made.text
        body: dict[str, Any] = made.json
        return body

    def adjust(self, sku_id: str, delta: int, key: str, reason: str = "count") -> Reply:
        body = {"delta": delta, "reason": reason}
        return self.post(f"/v1/skus/{sku_id}/adjustments", body, headers={"Idempotency-Key": key})

    def browse(self, query: str = "") -> Reply:
        return self.api.get(f"/v1/stores/{self.slug}/products{query}")


@pytest.fixture
def new_brand(api: Api) -> Callable[..., Brand]:
    """Signs a brand up."""

    def sign_up(slug: str = "tea-house", currency: str = "CNY") -> Brand:
        body = {"name": slug, "slug": slug, "owner_email": f"owner@{slug}.example", "timezone": "Asia/Shanghai",
                "currency": currency, "locale": "zh"}  # fmt: skip
        made = api.post("/v1/tenants", body)
        assert made.status == 201, made.text
        return Brand(api, made.json["tenant"]["id"], slug, made.json["api_key"]["secret"], currency)

    return sign_up


@pytest.fixture
def brand(new_brand: Callable[..., Brand]) -> Brand:
    """A brand whose currency is the yuan."""
    return new_brand()
