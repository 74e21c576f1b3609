"""What a list of products is narrowed to, and which products pass."""

from dataclasses import dataclass

from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.folding import fold


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to; texts are already folded, prices are minor units, bounds are inclusive."""

    words: tuple[str, ...] = ()
    category: str | None = None
    tag: str | None = None
    min_price: int | None = None
    max_price: int | None = None
    status: str | None = None

    @classmethod
    def asked(
        cls,
        q: str | None = None,
        category: str | None = None,
        tag: str | None = None,
        min_price: int | None = None,
        max_price: int | None = None,
        status: str | None = None,
    ) -> "Wanted":
        """Folds what the caller typed. Raises Invalid when the price range is upside down."""
        if min_price is not None and max_price is not None and min_price > max_price:
            raise Invalid.at(
                "?min_price",
                f"min_price {min_price} is above max_price {max_price}.",
                f"最低价 {min_price} 高于最高价 {max_price}。",
            )
        return cls(
            tuple(fold(q).split()) if q else (),
            fold(category) if category else None,
            fold(tag) if tag else None,
            min_price,
            max_price,
            status,
        )

    @property
    def everything(self) -> bool:
        """Whether nothing is left out."""
        return self == Wanted()


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
    skus: tuple[tuple[str, str, str, int], ...]
    """Of each SKU: id, code, title and price in minor units."""

    @property
    def price_from_minor(self) -> int:
        """The lowest price among the SKUs: the one a list is sorted by."""
        return min(price for _, _, _, price in self.skus)

    @property
    def text(self) -> str:
        """All words that a search may hit, folded."""
        of_skus = [word for _, code, title, _ in self.skus for word in (code, title)]
        return fold(" ".join([self.title, self.brand, self.category, *self.tags, *of_skus]))


def keeps(wanted: Wanted, card: Card) -> bool:
    """Whether the card passes: every word somewhere in its texts, and at least one SKU priced inside the range."""
    if wanted.status is not None and card.status != wanted.status:
        return False
    if wanted.category is not None and fold(card.category) != wanted.category:
        return False
    if wanted.tag is not None and wanted.tag not in {fold(tag) for tag in card.tags}:
        return False
    if wanted.min_price is not None or wanted.max_price is not None:
        low, high = wanted.min_price or 0, wanted.max_price
        if not any(low <= price and (high is None or price <= high) for _, _, _, price in card.skus):
            return False
    if wanted.words:
        text = card.text
        return all(word in text for word in wanted.words)
    return True
