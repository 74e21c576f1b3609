"""The order that replaces what a member sent back: at no price, at the same pickup point."""

from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime

from chalicelib.campaigns.model.campaign import FROM_PICKUP
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service.reading import get_campaign
from chalicelib.catalog.model.products import InsufficientStock
from chalicelib.catalog.model.stock import Source
from chalicelib.catalog.service.set_aside import allocate, release
from chalicelib.db import Transaction, change, fetch_many
from chalicelib.kernel.counting import counted, were
from chalicelib.kernel.ids import derived_id
from chalicelib.orders.errors import MoreThanOrdered, NotInOrder
from chalicelib.orders.model import Line, Status
from chalicelib.orders.pickup_code.model import new_pickup_code
from chalicelib.orders.pickup_code.records import lead_to
from chalicelib.orders.records import OrderRecord


def place_exchange(
    tenant_id: str, original: OrderRecord, lines: Mapping[str, int], aftersale_id: str, by: str, now: datetime
) -> OrderRecord:
    """Places the exchange order of an after-sale, once: its id comes from the after-sale's. ``lines`` has the units by
    offer id.

    Its units come from no campaign: what the SKU's ``supply`` lets the shelf give is taken from it, and ``aside`` keeps
    how many; ``short`` says how many of which SKU have to be bought. It is ready at once where the
    campaign's goods wait at the pickup points and all of its own are there; the member is told. It counts in no
    campaign's progress; it is listed and collected as any order is, with a code of its own. ``by`` is who decided.
    Raises NotInOrder, MoreThanOrdered.
    """
    address = OrderRecord.address(tenant_id, derived_id(tenant_id, "order", "exchange", aftersale_id))

    def decide(found: tuple[OrderRecord | None, CampaignRecord], tx: Transaction) -> OrderRecord:
        placed, campaign = found
        if placed is not None:
            return placed
        order = _drafted(address, campaign, original, lines, aftersale_id, by, now)
        _take_from_shelf(tx, order, by, now)
        _be_ready_once_all_is_there(tx, order, campaign, now)
        tx.create("order", order)
        return order

    return change(lambda: _read(address, original), decide)


def _read(address: tuple[str, str], original: OrderRecord) -> tuple[OrderRecord | None, CampaignRecord]:
    campaign_address = CampaignRecord.address(original.tenant_id, original.campaign_id)
    placed, campaign = fetch_many([(OrderRecord, *address), (CampaignRecord, *campaign_address)], consistent=True)
    return placed, campaign


def _drafted(
    address: tuple[str, str],
    campaign: CampaignRecord,
    original: OrderRecord,
    lines: Mapping[str, int],
    aftersale_id: str,
    by: str,
    now: datetime,
) -> OrderRecord:
    _, closes_at = campaign.window
    return OrderRecord.begun(
        address,
        int(campaign.shards),
        # The lists of a campaign end with its close, so there it stands; in its member's own it stands at its time.
        listed_at=min(now, closes_at),
        campaign_id=original.campaign_id,
        member_id=original.member_id,
        pickup_point_id=original.pickup_point_id,
        currency=original.currency,
        status=Status.PLACED.value,
        stored_lines=[line.as_json() for line in _lines(original, lines)],
        pickup_code=new_pickup_code(),
        placed_by=by,
        placed_at=now,
        delivery_to=original.delivery_to,
        origin=aftersale_id,
    )


def return_to_shelf(tx: Transaction, order: OrderRecord, kept: Iterable[Line], by: str, now: datetime) -> None:
    """Adds what gives back the units that were taken from the shelf for an exchange order, beyond those of the lines it
    keeps; they have to be bought no more either. Nothing for an order that took none.
    """
    wanted = _by_sku(kept)
    aside: dict[str, int] = order.aside or {}
    back = {sku_id: units - wanted[sku_id] for sku_id, units in aside.items() if units > wanted[sku_id]}
    order.aside = _at_most(aside, wanted)
    order.short = _at_most(order.short or {}, wanted - Counter(order.aside or {}))
    if back:
        release(tx, order.tenant_id, back, _source(order, by, now))


def replace_from_shelf(tx: Transaction, order: OrderRecord, by: str, now: datetime) -> None:
    """Adds that an exchange order, whose lines have other SKUs now, gives back what it took of those before, and takes
    these from the shelf as it would have at first. Nothing for any other order.
    """
    if order.origin is None:
        return
    return_to_shelf(tx, order, order.lines, by, now)
    _take_from_shelf(tx, order, by, now)
    _be_ready_once_all_is_there(tx, order, get_campaign(order.tenant_id, order.campaign_id, consistent=True), now)


def _take_from_shelf(tx: Transaction, order: OrderRecord, by: str, now: datetime) -> None:
    """Sets aside what is neither set aside for the order yet, nor to be bought."""
    aside: dict[str, int] = dict(order.aside or {})
    short: dict[str, int] = dict(order.short or {})
    for sku_id, units in _by_sku(order.lines).items():
        wanted = units - aside.get(sku_id, 0) - short.get(sku_id, 0)
        if wanted <= 0:
            continue
        taken = 0
        with suppress(InsufficientStock):
            taken = allocate(tx, order.tenant_id, {sku_id: wanted}, _source(order, by, now)).get(sku_id, 0)
        aside[sku_id] = aside.get(sku_id, 0) + taken
        short[sku_id] = short.get(sku_id, 0) + wanted - taken
    order.aside = {sku_id: units for sku_id, units in aside.items() if units} or None
    order.short = {sku_id: units for sku_id, units in short.items() if units} or None


def _be_ready_once_all_is_there(tx: Transaction, order: OrderRecord, campaign: CampaignRecord, now: datetime) -> None:
    there = campaign.status in FROM_PICKUP and order.aside == _by_sku(order.lines)
    if there and order.status == Status.PLACED:
        order.move_to(Status.READY, now)
        lead_to(tx, order.tenant_id, order.pickup_code, order.id, now)


def _by_sku(lines: Iterable[Line]) -> Counter[str]:
    units = Counter[str]()
    for line in lines:
        units.update(line.given)
    return units


def _at_most(units: Mapping[str, int], wanted: Counter[str]) -> dict[str, int] | None:
    left = {sku_id: min(count, wanted[sku_id]) for sku_id, count in units.items() if wanted[sku_id]}
    return left or None


def _source(order: OrderRecord, by: str, now: datetime) -> Source:
    return Source(f"exchange:{order.origin}", by, now)


def _lines(original: OrderRecord, lines: Mapping[str, int]) -> list[Line]:
    ordered = {line.offer_id: line for line in original.lines}
    made = []
    for n, (offer_id, units) in enumerate(lines.items()):
        line = ordered.get(offer_id)
        if line is None:
            message = "The order has no line of this offer; read the order again."
            raise NotInOrder.at(f"/lines/{n}/offer_id", message, "订单中没有该商品，请重新读取订单。")
        if units > line.quantity:
            raise MoreThanOrdered(
                f"Only {counted(line.quantity, 'unit')} of this line "
                f"{were(line.quantity)} ordered; exchange that many at most.",
                detail_zh=f"该商品仅订购 {line.quantity} 件，最多可换 {line.quantity} 件。",
                extra={"offer_id": offer_id, "left": line.quantity},
            )
        made.append(Line(offer_id, line.sku_id, units, 0, (), rates=line.rates, per=line.per))
    return made
