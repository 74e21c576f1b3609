"""What the pages of products say and fill in beyond the API's views."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib.catalog.model.contents import Allergen, Unit
from chalicelib.catalog.model.products import EXCHANGE_DAYS, MAX_SKUS, REPAIR_DAYS, RETURN_DAYS, Supply
from chalicelib.catalog.views.products import ProductView
from chalicelib.kernel.errors import Stale
from chalicelib.media.model import picture_in
from chalicelib.media.service.pictures import link_before_kept
from chalicelib.pages.shell import N_, Visit
from chalicelib.pages.shell.typed import written

UNITS = {
    Unit.GRAM: N_("g"), Unit.KILOGRAM: N_("kg"), Unit.MILLILITRE: N_("ml"), Unit.LITRE: N_("litres"),
    Unit.METRE: N_("metres"), Unit.PIECE: N_("pieces"),
}  # fmt: skip
PER = {Unit.KILOGRAM: N_("per kg"), Unit.LITRE: N_("per litre"), Unit.METRE: N_("per metre"), Unit.PIECE: N_("each")}
SUPPLY = {
    Supply.BOTH: N_("From the shelf first, the rest is bought"),
    Supply.TO_ORDER: N_("Bought after each group buy closes"),
    Supply.STOCK: N_("From the shelf alone"),
}
ALLERGENS = {
    Allergen.GLUTEN: N_("cereals with gluten"), Allergen.CRUSTACEANS: N_("crustaceans"), Allergen.EGGS: N_("eggs"),
    Allergen.FISH: N_("fish"), Allergen.PEANUTS: N_("peanuts"), Allergen.SOYBEANS: N_("soybeans"),
    Allergen.MILK: N_("milk"), Allergen.NUTS: N_("nuts"), Allergen.CELERY: N_("celery"),
    Allergen.MUSTARD: N_("mustard"), Allergen.SESAME: N_("sesame"), Allergen.SULPHITES: N_("sulphites"),
    Allergen.LUPIN: N_("lupin"), Allergen.MOLLUSCS: N_("molluscs"),
}  # fmt: skip
SORTS = {
    "newest": N_("the newest first"), "price_asc": N_("the cheapest first"), "price_desc": N_("the dearest first"),
    "title": N_("by name"),
}  # fmt: skip
STATUSES = {"active": N_("For sale"), "archived": N_("Archived")}
AVAILABLE = {"on_sale": N_("In an open group buy"), "in_stock": N_("On the shelf")}

LABELS = {
    "title": N_("Product name"), "category": N_("Category"), "tags": N_("Tags"), "description": N_("Description"),
    "images": N_("Photos"), "alts": N_("What the photo shows"), "brand": N_("Brand"), "origin": N_("Origin"),
    "product_line": N_("Line"),
    "after_sale.return_days": N_("Taken back for"), "after_sale.exchange_days": N_("Exchanged for"),
    "after_sale.repair_days": N_("Repaired for"), "allergens": N_("Allergens"),
    "allergen_note": N_("More on allergens"), "how_to_use": N_("How to use it"), "cautions": N_("Please beware"),
    "video_url": N_("Video"), "code": N_("SKU code"),
    "price": N_("Price"), "cost": N_("Cost"), "supply": N_("Where it comes from"), "content": N_("Content"),
    "tax_rate": N_("Rate of tax in the price, in per cent"),
}  # fmt: skip
"""What a field is called, by its name or by the last part of it."""

NEW: Mapping[str, str] = {
    "after_sale.return_days": str(RETURN_DAYS),
    "after_sale.exchange_days": str(EXCHANGE_DAYS),
    "after_sale.repair_days": str(REPAIR_DAYS),
}
"""What a form for a new product is filled in with: what the API takes where nothing is said."""

_DAYS = ("return_days", "exchange_days", "repair_days")
_OF_A_ROW = re.compile(r"skus[.]([0-9]{1,3})[.]")
_PICTURE = re.compile(r"images[.]([0-9]{1,3})")


def filled_in(product: ProductView) -> dict[str, str]:
    """The form's fields as they are stored."""
    names = (
        "title", "category", "description", "brand", "origin", "product_line", "allergen_note", "how_to_use",
        "cautions", "video_url",
    )  # fmt: skip
    found = {name: getattr(product, name) for name in names}
    found["tags"] = ", ".join(product.tags)
    found |= {f"after_sale.{name}": str(getattr(product.after_sale, name)) for name in _DAYS}
    found |= {f"images.{at}": address for at, address in enumerate(product.images)}
    found |= {f"alts.p{at}": product.image_alts.get(address, "") for at, address in enumerate(product.images)}
    if product.allergens is not None:
        found["allergens_said"] = "some" if product.allergens else "none"
        found |= {f"allergens.{each}": "true" for each in product.allergens}
    for at, sku in enumerate(product.skus):
        row = {
            "id": sku.id, "code": sku.code, "title": sku.title, "supply": sku.supply.value,
            "price": written(sku.price),
            "cost": written(sku.cost),
            "tax_rate": sku.tax_rate or "",
            "content.quantity": sku.content.quantity if sku.content else "",
            "content.unit": sku.content.unit.value if sku.content else Unit.GRAM.value,
        }  # fmt: skip
        found |= {f"skus.{at}.{name}": value for name, value in row.items()}
    return found


def form(visit: Visit[Any], stored: Mapping[str, str]) -> dict[str, Any]:
    """The form for its template: as it was sent or, before that, as it is stored."""
    sent = visit.fields or stored
    rows = {found[1] for name in sent if (found := _OF_A_ROW.match(name))}
    more = 1 if sent.get("more") else 0
    return {
        "typed": lambda name: sent.get(name, ""),
        "rows": range(min(len(rows) + more, MAX_SKUS) or 1),
        "room": len(rows) + more < MAX_SKUS,
        "photos": [(value, _seen_at(visit, value, stored)) for _, value in sorted(_pictures(sent))],
        "units": UNITS.items(),
        "supplies": SUPPLY.items(),
        "allergens": ALLERGENS.items(),
        "labels": LABELS,
    }


def overtaken(visit: Visit[Any], stored: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """What somebody else has made of fields that were sent otherwise: of which SKU, the field's name, how it stands."""
    if not isinstance(visit.refused, Stale):
        return []
    return [
        (visit.fields.get(f"{name.rpartition('.')[0]}.title", "") if name.startswith("skus.") else "", label, value)
        for name, value in stored.items()
        if visit.fields.get(name, "") != value and (label := _label(name))
    ]


def _label(name: str) -> str:
    parts = name.split(".")
    if parts[0] == "skus":
        return N_("Name of the SKU") if parts[2] == "title" else LABELS.get(parts[2], "")
    return LABELS.get(name) or LABELS.get(parts[0], "")


def _seen_at(visit: Visit[Any], address: str, stored: Mapping[str, str]) -> str:
    """Where a picture of the form is seen: one that was only sent so far is not at its address yet."""
    sent = "" if address in stored.values() else picture_in(address, visit.slug)
    return link_before_kept(visit.tenant_id, sent) if sent else address


def _pictures(sent: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    for name, value in sent.items():
        found = _PICTURE.fullmatch(name)
        if found and value:
            yield int(found[1]), value
