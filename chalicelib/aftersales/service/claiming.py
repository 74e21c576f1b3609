"""What of an order can come back: the lines as they were handed over, and what of them can still be claimed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.aftersales.model.cases import Kind
from chalicelib.aftersales.model.claims import Received, last_instant
from chalicelib.aftersales.records import ClaimsRecord
from chalicelib.campaigns.model.after_sale import days_for, is_open
from chalicelib.campaigns.model.bundles import is_part, sold_as
from chalicelib.campaigns.model.offers import Offer
from chalicelib.campaigns.service.reading import get_campaign
from chalicelib.orders.bundles.model import part_named
from chalicelib.orders.discounts.model import given
from chalicelib.orders.model import Status
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.reading import get_own_order


@dataclass(frozen=True, slots=True)
class Claimable:
    """A line of an order, which the API knows by its ``name`` (``bundles.part_named``): ``received`` units were handed
    over, ``left`` of them are in no case; ``given`` were a gift. ``until`` has the last instant of each kind that can
    be asked for now, ``ended`` of each that could.
    """

    offer_id: str
    name: str
    title: str
    received: int
    left: int
    until: Mapping[Kind, datetime]
    ended: Mapping[Kind, datetime]
    given: int = 0


def claimable(tenant_id: str, member_id: str, order_id: str, now: datetime) -> list[Claimable]:
    """What a member can ask for of their own order, line by line. Raises NotFound."""
    order = get_own_order(tenant_id, member_id, order_id)
    offers = {offer.offer_id: offer for offer in get_campaign(tenant_id, order.campaign_id).goods}
    claimed = ClaimsRecord.of(tenant_id, order_id).claimed
    names = {
        line.offer_id: part_named(sold_as(line.offer_id), line.sku_id if is_part(line.offer_id) else None)
        for line in order.lines
    }
    found, gifts = [], given(order.discounts)
    for offer_id, line in received(order, offers).items():
        last = {kind: last_instant(kind, line, order.picked_up_at, now) for kind in Kind}
        found.append(
            Claimable(
                offer_id=offer_id,
                name=names[offer_id],
                title=offers[offer_id].full_title if offer_id in offers else "",
                received=line.units,
                left=line.units - claimed.get(offer_id, 0),
                until={kind: until for kind, until in last.items() if until and is_open(until, now)},
                ended={kind: until for kind, until in last.items() if until and not is_open(until, now)},
                given=gifts.get(offer_id, 0),
            )
        )
    return found


def received(order: OrderRecord, offers: Mapping[str, Offer]) -> dict[str, Received]:
    """The order's lines as they were handed over, and for how long each may come back."""
    found = {}
    for line in order.lines:
        units = line.quantity if order.status == Status.PICKED_UP and order.picked is None else 0
        units = int((order.picked or {}).get(line.offer_id, units))
        found[line.offer_id] = Received(line.offer_id, units, days_for(offers.get(line.offer_id)))
    return found
