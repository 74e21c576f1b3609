"""What the form of a product sends: all that the API takes of it, as people type it."""

import re
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from chalicelib.catalog.model.contents import Allergen
from chalicelib.catalog.model.products import MAX_SKUS
from chalicelib.kernel.errors import DomainError, FieldError, Invalid
from chalicelib.kernel.money import read_amount
from chalicelib.pages.shell.typed import no_amount, percent
from chalicelib.web import Body

MOST_IMAGES = 10
Typed = Annotated[str, StringConstraints(max_length=20_000)]

_SKU = re.compile(r"/skus/([0-9]+)(.*)")
_TEXTS = (
    "title", "category", "description", "brand", "origin", "product_line", "allergen_note", "how_to_use", "cautions",
    "video_url",
)  # fmt: skip


_NEEDED = {
    "code": ("Type a code, such as TEA-50.", "请填写编码，例如 TEA-50。"),
    "title": ("Type a name, such as 500 g.", "请填写名称，例如 500 克。"),
}
"""What each SKU has, and what is said where it was left empty."""


class Held(Body):
    """How much one unit holds; nothing where no quantity is given."""

    quantity: Typed = ""
    unit: Typed = ""


class SkuRow(Body):
    """A SKU as it was typed; one without an id is new, and none where nothing was typed."""

    id: Typed = ""
    code: Typed = ""
    title: Typed = ""
    price: Typed = ""
    cost: Typed = ""
    supply: Typed = ""
    tax_rate: Typed = ""
    content: Held = Held()

    @property
    def is_blank(self) -> bool:
        """Whether it is a new row that nobody has begun."""
        return not (self.id or self.code or self.title or self.price or self.cost or self.content.quantity)

    def asked(self, currency: str, at: str, faults: list[FieldError]) -> dict[str, Any]:
        """As the API takes it; what is missing, or no amount of money, is added to the faults."""
        row: dict[str, Any] = {"code": self.code, "title": self.title}
        row |= {name: value for name, value in (("id", self.id), ("supply", self.supply)) if value}
        faults += [FieldError(f"{at}/{name}", *words) for name, words in _NEEDED.items() if not row[name]]
        for name in ("price", "cost"):
            text = getattr(self, name)
            if not text and name == "cost":
                continue
            amount = read_amount(text, currency)
            if amount is None:
                faults.append(FieldError(f"{at}/{name}", *no_amount(currency)))
            row[name] = {"amount_minor": amount, "currency": currency}
        if self.tax_rate or self.id:
            row["tax_rate"] = percent(self.tax_rate) or None
        if self.content.quantity:
            row["content"] = {"quantity": self.content.quantity, "unit": self.content.unit}
        elif self.id:
            row["content"] = None
        return row


class ProductForm(Body):
    """A product as it was typed. ``alts`` says what pictures show, by ``p`` and their number; ``drop`` and ``first``
    name them so, for who has no script; ``more`` asks for a row for one more SKU.
    """

    title: Typed = ""
    category: Typed = ""
    tags: Typed = ""
    description: Typed = ""
    images: Annotated[list[Typed], Field(max_length=2 * MOST_IMAGES)] = []
    alts: dict[str, Typed] = {}
    drop: dict[str, Typed] = {}
    first: Typed = ""
    image_address: Typed = ""
    brand: Typed = ""
    origin: Typed = ""
    product_line: Typed = ""
    after_sale: dict[Literal["return_days", "exchange_days", "repair_days"], Typed] = {}
    allergens_said: Literal["", "none", "some"] = ""
    allergens: dict[str, Typed] = {}
    allergen_note: Typed = ""
    how_to_use: Typed = ""
    cautions: Typed = ""
    video_url: Typed = ""
    skus: Annotated[list[SkuRow], Field(max_length=2 * MAX_SKUS)] = []
    more: Typed = ""

    @property
    def rows(self) -> list[int]:
        """The numbers of the rows of SKUs that are sent: the first, where nothing was typed into any."""
        begun = [at for at, row in enumerate(self.skus) if not row.is_blank]
        return begun or list(range(len(self.skus)))[:1]

    @property
    def pictures(self) -> list[str]:
        """The addresses of the pictures that are kept, in their order."""
        named = [(f"p{at}", address) for at, address in enumerate(self.images)]
        named.sort(key=lambda each: each[0] != self.first)
        kept = [address for name, address in named if name not in self.drop]
        return [*kept, self.image_address] if self.image_address else kept

    @property
    def described(self) -> dict[str, str]:
        """What the pictures that are kept show, by their addresses."""
        texts = {address: self.alts.get(f"p{at}", "") for at, address in enumerate(self.images)}
        return {address: texts[address] for address in self.pictures if texts.get(address)}

    def asked(self, currency: str) -> dict[str, Any]:
        """As the API takes it. Raises Invalid for what is missing or no amount of money, and where no allergen is
        named.
        """
        faults: list[FieldError] = []
        if not self.title:
            faults.append(FieldError("/title", "Type the name of the product.", "请填写商品名称。"))
        wanted: dict[str, Any] = {name: getattr(self, name) for name in _TEXTS}
        wanted["tags"] = [tag for each in re.split(r"[,，、\n]", self.tags) if (tag := each.strip())]
        wanted |= {"images": self.pictures, "image_alts": self.described}
        wanted["after_sale"] = dict(self.after_sale)
        wanted["skus"] = [self.skus[row].asked(currency, f"/skus/{row}", faults) for row in self.rows]
        if self.allergens_said:
            chosen = [each.value for each in Allergen if each.value in self.allergens]
            wanted["allergens"] = chosen if self.allergens_said == "some" else []
            if self.allergens_said == "some" and not chosen:
                faults.append(FieldError("/allergens", "Tick at least one.", "请至少勾选一项。"))
        if faults:
            raise Invalid("Some fields are not right.", detail_zh="部分内容填写有误。", errors=tuple(faults))
        return wanted


class StatusForm(Body):
    """Whether the product is sold, or kept for its history alone."""

    status: Literal["active", "archived"]


def beside_the_fields(refusal: DomainError, rows: Sequence[int]) -> DomainError:
    """A refusal of the API, said of the page's fields; ``rows`` are the numbers of the SKUs that were sent."""
    refusal.errors = tuple(_moved(refusal.errors, rows))
    return refusal


def _moved(errors: Sequence[FieldError], rows: Sequence[int]) -> Iterator[FieldError]:
    for each in errors:
        pointer = re.sub(r"/(amount_minor|currency)$", "", each.pointer)
        found = _SKU.fullmatch(pointer)
        if found and int(found[1]) < len(rows):
            below = "/content/quantity" if found[2] == "/content" else found[2]
            pointer = f"/skus/{rows[int(found[1])]}{below}"
        elif pointer.startswith(("/tags/", "/images/", "/image_alts", "/allergens/")):
            pointer = "/" + pointer.split("/")[1].replace("image_alts", "alts")
        yield FieldError(pointer, each.message, each.message_zh)
