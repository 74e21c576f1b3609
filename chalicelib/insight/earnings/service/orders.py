"""The orders of a day, as what they earned follows from them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from itertools import islice

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import Record, fetch_many
from chalicelib.insight.earnings.model.figures import By, Earned, OrderEarned
from chalicelib.insight.earnings.model.orders import About, earned_of
from chalicelib.insight.earnings.service.costs import CostsOfGoods
from chalicelib.insight.effects.service.orders import seen_of
from chalicelib.insight.records import ActivityRecord
from chalicelib.members.linking.service.uniting import united
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refunds.model import DELIVERY
from chalicelib.orders.tax.model import rates_of
from chalicelib.pickup_points.records import PickupPointRecord
from chalicelib.pricing.model.tax import one_rate
from chalicelib.settlement.books.model.commission import rate_of, share
from chalicelib.settlement.books.model.remedies import PLATFORM, RemedyCost
from chalicelib.settlement.books.records import OrderBook

_AT_ONCE = 50
"""Orders that one request reads, each with its book."""


def orders_of_day(
    tenant_id: str, currency: str, on: date, only: Collection[tuple[bool, str]] | None = None
) -> list[OrderEarned]:
    """What every order of a local day earned: the platform's own by how they stand, imported ones by their rows. Of
    ``only`` those, each by whether it is the platform's own and by its id or reference, where any are named.
    """
    one_person = united(tenant_id)
    activities = [
        (one_person.get(int(each.ordinal), int(each.ordinal)), each)
        for each in _of_day(tenant_id, on)
        if only is None or (each.is_own, str(each.source)) in only
    ]
    own = {str(each.source): ordinal for ordinal, each in activities if each.is_own}
    imported = [_imported(ordinal, each, currency) for ordinal, each in activities if not each.is_own]
    return [*_own(tenant_id, own), *(each for each in imported if each is not None)]


def _of_day(tenant_id: str, on: date) -> Iterable[ActivityRecord]:
    return ActivityRecord.of_day(tenant_id, on)


def _imported(ordinal: int, row: ActivityRecord, currency: str) -> OrderEarned | None:
    """An order of a file, of which nobody knows what its goods cost."""
    if row.voided:
        return None
    if row.currency != currency:
        return OrderEarned(ordinal, Earned(foreign=1))
    units, minor = row.kept_units, row.kept_minor
    sold = Earned(1, int(row.quantity), int(row.amount_minor), units=units, gross_minor=minor)
    return OrderEarned(ordinal, sold + Earned(uncosted_units=units, uncosted_minor=minor))


def _own(tenant_id: str, ordinals: Mapping[str, int]) -> list[OrderEarned]:
    found: list[tuple[OrderRecord, OrderBook | None]] = []
    waiting = iter(ordinals)
    while order_ids := list(islice(waiting, _AT_ONCE)):
        found += _read(tenant_id, order_ids)
    if not found:
        return []
    orders = [order for order, _ in found]
    skus = (sku_id for order in orders for line in order.lines for sku_id in line.given)
    costs = CostsOfGoods(tenant_id, skus, min(order.placed_at for order in orders))
    rates = _Rates(tenant_id, orders)
    return [_earned(ordinals[order.id], order, book, costs, rates) for order, book in found]


def _read(tenant_id: str, order_ids: Sequence[str]) -> list[tuple[OrderRecord, OrderBook | None]]:
    """Orders and their books, in one request; an order that was erased is left out."""
    addresses: list[tuple[type[Record], str, str]] = []
    for each in order_ids:
        addresses.append((OrderRecord, *OrderRecord.address(tenant_id, each)))
        addresses.append((OrderBook, *OrderBook.address(tenant_id, each)))
    read = fetch_many(addresses, consistent=True)
    return [(order, book) for order, book in zip(read[::2], read[1::2], strict=True) if order is not None]


class _Rates:
    """What leaders are to earn on orders that are not handed over yet, in basis points."""

    def __init__(self, tenant_id: str, orders: Sequence[OrderRecord]) -> None:
        campaigns = list(dict.fromkeys(str(order.campaign_id) for order in orders))
        points = list(dict.fromkeys(str(order.pickup_point_id) for order in orders))
        places = [(PickupPointRecord, *PickupPointRecord.address(tenant_id, each)) for each in points]
        those = [(CampaignRecord, *CampaignRecord.address(tenant_id, each)) for each in campaigns]
        read = fetch_many([*those, *places])
        found = {each.id: each for each in read[: len(campaigns)] if each is not None}
        self._places = {campaign_id: campaign.pickup_points for campaign_id, campaign in found.items()}
        self._points = dict(zip(points, read[len(campaigns) :], strict=True))

    def of(self, order: OrderRecord) -> int:
        """By who led the pickup point when the order was placed."""
        point = self._points.get(str(order.pickup_point_id))
        if point is None or point.leader_at(order.placed_at) is None:
            return 0
        return rate_of(self._places.get(str(order.campaign_id), ()), str(order.pickup_point_id))


def _earned(
    ordinal: int, order: OrderRecord, book: OrderBook | None, costs: CostsOfGoods, rates: _Rates
) -> OrderEarned:
    seen = seen_of(order)
    delivery_bps = order.delivery_tax_bps
    delivery_rates = one_rate(None if delivery_bps is None else int(delivery_bps))
    picked = order.picked_units if order.forfeited_at is not None else {}
    missing = {line.offer_id: line.quantity - min(line.quantity, picked.get(line.offer_id, 0)) for line in order.lines}
    about = About(
        goods=costs.at(order.placed_at, (sku_id for line in order.lines for sku_id in line.given)),
        rates=rates_of(order.lines, DELIVERY, delivery_rates),
        delivery=DELIVERY,
        delivery_minor=max(0, int(order.delivery_minor) - int((order.refunded_lines or {}).get(DELIVERY, 0))),
        untaxed=missing if order.forfeited_at is not None else {},
        booked=_booked(book) if book is not None else Earned(),
    )
    whole, parts = earned_of(seen, about)
    if whole.orders and (book is None or book.recognised_at is None):
        base = whole.received_minor + whole.granted_minor - about.delivery_minor
        whole += Earned(commission_minor=share(max(0, base), rates.of(order)))
    places = {By.CAMPAIGN: str(order.campaign_id), By.PICKUP_POINT: str(order.pickup_point_id)}
    if order.via and order.via.channel_id:
        places[By.CHANNEL] = order.via.channel_id
    return OrderEarned(ordinal, whole, places, parts)


def _booked(book: OrderBook) -> Earned:
    """What an order's book says that it cost, beside its goods. What a complaint gives that pays a part of a later
    order costs what it takes off there, as the discount that it is.
    """
    remedies = [RemedyCost.from_json(name, stored) for name, stored in (book.remedies or {}).items()]
    borne = sum(each.amount_minor for each in remedies if each.supplier_id or each.borne_by == PLATFORM)
    suppliers = sum(int(minor) for minor in (book.charged or {}).values())
    return Earned(
        commission_minor=book.earned.total_minor,
        fees_minor=int(book.fees_minor or 0),
        remedies_minor=sum(each.amount_minor for each in remedies if each.goods),
        recovered_minor=borne + suppliers + int(book.platform_minor or 0),
        lost_minor=int(book.lost_minor or 0),
    )
