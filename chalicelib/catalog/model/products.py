"""Rules of products: their SKUs, codes that are unique in a tenant, and stock."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from chalicelib.catalog.model.contents import Content
from chalicelib.kernel.errors import Conflict, FieldError, Invalid
from chalicelib.kernel.folding import fold
from chalicelib.kernel.money import Money
from chalicelib.kernel.unset import UNSET, Unset

SKU_CODE = r"\w[\w./+-]{0,63}"
"""What a SKU code may be."""

MAX_SKUS = 20
MAX_STOCK = 10**9
"""Units of one SKU; a larger figure is a slip of the keyboard."""

RETURN_DAYS, EXCHANGE_DAYS, REPAIR_DAYS = 7, 15, 0
"""For how many days after pickup a product is taken back, exchanged, repaired, where nothing else is said."""

MAX_AFTER_SALE_DAYS = 730
"""Two years; a longer promise is a warranty, which is another contract."""


class DuplicateSkuCode(Conflict):
    """Another SKU of the tenant has that code already; letter case does not tell codes apart."""

    code, title, title_zh = "duplicate_sku_code", "The SKU code is taken", "规格编码已存在"


class InsufficientStock(Conflict):
    """The adjustment or allocation would take stock below zero."""

    code, title, title_zh = "insufficient_stock", "Not enough stock", "库存不足"


class WrongCurrency(Invalid):
    """A price is not in the tenant's currency."""

    code, title, title_zh = "wrong_currency", "The price is not in your currency", "价格币种与店铺币种不一致"


class Supply(StrEnum):
    """Where a campaign's units of a SKU come from: all are bought, all are on the shelf, or the shelf comes first and
    the rest is bought.
    """

    TO_ORDER = "to_order"
    STOCK = "stock"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Sku:
    """A stock-keeping variant of a product. Amounts are minor units of the tenant's currency; the cost is private.

    ``tax_bps`` is the rate of the tax that its price includes, in basis points; None where it is the tenant's.
    """

    sku_id: str
    code: str
    title: str
    price_minor: int
    cost_minor: int | None = None
    supply: str = Supply.BOTH.value
    content: Content | None = None
    tax_bps: int | None = None

    def to_json(self) -> list[Any]:
        """The stored form: a list, because twenty SKUs share one item; what is as usual at its end is left out."""
        stored = [self.sku_id, self.code, self.title, self.price_minor, self.cost_minor]
        content: list[str | None] = [self.content.quantity, self.content.unit] if self.content else []
        if self.tax_bps is not None:
            return [*stored, self.supply, *(content or [None, None]), self.tax_bps]
        if content:
            return [*stored, self.supply, *content]
        return stored if self.supply == Supply.BOTH else [*stored, self.supply]

    @classmethod
    def from_json(cls, raw: Sequence[Any]) -> "Sku":
        if len(raw) <= 6:
            return cls(*raw)
        sku_id, code, title, price_minor, cost_minor, supply, quantity, unit, *tax = raw
        content = Content(quantity, unit) if unit else None
        return cls(sku_id, code, title, price_minor, cost_minor, supply, content, *tax)


@dataclass(frozen=True, slots=True)
class ProductDetails:
    """What is said of a product itself, the after-sale days (counted from pickup) among it. None keeps."""

    title: str | None = None
    category: str | None = None
    tags: Sequence[str] | None = None
    description: str | None = None
    images: Sequence[str] | None = None
    image_alts: Mapping[str, str] | None = None
    brand: str | None = None
    origin: str | None = None
    product_line: str | None = None
    status: str | None = None
    return_days: int | None = None
    exchange_days: int | None = None
    repair_days: int | None = None
    allergens: Sequence[str] | None = None
    allergen_note: str | None = None
    how_to_use: str | None = None
    cautions: str | None = None
    video_url: str | None = None

    @property
    def stated(self) -> dict[str, Any]:
        """What is said, by the names of the product's record."""
        return {name: value for name, value in asdict(self).items() if value is not None}


@dataclass(frozen=True, slots=True)
class SkuChange:
    """One entry of a request's ``skus``: with an id it changes that SKU, without one it adds one. None keeps; a
    content, or a rate of tax, of None is taken away.
    """

    sku_id: str | None = None
    code: str | None = None
    title: str | None = None
    price: Money | None = None
    cost: Money | None = None
    supply: Supply | None = None
    content: Content | Unset | None = UNSET
    tax_bps: int | Unset | None = UNSET


@dataclass(frozen=True, slots=True)
class CodeClaims:
    """What a change of SKUs does to the tenant's codes; keys are folded codes, values the SKU that has them."""

    added: dict[str, str]
    moved: dict[str, tuple[str, str]]
    dropped: dict[str, str]


def changed_skus(
    skus: Sequence[Sku], changes: Sequence[SkuChange], currency: str, make_id: Callable[[], str]
) -> list[Sku]:
    """The product's SKUs after the changes; those not named stay, new ones come last in the order given.

    Raises WrongCurrency for a price that is not in the tenant's ``currency``; Invalid for an id that is not the
    product's, a new SKU without code, title or price, or more than 20 SKUs; DuplicateSkuCode for two equal codes. The
    pointer names the entry.
    """
    known = {sku.sku_id: sku for sku in skus}
    touched: dict[str, int] = {}
    for index, change in enumerate(changes):
        _check_currency(change, currency, index)
        sku = _changed(known, change, index, make_id)
        if sku.sku_id in touched:
            raise Invalid.at(
                f"/skus/{index}/id",
                "This SKU is named twice; put its changes into one entry.",
                "该规格重复，请合并为一条。",
            )
        known[sku.sku_id] = sku
        touched[sku.sku_id] = index
    if not 1 <= len(known) <= MAX_SKUS:
        raise Invalid.at(
            "/skus",
            f"A product has 1 to {MAX_SKUS} SKUs; this one would have {len(known)}.",
            f"每个商品须有 1 至 {MAX_SKUS} 个规格，此商品将有 {len(known)} 个。",
        )
    _refuse_equal_codes(list(known.values()), touched)
    return list(known.values())


def _check_currency(change: SkuChange, currency: str, index: int) -> None:
    for name in ("price", "cost"):
        amount: Money | None = getattr(change, name)
        if amount is not None and amount.currency != currency:
            raise WrongCurrency.at(
                f"/skus/{index}/{name}/currency",
                f"Your currency is {currency}; {amount.currency} is not taken.",
                f"您的币种为 {currency}，不支持 {amount.currency}。",
            )


def _changed(known: dict[str, Sku], change: SkuChange, index: int, make_id: Callable[[], str]) -> Sku:
    stated = {
        "code": change.code,
        "title": change.title,
        "price_minor": change.price and change.price.amount_minor,
        "cost_minor": change.cost and change.cost.amount_minor,
        "supply": change.supply and change.supply.value,
    }
    given: dict[str, Any] = {name: value for name, value in stated.items() if value is not None}
    if change.content is not UNSET:
        given["content"] = change.content
    if change.tax_bps is not UNSET:
        given["tax_bps"] = change.tax_bps
    if change.sku_id is not None:
        if change.sku_id not in known:
            raise Invalid.at(
                f"/skus/{index}/id",
                "The product has no such SKU; to add one, give no id.",
                "该商品没有此规格；新增规格请勿填写 id。",
            )
        return replace(known[change.sku_id], **given)
    missing = [name for name in ("code", "title", "price_minor") if name not in given]
    if missing:
        faults = tuple(
            FieldError(f"/skus/{index}/{name.removesuffix('_minor')}", "A new SKU needs this.", "新规格须填写此项。")
            for name in missing
        )
        raise Invalid(
            "A new SKU needs a code, a title and a price.", detail_zh="新规格须填写编码、名称和价格。", errors=faults
        )
    return Sku(sku_id=make_id(), **given)


def _refuse_equal_codes(skus: Sequence[Sku], touched: dict[str, int]) -> None:
    by_code: dict[str, str] = {}
    for sku in sorted(skus, key=lambda sku: touched.get(sku.sku_id, -1)):
        if fold(sku.code) in by_code:
            raise duplicate_code(sku.code, touched.get(sku.sku_id, 0))
        by_code[fold(sku.code)] = sku.sku_id


def duplicate_code(code: str, index: int) -> DuplicateSkuCode:
    """The refusal of one entry's code."""
    return DuplicateSkuCode.at(
        f"/skus/{index}/code", f"The SKU code '{code}' is taken; choose another.", f"规格编码“{code}”已被使用，请更换。"
    )


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
            f"The free stock is {free}; {-delta} cannot be taken away.",
            detail_zh=f"可用库存为 {free} 件，无法减少 {-delta} 件。",
            extra={"free": free, "delta": delta},
        )
    if after > MAX_STOCK:
        raise Invalid.at(
            "/delta",
            f"At most {MAX_STOCK} units of a SKU can be held; this would make {after}.",
            f"每个规格库存最多 {MAX_STOCK} 件，此操作后将为 {after} 件。",
        )
    return after
