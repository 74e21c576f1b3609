"""The goods of a draft as the page has them: from what is stored, or from what was typed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

from chalicelib.campaigns.views.offers import OfferView
from chalicelib.catalog.views.products import SkuStockView
from chalicelib.pages.console.campaigns.forms import OfferTyped
from chalicelib.pages.shell.typed import written

LEAST_STEPS = 4


@dataclass(frozen=True, slots=True)
class Row:
    """One of the goods. ``steps`` are its price steps with room for more; ``sku`` what is known of its stock."""

    sku_id: str
    name: str
    price: str = ""
    quantity: str = ""
    per_member_limit: str = ""
    deposit: str = ""
    steps: Sequence[tuple[str, str]] = field(default=())
    sku: SkuStockView | None = None

    @classmethod
    def of(cls, offer: OfferView) -> Self:
        """From what is stored; beside a ladder a price says nothing."""
        steps = [(str(each.from_quantity), written(each.price)) for each in offer.ladder]
        return cls(
            offer.sku_id,
            offer.title,
            "" if steps else written(offer.price),
            str(offer.quantity),
            str(offer.per_member_limit or ""),
            written(offer.deposit),
            steps,
        )

    @classmethod
    def typed(cls, offer: OfferTyped) -> Self:
        """From what was typed."""
        steps = [(each.from_quantity, each.price) for each in offer.ladder]
        return cls(
            offer.sku_id, offer.name, offer.price, offer.quantity, offer.per_member_limit, offer.deposit, steps
        )  # fmt: skip

    @classmethod
    def added(cls, sku: SkuStockView) -> Self:
        """A new one, at its price in the catalogue."""
        return cls(sku.id, f"{sku.product_title} · {sku.title}", written(sku.price))

    @property
    def all_steps(self) -> list[tuple[str, str]]:
        """The price steps with empty ones to fill; the first begins with the first unit."""
        missing = LEAST_STEPS - len(self.steps)
        found = [*self.steps, *[("", "")] * max(missing, 0)]
        return [("1", found[0][1]), *found[1:]]
