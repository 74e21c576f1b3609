"""Rules of the catalogue: SKUs of a product, codes that are unique in a tenant, stock, and what a shopper's filter keeps."""

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.kernel.errors import Conflict, FieldError, Invalid

MAX_SKUS = 20
MAX_STOCK = 10**9
"""Units of one SKU; a larger figure is a slip of the keyboard."""

SORTS = ("newest", "price_asc", "price_desc", "title")


class DuplicateSkuCode(Conflict):
    """Another SKU of the tenant has that code already; letter case does not tell codes apart."""

    code, title, title_zh = "duplicate_sku_code", "The SKU code is taken", "规格编码已存在"


class InsufficientStock(Conflict):
    """The adjustment or allocation would take stock below zero."""

    code, title, title_zh = "insufficient_stock", "Not enough stock", "库存不足"


class WrongCurrency(Invalid):
    """A price is not in the tenant's currency."""

    code, title, title_zh = "wrong_currency", "The price is not in your currency", "价格币种与店铺币种不一致"


@dataclass(frozen=True, slots=True)
class Sku:
    """A stock-keeping variant of a product. Amounts are minor units of the tenant's currency; ``cost_minor`` is private."""

    sku_id: str
    code: str
    title: str
    price_minor: int
    cost_minor: int | None = None

    def to_json(self) -> list[Any]:
        """The stored form: a list, because twenty SKUs share one item."""
        return [self.sku_id, self.code, self.title, self.price_minor, self.cost_minor]

    @classmethod
    def from_json(cls, raw: Sequence[Any]) -> "Sku":
        return cls(*raw)


@dataclass(frozen=True, slots=True)
class SkuChange:
    """One entry of a request's ``skus``: with an id it changes that SKU, without one it adds one. None keeps a value."""

    sku_id: str | None = None
    code: str | None = None
    title: str | None = None
    price_minor: int | None = None
    cost_minor: int | None = None


@dataclass(frozen=True, slots=True)
class CodeClaims:
    """What a change of SKUs does to the tenant's codes; keys are folded codes, values the SKU that has them."""

    added: dict[str, str]
    moved: dict[str, tuple[str, str]]
    dropped: dict[str, str]


def fold(text: str) -> str:
    """The form in which texts are compared: width and case folded, runs of blanks made one."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def changed_skus(skus: Sequence[Sku], changes: Sequence[SkuChange], make_id: Callable[[], str]) -> list[Sku]:
    """The product's SKUs after the changes; those not named stay, new ones come last in the order given.

    Raises Invalid for an id that is not the product's, a new SKU without code, title or price, or more than 20 SKUs;
    DuplicateSkuCode for two equal codes. The pointer names the entry.
    """
    known = {sku.sku_id: sku for sku in skus}
    touched: dict[str, int] = {}
    for index, change in enumerate(changes):
        sku = _changed(known, change, index, make_id)
        if sku.sku_id in touched:
            raise Invalid.at(f"/skus/{index}/id", f"SKU {sku.sku_id} is named twice; put its changes into one entry.")
        known[sku.sku_id] = sku
        touched[sku.sku_id] = index
    if not 1 <= len(known) <= MAX_SKUS:
        raise Invalid.at("/skus", f"A product has 1 to {MAX_SKUS} SKUs; this one would have {len(known)}.")
    _refuse_equal_codes(list(known.values()), touched)
    return list(known.values())


def _changed(known: dict[str, Sku], change: SkuChange, index: int, make_id: Callable[[], str]) -> Sku:
    given = {
        name: value
        for name in ("code", "title", "price_minor", "cost_minor")
        if (value := getattr(change, name)) is not None
    }
    if change.sku_id is not None:
        if change.sku_id not in known:
            raise Invalid.at(f"/skus/{index}/id", f"This product has no SKU {change.sku_id}; leave the id out to add one.")
        return replace(known[change.sku_id], **given)
    missing = [name for name in ("code", "title", "price_minor") if name not in given]
    if missing:
        faults = tuple(
            FieldError(f"/skus/{index}/{name.removesuffix('_minor')}", "A new SKU needs this.") for name in missing
        )
        raise Invalid("A new SKU needs a code, a title and a price.", errors=faults)
    return Sku(sku_id=make_id(), **given)


def _refuse_equal_codes(skus: Sequence[Sku], touched: dict[str, int]) -> None:
    by_code: dict[str, str] = {}
    for sku in sorted(skus, key=lambda sku: touched.get(sku.sku_id, -1)):
        if fold(sku.code) in by_code:
            raise duplicate_code(sku.code, touched.get(sku.sku_id, 0))
        by_code[fold(sku.code)] = sku.sku_id


def duplicate_code(code: str, index: int) -> DuplicateSkuCode:
    """The refusal of one entry's code."""
    return DuplicateSkuCode.at(f"/skus/{index}/code", f"The SKU code '{code}' is taken; choose another.")


def code_claims(before: Iterable[Sku], after: Iterable[Sku]) -> CodeClaims:
    """Which codes become taken, change hands inside the product, or become free."""
    old = {fold(sku.code): sku.sku_id for sku in before}
    new = {fold(sku.code): sku.sku_id for sku in after}
    return CodeClaims(
        added={code: owner for code, owner in new.items() if code not in old},
        moved={code: (old[code], owner) for code, owner in new.items() if code in old and old[code] != owner},
        dropped={code: owner for code, owner in old.items() if code not in new},
    )


def adjusted(free: int, delta: int) -> int:
    """The free units after a correction. Raises InsufficientStock below zero, Invalid beyond a thousand million."""
    after = free + delta
    if after < 0:
        raise InsufficientStock(
            f"{free} units are free; {-delta} cannot be taken away.", extra={"free": free, "delta": delta}
        )
    if after > MAX_STOCK:
        raise Invalid.at("/delta", f"At most {MAX_STOCK} units of a SKU can be held; this would make {after}.")
    return after


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
            raise Invalid.at("?min_price", f"min_price {min_price} is above max_price {max_price}.")
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
        text = fold(" ".join([card.title, card.brand, card.category, *card.tags, *(s[1] + " " + s[2] for s in card.skus)]))
        return all(word in text for word in wanted.words)
    return True
