"""What stands of an order as a purchase in its member's history. Amounts are minor units."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from chalicelib.histories.model import Part, Purchase
from chalicelib.insight.model.figures import Sold
from chalicelib.kernel.money import allocate
from chalicelib.orders.discounts.model import off_lines
from chalicelib.orders.model import Line
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refunds.model import DELIVERY


@dataclass(frozen=True, slots=True)
class Goods:
    """What a SKU belongs to: the product's id and its category."""

    product_id: str
    category: str


NOTHING_KNOWN = Goods("", "")


def purchase_of(order: OrderRecord, on: date, goods: Mapping[str, Goods]) -> Purchase:
    """An order that is a sale: its goods after all discounts and without what was sent or paid back for them. Of one
    that ended with nothing handed over it is what was kept of its money. ``goods`` are by SKU id.
    """
    sale = order.sale
    parts = _parts(order, goods) if sale and sale.units else []
    kept = sale.amount_minor if sale and not sale.units else sum(each.amount_minor for each in parts)
    returned = int(order.returned_minor or 0) - _of_delivery(order)
    by_line = sum(paid for name, paid in (order.refunded_lines or {}).items() if name != DELIVERY)
    return Purchase(
        order.id,
        on,
        order.currency,
        max(0, kept - max(0, returned - by_line)) if parts else kept,
        sum(each.units for each in parts),
        campaign_id=order.campaign_id,
        pickup_point_id=order.pickup_point_id,
        channel_id=order.via.channel_id if order.via else None,
        parts=tuple(parts),
    )


def imported_purchase(
    ref: str, on: date, currency: str, amount_minor: int, units: int, category: str = ""
) -> Purchase:  # fmt: skip
    """An order of a file, which says of its goods no more than their category."""
    parts = (Part("", category, units, amount_minor),) if category else ()
    return Purchase(ref, on, currency, amount_minor, units, imported=True, parts=parts)


def sold_parts(order: OrderRecord, goods: Mapping[str, Goods]) -> list[Sold]:
    """What an order sold by product, before anything was returned. It sums to the order's amount without delivery."""
    off, found = off_lines(order.discounts), dict[Goods, tuple[int, int, int]]()
    sale = order.sale
    for line in order.lines if sale and sale.units else ():
        taken = off.get(line.offer_id, 0)
        amounts = _by_sku(line, line.quantity, line.total_minor - taken)
        for (sku_id, units, share), (_, _, less) in zip(amounts, _by_sku(line, line.quantity, taken), strict=True):
            of = goods.get(sku_id, NOTHING_KNOWN)
            known = found.get(of, (0, 0, 0))
            found[of] = (known[0] + units, known[1] + share, known[2] + less)
    return [Sold(of.product_id, of.category, *sums) for of, sums in found.items()]


def sold_skus(order: OrderRecord) -> list[str]:
    """Which SKUs an order that is a sale sold, of bundles their parts."""
    sale = order.sale
    return sorted({sku_id for line in order.lines for sku_id in line.given}) if sale and sale.units else []


def _of_delivery(order: OrderRecord) -> int:
    return min(int((order.refunded_lines or {}).get(DELIVERY, 0)), int(order.delivery_minor))


def _parts(order: OrderRecord, goods: Mapping[str, Goods]) -> list[Part]:
    off, back, units_back = off_lines(order.discounts), order.refunded_lines or {}, order.returned_units or {}
    found: dict[Goods, tuple[int, int]] = {}
    for line in order.lines:
        price = line.total_minor - off.get(line.offer_id, 0)
        amount = max(0, price - back.get(line.offer_id, 0))
        for sku_id, units, share in _by_sku(line, max(0, line.quantity - units_back.get(line.offer_id, 0)), amount):
            of = goods.get(sku_id, NOTHING_KNOWN)
            known = found.get(of, (0, 0))
            found[of] = (known[0] + units, known[1] + share)
    return [Part(of.product_id, of.category, *sums) for of, sums in found.items()]


def _by_sku(line: Line, units: int, amount_minor: int) -> list[tuple[str, int, int]]:
    """What is kept of a line, divided among the SKUs that were given."""
    given = line.given
    if len(given) == 1:
        return [(next(iter(given)), units, amount_minor)]
    weights = list(given.values())
    return list(zip(given, allocate(units, weights), allocate(amount_minor, weights), strict=True))
