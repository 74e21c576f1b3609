"""What a list of products is narrowed to, and which products pass."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.catalog.model.contents import Content
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.folding import fold


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to; texts are already folded, prices are minor units, bounds are inclusive. ``sku_ids``
    are those that can be had, where only such products are wanted; ``product_ids`` those that stand as is asked.
    """

    words: tuple[str, ...] = ()
    category: str | None = None
    tag: str | None = None
    min_price: int | None = None
    max_price: int | None = None
    status: str | None = None
    brand: str | None = None
    origin: str | None = None
    product_line: str | None = None
    sku_ids: frozenset[str] | None = None
    product_ids: frozenset[str] | None = None

    @classmethod
    def asked(
        cls,
        q: str | None = None,
        category: str | None = None,
        tag: str | None = None,
        min_price: int | None = None,
        max_price: int | None = None,
        status: str | None = None,
        brand: str | None = None,
        origin: str | None = None,
        product_line: str | None = None,
        sku_ids: frozenset[str] | None = None,
        product_ids: frozenset[str] | None = None,
    ) -> "Wanted":
        """Folds what the caller typed. Raises Invalid when the price range is upside down."""
        if min_price is not None and max_price is not None and min_price > max_price:
            raise Invalid.at(
                "?min_price",
                "The lowest price is above the highest; swap them.",
                "最低价高于最高价，请交换。",
            )
        return cls(
            tuple(fold(q).split()) if q else (),
            fold(category) if category else None,
            fold(tag) if tag else None,
            min_price,
            max_price,
            status,
            fold(brand) if brand else None,
            fold(origin) if origin else None,
            fold(product_line) if product_line else None,
            sku_ids,
            product_ids,
        )

    def takes(self, sku_id: str, price_minor: int) -> bool:
        """Whether a SKU is priced inside the range and can be had as is asked."""
        dear = self.max_price is not None and price_minor > self.max_price
        cheap = self.min_price is not None and price_minor < self.min_price
        return not dear and not cheap and (self.sku_ids is None or sku_id in self.sku_ids)


@dataclass(frozen=True, slots=True)
class CardSku:
    """A SKU on a card."""

    sku_id: str
    code: str
    title: str
    price_minor: int
    content: Content | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """What a list shows of a product, and all that a filter looks at: nothing private is in it."""

    product_id: str
    title: str
    category: str
    tags: tuple[str, ...]
    brand: str
    image: str
    status: str
    skus: tuple[CardSku, ...]
    origin: str = ""
    product_line: str = ""

    @property
    def price_from_minor(self) -> int:
        """The lowest price among the SKUs: the one a list is sorted by."""
        return min(sku.price_minor for sku in self.skus)

    @property
    def text(self) -> str:
        """All words that a search may hit, folded."""
        of_skus = [word for sku in self.skus for word in (sku.code, sku.title)]
        return fold(
            " ".join([self.title, self.brand, self.origin, self.product_line, self.category, *self.tags, *of_skus])
        )


def keeps(wanted: Wanted, card: Card) -> bool:
    """Whether the card passes: every word somewhere in its texts, and at least one SKU that is taken."""
    if wanted.status is not None and card.status != wanted.status:
        return False
    if wanted.product_ids is not None and card.product_id not in wanted.product_ids:
        return False
    for name in ("category", "brand", "origin", "product_line"):
        asked = getattr(wanted, name)
        if asked is not None and fold(getattr(card, name)) != asked:
            return False
    if wanted.tag is not None and wanted.tag not in {fold(tag) for tag in card.tags}:
        return False
    if not any(wanted.takes(sku.sku_id, sku.price_minor) for sku in card.skus):
        return False
    if wanted.words:
        text = card.text
        return all(word in text for word in wanted.words)
    return True


FACETS = ("category", "brand", "origin", "product_line", "tag")
MOST_VALUES = 50
"""Values of one facet; the rarer ones are left out."""


def facets(cards: Iterable[Card]) -> dict[str, list[tuple[str, int]]]:
    """How many of the products have each category, brand, origin, line and tag, the most frequent first. Spellings that
    a filter takes for one are counted as one, under the first that is met.
    """
    counted: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
    spelled: dict[tuple[str, str], str] = {}
    for card in cards:
        for name in FACETS:
            values = card.tags if name == "tag" else (getattr(card, name),)
            counted[name].update({fold(value) for value in values if value})
            for value in values:
                spelled.setdefault((name, fold(value)), value)
    return {name: [(spelled[name, each], n) for each, n in _frequent(found)] for name, found in counted.items()}


def _frequent(found: Counter[str]) -> list[tuple[str, int]]:
    return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_VALUES]
