"""A SKU inside a campaign: its price or price ladder, its units, and what was promised with it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Self

from chalicelib.campaigns.model.ladder import Step, next_step, price_at
from chalicelib.pricing.model.history import NOT_BEFORE, Before


@dataclass(frozen=True, slots=True)
class Offer:
    """``quantity`` units of a SKU at ``price_minor`` each, kept in ``buckets`` stock buckets.

    ``per_member_limit`` is in units and None where there is none. ``set_aside`` units were taken from the SKU's shelf:
    they are sold first, and go back there when they stay unsold; the others are bought.

    With a ``ladder`` the price is the first step's, which
    all pay when they order; ``final_price_minor`` is what it came to at the close, None before and without one.
    ``deposit_minor`` is what a pre-order pays at once for each unit. The days in which a unit can be returned,
    exchanged, or repaired after pickup are the SKU's when the campaign was drafted. So are the ``category`` and the
    ``tags`` of its product, by which promotions know it. ``tax_bps`` is the rate of the tax that its price includes, in
    basis points, as it was when the campaign was published; None where there is none.

    ``floor_minor`` is the price that keeps the brand's margin over the cost, 0 where it asks for none; nobody outside
    the team sees it. ``list_minor`` is what the SKU costs in the shop, and ``before`` what is known of its prices
    before the campaign; both are as of the opening.
    """

    offer_id: str
    sku_id: str
    title: str
    price_minor: int
    quantity: int
    per_member_limit: int | None = None
    buckets: int = 1
    product_id: str = ""
    set_aside: int = 0
    ladder: tuple[Step, ...] = ()
    final_price_minor: int | None = None
    deposit_minor: int = 0
    return_days: int = 7
    exchange_days: int = 15
    repair_days: int = 0
    category: str = ""
    tags: tuple[str, ...] = ()
    floor_minor: int = 0
    list_minor: int = 0
    before: Before = NOT_BEFORE
    tax_bps: int | None = None

    def from_shelf(self, units: int) -> int:
        """How many of so many units of the offer are those of the shelf."""
        return min(self.set_aside, units)

    def price_for(self, units: int) -> int:
        """What each unit costs when so many of the offer are sold."""
        return price_at(self.ladder, units) if self.ladder else self.price_minor

    def next_step(self, units: int) -> Step | None:
        """The cheaper step that more units would reach; None where there is none."""
        return next_step(self.ladder, units)

    def closed_with(self, units: int) -> Self:
        """The offer at its close, when so many units are sold: with the final price, if it has a ladder."""
        return replace(self, final_price_minor=self.price_for(units)) if self.ladder else self

    def as_json(self) -> dict[str, Any]:
        """As the campaign's record stores it; what says nothing is left out, since each order reads the record."""
        given = {field.name: (getattr(self, field.name), field.default) for field in fields(self)}
        stored = {name: value for name, (value, default) in given.items() if value != default}
        return stored | {"before": self.before.as_json()} if "before" in stored else stored

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Offers published when a shelf gave all or nothing say ``tracked``, where it gave all."""
        given = dict(stored)
        ladder = tuple(Step(*step) for step in given.pop("ladder", ()))
        tags = tuple(given.pop("tags", ()))
        before = Before.from_json(given.pop("before")) if "before" in given else NOT_BEFORE
        if given.pop("tracked", False):
            given.setdefault("set_aside", given["quantity"])
        return cls(**given, ladder=ladder, tags=tags, before=before)
