"""What pages show of products that are compared: in what they differ, and the group buys that offer them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from chalicelib.campaigns.views.campaigns import StoreCampaignView
from chalicelib.catalog.views.lists import AttributeView, ComparisonView
from chalicelib.catalog.views.products import StoreProductView
from chalicelib.web import MoneyField


class Availability(StrEnum):
    """Whether a product can be ordered now."""

    NOW = "now"
    SOLD_OUT = "sold_out"
    IN_NONE = "in_none"


@dataclass(frozen=True, slots=True)
class GroupBuy:
    """One that takes orders of a product now. ``price_from`` is the lowest that a unit costs by now, None where it is
    sold in bundles alone; ``left`` says that it can still be had.
    """

    campaign: StoreCampaignView
    price_from: MoneyField | None
    left: bool

    @classmethod
    def of(cls, campaign: StoreCampaignView, product_id: str) -> Self | None:
        """None where it does not offer the product."""
        offers = [each for each in campaign.offers if product_id in each.product_ids]
        if not offers:
            return None
        alone = [each for each in offers if not each.parts]
        prices = [each.current_price for each in alone if each.left] or [each.current_price for each in alone]
        lowest = min(prices, key=lambda price: price.amount_minor, default=None)
        return cls(campaign, lowest, any(each.left for each in offers))


@dataclass(frozen=True, slots=True)
class Beside:
    """A product in its column, and the group buys that offer it, the next to close first."""

    product: StoreProductView
    group_buys: Sequence[GroupBuy]

    @property
    def availability(self) -> Availability:
        if not self.group_buys:
            return Availability.IN_NONE
        return Availability.NOW if any(each.left for each in self.group_buys) else Availability.SOLD_OUT

    def facts(self) -> Mapping[str, Any]:
        """What is compared of it beside its attributes: equal for what reads alike."""
        skus, rating = self.product.skus, self.product.rating
        return {
            "price": [sku.price.amount_minor for sku in skus],
            "content": [(sku.content.quantity, sku.content.unit) if sku.content else None for sku in skus],
            "group_price": [(each.campaign.id, each.price_from, each.left) for each in self.group_buys],
            "availability": self.availability,
            "rating": rating and (rating.average, rating.count),
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """Products side by side, their attributes by name, and the names of all that differs among them."""

    columns: Sequence[Beside]
    attributes: Mapping[str, AttributeView]
    differing: frozenset[str]

    @classmethod
    def of(cls, view: ComparisonView, campaigns: Sequence[StoreCampaignView]) -> Self:
        """``campaigns`` are those that take orders of any of them now from who looks."""
        columns = [
            Beside(product, [buy for each in campaigns if (buy := GroupBuy.of(each, product.id)) is not None])
            for product in view.products
        ]
        first, *others = (each.facts() for each in columns)
        differing = {name for name, fact in first.items() if any(each[name] != fact for each in others)}
        attributes = {row.name: row for row in view.attributes}
        differing |= {name for name, row in attributes.items() if row.differs}
        return cls(columns, attributes, frozenset(differing))
