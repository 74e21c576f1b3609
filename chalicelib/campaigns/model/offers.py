"""A SKU or a bundle inside a campaign: its price or price ladder, its units, and what was promised with it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Self

from chalicelib.campaigns.model.bundles import Part, part_id, sold_as, split_price, worth_of
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

    A bundle has ``parts`` instead of a SKU, each with its own rate; its ``quantity`` and its limit are in bundles. Of
    what it is made of, see :meth:`goods`, ``per`` units cost ``price_minor`` together, ``bundle`` is the bundle's
    title, and ``draws_on`` the offer whose stock gives its units as well.
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
    parts: tuple[Part, ...] = ()
    bundle_kind: str = ""
    per: int = 1
    bundle: str = ""
    draws_on: str = ""

    @property
    def sold_as(self) -> str:
        """The id under which it is ordered: a part of a bundle's under that of the bundle."""
        return sold_as(self.offer_id)

    @property
    def sold_title(self) -> str:
        """The title under which it is ordered."""
        return self.bundle or self.title

    @property
    def full_title(self) -> str:
        """What it is called where it stands alone: a part with its bundle behind it."""
        return f"{self.title} ({self.bundle})" if self.bundle else self.title

    @property
    def pieces(self) -> int:
        """How many units of SKUs one of it is."""
        return sum(part.quantity for part in self.parts) or 1

    @property
    def alone_minor(self) -> int:
        """What a shopper would pay for its parts alone, in minor units; its own price where it has none."""
        if not self.parts:
            return self.price_minor
        return sum(part.unit_alone_minor * part.quantity for part in self.parts)

    def goods(self) -> "tuple[Offer, ...]":
        """What is stocked and handed over when it is sold: itself or, of a bundle, each part at its share of the price.

        Its units are the SKU's. A limit of bundles is one of units of the first part, which is in every bundle.
        """
        if not self.parts:
            return (self,)
        prices, deposits = split_price(self.price_minor, self.parts), split_price(self.deposit_minor, self.parts)
        final = split_price(self.final_price_minor, self.parts) if self.final_price_minor is not None else None
        limit = self.per_member_limit
        return tuple(
            Offer(
                offer_id=part_id(self.offer_id, n),
                sku_id=part.sku_id,
                title=part.title,
                price_minor=prices[n],
                quantity=self.quantity * part.quantity,
                per_member_limit=limit * part.quantity if limit is not None and n == 0 else None,
                buckets=self.buckets,
                product_id=part.product_id,
                set_aside=part.set_aside,
                final_price_minor=final[n] if final else None,
                deposit_minor=deposits[n],
                return_days=part.return_days,
                exchange_days=part.exchange_days,
                repair_days=part.repair_days,
                category=part.category,
                tags=part.tags,
                per=part.quantity,
                bundle=self.title,
                draws_on=part.draws_on,
                tax_bps=part.tax_bps,
            )
            for n, part in enumerate(self.parts)
        )

    def with_floor(self, floors: Mapping[str, int]) -> Self:
        """The same with its margin floor, from those of SKUs by id; of a bundle what its parts come to together."""
        if not self.parts:
            return replace(self, floor_minor=floors.get(self.sku_id, 0))
        return replace(self, floor_minor=sum(floors.get(part.sku_id, 0) * part.quantity for part in self.parts))

    def ordered(self, units: Mapping[str, int]) -> int:
        """How many of it were ordered when so many units of what is stocked were, by its offer id; of a bundle as many
        as the part that most is left of.
        """
        if not self.parts:
            return units.get(self.offer_id, 0)
        return max(-(-units.get(part_id(self.offer_id, n), 0) // part.quantity) for n, part in enumerate(self.parts))

    def deposit_for(self, units: int) -> int:
        """What is paid at once for so many units of a pre-order."""
        return worth_of(self.deposit_minor, units, self.per)

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
        if "before" in stored:
            stored["before"] = self.before.as_json()
        return stored | ({"parts": [part.as_json() for part in self.parts]} if self.parts else {})

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Offers published when a shelf gave all or nothing say ``tracked``, where it gave all."""
        given = dict(stored)
        ladder = tuple(Step(*step) for step in given.pop("ladder", ()))
        tags = tuple(given.pop("tags", ()))
        before = Before.from_json(given.pop("before")) if "before" in given else NOT_BEFORE
        parts = tuple(Part.from_json(part) for part in given.pop("parts", ()))
        if given.pop("tracked", False):
            given.setdefault("set_aside", given["quantity"])
        return cls(**given, ladder=ladder, tags=tags, before=before, parts=parts)
