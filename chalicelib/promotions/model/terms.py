"""By how much a promotion lowers prices, by its kind. Pure. Amounts are minor units, percentages basis points."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from chalicelib.kernel.money import Money
from chalicelib.pricing.model import (
    MEMBER_PRICES,
    Item,
    Lower,
    Reduction,
    Scope,
    Step,
    Words,
    amount_off_each,
    by_amount,
    by_quantity,
    full_reduction,
    gift,
    gift_words,
    nothing,
    off_each_words,
    percent_off,
    percent_words,
    price_each,
    price_words,
    reduction_words,
)
from chalicelib.pricing.model.rules import Give


class Kind(StrEnum):
    """``timed_price`` lowers the price of each unit; ``full_reduction`` takes something off what is spent;
    ``gift`` gives goods with others; ``member_price`` is a price for members, or for those of a tier.
    """

    TIMED_PRICE = "timed_price"
    FULL_REDUCTION = "full_reduction"
    GIFT = "gift"
    MEMBER_PRICE = "member_price"


STEPS: Mapping[Kind, Step] = {
    Kind.TIMED_PRICE: Step.TIMED_PRICE,
    Kind.FULL_REDUCTION: Step.FULL_REDUCTION,
    Kind.GIFT: Step.GIFT,
    Kind.MEMBER_PRICE: Step.MEMBER_PRICE,
}

Offered = Callable[[str], Item | None]
"""The goods of a SKU where they are offered, in the quantity of one; None where they are not."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What terms do to a basket, and what that is called."""

    words: Words
    lower: Lower = nothing
    give: Give | None = None


class Terms(Protocol):
    """What every kind of terms answers."""

    def words(self, currency: str) -> Words:
        """What they do, as buyers read it."""

    def effect(self, scope: Scope, currency: str, offered: Offered) -> Effect | None:
        """What they do; None where they do nothing in this place."""

    def as_json(self) -> dict[str, Any]:
        """As records keep them; what says nothing is left out."""

    @property
    def least_use_minor(self) -> int:
        """What a single use takes off at least, as far as that follows from the terms alone."""


@dataclass(frozen=True, slots=True)
class PriceTerms:
    """A price for a time, or for members: by a percentage, an amount off each unit, a price, or a price by SKU. One of
    them is given. ``tier`` is whose price it is; None for every member's. A price is that of one unit: a bundle has its
    own, and none of these is meant for several units at once.
    """

    percent_bps: int | None = None
    off_minor: int | None = None
    price_minor: int | None = None
    prices_minor: tuple[tuple[str, int], ...] = ()
    tier: str | None = None

    def words(self, currency: str) -> Words:
        if self.percent_bps is not None:
            return percent_words(self.percent_bps)
        if self.off_minor is not None:
            return off_each_words(Money(self.off_minor, currency))
        return MEMBER_PRICES if self.price_minor is None else price_words(Money(self.price_minor, currency))

    def effect(self, scope: Scope, currency: str, offered: Offered) -> Effect | None:
        return Effect(self.words(currency), self._lower(scope))

    def _lower(self, scope: Scope) -> Lower:
        if self.percent_bps is not None:
            return percent_off(self.percent_bps, scope)
        if self.off_minor is not None:
            return amount_off_each(self.off_minor, scope)
        if self.price_minor is not None:
            price = self.price_minor
            return price_each(lambda item: None if item.parts else price, scope)
        prices = dict(self.prices_minor)
        return price_each(lambda item: prices.get(item.sku_id), scope)

    def as_json(self) -> dict[str, Any]:
        said = {"percent": self.percent_bps, "off": self.off_minor, "price": self.price_minor, "tier": self.tier}
        given = {name: value for name, value in said.items() if value is not None}
        return given | ({"prices": dict(self.prices_minor)} if self.prices_minor else {})

    @property
    def least_use_minor(self) -> int:
        return self.off_minor or 0


@dataclass(frozen=True, slots=True)
class ReductionTerms:
    """So much off from so much on; with ``repeat`` for every so much."""

    steps: tuple[Reduction, ...]
    repeat: bool = False

    def words(self, currency: str) -> Words:
        return reduction_words(self.steps, currency, repeat=self.repeat)

    def effect(self, scope: Scope, currency: str, offered: Offered) -> Effect | None:
        return Effect(self.words(currency), full_reduction(self.steps, repeat=self.repeat, scope=scope))

    def as_json(self) -> dict[str, Any]:
        steps = [[step.from_minor, step.off_minor] for step in self.steps]
        return {"steps": steps} | ({"repeat": True} if self.repeat else {})

    @property
    def least_use_minor(self) -> int:
        return min(step.off_minor for step in self.steps)


@dataclass(frozen=True, slots=True)
class GiftTerms:
    """So many units of a SKU, given with an order from an amount or from a number of units on; where they are offered
    in the campaign, whose stock they come from. ``title`` is what they are called, ``worth_minor`` their list price.
    """

    sku_id: str
    quantity: int
    from_minor: int | None = None
    from_quantity: int | None = None
    title: str = ""
    worth_minor: int = 0

    def words(self, currency: str) -> Words:
        if self.from_minor is not None:
            return gift_words(self.title, self.quantity, Money(self.from_minor, currency))
        return gift_words(self.title, self.quantity, None, self.from_quantity or 1)

    def effect(self, scope: Scope, currency: str, offered: Offered) -> Effect | None:
        found = offered(self.sku_id)
        if found is None:
            return None
        earned = by_quantity(self.from_quantity or 1, scope)
        if self.from_minor is not None:
            earned = by_amount(self.from_minor, scope)
        return Effect(self.words(currency), give=gift(_units(found, self.quantity), earned))

    def as_json(self) -> dict[str, Any]:
        said = {"from": self.from_minor, "from_quantity": self.from_quantity}
        given: dict[str, Any] = {name: value for name, value in said.items() if value is not None}
        own = {"sku": self.sku_id, "quantity": self.quantity, "title": self.title, "worth": self.worth_minor}
        return given | own

    @property
    def least_use_minor(self) -> int:
        return self.worth_minor


def read_terms(kind: str, stored: Mapping[str, Any]) -> Terms:
    """The terms of a kind, as :meth:`Terms.as_json` wrote them."""
    match Kind(kind):
        case Kind.FULL_REDUCTION:
            steps = tuple(Reduction(*step) for step in stored["steps"])
            return ReductionTerms(steps, stored.get("repeat", False))
        case Kind.GIFT:
            return GiftTerms(
                stored["sku"], stored["quantity"], stored.get("from"), stored.get("from_quantity"), stored["title"],
                stored["worth"],
            )  # fmt: skip
        case _:
            prices = tuple(stored.get("prices", {}).items())
            return PriceTerms(
                stored.get("percent"), stored.get("off"), stored.get("price"), prices, stored.get("tier")
            )  # fmt: skip


def _units(item: Item, quantity: int) -> Item:
    return Item(item.offer_id, item.sku_id, quantity, item.unit_price_minor, item.product_id, item.category, item.tags)
