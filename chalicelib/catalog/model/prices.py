"""What SKUs cost from when on: in the shop, and to the brand. Pure. Amounts are minor units."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.catalog.model.products import Sku


@dataclass(frozen=True, slots=True)
class PriceChange:
    """A SKU's price and cost before a change and after it; None for a cost that was not stated."""

    sku_id: str
    price_before: int
    price_after: int
    cost_before: int | None
    cost_after: int | None


@dataclass(frozen=True, slots=True)
class ListPrice:
    """A price of a SKU in the shop, from an instant until before another, None while it lasts."""

    sku_id: str
    from_at: datetime
    until_at: datetime | None
    minor: int


def price_changes(before: Iterable[Sku], after: Iterable[Sku]) -> list[PriceChange]:
    """The SKUs that were there before and have another price or cost now."""
    known = {sku.sku_id: sku for sku in before}
    return [
        PriceChange(sku.sku_id, was.price_minor, sku.price_minor, was.cost_minor, sku.cost_minor)
        for sku in after
        if (was := known.get(sku.sku_id)) and (was.price_minor, was.cost_minor) != (sku.price_minor, sku.cost_minor)
    ]


def list_prices(sku: Sku, since: datetime, changes: Sequence[tuple[datetime, PriceChange]]) -> list[ListPrice]:
    """The prices of a SKU since it was made, from its changes by time; those of its cost alone make none."""
    found: list[ListPrice] = []
    begins, minor = since, sku.price_minor
    own = [(at, each) for at, each in changes if each.sku_id == sku.sku_id and each.price_before != each.price_after]
    if own:
        minor = own[0][1].price_before
    for at, each in own:
        if at > begins:
            found.append(ListPrice(sku.sku_id, begins, at, minor))
        begins, minor = max(at, begins), each.price_after
    return [*found, ListPrice(sku.sku_id, begins, None, minor)]
