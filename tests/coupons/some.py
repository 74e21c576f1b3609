"""Coupons for tests of the rules, of which each needs a part."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from chalicelib.coupons.model.terms import Goods, Terms
from chalicelib.pricing.model import Item

NOW = datetime(2026, 11, 30, 4, tzinfo=UTC)
EGGS = Item("eggs", "sku-eggs", 2, 1_000, product_id="p-eggs", category="eggs", tags=("fresh",))  # 2 x 10.00
OIL = Item("oil", "sku-oil", 1, 3_000, product_id="p-oil", category="oil")  # 30.00


@dataclass(frozen=True)
class Some:
    """A member's coupon."""

    terms: Terms
    id: str = "coupon"
    title: str = "Welcome"
    state: str = "granted"
    order_id: str | None = None
    from_at: datetime | None = None
    until_at: datetime | None = None
    first_order_only: bool = False


def coupon(kind: Any = "amount", value: int | None = None, *, goods: Goods = Goods(), **fields: Any) -> Some:  # noqa: B008
    """A coupon of a kind; fields of its terms and its own."""
    of_terms = {name: fields.pop(name) for name in ("percent_bps", "cap_minor", "minimum_minor") if name in fields}
    return Some(Terms(kind, "CNY", value, goods=goods, **of_terms), **fields)
