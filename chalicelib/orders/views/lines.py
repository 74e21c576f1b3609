"""What the API shows of the lines of orders and quotes."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.campaigns.model.bundles import is_part, sold_as
from chalicelib.kernel.percent import percent_text
from chalicelib.orders.bundles.model import SoldLine, as_sold
from chalicelib.orders.discounts.model import given
from chalicelib.orders.model import Line
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refunds.service import taxable
from chalicelib.orders.service.surroundings import Surroundings
from chalicelib.orders.tax.model import Taxable
from chalicelib.pricing.model import Item
from chalicelib.web import MoneyField, View


class SubstituteView(View):
    """Units of another SKU that are given instead of what was ordered, at the line's price."""

    sku_id: str
    quantity: int


class TitledSubstituteView(SubstituteView):
    """The same, with the title of what is given."""

    title: str


class LinePartView(View):
    """Units of a SKU that belong to a bundle, with their share of its price; less where some could not be supplied.

    ``substitutes`` are those of them that are given as another SKU. ``tax`` is as that of a line.
    """

    sku_id: str
    quantity: int
    total: MoneyField
    substitutes: list[SubstituteView] = []
    tax_rate: str | None = None
    tax: MoneyField | None = None


class LineView(View):
    """``total`` is quantity times unit price, before discounts.

    `substitutes` are those of its units that are given as another SKU; where one is given instead of all, it is the
    line's `sku_id`. `tax` is what the line's price after all discounts includes at `tax_rate` per cent; the taxes of
    lines and delivery sum to those of the document. Both are null where no rate is set, the rate also where the line
    has several. A bundle has no SKU of its own: `parts` are what it is made of.
    """

    offer_id: str
    sku_id: str | None
    quantity: int
    unit_price: MoneyField
    total: MoneyField
    substitutes: list[SubstituteView] = []
    tax_rate: str | None = None
    tax: MoneyField | None = None
    parts: list[LinePartView] = []


class PickedView(View):
    """Units of a line that were handed over so far; of a bundle, of the part with that SKU."""

    offer_id: str
    quantity: int
    sku_id: str | None = None


class TitledPartView(LinePartView):
    """The same, with the title of the SKU that was sold."""

    title: str
    substitutes: list[TitledSubstituteView] = []  # type: ignore[assignment]


class TitledLineView(LineView):
    """Units of an offer under the title with which it was sold. Where another SKU is given instead, ``title`` is its
    own, and ``substitute_for`` says what was ordered. ``given`` is how many of them were given for nothing.
    """

    title: str
    substitute_for: str | None
    given: int = 0
    substitutes: list[TitledSubstituteView] = []  # type: ignore[assignment]
    parts: list[TitledPartView] = []  # type: ignore[assignment]


class HandedOverView(View):
    """Units of an offer, or of a bundle's part, in a parcel: ordered, and handed over so far. ``sku_id`` is what was
    ordered. Where another SKU is given instead, ``title`` is its own, and ``substitute_for`` says what was ordered;
    ``substitutes`` are units of the line given as another SKU. ``bundle`` is the title of the bundle it belongs to.
    """

    offer_id: str
    sku_id: str
    title: str
    bundle: str | None
    substitute_for: str | None
    substitutes: list[TitledSubstituteView]
    quantity: int
    picked: int


Taxes = Mapping[str, dict[str, Any]]


def line_views(lines: Sequence[Line], currency: str, taxes: Taxes | None = None) -> list[LineView]:
    """The lines as they were sold, each bundle as one with its parts."""
    taxes = taxes or {}
    return [
        LineView(
            **line_fields(line, currency) | taxes.get(line.offer_id, {}),
            parts=[
                LinePartView(**_part(each, currency) | taxes.get(each.offer_id, {}))
                for each in line.parts
                if line.is_bundle
            ],
        )
        for line in as_sold(lines)
    ]


def titled(order: OrderRecord, around: Surroundings) -> list[TitledLineView]:
    """An order's lines under the titles with which they were sold."""
    campaign = around.campaigns[order.campaign_id]
    offers = {each.offer_id: each for each in campaign.offers}
    titles = {each.offer_id: each.title for each in campaign.goods}
    lines, taxes = [], line_taxes(taxable(order), order.currency)
    gifts = given(order.discounts)
    for line in as_sold(order.lines):
        offer = offers[line.offer_id]
        own = line.sku_id in (None, offer.sku_id)
        title = offer.title if own else around.substitutes.get(str(line.sku_id), str(line.sku_id))
        shown = line_fields(line, order.currency) | {"substitutes": _titled(line, around)}
        shown["parts"] = [
            TitledPartView(
                **_part(part, order.currency) | {"substitutes": _titled(part, around)} | taxes.get(part.offer_id, {}),
                title=titles[part.offer_id],
            )
            for part in line.parts
            if line.is_bundle
        ]
        shown |= taxes.get(line.offer_id, {})
        shown |= {"title": title, "substitute_for": None if own else offer.title}
        lines.append(TitledLineView(**shown, given=gifts.get(line.offer_id, 0)))
    return lines


def as_handed_over(order: OrderRecord, around: Surroundings) -> list[dict[str, Any]]:
    """The fields of a :class:`HandedOverView` for each line: what is in a parcel, a bundle by its parts."""
    goods = {each.offer_id: each for each in around.campaigns[order.campaign_id].goods}
    lines, picked = [], order.picked_units
    for line in order.lines:
        offer = goods[line.offer_id]
        own = line.sku_id == offer.sku_id
        title = offer.title if own else around.substitutes.get(line.sku_id, line.sku_id)
        lines.append(
            {
                "offer_id": offer.sold_as,
                "sku_id": offer.sku_id,
                "title": title,
                "bundle": offer.bundle or None,
                "substitute_for": None if own else offer.title,
                "substitutes": _titled(line, around),
                "quantity": line.quantity,
                "picked": picked.get(line.offer_id, 0),
            }
        )
    return lines


def picked_views(order: OrderRecord) -> list[PickedView]:
    skus = {line.offer_id: line.sku_id for line in order.lines if is_part(line.offer_id)}
    return [
        PickedView(offer_id=sold_as(name), sku_id=skus.get(name), quantity=units)
        for name, units in order.picked_units.items()
    ]


def line_taxes(included: Taxable, currency: str) -> Taxes:
    """What lines say of their tax, by offer id, a bundle as well as its parts; of those without a rate nothing."""
    taxes: dict[str, int] = {}
    rates: dict[str, set[int]] = {}
    for name, tax in included.by_line.items():
        for each in {name, sold_as(name)}:
            taxes[each] = taxes.get(each, 0) + tax
            rates.setdefault(each, set()).update(bps for bps, _ in included.rates[name] if bps is not None)
    return {
        name: {
            "tax_rate": percent_text(min(rates[name])) if len(rates[name]) == 1 else None,
            "tax": MoneyField.of(tax, currency),
        }
        for name, tax in taxes.items()
    }


def line_fields(line: SoldLine | Item, currency: str) -> dict[str, Any]:
    """The fields of an order's line or of a quote's item, which share their names."""
    return {
        "offer_id": line.offer_id,
        "sku_id": line.sku_id,
        "quantity": line.quantity,
        "unit_price": MoneyField.of(line.unit_price_minor, currency),
        "total": MoneyField.of(line.total_minor, currency),
        "substitutes": substitutes(line),
    }


def _part(line: Line, currency: str) -> dict[str, Any]:
    return {
        "sku_id": line.sku_id,
        "quantity": line.quantity,
        "total": MoneyField.of(line.total_minor, currency),
        "substitutes": substitutes(line),
    }


def _titled(line: Line | SoldLine, around: Surroundings) -> list[TitledSubstituteView]:
    return [
        TitledSubstituteView(sku_id=sku_id, quantity=units, title=around.substitutes.get(sku_id, sku_id))
        for sku_id, units in line.instead
    ]


def substitutes(line: Any) -> list[SubstituteView]:
    """What is given instead in an order's line; nothing of a quote's item."""
    return [SubstituteView(sku_id=sku_id, quantity=units) for sku_id, units in getattr(line, "instead", ())]
