"""Pages of products: the list, one product, several side by side."""

from typing import Any
from urllib.parse import urlencode

from chalicelib.campaigns.assortment.service import facets_of, list_assortment
from chalicelib.campaigns.progress.service import progress_of
from chalicelib.campaigns.views.campaigns import StoreCampaignView
from chalicelib.catalog.forms import SortedFilter
from chalicelib.catalog.model.contents import Allergen, Unit
from chalicelib.catalog.records import ACTIVE
from chalicelib.catalog.service.products import get_shown
from chalicelib.catalog.service.standings import standings
from chalicelib.catalog.views.lists import ComparisonView, FacetsView, StoreCardView
from chalicelib.catalog.views.products import StoreProductView
from chalicelib.kernel.errors import Invalid
from chalicelib.pages.shell import N_, Page, Pages, Redirect, Visit
from chalicelib.pages.storefront.own import own
from chalicelib.pages.storefront.products.forms import NARROWED_BY, ProductsQuery
from chalicelib.pages.storefront.products.service import chosen, on_offer
from chalicelib.pages.storefront.products.views import Comparison
from chalicelib.reviews.service.reading import list_shown
from chalicelib.reviews.views import ShownReviewView
from chalicelib.web import anyone
from chalicelib.web.problems import said_of

pages = Pages(__name__)

MOST_COMPARED = 4
"""Columns that a phone shows when it is turned."""

MOST_REVIEWS = 3
CHIPS = {
    "category": N_("Category"), "brand": N_("Brand"), "tag": N_("Tag"), "min_price": N_("Price from"),
    "max_price": N_("Price up to"), "available": "",
    "min_rating": "",
}  # fmt: skip
"""What a list is narrowed by, as it is said above it."""

SORTS = {
    "newest": N_("the newest first"),
    "price_asc": N_("the cheapest first"),
    "price_desc": N_("the dearest first"),
    "title": N_("by name"),
    "rating": N_("the best rated first"),
    "sales": N_("the most sold first"),
}
PER = {Unit.KILOGRAM: N_("per kg"), Unit.LITRE: N_("per litre"), Unit.METRE: N_("per metre"), Unit.PIECE: N_("each")}
UNITS = {
    Unit.GRAM: N_("%(n)s g"), Unit.KILOGRAM: N_("%(n)s kg"), Unit.MILLILITRE: N_("%(n)s ml"),
    Unit.LITRE: N_("%(n)s litres"), Unit.METRE: N_("%(n)s metres"), Unit.PIECE: N_("%(n)s pieces"),
}  # fmt: skip
ALLERGENS = {
    Allergen.GLUTEN: N_("cereals with gluten"), Allergen.CRUSTACEANS: N_("crustaceans"), Allergen.EGGS: N_("eggs"),
    Allergen.FISH: N_("fish"), Allergen.PEANUTS: N_("peanuts"), Allergen.SOYBEANS: N_("soybeans"),
    Allergen.MILK: N_("milk"), Allergen.NUTS: N_("nuts"), Allergen.CELERY: N_("celery"),
    Allergen.MUSTARD: N_("mustard"), Allergen.SESAME: N_("sesame"), Allergen.SULPHITES: N_("sulphites"),
    Allergen.LUPIN: N_("lupin"), Allergen.MOLLUSCS: N_("molluscs"),
}  # fmt: skip
ATTRIBUTES = {
    "brand": N_("Brand"), "origin": N_("Origin"), "product_line": N_("Line"), "category": N_("Category"),
    "return_days": N_("Taken back for"), "exchange_days": N_("Exchanged for"), "repair_days": N_("Repaired for"),
}  # fmt: skip
_WORDS = {"per": PER, "units": UNITS, "allergens": ALLERGENS}


@pages.page("/s/{slug}/products", allow=anyone(), query=ProductsQuery, paged=True)
def products(visit: Visit[None]) -> Page | Redirect:
    """The list, narrowed and sorted as its address says."""
    asked: ProductsQuery = visit.query
    if any(values == [""] for values in visit.given.values()):
        # A form sends its empty fields along; an address without them is one to share, and to go on from.
        return Redirect(f"/products?{urlencode(asked.given)}" if asked.given else "/products")
    given = asked.given
    values = {
        "asked": given,
        "narrowed": asked.narrowed,
        "chosen": chosen(visit.tenant_id, asked.ids.split(",")),
        "chips": [(name, label) for name, label in CHIPS.items() if name in given],
        "without": lambda name: {each: value for each, value in given.items() if each != name},
        "sorts": SORTS.items(),
        "cards": [],
        "facets": None,
        "following": "",
        **_WORDS,
    }
    try:
        wanted = visit.form(SortedFilter, asked.stated(visit.brand.currency)).model_dump()
        sort, available = wanted.pop("sort"), wanted.pop("available")
        wanted["status"] = ACTIVE
        found = list_assortment(visit.tenant_id, wanted, sort, available, visit.limit, visit.cursor, visit.now)
        # What a list may be narrowed to is counted without what it is narrowed by, or nothing else could be chosen.
        others = {name: None if name in NARROWED_BY else value for name, value in wanted.items()}
        counted, complete = facets_of(visit.tenant_id, others, available, visit.now)
    except Invalid as refusal:
        return Page("storefront/products/list.html", {**values, "problem": _said(refusal, visit)}, refusal.status)
    known = standings(visit.tenant_id, [card.product_id for card in found.items])
    shown = {
        "cards": [StoreCardView.of(card, known.get(card.product_id)) for card in found.items],
        "facets": FacetsView.of(counted, complete=complete),
        "following": visit.following(found.last_key),
        "problem": None,
    }
    return Page("storefront/products/list.html", {**values, **shown})


def _said(refusal: Invalid, visit: Visit[None]) -> str:
    """What is wrong, in the words of its field."""
    chinese = visit.language == "zh"
    return said_of(refusal.errors[0], refusal, chinese) if refusal.errors else refusal.detail


@pages.page("/s/{slug}/products/compare", allow=anyone())
def compare(visit: Visit[None]) -> Page:
    """Two to four products side by side; with another number it says how. What is not on the shelf is left out."""
    found = chosen(visit.tenant_id, [each for several in visit.given.get("ids", []) for each in several.split(",")])
    values: dict[str, Any] = {
        "chosen": found, "compared": None, "most": MOST_COMPARED, "attributes": ATTRIBUTES, **_WORDS
    }  # fmt: skip
    if len(found.products) > MOST_COMPARED:
        return Page("storefront/products/compare.html", values, 422)
    if len(found.products) > 1:
        view = ComparisonView.of(found.products, standings(visit.tenant_id, found.ids))
        campaigns = on_offer(visit, found.ids)
        shown = map(StoreCampaignView.of, campaigns, progress_of(campaigns, visit.now))
        values["compared"] = Comparison.of(view, list(shown))
    return Page("storefront/products/compare.html", values)


@pages.page("/s/{slug}/products/{id}", allow=anyone())
def product(visit: Visit[None]) -> Page:
    """One product, and where it can be ordered now."""
    [found] = get_shown(visit.tenant_id, [visit.path["id"]])
    standing = standings(visit.tenant_id, [found.product_id]).get(found.product_id)
    view = StoreProductView.of(found, standing)
    values = {
        "product": view,
        "campaigns": on_offer(visit, [found.product_id]),
        "own": own(visit),
        "reviews": _reviews(visit, found.product_id) if view.rating else [],
        **_WORDS,
    }
    return Page("storefront/products/product.html", values)


def _reviews(visit: Visit[Any], product_id: str) -> list[ShownReviewView]:
    """The latest reviews, as many as its page shows."""
    page = list_shown(visit.tenant_id, product_id, "newest", None, MOST_REVIEWS, None)
    return ShownReviewView.all_of(visit.tenant_id, page.items)
