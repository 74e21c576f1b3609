"""What follows from orders: who has ordered waits no more, and what an order gives back is told to the next in line."""

from collections.abc import Iterable
from datetime import datetime

from chalicelib.campaigns.model.bundles import sold_as
from chalicelib.campaigns.service.reading import get_campaign
from chalicelib.db import fetch_many
from chalicelib.notices.model.people import Person
from chalicelib.notices.telling.service import message_to, tell_all
from chalicelib.orders.model import SOLD
from chalicelib.orders.records import OrderRecord
from chalicelib.tenants.service.brand import get_tenant
from chalicelib.wanting.model.lists import Kind
from chalicelib.wanting.model.notices import OfferAvailable
from chalicelib.wanting.service import keeping, looking


def orders_changed(tenant_id: str, order_ids: Iterable[str], now: datetime) -> None:
    """Looks at the lists of the campaigns of orders that were placed, changed or ended; whoever has ordered what they
    waited for leaves its list. Where nobody waits for anything, which one read tells, nothing of them is read.
    """
    if not looking.has_lists(tenant_id):
        return
    addresses = [(OrderRecord, *OrderRecord.address(tenant_id, each)) for each in dict.fromkeys(order_ids)]
    orders: list[OrderRecord] = [order for order in fetch_many(addresses, consistent=True) if order is not None]
    for order in orders:
        if order.status in SOLD:
            for offer_id in dict.fromkeys(sold_as(line.offer_id) for line in order.lines):
                keeping.drop(tenant_id, order.member_id, Kind.WAITING, offer_id)
    for campaign_id in dict.fromkeys(order.campaign_id for order in orders):
        looking.look_at_campaign(tenant_id, campaign_id, now)


def tell(
    tenant_id: str, campaign_id: str, offer_id: str, availability: int, member_ids: Iterable[str], now: datetime
) -> None:
    """Tells members that an offer can be ordered again; once each for an availability, however often it is asked."""
    campaign = get_campaign(tenant_id, campaign_id)
    offer = next(each for each in campaign.offers if each.offer_id == offer_id)
    _, closes_at = campaign.window
    notice = OfferAvailable(get_tenant(tenant_id).name, offer.full_title, campaign.title, closes_at)
    cause = (offer_id, str(availability))
    tell_all(
        [message_to(tenant_id, Person.member(each), notice, cause, now, subject_id=campaign_id) for each in member_ids]
    )
