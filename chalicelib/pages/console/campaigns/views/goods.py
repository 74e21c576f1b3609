"""The goods of a draft as the page has them: from what is stored, or from what was typed."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from chalicelib.campaigns.views.offers import OfferView
from chalicelib.catalog.views.products import SkuStockView
from chalicelib.kernel.money import read_amount
from chalicelib.pages.console.campaigns.forms import OfferTyped
from chalicelib.pages.shell.typed import written

LEAST_STEPS = 4


@dataclass(frozen=True, slots=True)
class PartRow:
    """One of the goods in a bundle; ``sku`` is what is known of its stock and its price alone."""

    sku_id: str
    name: str
    quantity: str = "1"
    sku: SkuStockView | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One of the goods, or a bundle. ``steps`` are its price steps with room for more; ``sku`` what is known of its
    stock.
    """

    sku_id: str
    name: str
    price: str = ""
    quantity: str = ""
    per_member_limit: str = ""
    deposit: str = ""
    steps: Sequence[tuple[str, str]] = field(default=())
    sku: SkuStockView | None = None
    bundle: bool = False
    title: str = ""
    kind: str = ""
    parts: tuple[PartRow, ...] = ()

    @classmethod
    def of(cls, offer: OfferView) -> Self:
        """From what is stored; beside a ladder a price says nothing."""
        steps = [(str(each.from_quantity), written(each.price)) for each in offer.ladder]
        return cls(
            offer.sku_id or "",
            offer.title,
            "" if steps else written(offer.price),
            str(offer.quantity),
            str(offer.per_member_limit or ""),
            written(offer.deposit),
            steps,
            bundle=bool(offer.parts),
            title=offer.title if offer.parts else "",
            kind=offer.bundle_kind or "",
            parts=tuple(PartRow(part.sku_id, part.title, str(part.quantity)) for part in offer.parts),
        )

    @classmethod
    def typed(cls, offer: OfferTyped) -> Self:
        """From what was typed."""
        steps = [(each.from_quantity, each.price) for each in offer.ladder]
        return cls(
            offer.sku_id, offer.name, offer.price, offer.quantity, offer.per_member_limit, offer.deposit, steps,
            bundle=offer.bundle, title=offer.title, kind=offer.bundle_kind,
            parts=tuple(PartRow(part.sku_id, part.name, part.quantity) for part in offer.parts),
        )  # fmt: skip

    @classmethod
    def added(cls, sku: SkuStockView) -> Self:
        """A new one, at its price in the catalogue."""
        return cls(sku.id, _name_of(sku), written(sku.price))

    @classmethod
    def begun(cls) -> Self:
        """A bundle that nothing is in yet."""
        return cls("", "", bundle=True)

    def with_part(self, sku: SkuStockView) -> Self:
        """The bundle with one more of its goods; one that is in it already is there once."""
        if any(part.sku_id == sku.id for part in self.parts):
            return self
        return replace(self, parts=(*self.parts, PartRow(sku.id, _name_of(sku))))

    @property
    def alone_minor(self) -> int | None:
        """What its parts cost alone, in minor units; None where that cannot be said yet."""
        known = [(part.sku, part.quantity) for part in self.parts]
        if not known or any(sku is None or not units.isdecimal() for sku, units in known):
            return None
        return sum(sku.price.amount_minor * int(units) for sku, units in known if sku is not None)

    @property
    def dearer(self) -> bool:
        """Whether a bundle costs more, as its price or a step of it was typed, than its parts alone."""
        alone = self.alone_minor
        if not self.bundle or alone is None:
            return False
        currency = next(part.sku.price.currency for part in self.parts if part.sku)
        asked = (read_amount(typed, currency) for typed in (self.price, *(price for _, price in self.steps)))
        return any(minor is not None and minor > alone for minor in asked)

    @property
    def all_steps(self) -> list[tuple[str, str]]:
        """The price steps with empty ones to fill; the first begins with the first unit."""
        missing = LEAST_STEPS - len(self.steps)
        found = [*self.steps, *[("", "")] * max(missing, 0)]
        return [("1", found[0][1]), *found[1:]]


def _name_of(sku: SkuStockView) -> str:
    """With its product's, unless that has the same."""
    return sku.title if sku.title == sku.product_title else f"{sku.product_title} · {sku.title}"
