"""What the catalogue takes: bodies and query parameters."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, WithJsonSchema

from chalicelib.catalog.model.contents import Allergen, Content, Unit
from chalicelib.catalog.model.products import (
    EXCHANGE_DAYS,
    MAX_AFTER_SALE_DAYS,
    MAX_SKUS,
    MAX_STOCK,
    REPAIR_DAYS,
    RETURN_DAYS,
    SKU_CODE,
    ProductDetails,
    SkuChange,
    Supply,
)
from chalicelib.catalog.model.stock import Kind, Loss
from chalicelib.kernel.errors import InvalidField
from chalicelib.kernel.folding import fold
from chalicelib.kernel.money import MAX_MINOR
from chalicelib.kernel.percent import read_percent
from chalicelib.kernel.unset import UNSET
from chalicelib.media.model import OWN_PICTURE
from chalicelib.web import (
    Body,
    CommaList,
    CostField,
    Harmless,
    LongText,
    OneLine,
    PriceField,
    Query,
    ShortText,
    TaxRate,
    Title,
    UlidStr,
)

MOST_COMPARED = 6
"""Products side by side; more do not stand beside each other on any screen."""

_SKU_CODE = rf"^{SKU_CODE}$"
_HTTPS_URL = r"^https://[^\s/]+\S*$"
_IMAGE_URL = rf"^(https://[^\s/]+\S*|{OWN_PICTURE})$"
_QUANTITY = r"^[0-9]{1,6}([.][0-9]{1,3})?$"


def _sku_code(text: str) -> str:
    if not re.fullmatch(_SKU_CODE, text) or len(fold(text)) > 64:
        raise InvalidField(
            "use up to 64 letters, digits and . _ / + -, without blanks, such as TEA-50",
            "最多 64 个字母、数字或 . _ / + -，不含空格，例如 TEA-50",
        )
    return text


def _https_url(text: str) -> str:
    if len(text) > 1000 or not re.fullmatch(_HTTPS_URL, text):
        raise InvalidField(
            "use an address that begins with https:// and has at most 1,000 characters",
            "请使用以 https:// 开头、不超过 1,000 个字符的地址",
        )
    return text


def _image_url(text: str) -> str:
    if len(text) > 1000 or not re.fullmatch(_IMAGE_URL, text):
        raise InvalidField(
            "use an address that begins with https:// and has at most 1,000 characters, or an upload's address",
            "请使用您所上传图片的地址，或以 https:// 开头、不超过 1,000 个字符的地址",
        )
    return text


def _link(text: str) -> str:
    return _https_url(text) if text else text


def _some_quantity(text: str) -> str:
    if not re.fullmatch(_QUANTITY, text) or not Decimal(text):
        raise InvalidField(
            "write a number above zero with at most three decimal places, such as 500 or 1.5",
            "请填写大于零、最多三位小数的数字，例如 500 或 1.5",
        )
    return text


SkuCode = Annotated[str, AfterValidator(_sku_code), WithJsonSchema({"type": "string", "pattern": _SKU_CODE})]
Label = Annotated[str, StringConstraints(max_length=60), OneLine]
Tag = Annotated[str, StringConstraints(min_length=1, max_length=40), OneLine]
ImageUrl = Annotated[
    str,
    AfterValidator(_image_url),
    WithJsonSchema({"type": "string", "format": "uri-reference", "pattern": _IMAGE_URL, "maxLength": 1000}),
]
VideoUrl = Annotated[
    str,
    AfterValidator(_link),
    WithJsonSchema({"type": "string", "pattern": r"^(https://[^\s/]+\S*)?$", "maxLength": 1000}),
]
DecimalText = Annotated[
    str, AfterValidator(_some_quantity), WithJsonSchema({"type": "string", "pattern": _QUANTITY, "examples": ["1.5"]})
]


def _once_each(values: list[str]) -> list[str]:
    return list(dict.fromkeys(values))


def _in_order(named: list[Allergen]) -> list[Allergen]:
    return sorted(set(named), key=list(Allergen).index)


def _some(delta: int) -> int:
    if delta == 0:
        raise InvalidField("an adjustment of zero changes nothing; leave it out", "调整数量不能为零")
    return delta


Tags = Annotated[list[Tag], Field(max_length=20), AfterValidator(_once_each)]
Days = Annotated[int, Field(ge=0, le=MAX_AFTER_SALE_DAYS)]
Images = Annotated[list[ImageUrl], Field(max_length=10), AfterValidator(_once_each)]
ImageAlts = Annotated[dict[str, Annotated[str, StringConstraints(max_length=200), OneLine]], Field(max_length=10)]
Allergens = Annotated[
    list[Annotated[Allergen, Field(strict=False)]], Field(max_length=len(Allergen)), AfterValidator(_in_order)
]
Note = Annotated[str, StringConstraints(max_length=300), Harmless]


class ContentForm(Body):
    """How much of it one unit of a SKU holds; from it follows the unit price."""

    quantity: DecimalText
    unit: Annotated[Unit, Field(strict=False)]

    def content(self) -> Content:
        """As the rules take it."""
        return Content.of(Decimal(self.quantity), self.unit)


class NewSku(Body):
    """A stock-keeping variant; its code is unique in the tenant, whatever the letter case.

    Of what a campaign offers, with ``supply`` ``to_order`` all is bought after its close, with ``stock`` all is on the
    shelf, and with ``both`` what is free on the shelf comes first and the rest is bought. Its price includes tax at
    ``tax_rate``; where that is null, at the rate of your settings, if they have one.
    """

    code: SkuCode
    title: Title
    price: PriceField
    cost: CostField | None = None
    supply: Supply = Supply.BOTH
    content: ContentForm | None = None
    tax_rate: TaxRate | None = None


class SkuEdit(Body):
    """With ``id`` it changes that SKU, without one it adds a SKU; what is absent stays.

    A new ``supply`` or ``tax_rate`` holds for campaigns that are published from now on. A ``content`` or ``tax_rate``
    of null is taken away.
    """

    id: UlidStr | None = None
    code: SkuCode | None = None
    title: Title | None = None
    price: PriceField | None = None
    cost: CostField | None = None
    supply: Supply | None = None
    content: ContentForm | None = None
    tax_rate: TaxRate | None = None


class AfterSale(Body):
    """For how many days after pickup a product is taken back, exchanged or repaired; 0 means not offered."""

    return_days: Days = RETURN_DAYS
    exchange_days: Days = EXCHANGE_DAYS
    repair_days: Days = REPAIR_DAYS


class AfterSaleEdit(Body):
    """What is absent stays. Campaigns keep the days that they copied."""

    return_days: Days | None = None
    exchange_days: Days | None = None
    repair_days: Days | None = None


class NewProduct(Body):
    """A product and its SKUs; images are https addresses or those of pictures that you uploaded, the first is shown in
    lists. ``image_alts`` says by an image's address what it shows, for who cannot see it.

    ``allergens`` names which of the fourteen of Regulation (EU) 1169/2011 are in it (the eight of GB 7718 are among
    them): empty says that none is, null that nothing is said of them. ``allergen_note`` is for what a code cannot say,
    such as traces.
    """

    EXAMPLES = {
        "one SKU, with its cost": {
            "title": "荔枝",
            "category": "水果",
            "skus": [
                {
                    "code": "LYCHEE-1KG",
                    "title": "一公斤",
                    "price": {"amount_minor": 3_990, "currency": "CNY"},
                    "cost": {"amount_minor": 2_100, "currency": "CNY"},
                }
            ],
        },
        "a food, with its content and what is to be known of it": {
            "title": "Peanut butter",
            "category": "Larder",
            "allergens": ["peanuts"],
            "allergen_note": "May contain traces of sesame.",
            "how_to_use": "Stir before use.",
            "cautions": "Keep cool once opened.",
            "skus": [
                {
                    "code": "PB-350",
                    "title": "350 g",
                    "price": {"amount_minor": 1_990, "currency": "CNY"},
                    "content": {"quantity": "350", "unit": "g"},
                }
            ],
        },
    }

    title: Title
    category: Label = ""
    tags: Tags = []
    description: LongText = ""
    images: Images = []
    image_alts: ImageAlts = {}
    brand: Label = ""
    origin: Label = ""
    product_line: Label = ""
    after_sale: AfterSale = AfterSale()
    allergens: Allergens | None = None
    allergen_note: Note = ""
    how_to_use: LongText = ""
    cautions: LongText = ""
    video_url: VideoUrl = ""
    skus: Annotated[list[NewSku], Field(min_length=1, max_length=MAX_SKUS)]


class ProductEdit(Body):
    """What is absent stays as it is; an image keeps its text wherever it then stands. ``image_alts`` takes the place of
    all such texts.
    """

    title: Title | None = None
    category: Label | None = None
    tags: Tags | None = None
    description: LongText | None = None
    images: Images | None = None
    image_alts: ImageAlts | None = None
    brand: Label | None = None
    origin: Label | None = None
    product_line: Label | None = None
    after_sale: AfterSaleEdit | None = None
    allergens: Allergens | None = None
    allergen_note: Note | None = None
    how_to_use: LongText | None = None
    cautions: LongText | None = None
    video_url: VideoUrl | None = None
    status: Literal["active", "archived"] | None = None
    skus: Annotated[list[SkuEdit], Field(max_length=MAX_SKUS)] = []


class Adjustment(Body):
    """A correction of free stock, in units; from the first one on the SKU's stock is tracked. Whether a campaign may
    offer more than is free is the SKU's ``supply``.
    """

    delta: Annotated[int, Field(ge=-MAX_STOCK, le=MAX_STOCK), AfterValidator(_some)]
    reason: ShortText


class Wastage(Body):
    """Units written off, and what became of them."""

    quantity: Annotated[int, Field(ge=1, le=MAX_STOCK)]
    loss: Loss
    reason: ShortText


class MovementFilter(Query):
    """One kind of movement, or all."""

    kind: Kind | None = None


class Filter(Query):
    """What a list may be narrowed to. Prices are minor units; a product passes when one of its SKUs does."""

    q: Annotated[str, StringConstraints(max_length=100), Harmless] | None = None
    category: Label | None = None
    tag: Tag | None = None
    brand: Label | None = None
    origin: Label | None = None
    product_line: Label | None = None
    min_price: Annotated[int, Field(ge=0, le=MAX_MINOR)] | None = None
    max_price: Annotated[int, Field(ge=0, le=MAX_MINOR)] | None = None
    available: Literal["on_sale", "in_stock"] | None = Field(
        default=None,
        description="on_sale: in a campaign that is open now. in_stock: with free units on the shelf.",
    )
    min_rating: Annotated[int, Field(ge=1, le=5)] | None = Field(
        default=None, description="Only products with so many stars on average."
    )
    min_sold: Annotated[int, Field(ge=1, le=MAX_MINOR)] | None = Field(
        default=None, description="Only products of which so many units were sold and kept in the last twelve weeks."
    )


class SortedFilter(Filter):
    """A product is sorted by its lowest price; the best rated and the most sold come first. A few reviews weigh less
    than many: the average counts five more of four stars.
    """

    sort: Literal["newest", "price_asc", "price_desc", "title", "rating", "sales"] = "newest"


class ProductFilter(SortedFilter):
    """As shoppers narrow and sort their list. Archived products stand in the list of the newest only."""

    status: Literal["active", "archived"] | None = None


def _compared(ids: list[str]) -> list[str]:
    once = list(dict.fromkeys(ids))
    if not 2 <= len(once) <= MOST_COMPARED:
        raise InvalidField(
            f"name 2 to {MOST_COMPARED} products, separated by commas",
            f"请填写 2 至 {MOST_COMPARED} 个商品编号，以逗号分隔",
        )
    return once


class Comparison(Query):
    """The products that are to stand side by side, by their ids."""

    ids: Annotated[CommaList, AfterValidator(_compared)] = Field(
        description=f"2 to {MOST_COMPARED} ids of products, separated by commas."
    )


def product_details(body: NewProduct | ProductEdit) -> ProductDetails:
    """What the body says of the product itself."""
    stated = body.model_dump(exclude={"skus"}, exclude_none=True)
    return ProductDetails(**stated.pop("after_sale", {}), **stated)


def sku_changes(skus: Sequence[NewSku | SkuEdit]) -> list[SkuChange]:
    """The entries of ``skus`` as the rules take them."""
    return [
        SkuChange(
            sku.id if isinstance(sku, SkuEdit) else None,
            sku.code,
            sku.title,
            sku.price.money() if sku.price else None,
            sku.cost.money() if sku.cost else None,
            sku.supply,
            (sku.content.content() if sku.content else None) if "content" in sku.model_fields_set else UNSET,
            _basis_points(sku.tax_rate) if "tax_rate" in sku.model_fields_set else UNSET,
        )
        for sku in skus
    ]


def _basis_points(rate: str | None) -> int | None:
    return None if rate is None else read_percent(rate)
