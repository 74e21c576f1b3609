"""Buyers of a shop who review what they collected, through the interface."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.builders import Member, Reply, made
from tests.customer_care import CustomerCare


class Reviews:
    """A shop whose buyers review, and whose team answers and moderates."""

    def __init__(self, care: CustomerCare) -> None:
        self.care, self.shop, self.brand = care, care.shop, care.brand

    def bought(self, member: Member | None = None, *, quantity: int = 2) -> Any:
        """An order of a member, at 9.00 a unit, handed over and paid for."""
        return self.care.collected(member or self.shop.shopper, quantity=quantity)[0]

    def send(self, order: Any, who: Member | None = None, **said: Any) -> Reply:
        """A review of the first line of an order; five stars unless told otherwise."""
        body = {"order_id": order["id"], "sku_id": order["lines"][0]["sku_id"], "rating": 5} | said
        return self.care.store("POST", "/reviews", who or self.shop.shopper, json=body)

    def written(self, order: Any, who: Member | None = None, **said: Any) -> Any:
        """A review that is there."""
        return made(self.send(order, who, **said))

    def put(self, review: Any, who: Member | None = None, **said: Any) -> Reply:
        """What its author has it say now."""
        body = {"rating": 5} | said
        return self.care.store("PUT", f"/reviews/{review['id']}", who or self.shop.shopper, json=body)

    def delete(self, review: Any, who: Member | None = None) -> Reply:
        """Its author takes it back."""
        return self.care.store("DELETE", f"/reviews/{review['id']}", who or self.shop.shopper)

    def act(self, review: Any, what: str, body: Mapping[str, Any] | None = None, **headers: str) -> Reply:
        """What the team does: ``reply``, ``hide`` or ``show``."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.brand.post(f"/v1/reviews/{review['id']}/{what}", body or {}, headers=sent)

    def product_id(self) -> str:
        """The product of the shop's usual SKU."""
        return str(made(self.brand.get(f"/v1/skus/{self.shop.sku_id}"), 200)["product_id"])

    def rating(self) -> Any:
        """What its page shows of stars."""
        return made(self.care.store("GET", f"/products/{self.product_id()}"), 200)["rating"]

    def shown(self, query: str = "") -> list[Any]:
        """The reviews on its page, as anybody reads them."""
        return list(made(self.care.store("GET", f"/products/{self.product_id()}/reviews{query}"), 200)["items"])

    def points(self, member: Member | None = None) -> int:
        """The points of a member."""
        found = self.care.store("GET", "/me/points", member or self.shop.shopper)
        return int(made(found, 200)["balance"])
